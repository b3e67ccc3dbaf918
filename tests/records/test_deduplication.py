"""What every deduplication gives: a table, groups, counts, whatever was compared."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simsearch import dedupe
from simsearch.records.deduplication import ADDED_COLUMNS, Deduplication
from tests.records.made import customers, split


@pytest.fixture(scope="module")
def found() -> Deduplication:
    return dedupe(split(customers(80, alone=60, twice=20, thrice=5))[0])


def test_the_frame_is_the_table(found: Deduplication) -> None:
    frame = found.frame()
    assert list(frame.columns[-3:]) == list(ADDED_COLUMNS)
    assert frame["duplicate_group"].tolist() == found.group.tolist()
    assert frame["is_representative"].tolist() == found.representative.tolist()
    assert frame["group_confidence"].tolist() == found.confidence.tolist()


def test_unique_is_the_representatives_in_order(found: Deduplication) -> None:
    frame = found.frame()
    expected = frame[frame["is_representative"]].drop(columns=list(ADDED_COLUMNS))
    pd.testing.assert_frame_equal(found.unique(), expected.reset_index(drop=True))


def test_counts_follow_from_the_groups(found: Deduplication) -> None:
    sizes = np.bincount(found.group)
    assert found.group_count == (sizes > 1).sum()
    assert found.surplus_rows == (sizes - 1).sum()
    assert len(found.unique()) + found.surplus_rows == len(found.records)


def test_groups_are_the_ids_of_what_is_grouped(found: Deduplication) -> None:
    by_number: dict[int, list[str]] = {}
    for row, number in enumerate(found.group.tolist()):
        by_number.setdefault(number, []).append(str(row))
    assert found.groups == [rows for rows in by_number.values() if len(rows) > 1]
    assert found.group_count == len(found.groups)
