"""explain: the contributions of a pair, and what is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import simsearch
from simsearch import Deduplication, explain
from simsearch.errors import ColumnError, SourceError
from tests.report.page.made import CUSTOMERS, made_of_texts


@pytest.fixture(scope="module")
def found() -> Deduplication:
    return simsearch.dedupe(CUSTOMERS, id="no")


def test_contributions_add_up_to_the_log_odds(found: Deduplication) -> None:
    rows = [row for row in found.pairs.to_pylist() if row["evidence_rest"] is not None]
    assert rows
    for row in rows:
        told = explain(found.pairs, (row["right_id"], row["left_id"]))
        assert (told.left_id, told.right_id) == (row["left_id"], row["right_id"])
        p = row["probability"]
        assert told.log_odds == pytest.approx(np.log(p / (1 - p)), abs=1e-3)
        for name, value in told.contributions.items():
            assert value == row[f"evidence_{name}"]
        sizes = [abs(value or 0) for value in told.contributions.values()]
        assert sizes == sorted(sizes, reverse=True)


def test_a_file_of_pairs(found: Deduplication, tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    found.pairs.to_pandas().to_csv(path, index=False)
    row = next(row for row in found.pairs.to_pylist() if row["evidence_rest"] is not None)
    told = explain(path, (row["left_id"], row["right_id"]))
    assert told.probability == pytest.approx(row["probability"])
    assert told.facts == {}


def test_texts_have_a_tier_and_what_differs() -> None:
    told = explain(made_of_texts(["one thing", "one things"], 2).pairs, ("t1", "t0"))
    assert told.contributions == {}
    assert told.facts["tier"] == "near copy"


GOOD = {"left_id": ["1"], "right_id": ["2"], "probability": [0.5], "evidence_a": [1.0]}


@pytest.mark.parametrize(
    ("change", "pair", "why"),
    [
        ({}, ("1", "3"), "no pair of '1' and '3'; with '1' it has '2'"),
        ({}, ("8", "9"), "nor any pair of either"),
        ({"evidence_rest": [3.0]}, ("1", "2"), "adds up to 4.00, which is not the ln odds"),
        ({"evidence_a": ["much"]}, ("1", "2"), "pair 1: evidence_a is 'much', which is no number"),
        ({"probability": ["nan"]}, ("1", "2"), "probability is 'nan', which is no number"),
    ],
)
def test_what_is_refused(change: dict[str, Any], pair: tuple[str, str], why: str) -> None:
    with pytest.raises(SourceError, match=why):
        explain(pd.DataFrame({**GOOD, **change}), pair)


def test_a_table_that_has_no_pairs() -> None:
    with pytest.raises(ColumnError, match="has no column left_id; explain reads the pairs"):
        explain(CUSTOMERS, ("C1", "C2"))
