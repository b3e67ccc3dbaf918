"""Vectors as a Parquet file: what is written returns, and all of it is there or nothing."""

from __future__ import annotations

import errno
import os
import resource
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from simsearch.errors import OptionError, OutputError, SourceError
from simsearch.store.upkeep.export import write_vectors

if TYPE_CHECKING:
    from pathlib import Path

Array = npt.NDArray[Any]
VECTORS = np.arange(12, dtype=np.float32).reshape(4, 3)
BITS = np.arange(6, dtype=np.uint8).reshape(3, 2)


def read(path: Path) -> tuple[list[Any], Array, list[dict[str, Any]]]:
    """Ids, vectors and the other columns."""
    table = pq.read_table(path)
    vectors = np.array(table["vector"].to_pylist())
    return table["id"].to_pylist(), vectors, table.drop_columns(["id", "vector"]).to_pylist()


def test_what_is_written_returns(tmp_path: Path) -> None:
    metadata = pa.record_batch({"name": ["a", None, "c"], "tags": [["x"], [], None]})
    path = tmp_path / "out.parquet"
    batches = [
        (pa.array([1, 2, 3]), VECTORS[:3], metadata),
        (pa.array([9]), VECTORS[3:], metadata.slice(0, 1)),
    ]
    assert write_vectors(path, batches, 3) == 4
    assert pq.read_schema(path).field("vector").type == pa.list_(pa.float32(), 3)
    ids, vectors, found = read(path)
    assert ids == [1, 2, 3, 9]
    assert np.array_equal(vectors, VECTORS)
    assert found == [*metadata.to_pylist(), metadata.to_pylist()[0]]
    assert list(tmp_path.iterdir()) == [path]


def test_bits_that_are_written_return(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    nothing = pa.record_batch([pa.nulls(3)], names=["x"]).select([])
    write_vectors(path, [(pa.array(["a", "b", "c"]), BITS, nothing)], 16)
    assert pq.read_schema(path).field("vector").type == pa.list_(pa.uint8(), 2)
    ids, vectors, _ = read(path)
    assert ids == ["a", "b", "c"]
    assert np.array_equal(vectors, BITS)


def test_columns_that_have_our_names_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    metadata = pa.record_batch({"id": ["x"], "id_": ["y"], "vector": ["z"]})
    write_vectors(path, [(pa.array(["a"]), VECTORS[:1], metadata)], 3)
    assert pq.read_table(path).drop_columns(["vector"]).to_pylist() == [
        {"id": "a", "id__": "x", "id_": "y", "vector_": "z"}
    ]


def test_writing_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    assert write_vectors(path, [], 3) == 0
    assert pq.read_table(path).num_rows == 0
    assert pq.read_schema(path).names == ["id", "vector"]


def batch(rows: int = 3, dimension: int = 3) -> tuple[pa.Array, Array, pa.RecordBatch]:
    names = pa.record_batch({"name": ["a"] * rows})
    return pa.array(range(rows)), np.zeros((rows, dimension), np.float32), names


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "out.parquet"
    path.write_bytes(b"before")

    def failing() -> Any:
        yield batch()
        raise SourceError("the source fails")

    with pytest.raises(SourceError, match="the source fails"):
        write_vectors(path, failing(), 3)
    other = pa.record_batch({"name": [1]})
    for batches in ([batch(), (pa.array([1]), VECTORS[:1], other)], [batch(dimension=4)]):
        with pytest.raises(OptionError, match=r"cannot be written as Parquet|do not fit together"):
            write_vectors(path, batches, 3)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a folder; name a file in it"):
        write_vectors(tmp_path, [batch()], 3)
    with pytest.raises(OutputError, match=r"out\.parquet: cannot be written \(No such file"):
        write_vectors(tmp_path / "no" / "out.parquet", [batch()], 3)


@pytest.mark.skipif(sys.platform != "linux", reason="file size limits as Linux has them")
def test_a_full_disk(tmp_path: Path) -> None:
    import signal

    path = tmp_path / "out.parquet"
    path.write_bytes(b"before")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
        with pytest.raises(OutputError, match=os.strerror(errno.EFBIG)):
            write_vectors(path, [batch(10_000), batch(10_000)], 3)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]
