"""Results of linking: pairs that fall in probability, cut at another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from simsearch import Linkage, link
from simsearch.errors import OptionError
from tests.records.made import damaged, persons

if TYPE_CHECKING:
    import pandas as pd


@pytest.fixture(scope="module")
def left() -> pd.DataFrame:
    return persons(60, np.random.default_rng(50))


@pytest.fixture(scope="module")
def right(left: pd.DataFrame) -> pd.DataFrame:
    return damaged(left[20:], np.random.default_rng(51)).reset_index(drop=True)


@pytest.fixture(scope="module")
def found(left: pd.DataFrame, right: pd.DataFrame) -> Linkage:
    return link(left, right)


def test_pairs_fall_in_probability_and_rethreshold_cuts_them(
    left: pd.DataFrame, right: pd.DataFrame
) -> None:
    found = link(left, right)
    probability = found.frame()["probability"]
    assert probability.is_monotonic_decreasing
    cut = found.rethreshold(0.99)
    assert cut.pairs.equals(link(left, right, threshold=0.99).pairs)
    assert cut.pairs.num_rows == (probability >= 0.99).sum()
    with pytest.raises(OptionError, match="from 0 to 1"):
        found.rethreshold(2.0)


def test_rows_are_those_of_the_pairs(found: Linkage) -> None:
    left, right = found.rows
    assert found.pairs["left_id"].to_pylist() == [str(row) for row in left.tolist()]
    assert found.pairs["right_id"].to_pylist() == [str(row) for row in right.tolist()]
    assert found.compared(left, right).all()


def test_one_to_one_leaves_each_row_one_partner_at_any_threshold(found: Linkage) -> None:
    assert found.one_to_one
    for threshold in (0.0, 0.2, 0.9):
        for rows in found.rethreshold(threshold).rows:
            assert len(np.unique(rows)) == len(rows)
