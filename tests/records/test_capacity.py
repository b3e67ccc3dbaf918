"""Capacity, longhand: how far the fields that two rows share could ever lift the odds."""

from __future__ import annotations

import numpy as np
import pytest

from simsearch.records.capacity import capacity_log_odds
from simsearch.records.comparisons import Comparison, Levels

NAME = Comparison("name", (0.5,), (0.5, 0.5), information=6.0)
PHONE = Comparison("phone", (0.5,), (0.5, 0.5), information=3.0)
CITY = Comparison("city", (0.5,), (0.5, 0.5), information=1.0)
WHOLE = Comparison("whole_record", (0.5,), (0.5, 0.5), information=0.0, weight=0.5)


def capacity(rows: list[list[int]], possible: float, matches: float) -> list[float]:
    values = np.array(rows, dtype=np.int8).reshape(len(rows), 4)
    levels = Levels((NAME, PHONE, CITY, WHOLE), values)
    return capacity_log_odds(levels, possible, matches).tolist()


def test_what_is_shared_against_chance() -> None:
    # ln(1000 / 10) = 4.605 nats are needed; phone and city could give 4, city alone 1.
    found = capacity([[-1, 1, 1, 1], [-1, -1, 1, 1], [-1, 1, -1, 0]], 1000, 10)
    assert found == pytest.approx([4 - 4.60517, 1 - 4.60517, 3 - 4.60517], abs=1e-5)


def test_half_of_the_information_in_common_is_enough() -> None:
    assert capacity([[1, -1, -1, 1], [0, 0, 0, 0], [0, 1, 1, -1]], 1e9, 1) == [np.inf] * 3


def test_only_being_present_counts_not_agreeing() -> None:
    one, other = capacity([[-1, 0, 0, 0], [-1, 1, 1, 1]], 1000, 10)
    assert one == other


def test_nothing_in_common() -> None:
    assert capacity([[-1, -1, -1, 1]], 1000, 10) == pytest.approx([-4.60517], abs=1e-5)


def test_fewer_than_one_match_counts_as_one() -> None:
    assert capacity([[-1, 1, 1, 1]], 100, 0.0) == pytest.approx([4 - np.log(100)])


def test_more_matches_make_it_easier() -> None:
    few, many = capacity([[-1, 1, 1, 1]], 1e6, 1), capacity([[-1, 1, 1, 1]], 1e6, 1e5)
    assert few < [0.0] < many


def test_no_pairs_and_no_information() -> None:
    assert capacity([], 10, 1) == []
    silent = Levels((WHOLE,), np.array([[1]], dtype=np.int8))
    assert capacity_log_odds(silent, 10, 1).tolist() == [np.inf]
