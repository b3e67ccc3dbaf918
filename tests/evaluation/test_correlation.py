"""Rank correlation against ranks that are counted longhand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.errors import OptionError
from simsearch.evaluation.correlation import spearman


def ranks(values: list[int]) -> list[float]:
    """Mean rank: how many are smaller, and half of those that are the same."""
    return [
        sum(other < value for other in values) + sum(other == value for other in values) / 2
        for value in values
    ]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=4, max_size=30))
def test_it_is_the_correlation_of_the_ranks(pairs: list[tuple[int, int]]) -> None:
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    if len(set(left)) == 1 or len(set(right)) == 1:
        with pytest.raises(OptionError, match="scores that vary"):
            spearman(left, right)
        return
    found = spearman(left, right)
    assert found.value == pytest.approx(np.corrcoef(ranks(left), ranks(right))[0, 1], abs=1e-9)
    assert -1 <= found.low <= found.value + 1e-6
    assert found.value - 1e-6 <= found.high <= 1
    assert found.count == len(pairs)
    assert spearman(left, [-each for each in right]).value == pytest.approx(-found.value)


def test_more_pairs_make_it_surer() -> None:
    few = spearman([1, 2, 3, 4, 6, 5], [1, 3, 2, 4, 5, 6])
    many = spearman([1, 2, 3, 4, 6, 5] * 20, [1, 3, 2, 4, 5, 6] * 20)
    assert many.high - many.low < (few.high - few.low) / 2


def test_three_pairs_are_too_few() -> None:
    with pytest.raises(OptionError, match="four different pairs, not 3"):
        spearman([1, 2, 3], [1, 2, 3])
