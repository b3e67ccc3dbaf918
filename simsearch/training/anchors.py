"""Terms of a loss that keep a new encoder near an old one: near its weights, or its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from torch import Tensor, nn

    from simsearch.encoders.twin import Batch, TwinEncoder
    from simsearch.training.loop import Term

    Rows = npt.NDArray[np.int64]

__all__ = ["answer_as", "pull_to_weights"]


def pull_to_weights(tower: nn.Module, strength: float) -> Term:
    """A pull towards the weights that a tower has now.

    X. Li, Y. Grandvalet, F. Davoine, Explicit inductive bias for transfer learning with
    convolutional networks, ICML 2018 (L2-SP). The squared distance counts as a share of the
    squared size of the weights, so that one strength means the same for every tower.

    Args:
        tower: as it is before training.
        strength: of the pull.
    """
    known = [(each, each.detach().clone()) for each in tower.parameters()]
    size = sum(float(before.square().sum()) for _, before in known)

    def term(_: Rows, __: Batch, ___: Tensor) -> Tensor:
        apart = [(now - before.to(now.device)).square().sum() for now, before in known]
        return strength * torch.stack(apart).sum() / size

    return term


def answer_as(
    encoder: TwinEncoder, old: npt.NDArray[np.float32], groups: Rows, strength: float = 1.0
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
        new = encoder.finished(raw.float())
        same = labels[place].to(raw.device)
        found: Tensor = loss(new, same, ref_emb=gallery[place].to(raw.device), ref_labels=same)
        return strength * found

    return term
