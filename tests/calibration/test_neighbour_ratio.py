"""How much closer than others two items are, as brute force has it; and how many are copies."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.calibration.neighbour_ratio import Nearness

EVEN = np.log(19.0)


def pairs_of(points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    left, right = np.triu_indices(len(points), 1)
    return left, right, np.linalg.norm(points[left] - points[right], axis=1)


def with_copies(items: int, copies: int, dimensions: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(items, dimensions))
    return np.concatenate([points, points[:copies] + 0.05 * rng.normal(size=(copies, dimensions))])


@given(rows=st.integers(2, 40), bank=st.integers(0, 30), seed=st.integers(0, 99))
def test_the_eleventh_neighbour_is_what_is_near_by_chance(rows: int, bank: int, seed: int) -> None:
    points = np.random.default_rng(seed).normal(size=(rows + bank, 5))
    between = np.linalg.norm(points[:rows, None] - points[None], axis=2)
    left, right, distance = pairs_of(points[:rows])
    near = Nearness.of(left, right, distance, rows, between[:, rows:])
    place, chance = min(11, max(3, math.ceil(rows / 3))), []
    for row in range(rows):
        every = np.sort(np.delete(between[row], row))
        own = np.sort(np.delete(between[row, :rows], row))
        known = [*own[place - 1 : place], *every[10:11]]
        chance.append(min(known) if known else own[-1])
    expected = np.log((np.array(chance)[left] + np.array(chance)[right]) / 2 / distance)
    np.testing.assert_allclose(near.closer, expected, atol=1e-9)


@pytest.mark.parametrize("dimensions", [3, 8, 30])
def test_the_scale_is_one_over_the_dimension(dimensions: int) -> None:
    points = np.random.default_rng(1).uniform(size=(1500, dimensions))
    near = Nearness.of(*pairs_of(points), len(points))
    # Of many dimensions the edge is near everywhere, which looks like fewer.
    assert 0.8 < near.scale * dimensions < 2.2


@pytest.mark.parametrize("items", [12, 60, 400])
@pytest.mark.parametrize("dimensions", [4, 12, 60])
def test_copies_are_found_and_hardly_anything_else(items: int, dimensions: int) -> None:
    copies = max(2, items // 6)
    points = with_copies(items, copies, dimensions, seed=0)
    left, right, distance = pairs_of(points)
    same = Nearness.of(left, right, distance, len(points)).log_odds() > EVEN
    true = (right - items == left) & (right >= items)
    # In few dimensions many different items come as close.
    assert (same & true).sum() >= (0.9 if dimensions > 4 else 0.2) * copies
    assert (same & ~true).sum() <= 0.05 * copies


@pytest.mark.parametrize("copies", [1, 3, 5, 8])
def test_many_copies_of_each_item_do_not_hide_each_other(copies: int) -> None:
    """Some are closer than others, as edits differ."""
    rng, items = np.random.default_rng(copies), 80
    points = rng.normal(size=(items, 12))
    near = rng.uniform(0.02, 0.25, (copies, items, 1)) * rng.normal(size=(copies, items, 12))
    every = np.concatenate([points, *(points + near)])
    left, right, distance = pairs_of(every)
    same = Nearness.of(left, right, distance, len(every)).log_odds() > EVEN
    true = left % items == right % items
    assert (same & true).sum() >= 0.6 * true.sum()
    assert (same & ~true).sum() <= 0.02 * true.sum()


@pytest.mark.parametrize("items", [2, 3, 5, 20, 100, 300])
def test_without_copies_nothing_is_found(items: int) -> None:
    found = 0
    for seed in range(10):
        points = np.random.default_rng(seed).normal(size=(items, 10))
        found += int((Nearness.of(*pairs_of(points), items).log_odds() > EVEN).sum())
    assert found == 0


def test_closer_is_never_less_probable_and_lies_within_bounds() -> None:
    points = with_copies(200, 40, 8, seed=3)
    near = Nearness.of(*pairs_of(points), len(points))
    odds = near.log_odds()[np.argsort(near.closer)]
    assert (np.diff(odds) >= 0).all()
    assert np.abs(odds).max() <= 9.0


def test_units_do_not_count() -> None:
    points = with_copies(100, 20, 8, seed=5)
    left, right, distance = pairs_of(points)
    once, thousand = (
        Nearness.of(left, right, factor * distance, len(points)).log_odds() for factor in (1, 1000)
    )
    np.testing.assert_allclose(once, thousand, atol=1e-6)


def test_items_that_all_lie_in_one_place_are_not_told_apart() -> None:
    left, right, distance = pairs_of(np.zeros((30, 4)))
    assert (Nearness.of(left, right, distance, 30).log_odds() < 0).all()
