"""Results of items: pairs with scores, groups of ids, and groups by another threshold."""

import numpy as np
import pytest

from simsearch import dedupe
from simsearch.errors import OptionError
from tests.contract.dna import Sequences
from tests.duplicates.test_items import STRICT, calibrated, found_in
from tests.made_items import LetterEncoder, Texts


def test_pairs_have_score_and_probability() -> None:
    pairs = found_in().pairs
    names = ["left_id", "right_id", "probability", "score", "tier", "differs"]
    assert pairs.column_names == names
    first, *rest = pairs.to_pylist()
    assert list(first.values()) == ["1", "3", 0.999, 1.0, "identical", ""]
    assert {(row["left_id"], row["right_id"]) for row in rest} == {("1", "6"), ("2", "7")}
    for row in rest:
        assert row["score"] >= 0.88
        expected = np.interp(row["score"], (0.5, 0.9, 1.0), (0.01, 0.6, 0.99))
        assert row["probability"] == pytest.approx(expected)


@pytest.mark.parametrize("threshold", [0.5, 0.8, 0.88, 0.97, 0.9999, "accuracy", "far_0.01"])
def test_rethreshold_equals_a_fresh_run(threshold: float | str) -> None:
    rng = np.random.default_rng(1)
    texts: list[str | None] = ["".join(rng.choice(list("abcdef"), 9)) for _ in range(120)]
    encoder = calibrated(**STRICT)
    found = found_in(texts, encoder=encoder)
    read = encoder.encoded
    again = found.rethreshold(threshold)
    assert encoder.encoded == read
    fresh = found_in(texts, threshold=threshold)
    assert again.threshold == fresh.threshold
    assert again.pairs.equals(fresh.pairs)
    assert again.table().equals(fresh.table())
    assert again.statistics.warnings == fresh.statistics.warnings


def test_rethreshold_needs_something_that_was_compared() -> None:
    found = dedupe(Sequences("made", ["ACGT", "CCCC", "ACGT"]))
    assert found.group.tolist() == [0, 1, 0]
    assert np.isnan(found.threshold)
    with pytest.raises(OptionError, match="only exact duplicates were looked for; to find dnas"):
        found.rethreshold(0.9)


def test_groups_are_ids() -> None:
    assert found_in().groups == [["1", "3", "6"], ["2", "7"]]


def test_a_score_does_without_a_calibration() -> None:
    found = found_in(encoder=LetterEncoder(), threshold=0.88)
    assert found.group.tolist() == found_in().group.tolist()
    pairs = found.pairs.to_pylist()
    assert [row["probability"] for row in pairs] == [0.999, None, None]
    table = found.table().to_pylist()
    assert table[1]["group_confidence"] is None
    assert table[3]["group_confidence"] == 1


def test_of_duplicates_the_largest_is_kept() -> None:
    found = dedupe(Texts(["fig tree", "fig  tree", "FIG TREE   "]))
    assert found.group.tolist() == [0, 0, 0]
    assert found.representative.tolist() == [False, True, False]


def test_distances_are_sorted_with_the_closest_first() -> None:
    vectors = np.array([[0.0], [3.0], [1.0], [1.5]], np.float32)
    found = dedupe(vectors, threshold=2.0, metric="euclidean")
    pairs = found.pairs.to_pydict()
    assert pairs["score"] == [0.5, 1.0, 1.5, 1.5, 2.0]
    assert pairs["probability"] == [None] * 5
    assert list(zip(pairs["left_id"], pairs["right_id"], strict=True))[:2] == [
        ("2", "3"),
        ("0", "2"),
    ]
