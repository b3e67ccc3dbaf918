"""Results: the shapes of what a run gives back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simsearch import dedupe
from simsearch.records.deduplication import ADDED_COLUMNS, Deduplication
from simsearch.records.stages import Statistics
from tests.records.made import customers, persons, split


@pytest.fixture(scope="module")
def found() -> Deduplication:
    return dedupe(split(customers(80, alone=60, twice=20, thrice=5))[0])


def test_candidates_per_row() -> None:
    counted = Statistics(rows=50, candidates=400, recall_lost=0.0, seconds={}, peak_memory_bytes=0)
    assert counted.candidates_per_row == 8.0
    empty = Statistics(rows=0, candidates=0, recall_lost=0.0, seconds={}, peak_memory_bytes=0)
    assert empty.candidates_per_row == 0.0


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


def test_a_lower_threshold_gives_no_fewer_pairs(found: Deduplication) -> None:
    counts = [found.rethreshold(p).pairs.num_rows for p in (0.0, 0.3, 0.6, 0.9, 1.0)]
    assert counts == sorted(counts, reverse=True)
    assert found.rethreshold(0.3).rethreshold(0.5).pairs.equals(found.pairs)


def test_at_a_threshold_of_one_only_exact_duplicates_remain(found: Deduplication) -> None:
    certain = found.rethreshold(1.0)
    duplicates = len(found.exact.place) - len(found.exact.kept)
    assert certain.pairs.num_rows == certain.surplus_rows == duplicates


def test_compared_does_not_mind_the_order(found: Deduplication) -> None:
    pairs = found.pairs
    left, right = (pairs[n].to_numpy().astype(np.int64) for n in ("left_id", "right_id"))
    assert found.compared(left, right).all()
    assert found.compared(right, left).all()


def test_pairs_that_no_view_proposed_were_not_compared() -> None:
    found = dedupe(persons(150, np.random.default_rng(81)))
    a, b = np.triu_indices(150, 1)
    assert found.compared(a, b).sum() == found.statistics.candidates


def test_groups_are_the_ids_of_what_is_grouped(found: Deduplication) -> None:
    by_number: dict[int, list[str]] = {}
    for row, number in enumerate(found.group.tolist()):
        by_number.setdefault(number, []).append(str(row))
    assert found.groups == [rows for rows in by_number.values() if len(rows) > 1]
    assert found.group_count == len(found.groups)
