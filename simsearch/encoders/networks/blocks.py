"""Parts that several towers share: normalised convolution, pooling."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  the name that torch's own pages use

__all__ = ["ConvolutionBlock", "GeM", "Standardise"]


class Standardise(nn.Module):
    """(x - mean) / deviation for each channel; the two are learned from the data, once.

    Args:
        channels: of the input, in dimension 1.
        dimensions: of the input: 4 for images (n, C, H, W), 3 for signals, 2 for vectors.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, channels: int, dimensions: int) -> None:
        super().__init__()
        self.shape = (1, channels, *[1] * (dimensions - 2))
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("deviation", torch.ones(channels))

    def forward(self, values: Tensor) -> Tensor:
        """Same shape as the input."""
        return (values - self.mean.view(self.shape)) / self.deviation.view(self.shape)

    def set(self, mean: Tensor, deviation: Tensor) -> None:
        """Take (channels,) statistics; a channel that never varies is only centred."""
        self.mean.copy_(mean)
        self.deviation.copy_(torch.where(deviation > 1e-6, deviation, torch.ones_like(deviation)))


class ConvolutionBlock(nn.Sequential):
    """3 x 3 convolution, batch norm, ReLU."""

    def __init__(self, before: int, after: int, stride: int = 1, kernel: int = 3) -> None:
        super().__init__(
            nn.Conv2d(before, after, kernel, stride, kernel // 2, bias=False),
            nn.BatchNorm2d(after),
            nn.ReLU(inplace=True),
        )


class GeM(nn.Module):
    """Generalised-mean pooling of (n, C, H, W) to (n, C).

    F. Radenović, G. Tolias, O. Chum, Fine-tuning CNN image retrieval with no human annotation,
    TPAMI 41(7), 2019: the power is learned, between the mean (1) and the maximum (infinite).
    """

    def __init__(self, power: float = 3.0) -> None:
        super().__init__()
        self.power = nn.Parameter(torch.tensor(power))

    def forward(self, maps: Tensor) -> Tensor:
        """In float32: powers of small numbers are lost in half precision."""
        power = self.power.clamp(1.0, 10.0)
        powers = maps.float().clamp(min=1e-4).pow(power)
        return F.adaptive_avg_pool2d(powers, 1).flatten(1).pow(1.0 / power)
