"""Chance of pairs by the density around them, against points that fall evenly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.calibration.neighbourhood import METRICS, chance_in_place, rarest
from simsearch.distance import Metric

NONE = np.empty(0, np.int64)


def closest(points: np.ndarray) -> np.ndarray:
    gaps = np.linalg.norm(points[:, None].astype(np.float64) - points[None], axis=2)
    np.fill_diagonal(gaps, np.inf)
    return gaps.argmin(axis=1)


@pytest.mark.parametrize("dimension", [2, 5, 12])
def test_points_that_fall_evenly_are_no_closer_than_chance(dimension: int) -> None:
    points = np.random.default_rng(0).normal(size=(600, dimension)).astype(np.float32)
    rows = np.arange(len(points))
    chance = chance_in_place(points, Metric.EUCLIDEAN, rows, closest(points))
    # Of two ends the more probable one, three reaches: never more small ones than of one test.
    for level in (0.01, 0.05, 0.2):
        assert (chance <= level).mean() <= level + 0.02
    assert not rarest(chance, len(points), 0.01).any()


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("copies", [1, 30])
def test_copies_are_closer_than_their_neighbourhood(metric: Metric, copies: int) -> None:
    rng = np.random.default_rng(1)
    points = rng.normal(size=(400, 8))
    near = np.repeat(points[:5], copies, axis=0)
    near += rng.normal(size=near.shape) * 1e-3
    every = np.concatenate([points, near]).astype(np.float32)
    left, right = np.repeat(np.arange(5), copies), np.arange(400, 400 + 5 * copies)
    chance = chance_in_place(every, metric, left, right)
    assert rarest(chance, len(every), 0.01).all()


def test_vectors_on_a_lattice_have_equals_and_no_copies() -> None:
    points = np.unique(np.random.default_rng(2).poisson(2, (900, 6)), axis=0).astype(np.float32)
    gaps = np.linalg.norm(points[:, None] - points[None], axis=2)
    left, right = np.nonzero(np.triu(np.isclose(gaps, 1.0), 1))
    assert len(left) > 20
    chance = chance_in_place(points, Metric.EUCLIDEAN, left, right)
    assert rarest(chance, len(points), 0.01).mean() < 0.05


def test_far_from_the_origin_rounding_makes_no_copies() -> None:
    rng = np.random.default_rng(3)
    points = np.c_[rng.integers(18, 90, 700), rng.lognormal(10, 0.6, 700)].astype(np.float32)
    points = np.unique(points, axis=0)
    rows = np.arange(len(points))
    chance = chance_in_place(points, Metric.COSINE, rows, np.roll(rows, 1))
    assert not rarest(chance, len(points), 0.01).any()


def test_few_items_tell_nothing() -> None:
    few = np.eye(5, dtype=np.float32)
    assert chance_in_place(few, Metric.COSINE, np.array([0]), np.array([1])).tolist() == [1.0]
    many = np.eye(40, dtype=np.float32)
    assert chance_in_place(many, Metric.COSINE, NONE, NONE).tolist() == []


@given(
    chance=st.lists(st.floats(0, 1), max_size=20),
    more=st.integers(0, 20),
    share=st.sampled_from([0.01, 0.05, 0.5]),
)
def test_the_rarest_are_those_of_benjamini_and_hochberg(
    chance: list[float], more: int, share: float
) -> None:
    tests = len(chance) + more
    ordered = sorted(chance)
    kept = [p for rank, p in enumerate(ordered, 1) if p * tests <= share * rank]
    least = max(kept, default=-1.0)
    assert rarest(np.array(chance), tests, share).tolist() == [p <= least for p in chance]
