"""The middle of a picture as its file has it."""

import io

import numpy as np
import pytest
from PIL import Image

from simsearch.duplicates.brightness import brightness_of
from tests.encoders.test_pdq import scene


def saved(image: Image.Image, form: str) -> bytes:
    file = io.BytesIO()
    image.save(file, form)
    return file.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_formats_and_their_steps(form: str) -> None:
    seen = brightness_of(saved(Image.fromarray(scene(0, 90, 120)), form))
    assert (seen.form, seen.width, seen.height) == (form, 120, 90)
    assert seen.pixels.shape == (90, 120)
    assert (seen.steps is not None) == (form == "JPEG")


def test_the_middle_begins_with_a_square() -> None:
    pixels = np.arange(1_500 * 2_100).reshape(1_500, 2_100) % 251
    seen = brightness_of(saved(Image.fromarray(pixels.astype(np.uint8)), "PNG"))
    assert seen.pixels.shape == (1_024, 1_024)
    top, left = 232, 536  # the nearest multiples of 8 below half of what is cut off
    np.testing.assert_array_equal(seen.pixels, pixels[top : top + 1_024, left : left + 1_024])


def test_what_is_no_picture() -> None:
    with pytest.raises(OSError, match="cannot identify"):
        brightness_of(b"nothing")
