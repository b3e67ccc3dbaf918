"""Files that last: measured, compared, and there wholly or not at all."""

import hashlib
from pathlib import Path

import pyarrow as pa
import pytest

from simsearch.errors import IndexCorruptError
from simsearch.store.format.disk import SYSTEM
from simsearch.store.format.durable import (
    FileRecord,
    NewFile,
    check_content,
    check_size,
    record_of,
    write_published,
)
from tests.store.made import CountingDisk


def test_a_new_file_is_measured_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with NewFile(SYSTEM, path) as file:
        assert file.write(b"abc") == 3
        assert file.write(memoryview(b"defg")) == 4
        assert file.tell() == 7
    assert file.closed
    assert file.record == record_of(path) == FileRecord(7, hashlib.sha256(b"abcdefg").hexdigest())


def test_arrow_can_write_to_it(tmp_path: Path) -> None:
    batch = pa.record_batch({"n": [1, 2, 3]})
    with NewFile(SYSTEM, tmp_path / "a") as file:
        with pa.ipc.new_file(file, batch.schema) as writer:
            writer.write_batch(batch)
        file.flush()
    assert file.record == record_of(tmp_path / "a")
    with pa.ipc.open_file(tmp_path / "a") as reader:
        assert reader.read_all().to_batches() == [batch]


def test_a_file_that_exists_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        NewFile(SYSTEM, tmp_path / "a")
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


def test_publishing_replaces_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.with_name("a.tmp").write_bytes(b"left by a writer that was killed")
    disk = CountingDisk()
    assert write_published(disk, path, b"new") == record_of(path)
    assert [each.name for each in tmp_path.iterdir()] == ["a"]
    assert path.read_bytes() == b"new"
    assert disk.calls["sync"] == 2  # the content, then the name
    assert disk.calls["rename"] == 1


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    class Refusing(CountingDisk):
        def rename(self, source: Path, target: Path) -> None:
            raise OSError("no")

    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(OSError, match="no"):
        write_published(Refusing(), path, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["a"]
    assert path.read_bytes() == b"old"
