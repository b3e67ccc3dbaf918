"""Files that last: measured while they are written, synced, renamed into place."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from simsearch.errors import IndexCorruptError

if TYPE_CHECKING:
    from typing import BinaryIO, Self

    from simsearch.files import Disk

__all__ = [
    "FileRecord",
    "HashedFile",
    "check_content",
    "check_size",
    "record_of",
    "sync_tree",
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


class HashedFile:
    """A file that is measured while it is written from front to back; a context manager.

    Args:
        file: new and empty; closed with this.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._size = 0

    def write(self, content: bytes | memoryview) -> int:
        """Append; gives the number of bytes."""
        self._file.write(content)
        self._digest.update(content)
        size = memoryview(content).nbytes
        self._size += size
        return size

    def tell(self) -> int:
        """Bytes written so far."""
        return self._size

    def flush(self) -> None:
        """Hand everything to the system."""
        self._file.flush()

    @property
    def closed(self) -> bool:
        """Whether it can no longer be written."""
        return self._file.closed

    def close(self) -> None:
        """End writing."""
        self._file.close()

    def writable(self) -> bool:
        """True; Arrow calls it."""
        return True

    def readable(self) -> bool:
        """False; Arrow calls it."""
        return False

    def seekable(self) -> bool:
        """False; Arrow calls it."""
        return False

    @property
    def record(self) -> FileRecord:
        """Size and hash of what was written so far."""
        return FileRecord(self._size, self._digest.hexdigest())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


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
        raise IndexCorruptError(f"{path} is missing") from None
    if size != expected.size:
        raise IndexCorruptError(f"{path} is damaged: {size} bytes instead of {expected.size}")


def check_content(path: Path, expected: FileRecord) -> None:
    """Raise IndexCorruptError unless the file holds the bytes that were written."""
    check_size(path, expected)
    if record_of(path) != expected:
        raise IndexCorruptError(f"{path} is damaged: its bytes are not those that were written")


def sync_tree(disk: Disk, path: Path) -> None:
    """Make a file, or a folder with all that is in it, survive a power cut."""
    if path.is_file():
        disk.sync(path)
        return
    for folder, _, names in os.walk(path):
        for name in names:
            disk.sync(Path(folder, name))
        disk.sync(Path(folder))
