"""How close different items come by chance: the tail, its limits, and copies told apart from it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch.calibration.chance import (
    ChanceTail,
    Sampled,
    closeness_of,
    fit_tail,
    scores_of,
)
from simsearch.distance import Metric


def of_tail(count: int, copies: int, seed: int = 0) -> Sampled:
    """Excesses over .5 with a mean of .05, and copies from .9 to 1."""
    rng = np.random.default_rng(seed)
    chance = 0.5 + rng.exponential(0.05, count)
    values = np.concatenate([chance[chance < 1], rng.uniform(0.9, 1.0, copies)])
    return Sampled(np.sort(values)[::-1], 1.0, 2 * count, count)


@pytest.mark.parametrize("copies", [0, 50, 400, 2_000])
def test_copies_are_told_from_chance(copies: int) -> None:
    tail = fit_tail(of_tail(4_000, copies), 0.5)
    # Of 8,000 items 4,000 were asked: each pair seen stands for one.
    assert tail.copies == pytest.approx(copies, rel=0.05, abs=12)
    assert tail.different == pytest.approx(4_000, rel=0.02)
    assert tail.scale == pytest.approx(0.05, rel=0.08)
    expected = 4_000 * np.exp(-0.2 / 0.05)
    assert tail.expected(0.7) == pytest.approx(expected, rel=0.3)


def test_a_tail_that_ends_is_seen_to_end() -> None:
    rng = np.random.default_rng(1)
    values = 0.5 + 0.5 * rng.beta(1, 8, 6_000)
    tail = fit_tail(Sampled(np.sort(values)[::-1], 1.0, 6_000, 3_000), 0.5)
    assert np.isfinite(tail.end)
    assert tail.expected(0.8) == pytest.approx((values >= 0.8).sum(), abs=12)


@given(st.floats(0.5, 0.99), st.floats(0.001, 0.3), st.sampled_from([1.0, 2.0, 8.0, np.inf]))
def test_expected_falls_to_nothing_and_is_undone(at: float, scale: float, end: float) -> None:
    tail = ChanceTail(0.5, 1.0, 1_000.0, scale, end * 0.5, 0.0)
    grid = tail.expected(np.linspace(0.5, 1.0, 50))
    assert grid[0] == pytest.approx(1_000)
    assert grid[-1] == pytest.approx(0, abs=1e-9)
    assert (np.diff(grid) <= 1e-9).all()
    expected = float(tail.expected(at))
    back = tail.reaching(expected)
    assert back <= at + 1e-9
    assert float(tail.expected(back)) == pytest.approx(expected, rel=1e-6, abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 100), st.integers(2, 400))
def test_any_corpus_has_a_tail(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    values = np.sort(np.round(rng.uniform(-1, 1, count), 1))[::-1]
    for start in (values[-1], values[0], values[count // 2]):
        tail = fit_tail(Sampled(values, 1.0, count, count), float(start))
        assert np.isfinite(tail.expected(values)).all()
        assert tail.different + tail.copies <= (values >= start).sum() + 1e-6


def test_pairs_that_are_all_alike_say_nothing() -> None:
    tail = fit_tail(Sampled(np.ones(6), 1.0, 4, 4), 1.0)
    assert (tail.different, tail.copies) == (3.0, 0.0)
    assert tail.expected(1.0) == 3.0


@pytest.mark.parametrize("metric", list(Metric))
def test_closeness_is_undone(metric: Metric) -> None:
    scores = np.array([0.0, 0.25, 1.0, 7.0])
    closeness = closeness_of(scores, metric)
    assert np.allclose(scores_of(closeness, metric), scores)
    assert (np.diff(closeness) > 0).all() == metric.larger_is_closer


def test_a_cosine_and_a_distance_of_unit_vectors_are_one() -> None:
    cosine = np.linspace(-1, 1, 9)
    apart = np.sqrt(2 - 2 * cosine)
    assert np.allclose(closeness_of(apart, Metric.EUCLIDEAN) + 1, cosine)
