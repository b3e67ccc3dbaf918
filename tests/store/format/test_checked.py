"""A file is compared with its hash once, and again as soon as anything of it changed."""

import os
import shutil
from pathlib import Path

import pytest

from simsearch.errors import IndexCorruptError
from simsearch.store.format import checked
from simsearch.store.format.checked import CHECKED_FILE, check_once
from simsearch.store.format.durable import FileRecord, check_content, record_of


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files whose bytes were compared, one after the other; no file is too new."""
    done: list[Path] = []

    def compare(path: Path, expected: FileRecord) -> None:
        done.append(path)
        check_content(path, expected)

    monkeypatch.setattr(checked, "check_content", compare)
    monkeypatch.setattr(checked, "_TICK_NS", -(10**12))
    return done


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "vectors"
    path.write_bytes(b"abc" * 100)
    return path


def test_the_bytes_are_compared_once(file: Path, compared: list[Path]) -> None:
    record = record_of(file)
    for _ in range(3):
        check_once(file, record)
    assert compared == [file]


def test_a_file_of_another_hash_is_compared_and_refused(file: Path, compared: list[Path]) -> None:
    check_once(file, record_of(file))
    with pytest.raises(IndexCorruptError, match="its bytes are not those"):
        check_once(file, FileRecord(300, "0" * 64))
    assert compared == [file, file]


def test_a_change_is_found_though_size_and_time_are_put_back(
    file: Path, compared: list[Path]
) -> None:
    record, times = record_of(file), file.stat()
    check_once(file, record)
    file.write_bytes(b"abd" * 100)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    with pytest.raises(IndexCorruptError, match="its bytes are not those"):
        check_once(file, record)
    assert len(compared) == 2


def test_a_file_put_in_its_place_is_compared(file: Path, compared: list[Path]) -> None:
    record = record_of(file)
    check_once(file, record)
    other = file.with_name("other")
    shutil.copy2(file, other)
    other.replace(file)
    check_once(file, record)
    assert len(compared) == 2


def test_a_missing_file_and_one_cut_off_are_refused(file: Path, compared: list[Path]) -> None:
    record = record_of(file)
    check_once(file, record)
    os.truncate(file, 10)
    with pytest.raises(IndexCorruptError, match="10 bytes instead of 300"):
        check_once(file, record)
    file.unlink()
    with pytest.raises(IndexCorruptError, match="is missing"):
        check_once(file, record)
    assert compared == [file]


def test_what_changed_a_moment_ago_is_compared_again(
    file: Path, compared: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checked, "_TICK_NS", 10**12)
    for _ in range(2):
        check_once(file, record_of(file))
    assert len(compared) == 2
    assert not (file.parent / CHECKED_FILE).exists()


@pytest.mark.parametrize("content", [b"", b"[1]", b'{"vectors": 3}', b"\xff"])
def test_notes_that_cannot_be_read_are_as_if_there_were_none(
    file: Path, compared: list[Path], content: bytes
) -> None:
    (file.parent / CHECKED_FILE).write_bytes(content)
    for _ in range(2):
        check_once(file, record_of(file))
    assert compared == [file]


def test_notes_that_cannot_be_written_are_done_without(
    file: Path, compared: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(checked, "replace_file", refuse)
    for _ in range(2):
        check_once(file, record_of(file))
    assert len(compared) == 2


def test_of_several_files_each_is_known(file: Path, compared: list[Path]) -> None:
    other = file.with_name("ids")
    other.write_bytes(b"1")
    for each in (file, other, file, other):
        check_once(each, record_of(each))
    assert compared == [file, other]
