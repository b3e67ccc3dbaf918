"""link end to end: two tables, their columns, and how many partners a row has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from simsearch import link
from simsearch.errors import ColumnError
from simsearch.evaluation.pairs import pair_metrics
from tests.records.made import damaged, persons

if TYPE_CHECKING:
    from pathlib import Path

    from simsearch.records.linkage import Linkage

GERMAN = {"first_name": "vorname", "last_name": "nachname", "street": "anschrift", "city": "ort"}


@pytest.fixture(scope="module")
def left() -> pd.DataFrame:
    """Persons 0 to 119."""
    return persons(120, np.random.default_rng(50))


@pytest.fixture(scope="module")
def right(left: pd.DataFrame) -> pd.DataFrame:
    """Persons 40 to 119 with typos, in this order, and 20 others."""
    rng = np.random.default_rng(51)
    return pd.concat([damaged(left[40:], rng), persons(20, rng)], ignore_index=True)


def f1(found: Linkage, truth: tuple[Any, Any]) -> float:
    return pair_metrics(found.rows, truth, two_tables=True).f1


ONCE = (np.arange(40, 120), np.arange(80))


def test_planted_partners_are_found_one_to_one(left: pd.DataFrame, right: pd.DataFrame) -> None:
    found = link(left, right)
    assert found.one_to_one
    assert f1(found, ONCE) >= 0.95
    assert found.statistics.rows == 220
    assert found.compared(*found.rows).all()
    assert len(np.unique(found.rows[0])) == len(np.unique(found.rows[1])) == found.pairs.num_rows


def test_columns_may_have_other_names(left: pd.DataFrame, right: pd.DataFrame) -> None:
    found = link(left, right.rename(columns=GERMAN))
    assert GERMAN.items() <= dict(found.column_pairs).items()
    assert f1(found, ONCE) >= 0.95
    assert "evidence_last_name" in found.pairs.column_names


def test_one_to_many_is_decided_from_the_data(left: pd.DataFrame) -> None:
    rng = np.random.default_rng(52)
    many = pd.concat([damaged(left, rng) for _ in range(3)], ignore_index=True)
    found = link(left, many)
    assert not found.one_to_one
    assert f1(found, (np.tile(np.arange(120), 3), np.arange(360))) >= 0.95
    limited = link(left, many, one_to_one=True)
    assert limited.one_to_one
    assert np.bincount(limited.rows[0]).max() == 1


def test_no_one_to_one_by_hand(left: pd.DataFrame, right: pd.DataFrame) -> None:
    found = link(left, right, one_to_one=False)
    assert not found.scored.limits.any
    assert f1(found, ONCE) >= 0.9


def test_record_numbers_of_both_tables_are_no_evidence(
    left: pd.DataFrame, right: pd.DataFrame
) -> None:
    found = link(left.assign(id=np.arange(120)), right.assign(id=np.arange(100)))
    assert "evidence_id" not in found.pairs.column_names
    assert f1(found, ONCE) >= 0.95


def test_ids_of_each_side(left: pd.DataFrame, right: pd.DataFrame) -> None:
    ours = left.assign(key=[f"a{n}" for n in range(120)])
    theirs = right.assign(nr=[f"b{n}" for n in range(100)])
    found = link(ours, theirs, left_id="key", right_id="nr")
    expected = [(f"a{a}", f"b{b}") for a, b in zip(*found.rows, strict=True)]
    frame = found.frame()
    assert list(zip(frame["left_id"], frame["right_id"], strict=True)) == expected


def test_labels_are_obeyed(left: pd.DataFrame, right: pd.DataFrame) -> None:
    labels = pd.DataFrame({"left_id": [40, 0], "right_id": [0, 99], "same": [0, 1]})
    found = link(left, right, labels=labels)
    pairs = set(zip(*(side.tolist() for side in found.rows), strict=True))
    assert (40, 0) not in pairs
    assert (0, 99) in pairs


def test_files_and_frames_give_the_same_pairs(
    left: pd.DataFrame, right: pd.DataFrame, tmp_path: Path
) -> None:
    left.to_csv(tmp_path / "left.csv", index=False)
    right.to_csv(tmp_path / "right.csv", index=False)
    assert link(tmp_path / "left.csv", tmp_path / "right.csv").pairs.equals(link(left, right).pairs)


def test_other_people_of_the_same_households_are_no_matches() -> None:
    rng = np.random.default_rng(54)
    parents = persons(150, rng)
    children = parents.assign(
        first_name=persons(150, rng)["first_name"], born=persons(150, rng)["born"]
    )
    assert len(link(parents, children).rows[0]) <= 3
    with_some = pd.concat([children[:75], damaged(parents[75:], rng)], ignore_index=True)
    found = link(parents, with_some)
    assert f1(found, (np.arange(75, 150), np.arange(75, 150))) >= 0.95


def test_few_matches_are_warned_about(left: pd.DataFrame) -> None:
    rng = np.random.default_rng(53)
    mostly_others = pd.concat([left[:10], persons(90, rng)], ignore_index=True)
    found = link(left, mostly_others)
    assert f1(found, (np.arange(10), np.arange(10))) >= 0.9
    assert any("of the smaller table's rows have a match" in w for w in found.statistics.warnings)


@pytest.mark.parametrize("rows", [1, 2])
def test_few_rows(left: pd.DataFrame, rows: int) -> None:
    found = link(left[:rows], left[:rows])
    assert [side.tolist() for side in found.rows] == [list(range(rows))] * 2


def test_tables_without_a_common_column_are_refused() -> None:
    with pytest.raises(ColumnError, match="rename those that match"):
        link(pd.DataFrame({"colour": ["red", "red"]}), pd.DataFrame({"kg": [1.25, 99.5]}))
