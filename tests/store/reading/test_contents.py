"""Everything in an index, whatever it was written in."""

from pathlib import Path

import numpy as np
import pytest

from simsearch import VectorIndex
from simsearch.errors import QueryError
from simsearch.store.reading.contents import contents


@pytest.fixture
def index(tmp_path: Path) -> VectorIndex:
    """A segment, a change with another column, and two items that are gone."""
    index = VectorIndex.create(tmp_path / "i", 2, metric="euclidean")
    index.add(["a", "b", "c"], np.array([[1, 0], [2, 0], [3, 0]], np.float32), {"n": [1, 2, 3]})
    index.compact()
    index.add(["d", "e"], np.array([[4, 0], [5, 0]], np.float32), {"m": ["x", "y"]})
    index.remove(["b", "e"])
    return index


def test_what_is_alive_is_there(index: VectorIndex) -> None:
    found = contents(index.reader)
    assert found.ids.to_pylist() == ["a", "c", "d"]
    assert found.vectors[:, 0].tolist() == [1, 3, 4]
    assert found.stored.to_pylist() == [
        {"n": 1, "m": None}, {"n": 3, "m": None}, {"n": None, "m": "x"},
    ]  # fmt: skip


def test_a_condition(index: VectorIndex) -> None:
    found = contents(index.reader, "n > 1 OR m = 'x'")
    assert found.ids.to_pylist() == ["c", "d"]
    assert found.vectors[:, 0].tolist() == [3, 4]
    with pytest.raises(QueryError):
        contents(index.reader, "nothing = 1")


def test_no_columns_and_no_items(tmp_path: Path) -> None:
    index = VectorIndex.create(tmp_path / "i", 8, metric="hamming")
    assert len(contents(index.reader)) == 0
    index.add([1, 2], np.array([[1], [2]], np.uint8))
    found = contents(index.reader)
    assert (found.ids.to_pylist(), found.vectors.tolist()) == ([1, 2], [[1], [2]])
    assert found.stored.num_columns == 0
