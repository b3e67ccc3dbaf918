"""The folder of an index, as a writer takes it: its lock, and what the system refuses."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from simsearch.errors import IndexLockedError, VectorIndexError
from simsearch.store.format.layout import LOCK, MANIFESTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from filelock import BaseFileLock

__all__ = ["explained", "locked", "refuse_foreign"]


def refuse_foreign(folder: Path) -> None:
    """Raise VectorIndexError if the folder has something in it, and no index."""
    if not folder.exists():
        return
    names = {path.name for path in folder.iterdir()}  # NotADirectoryError for a file
    if names and not names & {LOCK, MANIFESTS}:
        raise VectorIndexError(f"{folder} has files in it and is no index; choose another name")


def locked(folder: Path) -> BaseFileLock:
    """The lock of the one writer, acquired; IndexLockedError when another has it."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise IndexLockedError(
            f"{folder}: another process is writing to this index; try again when it is done"
        ) from None
    return lock


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn the system's refusal into one line that names the file."""
    try:
        yield
    except OSError as error:
        where = error.filename or folder
        reason = error.strerror or str(error)
        raise VectorIndexError(f"cannot write the index: {where}: {reason}") from error
