"""EfficientNet-Lite0: a tower for photos that begins with what ImageNet taught.

M. Tan, Q. V. Le, EfficientNet: rethinking model scaling for convolutional neural networks, ICML
2019 (arXiv:1905.11946), table 1; Lite (R. Liu, 2020) has no squeeze-and-excitation, ReLU6 in place
of swish, and stem and head of fixed width. Each batch norm is folded into the convolution before
it, so there is none: pictures never shape each other's embeddings, in training either.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  the name that torch's own pages use

from simsearch.encoders.networks.blocks import GeM, Standardise
from simsearch.encoders.networks.lite_plan import FEATURES, PLAN, LiteLayer, padding

__all__ = ["LiteNetwork"]


class _Convolution(nn.Conv2d):
    """With TensorFlow's padding: as much as is needed, the odd pixel behind."""

    def __init__(self, layer: LiteLayer) -> None:
        groups = layer.before if layer.depthwise else 1
        super().__init__(layer.before, layer.after, layer.kernel, layer.stride, groups=groups)
        self.bounded = layer.bounded

    def forward(self, maps: Tensor) -> Tensor:
        kernel, stride = int(self.kernel_size[0]), int(self.stride[0])
        down, across = (padding(int(side), kernel, stride) for side in maps.shape[2:])
        if any((*down, *across)):
            maps = F.pad(maps, (*across, *down))
        out = super().forward(maps)
        return F.relu6(out, inplace=True) if self.bounded else out


class LiteNetwork(nn.Module):
    """(n, 3, height, width) floats in [0, 1] to (n, dimension).

    Args:
        channels: of the images: 3.
        size: height and width; pooled, so any from 32 on will do.
        dimension: of the embedding.
        dropout: share of the pooled maps that are dropped while training.
    """

    def __init__(
        self,
        channels: int,
        size: tuple[int, int],  # noqa: ARG002  all image towers are built with the same arguments
        dimension: int = FEATURES,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if channels != 3:
            raise TypeError(f"it sees colours, which pictures of {channels} channel have not")
        self.standardise = Standardise(channels, 4)
        self.blocks = nn.ModuleList(
            nn.ModuleList(_Convolution(layer) for layer in block.layers) for block in PLAN
        )
        self.pool = GeM()
        self.dropout = nn.Dropout(dropout)
        self.descriptor = nn.Linear(FEATURES, dimension)

    def forward(self, images: Tensor) -> Tensor:
        """See the class."""
        maps = self.standardise(images)
        for number in range(len(PLAN)):
            maps = self.block(number, maps)
        out: Tensor = self.descriptor(self.dropout(self.pool(maps)))
        return out

    def block(self, number: int, maps: Tensor) -> Tensor:
        """What a block of the plan makes of maps."""
        out = maps
        for layer in self.blocks[number]:  # type: ignore[attr-defined]  # a list of modules
            out = layer(out)
        return out + maps if PLAN[number].same else out
