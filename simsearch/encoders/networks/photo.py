"""A small modern tower for photos: separable residual stages and generalised-mean pooling."""

from __future__ import annotations

from torch import Tensor, nn

from simsearch.encoders.networks.blocks import ConvolutionBlock, GeM, Standardise

__all__ = ["PhotoNetwork"]


class _Separable(nn.Module):
    """Depthwise then pointwise convolution, widened inside, beside a short cut.

    M. Sandler et al., MobileNetV2: inverted residuals and linear bottlenecks, CVPR 2018.
    """

    def __init__(self, before: int, after: int, stride: int, expansion: int = 3) -> None:
        super().__init__()
        inner = before * expansion
        self.layers = nn.Sequential(
            nn.Conv2d(before, inner, 1, bias=False),
            nn.BatchNorm2d(inner),
            nn.ReLU(inplace=True),
            nn.Conv2d(inner, inner, 3, stride, 1, groups=inner, bias=False),
            nn.BatchNorm2d(inner),
            nn.ReLU(inplace=True),
            nn.Conv2d(inner, after, 1, bias=False),
            nn.BatchNorm2d(after),
        )
        self.same = stride == 1 and before == after

    def forward(self, maps: Tensor) -> Tensor:
        out: Tensor = self.layers(maps)
        return maps + out if self.same else out


class PhotoNetwork(nn.Module):
    """(n, channels, height, width) floats in [0, 1] to (n, dimension).

    The stem has stride 4: what follows at full resolution would take most of the time.

    Args:
        channels: of the images.
        size: height and width; pooled, so any from 32 on will do.
        dimension: of the embedding.
        width: maps after the stem.
        dropout: share of the pooled maps that are dropped while training.
    """

    def __init__(
        self,
        channels: int,
        size: tuple[int, int],  # noqa: ARG002  all image towers are built with the same arguments
        dimension: int = 128,
        width: int = 24,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.standardise = Standardise(channels, 4)
        stages: list[nn.Module] = [ConvolutionBlock(channels, width, stride=4, kernel=7)]
        before = width
        for after, count in ((width * 2, 2), (width * 4, 3), (width * 6, 2)):
            for number in range(count):
                stages.append(_Separable(before, after, 2 if number == 0 else 1))
                before = after
        self.stages = nn.Sequential(*stages, ConvolutionBlock(before, width * 12, kernel=1))
        self.pool = GeM()
        self.dropout = nn.Dropout(dropout)
        self.descriptor = nn.Linear(width * 12, dimension)

    def forward(self, images: Tensor) -> Tensor:
        """See the class."""
        pooled = self.pool(self.stages(self.standardise(images)))
        out: Tensor = self.descriptor(self.dropout(pooled))
        return out
