"""Pair metrics against sets counted longhand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.errors import OptionError
from simsearch.evaluation import candidate_metrics, pair_metrics

POSITION = st.integers(0, 6)
PAIRS = st.lists(st.tuples(POSITION, POSITION), max_size=20)


def arrays(pairs):
    table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


@given(PAIRS, PAIRS)
def test_pairs_of_one_table_are_unordered_and_counted_once(predicted, truth):
    said = {frozenset(pair) for pair in predicted if pair[0] != pair[1]}
    meant = {frozenset(pair) for pair in truth if pair[0] != pair[1]}
    found = pair_metrics(arrays(predicted), arrays(truth))
    assert (found.correct, found.predicted, found.true) == (
        len(said & meant),
        len(said),
        len(meant),
    )


@given(PAIRS, PAIRS)
def test_pairs_of_two_tables_are_ordered(predicted, truth):
    found = pair_metrics(arrays(predicted), arrays(truth), two_tables=True)
    said, meant = set(predicted), set(truth)
    assert (found.correct, found.predicted, found.true) == (
        len(said & meant),
        len(said),
        len(meant),
    )


@given(PAIRS, PAIRS)
def test_f1_is_the_harmonic_mean(predicted, truth):
    found = pair_metrics(arrays(predicted), arrays(truth))
    if found.correct:
        mean = 2 / (1 / found.precision + 1 / found.recall)
        assert found.f1 == pytest.approx(mean)
    else:
        assert found.f1 == (1.0 if found.predicted == found.true == 0 else 0.0)


def test_worked_example():
    found = pair_metrics(arrays([(0, 1), (2, 1), (3, 4)]), arrays([(1, 0), (1, 2), (0, 2), (5, 6)]))
    assert (found.precision, found.recall) == (2 / 3, 2 / 4)
    assert found.f1 == pytest.approx(4 / 7)


def test_nothing_predicted_and_nothing_true_is_right():
    none = arrays([])
    assert pair_metrics(none, none).f1 == 1.0
    assert pair_metrics(none, arrays([(0, 1)])).f1 == 0.0
    assert pair_metrics(arrays([(0, 1)]), none).precision == 0.0


def test_candidates_of_one_table():
    found = candidate_metrics(arrays([(0, 1), (1, 2), (0, 3)]), arrays([(1, 0), (2, 3)]), rows=5)
    assert found.pair_completeness == 0.5
    assert found.pairs_quality == pytest.approx(1 / 3)
    assert found.reduction_ratio == pytest.approx(1 - 3 / 10)
    assert found.per_row == pytest.approx(3 / 5)


def test_candidates_of_two_tables_and_of_empty_ones():
    found = candidate_metrics(arrays([(0, 0), (1, 0)]), arrays([(0, 1)]), rows=2, right_rows=3)
    assert (found.correct, found.possible, found.rows) == (0, 6, 5)
    empty = candidate_metrics(arrays([]), arrays([]), rows=0)
    assert (empty.reduction_ratio, empty.per_row, empty.pair_completeness) == (0.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("predicted", "says"),
    [
        ((np.array([0, 1]), np.array([1])), "equal length"),
        ((np.array([0.5]), np.array([1.0])), "integers"),
        ((np.array([-1]), np.array([1])), "negative"),
        ((np.zeros((1, 1), int), np.zeros((1, 1), int)), "equal length"),
    ],
)
def test_what_are_not_pairs_is_refused(predicted, says):
    with pytest.raises(OptionError, match=says):
        pair_metrics(predicted, arrays([(0, 1)]))
