"""The layers of EfficientNet-Lite0 as plain numbers, for all who build it: see `lite`."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["FEATURES", "PLAN", "LiteBlock", "LiteLayer", "padding"]

# Maps before pooling.
FEATURES = 1280
_STEM = 32
# Kernel, stride of the first, expansion, maps after, repeats: table 1 of the paper.
_STAGES = (
    (3, 1, 1, 16, 1),
    (3, 2, 6, 24, 2),
    (5, 2, 6, 40, 2),
    (3, 2, 6, 80, 3),
    (5, 1, 6, 112, 3),
    (5, 2, 6, 192, 4),
    (3, 1, 6, 320, 1),
)


class LiteLayer(NamedTuple):
    """A convolution.

    Attributes:
        before, after: maps.
        kernel, stride: in pixels, both ways.
        depthwise: each map by itself.
        bounded: whether what comes out is cut to 0 to 6 (ReLU6).
    """

    before: int
    after: int
    kernel: int = 1
    stride: int = 1
    depthwise: bool = False
    bounded: bool = True


class LiteBlock(NamedTuple):
    """Convolutions in a row; where `same`, what goes in is added to what comes out."""

    layers: tuple[LiteLayer, ...]
    same: bool = False


def _inverted(before: int, after: int, kernel: int, stride: int, expansion: int) -> LiteBlock:
    """Widen, look around, narrow (M. Sandler et al., MobileNetV2, CVPR 2018)."""
    inner = before * expansion
    widen = () if expansion == 1 else (LiteLayer(before, inner),)
    look = LiteLayer(inner, inner, kernel, stride, depthwise=True)
    narrow = LiteLayer(inner, after, bounded=False)
    return LiteBlock((*widen, look, narrow), same=stride == 1 and before == after)


def _plan() -> tuple[LiteBlock, ...]:
    blocks, before = [LiteBlock((LiteLayer(3, _STEM, 3, 2),))], _STEM
    for kernel, stride, expansion, after, repeats in _STAGES:
        for number in range(repeats):
            first = stride if number == 0 else 1
            blocks.append(_inverted(before, after, kernel, first, expansion))
            before = after
    return (*blocks, LiteBlock((LiteLayer(before, FEATURES),)))


PLAN = _plan()


def padding(side: int, kernel: int, stride: int) -> tuple[int, int]:
    """Pixels before and behind a side, so that each stride has its pixel (TensorFlow's SAME)."""
    total = max((-(-side // stride) - 1) * stride + kernel - side, 0)
    return total // 2, total - total // 2
