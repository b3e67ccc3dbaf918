"""The only door through which an index is written.

Every change to a file or folder of an index is one of five calls. So a test can stand between
the index and the machine, lose the power at any of them, and look at what is left.
"""

from __future__ import annotations

import errno
import os
import shutil
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

__all__ = ["SYSTEM", "Disk"]


class Disk(Protocol):
    """What an index asks of a file system. Every call may raise OSError."""

    def create(self, path: Path) -> BinaryIO:
        """A new file, open for writing; FileExistsError when the name is taken."""

    def make_folder(self, path: Path) -> None:
        """Make a folder and those above it; nothing happens when it is there."""

    def sync(self, path: Path) -> None:
        """Make the content of a file, or the entries of a folder, survive a power cut."""

    def rename(self, source: Path, target: Path) -> None:
        """Give a file another name, at once; what had the name before is gone."""

    def remove(self, path: Path) -> None:
        """Remove a file, or a folder with all that is in it; nothing happens without one."""


class SystemDisk:
    """The file system of this machine."""

    def create(self, path: Path) -> BinaryIO:
        """See `Disk`."""
        return path.open("xb")

    def make_folder(self, path: Path) -> None:
        """See `Disk`."""
        path.mkdir(parents=True, exist_ok=True)

    def sync(self, path: Path) -> None:
        """See `Disk`. A folder is left alone where the file system cannot sync one."""
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
        finally:
            os.close(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        """See `Disk`."""
        source.replace(target)

    def remove(self, path: Path) -> None:
        """See `Disk`."""
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


SYSTEM: Disk = SystemDisk()
