"""Files that last: measured while they are written, and compared."""

import hashlib
from pathlib import Path

import pyarrow as pa
import pytest

from simsearch.errors import IndexCorruptError
from simsearch.files import SYSTEM
from simsearch.store.format.durable import (
    FileRecord,
    HashedFile,
    check_content,
    check_size,
    record_of,
)


def test_a_new_file_is_measured_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with HashedFile(SYSTEM.create(path)) as file:
        assert file.write(b"abc") == 3
        assert file.write(memoryview(b"defg")) == 4
        assert file.tell() == 7
    assert file.closed
    assert file.record == record_of(path) == FileRecord(7, hashlib.sha256(b"abcdefg").hexdigest())


def test_arrow_can_write_to_it(tmp_path: Path) -> None:
    batch = pa.record_batch({"n": [1, 2, 3]})
    with HashedFile(SYSTEM.create(tmp_path / "a")) as file:
        with pa.ipc.new_file(file, batch.schema) as writer:
            writer.write_batch(batch)
        file.flush()
    assert file.record == record_of(tmp_path / "a")
    with pa.ipc.open_file(tmp_path / "a") as reader:
        assert reader.read_all().to_batches() == [batch]


def test_a_file_that_exists_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        HashedFile(SYSTEM.create(tmp_path / "a"))
    assert (tmp_path / "a").read_bytes() == b"old"


def test_sizes_and_contents_are_compared(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    expected = record_of(path)
    check_content(path, expected)
    path.write_bytes(b"abd")
    check_size(path, expected)
    with pytest.raises(IndexCorruptError, match="a is damaged: its bytes are not those"):
        check_content(path, expected)
    path.write_bytes(b"ab")
    with pytest.raises(IndexCorruptError, match="2 bytes instead of 3"):
        check_size(path, expected)
    path.unlink()
    with pytest.raises(IndexCorruptError, match="is missing"):
        check_content(path, expected)
