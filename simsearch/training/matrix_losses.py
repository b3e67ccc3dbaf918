"""Two losses of pytorch-metric-learning, over the matrix of a batch instead of lists of its pairs.

The library writes down every pair of a labelled batch: 62,500 places for 250 rows, and for InfoNCE
a row of all negatives for each positive. Where all pairs count, masks say the same in a fraction of
the time; the formulas, the reducer and the distance stay the library's. With places of chosen
pairs, or other embeddings to compare with, the library's own way is taken.
"""

from __future__ import annotations

from typing import Any

import torch
from pytorch_metric_learning.losses import NTXentLoss, SupConLoss
from torch import Tensor
from torch.nn import functional

__all__ = ["MatrixNTXentLoss", "MatrixSupConLoss"]


class _OfAllPairs:
    """Takes masks from labels where the library would take places."""

    distance: Any

    def compute_loss(
        self, embeddings: Tensor, labels: Any, indices_tuple: Any, ref_emb: Any, ref_labels: Any
    ) -> Any:
        """See `pytorch_metric_learning.losses.BaseMetricLossFunction.compute_loss`."""
        if indices_tuple is not None or ref_emb is not embeddings or labels is None:
            own: Any = super()
            return own.compute_loss(embeddings, labels, indices_tuple, ref_emb, ref_labels)
        same = labels[:, None] == labels[None, :]
        return self.of_masks(
            self.distance(embeddings), same.clone().fill_diagonal_(fill_value=False), ~same
        )

    def of_masks(self, closeness: Tensor, same: Tensor, other: Tensor) -> Any:
        """The library's parts of a loss from an (n, n) matrix and which of its pairs are which."""
        raise NotImplementedError


class MatrixSupConLoss(_OfAllPairs, SupConLoss):  # type: ignore[misc]  # untyped
    """Supervised contrastive loss (P. Khosla et al., NeurIPS 2020, equation 2)."""

    def of_masks(self, closeness: Tensor, same: Tensor, other: Tensor) -> Any:
        """See `_OfAllPairs`."""
        return self._compute_loss(closeness, same.to(closeness.dtype), other.to(closeness.dtype))


class MatrixNTXentLoss(_OfAllPairs, NTXentLoss):  # type: ignore[misc]  # untyped
    """InfoNCE: one positive against all negatives of its anchor (K. Sohn, NeurIPS 2016)."""

    def of_masks(self, closeness: Tensor, same: Tensor, other: Tensor) -> Any:
        """See `_OfAllPairs`. ln(1 + sum of exp(negative - positive)), as softplus."""
        if not same.any() or not other.any():
            return self.zero_losses()
        logits = closeness / self.temperature
        against = logits.masked_fill(~other, -torch.inf).logsumexp(dim=1)
        anchor, positive = torch.nonzero(same, as_tuple=True)
        losses = functional.softplus(against[anchor] - logits[anchor, positive])
        part = {"losses": losses, "indices": (anchor, positive), "reduction_type": "pos_pair"}
        return {"loss": part}
