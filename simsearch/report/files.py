"""Result files that appear whole and together, or not at all.

Each file is written beside its destination, synced, and renamed when all of them are
complete. What can be refused (a folder, a read-only file, an input) is refused before
the long work starts.
"""

from __future__ import annotations

import os
import signal
import stat
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from simsearch.errors import OutputError
from simsearch.files import Replacement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Self

__all__ = ["Outputs"]

# Names that promise a format which a CSV writer does not keep.
OTHER_FORMATS = frozenset(
    {".parquet", ".xlsx", ".xls", ".json", ".jsonl", ".ndjson", ".tsv", ".gz", ".zip", ".db"}
)


class Outputs:
    """The files that one command writes.

    Use it as a context manager around the long work: leaving it without `publish` (an
    error, Ctrl-C) removes what was begun and leaves existing files as they were.

    Args:
        paths: destinations. A symbolic link is followed; a device or pipe is written to directly.
        inputs: files that must not be replaced, since they are being read.

    Raises:
        OutputError: a destination cannot be written, or two of them are the same file.
    """

    def __init__(self, paths: Sequence[Path], inputs: Sequence[Path] = ()) -> None:
        self._targets: dict[Path, Path] = {}
        self._staged: dict[Path, Replacement] = {}
        self.published: tuple[Path, ...] = ()
        for path in paths:
            with _explained(path):
                target = _target(path)
                _check(path, target, inputs)
            if target in self._targets.values():
                raise OutputError(f"two results would go to the same file, {path}")
            self._targets[path] = target

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for replacement in self._staged.values():
            replacement.discard()
        self._staged.clear()

    @contextmanager
    def open(self, path: Path) -> Iterator[IO[bytes]]:
        """A file to write the whole content of one destination to.

        Raises:
            OutputError: it cannot be written (full disk, no permission).
        """
        target = self._targets[path]
        with _explained(path, "nothing was written"):
            if _is_special(target):
                with target.open("wb") as file:
                    yield file
                return
            self._staged[path] = Replacement(target)
            with self._staged[path].open() as file:
                yield file

    def publish(self) -> None:
        """Put every staged file in place. Ctrl-C waits until all are."""
        with _uninterrupted():
            for path, replacement in list(self._staged.items()):
                with _explained(path):
                    replacement.publish()
                del self._staged[path]
            self.published = tuple(self._targets)


def _target(path: Path) -> Path:
    """What a path stands for: the end of a chain of links, or the device or pipe itself."""
    return path if _is_special(path) else Path(os.path.realpath(path))


def _check(path: Path, target: Path, inputs: Sequence[Path]) -> None:
    """Refuse a destination that cannot or must not be written."""
    if target.is_dir():
        raise OutputError(f"{path} is a folder; name a file in it")
    if path.suffix.lower() in OTHER_FORMATS:
        raise OutputError(f"{path}: results are written as CSV; choose a name that ends in .csv")
    if not target.parent.is_dir():
        raise OutputError(f"{path}: there is no folder {path.parent}; create it first")
    for source in inputs:
        if source.exists() and target.exists() and target.samefile(source):
            raise OutputError(f"{path} would replace the input {source}; choose another name")
    if target.exists() and not _is_writable(target):
        raise OutputError(f"{path} is read-only; choose another name or make it writable")
    if not _is_special(target):
        _probe(target)


def _is_special(target: Path) -> bool:
    """A device or pipe (`/dev/null`): renaming over it would destroy it."""
    return target.exists() and not target.is_file()


def _is_writable(target: Path) -> bool:
    """False for a file that nobody may write, even where the superuser could replace it."""
    bits = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
    return bool(target.stat().st_mode & bits) and os.access(target, os.W_OK)


def _probe(target: Path) -> None:
    """Create and remove a file there: the sure way to learn that the folder takes one."""
    probe = Replacement(target)
    with probe.open():
        pass
    probe.discard()


@contextmanager
def _explained(path: Path, outcome: str = "") -> Iterator[None]:
    """Turn the system's refusal into one line that names the file, and what became of it."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        text = "; ".join(filter(None, [f"cannot write {path}: {reason}", outcome]))
        raise OutputError(text) from error


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C and SIGTERM back for a moment."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers: tuple[int, ...] = (signal.SIGINT, signal.SIGTERM)
    waiting: list[int] = []
    before = {
        number: signal.signal(number, lambda received, _: waiting.append(received))
        for number in numbers
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for number in waiting:
        signal.raise_signal(number)
