"""A small modern tower for small pictures: digits, letters, signatures, icons."""

from __future__ import annotations

from torch import Tensor, nn

from simsearch.encoders.networks.blocks import ConvolutionBlock, Standardise

__all__ = ["GlyphNetwork"]


class _Residual(nn.Module):
    """Two convolutions beside a short cut (K. He et al., CVPR 2016)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = ConvolutionBlock(width, width)
        self.second = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)
        )
        self.activation = nn.ReLU(inplace=True)

    def forward(self, maps: Tensor) -> Tensor:
        out: Tensor = self.activation(maps + self.second(self.first(maps)))
        return out


class GlyphNetwork(nn.Module):
    """(n, channels, height, width) floats in [0, 1] to (n, dimension).

    The first convolution has stride 2: at full resolution it would take most of the time. The
    last maps are kept apart by place (4 x 4), because strokes are told apart by where they are.

    Args:
        channels: of the images.
        size: height and width; pooled to one size, so any will do.
        dimension: of the embedding.
        width: maps of the first stage; the second and third have 2 and 3 times as many.
        dropout: share of the last maps that are dropped while training.
    """

    def __init__(
        self,
        channels: int,
        size: tuple[int, int],  # noqa: ARG002  all image towers are built with the same arguments
        dimension: int = 64,
        width: int = 16,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.standardise = Standardise(channels, 4)
        self.stages = nn.Sequential(
            ConvolutionBlock(channels, width, stride=2, kernel=5),
            _Residual(width),
            ConvolutionBlock(width, 2 * width, stride=2),
            _Residual(2 * width),
            ConvolutionBlock(2 * width, 3 * width),
            nn.AdaptiveAvgPool2d(4),
        )
        self.dropout = nn.Dropout(dropout)
        self.descriptor = nn.Linear(3 * width * 16, dimension)

    def forward(self, images: Tensor) -> Tensor:
        """See the class."""
        maps = self.stages(self.standardise(images)).flatten(1)
        out: Tensor = self.descriptor(self.dropout(maps))
        return out
