"""Edited copies are found by embeddings; what is near by chance is taken off each cosine."""

import math
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.cbook import get_sample_data
from PIL import Image, ImageDraw, ImageOps
from sklearn.datasets import load_sample_image

import simsearch
from simsearch.duplicates.edited_copies import (
    EDITED_COPY,
    EditedCopyFinder,
    log_odds_of_scores,
    normalised,
)


@cache
def photo(name: str) -> Image.Image:
    """One of the photos that come with scikit-learn and matplotlib."""
    if name == "hopper":
        image = Image.open(get_sample_data("grace_hopper.jpg", asfileobj=False)).convert("RGB")
    else:
        image = Image.fromarray(load_sample_image(f"{name}.jpg"))
    image.thumbnail((320, 320))
    return image


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    for name in ("china", "flower", "hopper"):
        photo(name).save(tmp_path / f"{name}.png")
    return tmp_path


def edited(image: Image.Image, edit: str) -> Image.Image:
    width, height = image.size
    if edit == "cut":
        return image.crop((width // 6, height // 12, width, height * 11 // 12))
    if edit == "framed":
        return ImageOps.expand(image, (width // 6, height // 8), "black")
    image = ImageOps.expand(image, (0, 0, 0, height // 4), "white")
    ImageDraw.Draw(image).text((8, height + 8), "seen again", fill="black")
    return image


@pytest.mark.parametrize("edit", ["cut", "framed", "captioned"])
def test_an_edited_copy(photos: Path, edit: str) -> None:
    edited(photo("china"), edit).save(photos / "copy.png")
    found = simsearch.dedupe(photos)
    assert found.groups == [["china.png", "copy.png"]]
    assert found.pairs["tier"].to_pylist() == [EDITED_COPY]


def test_different_photos(photos: Path) -> None:
    assert simsearch.dedupe(photos).group_count == 0


def test_two_pictures_alone(tmp_path: Path) -> None:
    photo("flower").save(tmp_path / "a.png")
    edited(photo("flower"), "framed").save(tmp_path / "b.png")
    assert simsearch.dedupe(tmp_path).groups == [["a.png", "b.png"]]


def test_flat_pictures_and_none_at_all() -> None:
    finder = EditedCopyFinder()
    assert len(finder.find(None).pairs.left) == 0
    flat = np.full((4, 160, 160, 3), 200, np.uint8)
    finder.add(pa.table({"image": pa.FixedShapeTensorArray.from_numpy_ndarray(flat)}))
    assert len(finder.find(None).pairs.left) == 0


@given(rows=st.integers(2, 40), bank=st.integers(0, 30), seed=st.integers(0, 99))
def test_the_eleventh_neighbour_is_taken_off(rows: int, bank: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(rows + bank, 5)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    cosines = points[:rows] @ points.T
    left, right = np.triu_indices(rows, 1)
    found = normalised(left, right, cosines[left, right], cosines[:, rows:])
    near = []
    place = min(11, max(3, math.ceil(rows / 3)))
    for row in range(rows):
        every = np.sort(np.delete(cosines[row], row))[::-1]
        own = np.sort(np.delete(cosines[row, :rows], row))[::-1]
        near.append(max([-1.0, *own[place - 1 : place], *every[10:11]]))
    chance = np.array(near, np.float64)
    expected = cosines[left, right] - (chance[left] + chance[right]) / 2
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_higher_score_is_never_less_probable_and_more_pictures_need_more() -> None:
    score = np.linspace(0.0, 0.9, 46)
    few, many = log_odds_of_scores(score, 100), log_odds_of_scores(score, 100_000)
    assert (np.diff(few) >= 0).all()
    assert (np.diff(many) >= 0).all()
    assert (many <= few).all()
    assert few[0] < 0 < few[-1]


def test_a_folder_of_pictures_that_are_alike_is_held_to_more() -> None:
    score = np.array([0.45, 0.55])
    alike = np.concatenate([score, np.full(400, 0.17)])
    assert (log_odds_of_scores(alike, 100)[:2] < log_odds_of_scores(score, 100)).all()
