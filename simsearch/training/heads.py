"""A verification head: how sure it is that two embeddings are of the same thing.

ln odds = bias - sum w |a - b|^p, with w >= 0 and p = 2 or 1. Because no weight is negative, the
head is a distance: `fold` moves the weights into the tower, whose plain euclidean (p = 2) or
manhattan (p = 1) distance then ranks pairs as the head did, so that an index can search by it. The
two sides can be swapped by construction. (G. Koch, R. Zemel, R. Salakhutdinov, Siamese neural
networks for one-shot image recognition, 2015, use p = 1 with weights of any sign.)
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from simsearch.distance import Metric

__all__ = ["PairHead"]


class PairHead(nn.Module):
    """See the module.

    Args:
        dimension: of the embeddings.
        squared: p = 2, else 1.
    """

    def __init__(self, dimension: int, *, squared: bool = True) -> None:
        super().__init__()
        self.squared = squared
        # softplus(raw) is the weight; at first all weigh 1 / dimension.
        first = math.log(math.expm1(1.0 / dimension))
        self.raw = nn.Parameter(torch.full((dimension,), first))
        self.bias = nn.Parameter(torch.ones(()))

    @property
    def metric(self) -> Metric:
        """The distance that the folded tower is compared by."""
        return Metric.EUCLIDEAN if self.squared else Metric.MANHATTAN

    @property
    def weights(self) -> Tensor:
        """(dimension,) of each number's difference; not negative."""
        return functional.softplus(self.raw)

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        """(n,) ln odds that the rows of two (n, dimension) are the same thing."""
        difference = (left.float() - right.float()).abs()
        if self.squared:
            difference = difference.square()
        return self.bias - (difference * self.weights).sum(dim=1)

    def fold(self, descriptor: nn.Linear) -> None:
        """Scale a tower's last layer so that its distances are those of this head."""
        scale = self.weights.detach()
        scale = scale.sqrt() if self.squared else scale
        with torch.no_grad():
            descriptor.weight.mul_(scale[:, None])
            descriptor.bias.mul_(scale)
