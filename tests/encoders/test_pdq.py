"""PDQ against the steps of its paper done longhand, and in eight orientations."""

from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from simsearch.encoders.pdq import pdq

Pixels = npt.NDArray[np.uint8]


def scene(seed: int, height: int = 96, width: int = 96) -> Pixels:
    """Clouds: noise at every scale, stronger the coarser, as in photos; in colour."""
    random = np.random.default_rng(seed)
    out = np.zeros((height, width, 3))
    for cells in (2, 4, 8, 16, 32):
        noise = random.normal(0, 1, (cells + 1, cells + 1, 3))
        for channel in range(3):
            plane = Image.fromarray(noise[..., channel].astype(np.float32))
            out[..., channel] += np.asarray(plane.resize((width, height), Image.BICUBIC)) / cells
    return np.clip(128 + 110 * out, 0, 255).astype(np.uint8)


def boxed(line: list[float], window: int) -> list[float]:
    """A box filter as the reference does it: the window grows in, slides, and shrinks out."""
    half = (window + 2) // 2
    return [
        float(np.mean(line[max(0, place - window + half) : place + half]))
        for place in range(len(line))
    ]


def longhand(pixels: Pixels) -> tuple[Pixels, int]:
    """Bits (upright) and quality, step by step."""
    grey = pixels @ np.array([0.299, 0.587, 0.114])
    height, width = grey.shape
    for _ in range(2):
        window = (width + 127) // 128
        grey = np.array([boxed(list(row), window) for row in grey])
        window = (height + 127) // 128
        grey = np.array([boxed(list(column), window) for column in grey.T]).T
    rows = [int((i + 0.5) * height / 64) for i in range(64)]
    columns = [int((i + 0.5) * width / 64) for i in range(64)]
    small = grey[np.ix_(rows, columns)]
    cosines = np.array(
        [
            [np.sqrt(2 / 64) * np.cos(np.pi / 128 * (i + 1) * (2 * j + 1)) for j in range(64)]
            for i in range(16)
        ]
    )
    frequencies = cosines @ small @ cosines.T
    down, across = np.abs(small[1:] - small[:-1]), np.abs(small[:, 1:] - small[:, :-1])
    steps = [int(step * 100 / 255) for step in (*down.flat, *across.flat)]
    bits = np.packbits((frequencies > np.median(frequencies)).ravel())
    return bits, min(100, sum(steps) // 90)


def differ(one: Pixels, other: Pixels) -> int:
    return int(np.bitwise_count(one ^ other).sum())


@pytest.mark.parametrize(("height", "width"), [(64, 64), (96, 96), (160, 120), (200, 333)])
def test_the_steps_of_the_paper(height: int, width: int) -> None:
    pixels = scene(1, height, width)
    bits, quality = longhand(pixels)
    found = pdq(pixels)
    assert differ(found.bits[0], bits) <= 1  # a frequency at the median may fall either way
    assert abs(found.quality - quality) <= 1


@pytest.mark.parametrize(("mirrored", "turns"), list(product((False, True), range(4))))
def test_orientations(mirrored: bool, turns: int) -> None:
    pixels = scene(2, 128, 128)
    other = np.rot90(pixels[:, ::-1] if mirrored else pixels, turns)
    found = pdq(np.ascontiguousarray(other))
    closest = min(differ(found.bits[0], bits) for bits in pdq(pixels).bits)
    assert closest <= 30  # the points that are sampled lie half a pixel off when turned
    assert min(differ(found.bits[0], bits) for bits in pdq(scene(3, 128, 128)).bits) > 60


def test_brightness_and_size_hardly_matter() -> None:
    pixels = scene(4, 256, 256)
    upright = pdq(pixels).bits[0]
    assert differ(upright, pdq((pixels * 0.8).astype(np.uint8)).bits[0]) <= 10
    assert differ(upright, pdq(pixels[::2, ::2]).bits[0]) <= 10
    grey = (pixels @ np.array([0.299, 0.587, 0.114])).astype(np.uint8)
    assert differ(upright, pdq(grey).bits[0]) <= 4


def test_a_flat_picture_has_no_quality() -> None:
    assert pdq(np.full((80, 80, 3), 200, np.uint8)).quality == 0
    assert pdq(np.zeros((1, 1), np.uint8)).quality == 0
