"""Results of records: pairs with their evidence, and groups at another probability."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simsearch import dedupe
from simsearch.errors import OptionError
from simsearch.records.record_deduplication import RecordDeduplication
from tests.records.made import customers, persons, split


@pytest.fixture(scope="module")
def made() -> pd.DataFrame:
    return customers(20, alone=100, twice=25, thrice=10)


@pytest.fixture(scope="module")
def found(made: pd.DataFrame) -> RecordDeduplication:
    result = dedupe(split(made)[0])
    assert isinstance(result, RecordDeduplication)
    return result


def test_what_was_compared_in_words(found: RecordDeduplication) -> None:
    assert found.kind == "record"
    assert found.how == found.statistics.compared
    assert found.how.startswith(f"{len(found.compared_pairs):,} candidate pairs compared (")


def test_a_lower_threshold_gives_no_fewer_pairs(found: RecordDeduplication) -> None:
    counts = [found.rethreshold(p).pairs.num_rows for p in (0.0, 0.3, 0.6, 0.9, 1.0)]
    assert counts == sorted(counts, reverse=True)
    assert found.rethreshold(0.3).rethreshold(0.5).pairs.equals(found.pairs)


def test_at_a_threshold_of_one_only_exact_duplicates_remain(found: RecordDeduplication) -> None:
    certain = found.rethreshold(1.0)
    duplicates = len(found.exact.place) - len(found.exact.kept)
    assert certain.pairs.num_rows == certain.surplus_rows == duplicates


def test_compared_does_not_mind_the_order(found: RecordDeduplication) -> None:
    pairs = found.pairs
    left, right = (pairs[n].to_numpy().astype(np.int64) for n in ("left_id", "right_id"))
    assert found.compared(left, right).all()
    assert found.compared(right, left).all()


def test_pairs_that_no_view_proposed_were_not_compared() -> None:
    found = dedupe(persons(150, np.random.default_rng(81)))
    a, b = np.triu_indices(150, 1)
    assert found.compared(a, b).sum() == found.statistics.candidates


@pytest.mark.parametrize("threshold", [0.1, 0.9, 0.999])
def test_rethreshold_equals_a_fresh_run(made: pd.DataFrame, threshold: float) -> None:
    frame, _ = split(made)
    again, fresh = dedupe(frame).rethreshold(threshold), dedupe(frame, threshold=threshold)
    assert again.group.tolist() == fresh.group.tolist()
    assert again.pairs.equals(fresh.pairs)
    assert again.confidence.tolist() == fresh.confidence.tolist()
    assert min(fresh.pairs["probability"].to_pylist()) >= threshold


@pytest.mark.parametrize("threshold", [-0.1, 1.5, float("nan")])
def test_rethreshold_refuses_what_is_no_probability(threshold: float) -> None:
    found = dedupe(pd.DataFrame({"name": ["Ann", "Bob"]}))
    with pytest.raises(OptionError, match="probability, from 0 to 1"):
        found.rethreshold(threshold)


def test_pairs_carry_evidence_and_fall_in_probability(made: pd.DataFrame) -> None:
    frame, _ = split(made)
    found = dedupe(frame)
    pairs = found.pairs.to_pandas()
    assert pairs["probability"].is_monotonic_decreasing
    names = [name for name in pairs.columns if name.startswith("evidence_")]
    assert {f"evidence_{name}" for name in frame.columns} <= set(names)
    left, right = pairs["left_id"].astype(int), pairs["right_id"].astype(int)
    assert (left < right).all()
    phones = frame["phone"].to_numpy()
    missing = (phones[left] == "") | (phones[right] == "")
    # An exact duplicate was never compared, so it has no evidence at all.
    compared = pairs["evidence_whole_record"].notna()
    assert (pairs["evidence_phone"].isna() == missing)[compared].all()
    equal = compared & (phones[left] == phones[right]) & ~missing
    assert (pairs["evidence_phone"][equal] > 0).all()
