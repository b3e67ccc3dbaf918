"""The classic siamese tower: three convolutions, then one linear descriptor.

The shape of S. Chopra, R. Hadsell, Y. LeCun, Learning a similarity metric discriminatively, CVPR
2005, and of the tutorials that followed it: kernels of 7, 5 and 5 pixels, each halved by pooling.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from simsearch.encoders.networks.blocks import Standardise

__all__ = ["ClassicNetwork"]


class ClassicNetwork(nn.Module):
    """(n, channels, height, width) floats in [0, 1] to (n, dimension).

    Args:
        channels: of the images.
        size: height and width.
        dimension: of the descriptor.
        width: maps of the first convolution; the next have twice and four times as many.
        dropout: share of the last maps' values that are dropped while training.
        batch_norm: normalise after each convolution.
    """

    def __init__(
        self,
        channels: int,
        size: tuple[int, int],
        dimension: int = 512,
        width: int = 32,
        dropout: float = 0.0,
        batch_norm: bool = True,
    ) -> None:
        super().__init__()
        self.standardise = Standardise(channels, 4)
        layers: list[nn.Module] = []
        before = channels
        for number, kernel in enumerate((7, 5, 5)):
            after = width << number
            layers.append(nn.Conv2d(before, after, kernel, padding=kernel // 2))
            if batch_norm:
                layers.append(nn.BatchNorm2d(after))
            layers += [nn.ReLU(inplace=True), nn.MaxPool2d(2, ceil_mode=True)]
            before = after
        self.convolutions = nn.Sequential(*layers)
        with torch.no_grad():
            left = self.convolutions(torch.zeros(2, channels, *size)).flatten(1).shape[1]
        self.dropout = nn.Dropout(dropout)
        self.descriptor = nn.Linear(left, dimension)

    def forward(self, images: Tensor) -> Tensor:
        """See the class."""
        maps = self.convolutions(self.standardise(images)).flatten(1)
        out: Tensor = self.descriptor(self.dropout(maps))
        return out
