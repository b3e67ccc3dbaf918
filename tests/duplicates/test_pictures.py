"""Copies of pictures are found without an encoder; flat and different ones are not."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

import simsearch
from simsearch.duplicates.pictures import log_odds_of_bits
from tests.encoders.test_pdq import scene

PICTURES = 30


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for number in range(PICTURES):
        Image.fromarray(scene(number, 120, 160)).save(tmp_path / f"{number:02}.png")
    return tmp_path


def edited(image: Image.Image, edit: str) -> Image.Image:
    if edit == "smaller":
        return image.resize((80, 60))
    if edit == "grey":
        return ImageOps.grayscale(image)
    if edit == "brighter":
        return ImageEnhance.Brightness(image).enhance(1.2)
    if edit == "mirrored":
        return ImageOps.mirror(image)
    return image.rotate(90, expand=True)


@pytest.mark.parametrize("edit", ["smaller", "grey", "brighter", "mirrored", "turned"])
def test_an_edited_copy(photos: Path, edit: str) -> None:
    with Image.open(photos / "07.png") as image:
        edited(image, edit).save(photos / "copy.png")
    found = simsearch.dedupe(photos)
    assert found.groups == [["07.png", "copy.png"]]
    pair = found.pairs.to_pylist()[0]
    assert pair["tier"] == "same picture"
    assert pair["probability"] > 0.9
    turned = edit in ("mirrored", "turned")
    assert pair["differs"] == ("turned or mirrored" if turned else "")


def test_the_same_bytes(photos: Path) -> None:
    (photos / "again.png").write_bytes((photos / "03.png").read_bytes())
    pair = simsearch.dedupe(photos).pairs.to_pylist()[0]
    assert (pair["tier"], {pair["left_id"], pair["right_id"]}) == (
        "identical bytes",
        {"03.png", "again.png"},
    )


def test_different_pictures(photos: Path) -> None:
    assert simsearch.dedupe(photos).group_count == 0


def test_flat_pictures_match_nothing(tmp_path: Path) -> None:
    for shade in range(0, 250, 25):
        Image.new("RGB", (90, 90), (shade, shade, shade)).save(tmp_path / f"{shade}.png")
    Image.new("RGB", (90, 90), "white").save(tmp_path / "white.png")
    assert simsearch.dedupe(tmp_path).group_count == 0


def test_pictures_in_an_array() -> None:
    pixels = np.stack([scene(number, 64, 64) for number in range(12)])
    pixels = np.concatenate([pixels, pixels[4:5, :, ::-1]])
    assert simsearch.dedupe(pixels).groups == [["4", "12"]]


def test_more_pictures_need_closer_pairs() -> None:
    bits = np.array([4, 40, 60])
    few, many = log_odds_of_bits(bits, 50), log_odds_of_bits(bits, 200_000)
    assert (np.diff(few) <= 0).all()
    assert (np.diff(many) <= 0).all()
    assert (many <= few).all()
    assert many[0] > 0 > -2 > many[2]
    alike = log_odds_of_bits(bits, 50, factor=1e6)
    assert (alike <= few).all()


def test_no_pairs() -> None:
    assert log_odds_of_bits(np.empty(0, np.int64), 5).shape == (0,)
