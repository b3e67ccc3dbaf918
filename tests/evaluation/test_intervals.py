"""Intervals against scipy, against longhand, and by how often they hold the truth."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from simsearch.errors import OptionError
from simsearch.evaluation.intervals import (
    RESAMPLES,
    bootstrap,
    mean_figure,
    proportion,
    resampled,
    settled,
    wilson,
)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_that_of_scipy(counted: tuple[int, int]) -> None:
    hits, trials = counted
    expected = binomtest(hits, trials).proportion_ci(0.95, method="wilson")
    assert wilson(hits, trials) == pytest.approx((expected.low, expected.high), abs=1e-9)


@given(st.floats(0, 1), st.floats(0.01, 1e6))
def test_wilson_holds_the_share_and_stays_inside(share: float, trials: float) -> None:
    low, high = wilson(share * trials, trials)
    assert 0 <= low <= share * trials / trials <= high <= 1


def test_wilson_of_nothing_knows_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("hits", "trials"), [(2, 1), (-1, 3)])
def test_wilson_refuses_what_cannot_be(hits: int, trials: int) -> None:
    with pytest.raises(OptionError, match="successes in"):
        wilson(hits, trials)


def test_a_proportion_of_independent_hits_is_wilson() -> None:
    hits = np.arange(40) < 10
    found = proportion("share", hits)
    assert (found.low, found.high) == pytest.approx(wilson(10, 40))
    assert (found.value, found.count) == (0.25, 40)


def test_groups_that_err_together_widen_the_interval() -> None:
    """Forty answers of four groups, each right or wrong as a whole, are four answers."""
    hits = np.repeat([True, False, True, True], 10)
    together = proportion("share", hits, np.repeat(np.arange(4), 10))
    assert (together.low, together.high) == pytest.approx(wilson(3, 4))
    alone = proportion("share", hits)
    assert together.low < alone.low < alone.high < together.high


def test_a_mean_is_bracketed_by_resampling() -> None:
    values = np.linspace(0, 1, 200)
    found = mean_figure("mean", values, seed=3)
    spread = 1.96 * values.std() / math.sqrt(len(values))
    assert found.low == pytest.approx(found.value - spread, abs=0.02)
    assert found.high == pytest.approx(found.value + spread, abs=0.02)


def test_figures_of_nothing_are_refused() -> None:
    for figure in (proportion, mean_figure):
        with pytest.raises(OptionError, match="nothing to count for x"):
            figure("x", np.empty(0))  # type: ignore[arg-type]  # no values of any type
    with pytest.raises(OptionError, match="groups of the shape"):
        proportion("x", np.ones(3, bool), np.zeros(2, np.int64))


def test_resampling_draws_groups_whole() -> None:
    groups = np.array([0, 0, 1, 2, 2, 2])
    drawn = list(resampled(groups, seed=1))
    assert len(drawn) == RESAMPLES
    for weights in drawn:
        assert weights[0] == weights[1]
        assert weights[3] == weights[4] == weights[5]
        assert weights[0] + weights[2] + weights[3] == 3  # as many groups as there are


def test_a_pair_weighs_the_product_of_its_groups() -> None:
    pairs = np.array([[0, 1], [1, 1], [2, 0]])
    singles = resampled(np.array([0, 1, 2]), seed=5)
    for weights, (zero, one, two) in zip(resampled(pairs, seed=5), singles, strict=True):
        assert weights.tolist() == [zero * one, one, two * zero]


def test_bootstrap_of_a_mean_is_the_percentile_interval() -> None:
    values = np.random.default_rng(0).normal(size=300)
    rows = np.arange(300)
    means = [np.average(values, weights=weights) for weights in resampled(rows, 7)]
    low, high = bootstrap(lambda w: np.array([np.average(values, weights=w)]), rows, 7)
    assert (low[0], high[0]) == pytest.approx(tuple(np.percentile(means, [2.5, 97.5])))


def test_bootstrap_leaves_out_draws_without_a_value() -> None:
    def sometimes(weights: np.ndarray) -> np.ndarray:
        return np.array([weights[0] if weights[0] else np.nan])

    low, high = bootstrap(sometimes, np.arange(5), 0)
    assert 1 <= low[0] <= high[0]
    nothing = bootstrap(lambda _: np.array([np.nan]), np.arange(5), 0)
    assert np.isnan(nothing).all()


def test_where_resampling_cannot_vary_wilson_stands() -> None:
    assert settled(1.0, 1.0, 1.0, 50) == wilson(50, 50)
    assert settled(0.5, 0.4, 0.45, 50) == (0.4, 0.5)  # the value is never outside


@pytest.mark.long
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    rng, share, inside = np.random.default_rng(0), 0.3, 0
    for _ in range(2_000):
        found = proportion("x", rng.random(60) < share)
        inside += found.low <= share <= found.high
    assert inside / 2_000 == pytest.approx(0.95, abs=0.02)
