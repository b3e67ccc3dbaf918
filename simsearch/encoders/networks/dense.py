"""A fully connected tower for vectors and numeric columns."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from simsearch.encoders.networks.blocks import Standardise

__all__ = ["DenseNetwork"]


class DenseNetwork(nn.Module):
    """(n, width) floats, NaN where a value is missing, to (n, dimension).

    A missing value counts as the column's mean, and a second input says that it was missing.

    Args:
        width: numbers in a vector.
        dimension: of the embedding.
        hidden: neurons of each of the two hidden layers.
        dropout: share of the hidden values that are dropped while training.
    """

    def __init__(
        self, width: int, dimension: int = 64, hidden: int = 256, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.standardise = Standardise(width, 2)
        self.layers = nn.Sequential(
            nn.Linear(2 * width, hidden),
            nn.BatchNorm1d(hidden),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(hidden, hidden),
            nn.BatchNorm1d(hidden),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
        )
        self.descriptor = nn.Linear(hidden, dimension)

    def forward(self, vectors: Tensor) -> Tensor:
        """See the class."""
        values = self.standardise(vectors)
        missing = torch.isnan(values)
        # A value far outside what was seen must not drown the others.
        values = torch.where(missing, torch.zeros_like(values), values).clamp(-10.0, 10.0)
        hidden = self.layers(torch.cat([values, missing.to(values.dtype)], dim=1))
        out: Tensor = self.descriptor(hidden)
        return out
