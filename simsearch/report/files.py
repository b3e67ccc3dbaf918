"""Result files that appear whole and together, or not at all.

Each file is written beside its destination, synced, and renamed when all of them are
complete. What can be refused (a folder, a read-only file, an input) is refused before
the long work starts.
"""

from __future__ import annotations

import os
import secrets
import signal
import stat
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from simsearch.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType
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
        self._staged: dict[Path, Path] = {}
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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for temporary in self._staged.values():
            temporary.unlink(missing_ok=True)
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
            temporary = _beside(target)
            self._staged[path] = temporary
            with _create(temporary) as file:
                yield file
                file.flush()
                _keep_permissions(file, target)
                os.fsync(file.fileno())

    def publish(self) -> None:
        """Put every staged file in place. Ctrl-C waits until all are."""
        with _uninterrupted():
            for path, temporary in list(self._staged.items()):
                target = self._targets[path]
                with _explained(path):
                    temporary.replace(target)
                del self._staged[path]
                _sync_folder(target.parent)
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
    temporary = _beside(target)
    _create(temporary).close()
    temporary.unlink()


def _beside(target: Path) -> Path:
    return target.with_name(f".simsearch-{secrets.token_hex(6)}.tmp")


def _create(temporary: Path) -> IO[bytes]:
    """A new file with the permissions that the user's umask gives."""
    return temporary.open("xb")


def _keep_permissions(file: IO[bytes], target: Path) -> None:
    """Give the file the mode and owner of the one that it replaces."""
    if not target.exists():
        return
    before = target.stat()
    with suppress(PermissionError):  # only the superuser can give files away
        os.fchown(file.fileno(), before.st_uid, before.st_gid)
    os.fchmod(file.fileno(), stat.S_IMODE(before.st_mode))


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where the file system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


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
