"""Readers pin the manifest that they have open, so that nobody prunes it from under them.

A pin is a shared lock on the manifest file. Only pruning asks whether a manifest is pinned, and
leaves it alone then; one that it removes is locked for that moment. The system drops the pins of
a process that dies. Where it has no such locks, nothing is pinned.
"""

from __future__ import annotations

import os
import weakref
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: a file that is open cannot be removed there
    LOCKS = False
else:
    LOCKS = True

__all__ = ["Pin", "pinned", "unpinned"]


class Pin:
    """Holds a manifest as long as it lives, or until it is closed.

    Args:
        path: of the manifest.

    Raises:
        FileNotFoundError: it is not there.
    """

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        self._finalizer = weakref.finalize(self, os.close, descriptor)
        if LOCKS:
            with suppress(OSError):  # a file system without locks
                fcntl.flock(descriptor, fcntl.LOCK_SH)
        try:
            path.stat()  # it may have been pruned between opening and locking
        except FileNotFoundError:
            self.close()
            raise

    def close(self) -> None:
        """Let go."""
        self._finalizer()


def pinned(path: Path) -> bool:
    """Whether somebody has the manifest open, in this process or another."""
    with unpinned(path) as free:
        return not free


@contextmanager
def unpinned(path: Path) -> Iterator[bool]:
    """Whether nobody has a manifest open, in this process or another.

    If so, nobody can pin it before this is left: who tries waits, and looks then whether it is
    still there.
    """
    if fcntl is None or not path.exists():
        yield True
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield _claimed(descriptor)
    finally:
        os.close(descriptor)


def _claimed(descriptor: int) -> bool:
    """Whether nobody else has a lock on a file; nobody gets one now."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True
