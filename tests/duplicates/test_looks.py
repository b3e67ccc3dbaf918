"""Frames are seen, and what a copy's colours and detail lose."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from simsearch.duplicates.looks import looks_of
from tests.encoders.test_pdq import scene


@pytest.fixture
def image() -> Image.Image:
    return Image.fromarray(scene(3, 300, 400))


@pytest.mark.parametrize("colour", ["white", "black", (200, 30, 30)])
def test_frames(image: Image.Image, colour: str) -> None:
    assert not looks_of(np.asarray(image)).framed
    framed = ImageOps.expand(ImageOps.expand(image, 20, colour), 10, "grey")
    looks = looks_of(np.asarray(framed))
    assert looks.framed
    assert looks.content == pytest.approx(300 * 400 / (360 * 460), rel=0.05)


def test_one_colour_is_no_frame() -> None:
    looks = looks_of(np.full((40, 50, 3), 7, np.uint8))
    assert (looks.content, looks.framed) == (1.0, False)


def test_colour(image: Image.Image) -> None:
    looks = looks_of(np.asarray(image))
    grey = looks_of(np.asarray(ImageOps.grayscale(image).convert("RGB")))
    assert looks.coloured
    assert not grey.coloured


def test_small_pictures_are_of_what_is_within_a_frame(image: Image.Image) -> None:
    looks = looks_of(np.asarray(image))
    framed = looks_of(np.asarray(ImageOps.expand(image, 60, "white")))
    assert np.abs(framed.small - looks.small).mean() < 3
    assert np.abs(framed.whole - looks.whole).mean() > 20
    assert looks.small.shape == (32, 32, 3)


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_more_than_8_bits(dtype: type) -> None:
    looks = looks_of(np.arange(600, dtype=dtype).reshape(20, 30) * 50)
    assert not looks.coloured
    assert np.isfinite(looks.small).all()
