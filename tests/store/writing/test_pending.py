"""What waits to be published: counted, told apart, and put together as one change."""

import numpy as np
import pyarrow as pa
import pytest

from simsearch.errors import VectorIndexError
from simsearch.store.format.history import Generation
from simsearch.store.format.manifest import Manifest
from simsearch.store.writing.pending import Pending
from simsearch.store.writing.validation import Batch
from tests.store.made import DIMENSION, settings, vectors

SETTINGS = settings(id_type="string")
BEFORE = Generation(Manifest(4, "", 9, SETTINGS, (), {}).sealed())
NONE = pa.array([], pa.string())


def batch(first: int, rows: int) -> Batch:
    ids = pa.array([f"key-{n}" for n in range(first, first + rows)])
    return Batch(ids, vectors(rows, first), pa.table({"n": range(first, first + rows)}))


def test_what_is_to_change_becomes_one_change() -> None:
    pending = Pending()
    pending.remove(pa.array(["x"]))
    assert pending.add(batch(0, 2), NONE, 5, {})
    assert pending.add(batch(2, 3), NONE, 5, {})
    change = pending.change(BEFORE, SETTINGS)
    assert change is not None
    assert (change.generation, change.parent) == (5, BEFORE.checksum)
    assert change.removed.to_pylist() == ["x"]
    assert change.ids.to_pylist() == [f"key-{n}" for n in range(5)]
    assert change.metadata.to_pydict() == {"n": [0, 1, 2, 3, 4]}
    np.testing.assert_array_equal(change.vectors, np.concatenate([vectors(2, 0), vectors(3, 2)]))
    assert change.fits(SETTINGS)


def test_what_only_removes() -> None:
    pending = Pending()
    pending.remove(pa.array(["x"]))
    pending.remove(pa.array(["y", "x"]))
    change = pending.change(BEFORE, SETTINGS)
    assert change is not None
    assert change.removed.to_pylist() == ["x", "y"]
    assert (len(change.ids), change.vectors.shape) == (0, (0, DIMENSION))
    assert change.fits(SETTINGS)


def test_nothing_to_do_is_no_change() -> None:
    pending = Pending()
    pending.remove(NONE)
    assert pending.removed is None
    assert pending.change(BEFORE, SETTINGS) is None


def test_what_takes_the_place_of_another_is_not_new() -> None:
    pending = Pending()
    assert pending.add(batch(0, 3), pa.array(["key-1"]), 5, {})
    assert (pending.new_items, pending.rows) == (2, 3)
    assert pending.removed is not None
    assert pending.removed.to_pylist() == ["key-1"]
    assert not pending.add(batch(3, 3), NONE, 5, {})


def test_what_waits_does_not_follow_the_caller() -> None:
    pending, given = Pending(), batch(0, 2)
    before = given.vectors.copy()
    pending.add(given, NONE, 5, {})
    given.vectors[:] = 7
    np.testing.assert_array_equal(pending.batches[0].vectors, before)


def test_ids_that_are_there_are_refused_unless_they_go() -> None:
    pending = Pending()
    with pytest.raises(VectorIndexError, match="1 of the items are in the index already, such as"):
        pending.check_new(pa.array(["a"]))
    pending.remove(pa.array(["a"]))
    pending.check_new(pa.array(["a"]))


def test_two_with_the_same_id_are_refused() -> None:
    pending = Pending()
    pending.add(batch(0, 2), NONE, 9, {})
    pending.check_different()
    pending.add(batch(1, 2), NONE, 9, {})
    with pytest.raises(VectorIndexError, match="two of the items have the same id"):
        pending.check_different()
