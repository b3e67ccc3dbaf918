"""PDQ: a picture as 256 bits that stay when it is saved again, scaled or brightened.

The picture's brightness is smoothed by two tent-shaped filters and sampled at 64 x 64 points; of
the two-dimensional cosine transform the 16 x 16 lowest frequencies (without the constant) are kept,
and each bit says whether one of them is above their median. Turning or mirroring the picture only
transposes the frequencies and flips the signs of every second one, so the hashes of all eight
orientations follow from one transform. Everything is linear up to the median, and is done here as
products with small matrices that depend on the picture's height and width alone.

After Meta's "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm" (2019),
https://github.com/facebook/ThreatExchange/blob/main/hashing/hashing.pdf.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.floating[Any]]

__all__ = ["BITS", "LEAST_QUALITY", "ORIENTATIONS", "Pdq", "pdq", "quality_of"]

BITS = 256
# Upright, turned by 90, 180 and 270 degrees, and the mirror images of these.
ORIENTATIONS = 8
# Pictures with less to see than this are like each other, whatever they are of (the paper's limit).
LEAST_QUALITY = 50
_SAMPLED = 64
_KEPT = 16
# The filters of the paper are box filters of this many passes.
_PASSES = 2
# Brightness by the weights of the paper (ITU-R BT.601).
_LUMA = (0.299, 0.587, 0.114)


class Pdq(NamedTuple):
    """The hash of a picture.

    Attributes:
        bits: (8, 32) uint8, packed: a row for each orientation, upright first.
        quality: 0 to 100: how much there is to see. Flat and nearly flat pictures are below 50,
            and their hashes say nothing.
    """

    bits: npt.NDArray[np.uint8]
    quality: int


def pdq(pixels: npt.NDArray[np.uint8]) -> Pdq:
    """The PDQ hash of a picture, in all orientations.

    Args:
        pixels: (height, width) or (height, width, 3) uint8; at least 1 pixel. At most 512 pixels a
            side are enough.
    """
    sampled = _sampled(_brightness(pixels))
    transform = _cosines()
    frequencies: Floats = transform @ sampled @ transform.T
    return Pdq(_bits(_turned(frequencies)), _quality(sampled))


def quality_of(pixels: npt.NDArray[np.uint8]) -> int:
    """How much there is to see in a picture, 0 to 100, see `Pdq`; pixels as for `pdq`."""
    return _quality(_sampled(_brightness(pixels)))


def _brightness(pixels: npt.NDArray[np.uint8]) -> Floats:
    import numpy as np

    if pixels.ndim == 2:
        return pixels.astype(np.float32)
    weights = np.asarray(_LUMA, np.float32)
    return pixels[..., :3].astype(np.float32) @ weights


def _sampled(brightness: Floats) -> Floats:
    height, width = brightness.shape
    sampled: Floats = _filter(height) @ brightness @ _filter(width).T
    return sampled


@lru_cache(maxsize=256)
def _filter(length: int) -> Floats:
    """(64, length): the smoothing along one side, at the points where it is sampled."""
    import numpy as np

    window = (length + 2 * _SAMPLED - 1) // (2 * _SAMPLED)
    kernel = np.eye(length)
    for _ in range(_PASSES):
        kernel = _boxes(length, window) @ kernel
    points = ((np.arange(_SAMPLED) + 0.5) * length / _SAMPLED).astype(np.int64)
    return kernel[points].astype(np.float32)


def _boxes(length: int, window: int) -> npt.NDArray[np.float64]:
    """(length, length): the mean of so many neighbours, of fewer at the edges."""
    import numpy as np

    half = (window + 2) // 2
    place = np.arange(length)
    # The first pixel of the window lies so far before its point, the last so far behind.
    before, behind = window - half, half - 1
    offset = place[None, :] - place[:, None]
    inside = (offset >= -before) & (offset <= behind)
    shares: npt.NDArray[np.float64] = inside / inside.sum(axis=1, keepdims=True)
    return shares


@lru_cache(maxsize=1)
def _cosines() -> Floats:
    """(16, 64): rows 1 to 16 of the cosine transform."""
    import numpy as np

    rows = np.arange(1, _KEPT + 1)[:, None]
    columns = 2 * np.arange(_SAMPLED)[None, :] + 1
    matrix = np.sqrt(2 / _SAMPLED) * np.cos(np.pi / (2 * _SAMPLED) * rows * columns)
    cosines: Floats = matrix.astype(np.float32)
    return cosines


def _turned(frequencies: Floats) -> Floats:
    """(8, 16, 16): the transforms of the picture in each orientation."""
    import numpy as np

    # Mirroring a side flips the odd frequencies along it; the first one kept is odd.
    odd = np.where(np.arange(_KEPT) % 2 == 0, -1, 1).astype(np.float32)
    across, down = frequencies * odd[None, :], frequencies * odd[:, None]
    both = across * odd[:, None]
    upright = (frequencies, across, down, both)
    return np.stack([*upright, *(each.T for each in upright)])


def _bits(frequencies: Floats) -> npt.NDArray[np.uint8]:
    import numpy as np

    flat = frequencies.reshape(len(frequencies), -1)
    return np.packbits(flat > np.median(flat, axis=1, keepdims=True), axis=1)


def _quality(sampled: Floats) -> int:
    """Whole steps of brightness between neighbours, summed, as the paper scales them."""
    import numpy as np

    steps = [np.abs(np.diff(sampled, axis=axis)) * 100 / 255 for axis in (0, 1)]
    total = sum(int(np.floor(each).sum()) for each in steps)
    return min(100, total // 90)
