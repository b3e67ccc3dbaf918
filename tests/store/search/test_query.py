"""What is asked of an index is checked before anything is computed."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from simsearch.errors import OptionError, QueryError
from simsearch.store.search.query import (
    existing,
    items_of,
    query_options,
    valid_k,
    valid_threshold,
)
from simsearch.store.vector_index import VectorIndex


@pytest.fixture(params=["texts", "numbers"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> VectorIndex:
    ids = ["1", "2", "3"] if request.param == "texts" else [1, 2, 3]
    made = VectorIndex.create(tmp_path / "made", 2)
    return made.add(ids, np.eye(3, 2, dtype=np.float32), {"n": [1, 2, 3]})


@pytest.mark.parametrize("k", [0, -1, True, 1.5, "3", None, np.float32(2)])
def test_no_number_of_matches(k: Any) -> None:
    with pytest.raises(OptionError, match="k is the number of matches, at least 1, not"):
        valid_k(k)


def test_numbers_of_matches() -> None:
    assert [valid_k(k) for k in (1, np.int64(7))] == [1, 7]
    assert type(valid_k(np.int64(7))) is int  # type: ignore[arg-type]


@pytest.mark.parametrize("threshold", [float("nan"), None, "0.5"])
def test_no_threshold(threshold: Any) -> None:
    with pytest.raises(OptionError, match="a threshold is a score or a distance, not"):
        valid_threshold(threshold)


def test_thresholds() -> None:
    assert [valid_threshold(t) for t in (1, -0.5, np.float32(0.25))] == [1.0, -0.5, 0.25]
    assert valid_threshold(float("inf")) == float("inf")


def test_a_query_needs_a_number_or_a_score(index: VectorIndex) -> None:
    with pytest.raises(OptionError, match=r"without k, say how close .* \(min_score\)"):
        query_options(index.reader, None)
    with pytest.raises(OptionError, match="min_score must be a number, not NaN"):
        query_options(index.reader, 3, float("nan"))
    asked = query_options(index.reader, 3, where="n > 1")
    assert (asked.k, asked.min_score) == (3, None)
    assert [mask.tolist() for mask in asked.wanted if mask is not None] == [[False, True, True]]


def test_ids_as_texts_find_items_of_either_type(index: VectorIndex) -> None:
    ids, positions = items_of(index.reader, ["3", 1])
    assert positions.tolist() == [2, 0]
    assert ids.type == index.settings.arrow_id_type


@pytest.mark.parametrize("missing", ["4", "x", str(2**63), "1.0", ""])
def test_what_is_not_there_is_named(index: VectorIndex, missing: str) -> None:
    with pytest.raises(QueryError, match=f"index 'made' has no item with the id '?{missing}'?"):
        items_of(index.reader, ["1", missing])
    known = pa.array([9], pa.int64()).cast(index.settings.arrow_id_type)
    with pytest.raises(QueryError, match="has no item with the id"):
        existing(index.reader, known)
