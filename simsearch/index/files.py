"""Files that last: written, synced, measured; then renamed into place."""

from __future__ import annotations

import errno
import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.errors import IndexCorruptError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = [
    "FileRecord",
    "check_content",
    "check_size",
    "record_of",
    "sync",
    "sync_folders",
    "write_published",
]


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What a manifest remembers of a file.

    Attributes:
        size: bytes.
        sha256: of its content, 64 hexadecimal digits.
    """

    size: int
    sha256: str


def record_of(path: Path) -> FileRecord:
    """Size and hash of a file as it is now."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return FileRecord(os.fstat(file.fileno()).st_size, digest)


def check_size(path: Path, expected: FileRecord) -> None:
    """Raise IndexCorruptError unless the file is there and of its size."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise IndexCorruptError(f"{path} is missing; index the source again") from None
    if size != expected.size:
        raise IndexCorruptError(
            f"{path} is damaged: {size} bytes instead of {expected.size}; index the source again"
        )


def check_content(path: Path, expected: FileRecord) -> None:
    """Raise IndexCorruptError unless the file holds the bytes that were written."""
    check_size(path, expected)
    if record_of(path) != expected:
        raise IndexCorruptError(
            f"{path} is damaged: its bytes are not those that were written; index the source again"
        )


def sync(paths: Iterable[Path]) -> None:
    """Make files and folders, with all that is in them, survive a power cut."""
    for path in paths:
        for folder, _, names in os.walk(path):
            for name in names:
                _sync(os.path.join(folder, name))  # noqa: PTH118  os.walk gives text
            _sync(folder)
        if path.is_file():
            _sync(path)


def sync_folders(folders: Iterable[Path]) -> None:
    """Make the entries of folders survive a power cut: what was created and renamed there."""
    for folder in folders:
        if folder.is_dir():
            _sync(folder)


def write_published(path: Path, content: bytes) -> None:
    """Write a file beside its place, sync it, rename it: all of it is there, or nothing."""
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folders([path.parent])


def _sync(path: str | Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that cannot sync a folder
            raise
    finally:
        os.close(descriptor)
