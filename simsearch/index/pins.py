"""Readers pin the manifest that they have open, so that nobody prunes it from under them.

A pin is a shared lock on the manifest file. It never makes anyone wait: only pruning asks
whether a manifest is pinned, and leaves it alone then. The system drops the pins of a process
that dies. Where it has no such locks, nothing is pinned.
"""

from __future__ import annotations

import os
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: a file that is open cannot be removed there
    LOCKS = False
else:
    LOCKS = True

__all__ = ["Pin", "pinned"]


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
                fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        try:
            path.stat()  # it may have been pruned between opening and locking
        except FileNotFoundError:
            self.close()
            raise

    def close(self) -> None:
        """Let go."""
        self._finalizer()


def pinned(path: Path) -> bool:
    """Whether a reader, in this process or another, has the manifest open."""
    if not LOCKS:
        return False
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
