"""Group metrics against definitions written out longhand."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.errors import OptionError
from simsearch.evaluation import (
    bcubed,
    closure,
    exact_groups,
    group_pairs,
    grouping_metrics,
    pair_metrics,
)

LABELS = st.integers(0, 12).flatmap(
    lambda rows: st.tuples(
        st.lists(st.integers(-3, 4), min_size=rows, max_size=rows),
        st.lists(st.integers(10, 15), min_size=rows, max_size=rows),
    )
)


def as_array(labels):
    return np.array(labels, dtype=np.int64)


def longhand_pairs(labels):
    return {(a, b) for a, b in combinations(range(len(labels)), 2) if labels[a] == labels[b]}


def members(labels, row):
    return {other for other in range(len(labels)) if labels[other] == labels[row]}


@given(LABELS)
def test_group_pairs_are_all_pairs_of_equal_label(labels):
    left, right = group_pairs(as_array(labels[0]))
    found = list(zip(left.tolist(), right.tolist(), strict=True))
    assert len(found) == len(set(found))
    assert set(found) == longhand_pairs(labels[0])


@given(LABELS)
def test_grouping_metrics_are_the_metrics_of_the_pairs(labels):
    said, meant = as_array(labels[0]), as_array(labels[1])
    assert grouping_metrics(said, meant) == pair_metrics(group_pairs(said), group_pairs(meant))


@given(LABELS)
def test_bcubed_is_the_mean_over_rows(labels):
    said, meant = labels
    found = bcubed(as_array(said), as_array(meant))
    rows = range(len(said))
    both = [len(members(said, row) & members(meant, row)) for row in rows]
    precision = [both[row] / len(members(said, row)) for row in rows]
    recall = [both[row] / len(members(meant, row)) for row in rows]
    assert found.precision == pytest.approx(np.mean(precision) if precision else 1.0)
    assert found.recall == pytest.approx(np.mean(recall) if recall else 1.0)


@given(LABELS)
def test_exact_groups_are_those_equal_as_sets(labels):
    said, meant = ({frozenset(members(side, row)) for row in range(len(side))} for side in labels)
    found = exact_groups(as_array(labels[0]), as_array(labels[1]))
    assert (found.correct, found.predicted, found.true) == (
        len(said & meant),
        len(said),
        len(meant),
    )


@given(LABELS)
def test_a_grouping_against_itself_is_perfect(labels):
    side = as_array(labels[0])
    assert grouping_metrics(side, side).f1 == 1.0
    assert bcubed(side, side).f1 == 1.0
    assert exact_groups(side, side).f1 == 1.0


def test_bcubed_of_the_published_example():
    # Bagga and Baldwin 1998: merging the two long chains costs more than merging a short one.
    truth = as_array([0] * 5 + [1] * 2 + [2] * 5)
    small_error = as_array([0] * 5 + [1] * 7)
    large_error = as_array([0] * 5 + [1] * 2 + [0] * 5)
    assert bcubed(small_error, truth).precision == pytest.approx(0.762, abs=5e-4)
    assert bcubed(large_error, truth).precision == pytest.approx(0.583, abs=5e-4)
    assert bcubed(small_error, truth).recall == 1.0


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=10))
def test_closure_joins_what_pairs_join(pairs):
    table = as_array(pairs).reshape(-1, 2)
    labels = closure((table[:, 0], table[:, 1]), 8)
    groups = {row: {row} for row in range(8)}
    for a, b in pairs:
        merged = groups[a] | groups[b]
        groups |= dict.fromkeys(merged, merged)
    assert [members(labels, row) for row in range(8)] == [groups[row] for row in range(8)]


def test_what_is_no_grouping_is_refused():
    with pytest.raises(OptionError, match="2 predicted labels for 3"):
        bcubed(as_array([0, 1]), as_array([0, 1, 1]))
    with pytest.raises(OptionError, match="one integer a row"):
        grouping_metrics(np.array([0.5]), np.array([1]))
    with pytest.raises(OptionError, match="one integer a row"):
        group_pairs(np.zeros((2, 2), dtype=np.int64))
