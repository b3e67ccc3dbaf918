"""The disk is full, or refuses otherwise: one clear error, and the next write works."""

import errno
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from simsearch.errors import SimsearchWarning, VectorIndexError
from simsearch.files import SYSTEM
from simsearch.store.reading.reader import IndexReader
from simsearch.store.upkeep.check import check
from simsearch.store.writing import writer as writing
from simsearch.store.writing.writer import IndexWriter
from tests.store.made import create, everything
from tests.store.test_power import items


class FullDisk:
    """The disk of this machine, which refuses one call."""

    def __init__(self, refused: int) -> None:
        self.left = refused

    def _call(self, path: Path) -> None:
        self.left -= 1
        if self.left == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    def create(self, path: Path) -> BinaryIO:
        self._call(path)
        return _File(SYSTEM.create(path), path, self)  # type: ignore[return-value]

    def make_folder(self, path: Path) -> None:
        self._call(path)
        SYSTEM.make_folder(path)

    def sync(self, path: Path) -> None:
        self._call(path)
        SYSTEM.sync(path)

    def rename(self, source: Path, target: Path) -> None:
        self._call(source)
        SYSTEM.rename(source, target)

    def remove(self, path: Path) -> None:
        SYSTEM.remove(path)


class _File:
    def __init__(self, file: BinaryIO, path: Path, disk: FullDisk) -> None:
        self._file, self._path, self._disk = file, path, disk

    def write(self, content: bytes) -> int:
        self._disk._call(self._path)
        return self._file.write(content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def add_few(writer: IndexWriter) -> None:
    writer.upsert(**items(range(100, 102), 1))
    writer.publish()


def add_many(writer: IndexWriter) -> None:
    writer.upsert(**items(range(100, 120), 2))
    writer.publish()


def remove_and_compact(writer: IndexWriter) -> None:
    writer.remove(["key-1"])
    writer.publish()
    writer.compact()


@pytest.mark.parametrize("change", [add_few, add_many, remove_and_compact])
def test_every_call_may_be_refused(
    change: Callable[[IndexWriter], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "SMALL_ROWS", 6)
    for refused in range(1, 500):
        folder = tmp_path / str(refused)
        create(folder, 10)
        before = everything(IndexReader.open(folder))
        disk = FullDisk(refused)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SimsearchWarning)  # folding may be put off
            failed = refuses(folder, disk, change)
        now = everything(IndexReader.open(folder))
        if disk.left > 0:
            assert not failed
            break
        if failed and change is not remove_and_compact:
            # A name that was not synced may already be seen; half of a change may not.
            assert now == before or now.keys() == before.keys() | set(added(change))
        with IndexWriter(folder) as writer:
            change(writer)
        assert check(folder).newest
        assert not list(folder.rglob("*.tmp"))
    else:
        pytest.fail("it never ended")
    assert refused > 5


def added(change: Callable[[IndexWriter], None]) -> list[str]:
    keys = range(100, 102) if change is add_few else range(100, 120)
    return [f"key-{key}" for key in keys]


def refuses(folder: Path, disk: FullDisk, change: Callable[[IndexWriter], None]) -> bool:
    try:
        with IndexWriter(folder, disk=disk) as writer:
            change(writer)
    except VectorIndexError as error:
        text = str(error)
    else:
        return False
    assert text.startswith("cannot write the index:")
    assert "No space left" in text
    assert "\n" not in text
    return True


LIMITED = """
import resource, signal, sys
import numpy as np
from simsearch.store.vector_index import VectorIndex
from simsearch.errors import VectorIndexError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
index = VectorIndex.open(sys.argv[1])
try:
    index.add([f"n{i}" for i in range(20_000)], np.ones((20_000, 6), np.float32))
except VectorIndexError as error:
    print(error)
index.add(["one"], np.ones((1, 6), np.float32), {"name": ["x"], "n": [1]})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits")
def test_a_file_may_not_grow_any_more(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    create(folder, 10)
    command = [sys.executable, "-c", LIMITED, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.startswith("cannot write the index:")
    assert len(done.stdout.splitlines()) == 1
    held = everything(IndexReader.open(folder))
    assert len(held) == 11
    assert "one" in held
    assert check(folder).newest


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    create(folder, 10)
    for path in (folder, *folder.iterdir()):
        path.chmod(0o500)
    try:
        with (
            pytest.raises(VectorIndexError, match=r"cannot write the index: .*ermission"),
            IndexWriter(folder) as writer,
        ):
            add_few(writer)
        assert len(everything(IndexReader.open(folder))) == 10
    finally:
        for path in (folder, *folder.iterdir()):
            path.chmod(0o700)
