"""Regularisers that keep a new encoder near an old one: near its weights or its embeddings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from torch import Tensor, nn

    from simsearch.encoders.tower import Batch, TowerEncoder
    from simsearch.training.task import Term

    Rows = npt.NDArray[np.int64]

__all__ = ["WeightAnchor", "answer_as"]


class WeightAnchor:
    """A pull towards the weights that a tower has now: the decay of AdamW, with them as its zero.

    X. Li, Y. Grandvalet, F. Davoine, Explicit inductive bias for transfer learning with
    convolutional networks, ICML 2018 (L2-SP), decoupled from the gradient as I. Loshchilov and F.
    Hutter (ICLR 2019) do it for weight decay: as a term of the loss Adam would scale it away.

    Args:
        tower: as it is before training.
        strength: a step of rate r takes r x strength of the way back.
    """

    def __init__(self, tower: nn.Module, strength: float) -> None:
        self.strength = strength
        self._known = [(each, each.detach().clone()) for each in tower.parameters()]

    def __call__(self, rate: float) -> None:
        """After a step of this learning rate."""
        share = min(1.0, rate * self.strength)
        with torch.no_grad():
            for now, before in self._known:
                now.lerp_(before.to(now.device), share)


def answer_as(
    encoder: TowerEncoder, old: npt.NDArray[np.float32], groups: Rows, strength: float = 1.0
) -> Term:
    """Compare each new embedding with the old ones of the batch, as a query would with an index.

    Y. Shen, Y. Xiong, W. Xia, S. Soatto, Towards backward-compatible representation learning,
    CVPR 2020: the loss of the task, once more, with the old embeddings as the other side. The
    old ones do not move.

    Args:
        encoder: the new one.
        old: (n, dimension) float32, what the old encoder says of the items of the stack.
        groups: (n,) int64; items of one number are the same thing.
        strength: of the term.
    """
    from pytorch_metric_learning.losses import SupConLoss

    loss = SupConLoss(temperature=0.1)
    gallery, labels = torch.from_numpy(old), torch.from_numpy(groups)

    def term(rows: Rows, _: Batch, raw: Tensor) -> Tensor:
        place = torch.from_numpy(rows)
        new = encoder.comparable(raw.float())
        same = labels[place].to(raw.device)
        found: Tensor = loss(new, same, ref_emb=gallery[place].to(raw.device), ref_labels=same)
        return strength * found

    return term
