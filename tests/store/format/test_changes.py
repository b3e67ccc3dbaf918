"""Change files: what was written is read, and nothing else is."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.distance import Metric
from simsearch.errors import IndexCorruptError
from simsearch.store.format.changes import Change, read_change
from simsearch.store.format.history import Generation
from simsearch.store.format.manifest import Manifest
from tests.store.made import DIMENSION, settings, vectors

SETTINGS = settings(id_type="string")
BEFORE = Generation(Manifest(4, "", 9, SETTINGS, (), {}).sealed())


def made(rows: int = 3, gone: int = 2, **fields: Any) -> Change:
    given_fields: dict[str, Any] = {
        "generation": 5,
        "parent": BEFORE.checksum,
        "published": "2026-01-02T03:04:05+00:00",
        "next_row": 9 + rows,
        "removed": pa.array([f"old-{n}" for n in range(gone)], pa.string()),
        "ids": pa.array([f"Ä{n}" for n in range(rows)], pa.string()),
        "vectors": vectors(rows),
        "metadata": pa.record_batch({"n": pa.array(range(rows), pa.int64())}),
    }
    return Change(**{**given_fields, **fields})


def same(one: Change, other: Change) -> None:
    plain = {"generation", "parent", "published", "next_row", "removed", "ids"}
    for name in sorted(plain | {"checksum"}):
        assert getattr(one, name) == getattr(other, name), name
    assert one.metadata.schema == other.metadata.schema
    assert one.metadata.to_pydict() == other.metadata.to_pydict()
    np.testing.assert_array_equal(one.vectors, other.vectors)
    assert one.vectors.dtype == other.vectors.dtype


@pytest.mark.parametrize(
    "change",
    [
        made(),
        made(rows=0),
        made(gone=0),
        made(rows=0, metadata=pa.record_batch({})),
        made(metadata=pa.record_batch({})),
        made(ids=pa.array([-1, 2**63 - 1, 0]), removed=pa.array([-(2**63)])),
        made(vectors=np.arange(3 * 4, dtype=np.uint8).reshape(3, 4)),
        made(metadata=pa.record_batch({"id": ["a", None, ""], "x": [[1], [], None]})),
    ],
)
def test_a_change_says_the_same_after_reading(tmp_path: Path, change: Change) -> None:
    sealed, content = change.sealed()
    path = tmp_path / "0000000005.change"
    path.write_bytes(content)
    read = read_change(path)
    same(read, sealed)
    assert sealed.checksum == content[-32:].hex()
    assert read.sealed()[1] == content


@given(st.data())
def test_no_byte_can_be_another(data: st.DataObject) -> None:
    content = bytearray(made().sealed()[1])
    how = data.draw(st.sampled_from(["flip", "cut", "grow"]))
    if how == "flip":
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    elif how == "cut":
        del content[data.draw(st.integers(0, len(content) - 1)) :]
    else:
        content += data.draw(st.binary(min_size=1, max_size=40))
    with pytest.raises(IndexCorruptError, match="is damaged"):
        read_change(in_memory(bytes(content)))


def in_memory(content: bytes) -> Path:
    class Given:
        def read_bytes(self) -> bytes:
            return content

        def __str__(self) -> str:
            return "a.change"

    return Given()  # type: ignore[return-value]  # all that is asked of a path


def test_one_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(IndexCorruptError, match=r"5\.change is missing"):
        read_change(tmp_path / "5.change")


@pytest.mark.parametrize("part", [b'"rows": 3', b'"width": 6', b'"dtype": "<f4"', b'"generation"'])
def test_one_that_is_whole_in_itself_and_contradictory(part: bytes) -> None:
    """Somebody made the checksum fit."""
    content = made().sealed()[1][:-32]
    assert content.count(part) == 1
    for other in (part[:-1] + b"2", part[:-2] + b"9 ", part[:-1] + b"}"):
        wrong = content.replace(part, other[: len(part)])
        if wrong != content:
            with pytest.raises(IndexCorruptError, match="is damaged"):
                read_change(in_memory(wrong + hashlib.sha256(wrong).digest()))


def test_it_must_fit_the_index() -> None:
    assert made().fits(SETTINGS)
    assert not made().fits(replace(SETTINGS, id_type="integer"))
    assert not made().fits(replace(SETTINGS, dimension=DIMENSION + 1))
    assert not made().fits(replace(SETTINGS, metric=Metric.HAMMING, dimension=8 * DIMENSION))
    assert not made(gone=0, ids=pa.array([1, 2, 3])).fits(SETTINGS)
