"""A copy saved with finer steps bears those of before; a first save bears none."""

import io

import pytest
from PIL import Image, ImageEnhance

from simsearch.duplicates.saved_again import saved_again
from tests.encoders.test_pdq import scene


def saved(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


@pytest.fixture(params=[0, 1, 2])
def camera(request: pytest.FixtureRequest) -> Image.Image:
    """A picture that was never saved."""
    return Image.fromarray(scene(request.param, 480, 640))


@pytest.mark.parametrize("quality", [50, 75, 90, 98])
def test_a_first_save_bears_no_trace(camera: Image.Image, quality: int) -> None:
    assert not saved_again(saved(camera, quality=quality))
    assert not saved_again(saved(camera, "PNG"))


@pytest.mark.parametrize("form", ["PNG", "BMP", "JPEG"])
def test_a_copy_bears_the_first_one(camera: Image.Image, form: str) -> None:
    with Image.open(io.BytesIO(saved(camera, quality=60))) as first:
        again = first.convert("RGB")
    assert saved_again(saved(again, form, quality=95))
    assert saved_again(saved(ImageEnhance.Brightness(again).enhance(0.9), form, quality=95))


def test_small_ones_say_nothing() -> None:
    assert not saved_again(saved(Image.new("RGB", (40, 40))))
