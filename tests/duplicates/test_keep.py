"""Of a group the original is kept: each criterion decides among those that are left."""

import os
import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance, ImageOps

import simsearch
from simsearch.duplicates.keep import CRITERIA, DEFAULT_KEEP, keep_rule
from simsearch.errors import OptionError
from tests.encoders.test_pdq import scene


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Twelve photos that have nothing to do with each other, and one to copy."""
    for number in range(12):
        Image.fromarray(scene(number, 120, 160)).save(tmp_path / f"other{number:02}.png")
    Image.fromarray(scene(50, 240, 320)).save(tmp_path / "m.jpg", quality=80)
    return tmp_path


def copied(folder: Path, name: str, image: Image.Image, **options: object) -> None:
    image.save(folder / name, **{"quality": 90, **options})


def kept(folder: Path, keep: list[str] | None = None, tier: list[str] | None = None) -> list[str]:
    """The members of the one group that stay."""
    table = simsearch.dedupe(folder, keep=keep, tier=tier).frame()
    (number,) = table.loc[table.duplicate_group.duplicated(), "duplicate_group"].unique()
    group = table[table.duplicate_group == number]
    names: list[str] = group.loc[group.is_representative, "id"].tolist()
    return names


def original(folder: Path) -> Image.Image:
    with Image.open(folder / "m.jpg") as image:
        return image.convert("RGB")


@pytest.mark.parametrize("name", ["a.jpg", "z.jpg"])
def test_not_the_smaller_the_grey_the_brighter_or_the_framed(photos: Path, name: str) -> None:
    image = original(photos)
    for edited in (
        image.resize((160, 120)),
        ImageOps.grayscale(image),
        ImageEnhance.Brightness(image).enhance(1.25),
        ImageOps.expand(image, 3, "white"),
    ):
        copied(photos, name, edited)
        assert kept(photos) == ["m.jpg"]


def test_not_the_one_without_exif(photos: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker of cameras"
    copied(photos, "z.jpg", original(photos), exif=exif)
    assert kept(photos) == ["z.jpg"]


def test_of_equal_bytes_the_oldest_and_then_the_one_not_named_as_a_copy(photos: Path) -> None:
    bytes_alone = ["identical bytes"]
    shutil.copy(photos / "m.jpg", photos / "m (1).jpg")
    shutil.copy(photos / "m.jpg", photos / "Copy of m.jpg")
    for name in ("m.jpg", "m (1).jpg", "Copy of m.jpg"):
        os.utime(photos / name, (10, 10))
    assert kept(photos, tier=bytes_alone) == ["m.jpg"]
    os.utime(photos / "m (1).jpg", (5, 5))
    assert kept(photos, tier=bytes_alone) == ["m (1).jpg"]
    assert kept(photos, ["name", "oldest"], bytes_alone) == ["m.jpg"]


def test_the_one_in_a_folder(photos: Path) -> None:
    (photos / "best").mkdir()
    copied(photos, "best/small.jpg", original(photos).resize((160, 120)))
    assert kept(photos) == ["m.jpg"]
    assert kept(photos, ["folder:best/", "resolution"]) == ["best/small.jpg"]


def test_rules_are_named() -> None:
    assert set(DEFAULT_KEEP) == set(CRITERIA)
    assert keep_rule(["bytes", "folder:a/b"]).criteria == ("bytes", "folder:a/b")
    with pytest.raises(OptionError, match=r"`keep` 'best' is no criterion; there are resolution"):
        keep_rule(["best"])
    with pytest.raises(OptionError, match="`keep` is not for texts"):
        simsearch.dedupe(["a", "b"], keep=["bytes"])
