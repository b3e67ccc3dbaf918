"""Record sets: ids and truth columns never reach a matcher; made sets are cut as they say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks.datasets import load
from benchmarks.job import Answer
from benchmarks.marks import Mark, verdicts
from benchmarks.runner import measure


@pytest.fixture
def data(tmp_path):
    """A data folder with a small set of each form."""
    folder = tmp_path / "records_fake_1000"
    folder.mkdir()
    fake = {
        "unique_id": [0, 1, 2, 3],
        "first_name": ["a", "NA", None, "b"],
        "cluster": [5, 5, 7, 7],
    }
    pd.DataFrame(fake).to_csv(folder / "fake_1000.csv", index=False)
    folder = tmp_path / "records_abt_buy"
    folder.mkdir()
    rows = 50
    for name in ("abt", "buy"):
        table = {"id": np.arange(rows)[::-1], "name": [f"{name} {row}" for row in range(rows)]}
        pd.DataFrame(table).to_csv(folder / f"{name}.csv", index=False)
    matches = {"id_a": np.arange(40), "id_b": np.arange(40)}
    pd.DataFrame(matches).to_csv(folder / "matches.csv", index=False)
    return tmp_path


def test_a_table_has_neither_id_nor_truth(data):
    fake = load("fake_1000", data)
    assert list(fake.left.columns) == ["first_name"]
    assert fake.left["first_name"].isna().tolist() == [False, False, True, False]
    assert sorted(zip(*fake.truth, strict=True)) == [(0, 1), (2, 3)]


def test_truth_is_in_row_positions(data):
    linked = load("abt_buy", data)
    assert list(linked.left.columns) == list(linked.right.columns) == ["name"]
    assert sorted(linked.truth[0]) == list(range(10, 50))
    assert np.array_equal(*linked.truth)


def test_small_overlap_keeps_that_share_of_the_matched_rows(data):
    whole, small = load("abt_buy", data), load("abt_buy 20% overlap", data)
    assert len(small.left) == 50
    assert len(small.right) == 10 + 8
    assert len(small.truth[0]) == 8
    for left, right in zip(*small.truth, strict=True):
        number = small.right["name"][right].split()[1]
        assert whole.left["name"][left] == f"abt {number}"


def test_a_set_without_duplicates_keeps_one_row_of_each_group(data):
    fake = load("fake_1000 no duplicates", data)
    assert (len(fake.left), len(fake.truth[0])) == (2, 0)


def test_measures_of_groups_and_of_links(data):
    facts = {"seconds": 1.0, "peak_bytes": 2**20}
    fake = load("fake_1000", data)
    labels = np.array([0, 0, 0, 1])
    candidates = (np.array([0]), np.array([1]))
    found = measure(fake, Answer(labels, None, candidates, facts))
    assert (found["precision"], found["recall"]) == (1 / 3, 1 / 2)
    assert (found["blocking_recall"], found["candidates_per_row"]) == (0.5, 0.25)
    assert found["grouped_share"] == 0.75
    linked = load("abt_buy", data)
    found = measure(linked, Answer(None, linked.truth, None, facts))
    assert (found["f1"], found["bcubed_f1"]) == (1.0, 1.0)
    assert "blocking_recall" not in found


def test_marks():
    assert Mark("f1", 0.9).holds(0.9, warned=False)
    assert not Mark("f1", 0.9).holds(0.89, warned=True)
    assert Mark("precision", 0.8, or_warning=True).holds(0.1, warned=True)
    assert verdicts("fake_1000", {}, False, {}) == [("F1 >= 0.95", False)]
    told = verdicts(
        "persons 200k", {"seconds": 9, "peak_mib": 1}, False, {"splink": {"seconds": 4}}
    )
    assert told == [("peak MiB <= 3072", True), ("seconds <= 8", False)]
