"""Files that appear whole or not at all: written beside their place, synced, renamed into it.

Everything that simsearch writes goes through a `Disk`: five calls, so that a test can stand
between the program and the machine, lose the power at any of them, and look at what is left.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import sys
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

__all__ = ["SYSTEM", "Disk", "Replacement", "cache_folder", "replace_file", "replacing"]

_CACHE_VARIABLE = "SIMSEARCH_CACHE"
# A folder that cannot be opened or synced, by a file system's nature or for want of permission.
_UNSYNCABLE = {errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM}


class Disk(Protocol):
    """The operations of a file system that are used. Every call may raise OSError."""

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
        try:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            if error.errno not in _UNSYNCABLE or not path.is_dir():
                raise

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


class Replacement:
    """The next content of a file, in the making beside it.

    `open` and write it, then `publish` or `discard` it. To replace one file at once, see
    `replacing`; by hand it is for several files that must appear together.

    Args:
        target: the file; it need not exist. A symbolic link is replaced itself.
        disk: where to write.
    """

    def __init__(self, target: Path, disk: Disk = SYSTEM) -> None:
        self._target = target
        self._disk = disk
        # No longer than a name may be, whatever the length of the target's.
        self._beside = target.with_name(f".simsearch-{secrets.token_hex(6)}.tmp")

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """A file for the whole content; leaving it makes the content last.

        Raises:
            OSError: it cannot be written; nothing is left beside the target then.
        """
        try:
            with closing(self._disk.create(self._beside)) as file:
                yield file
                file.flush()
                _keep_permissions(file, self._target)
            self._disk.sync(self._beside)
        except BaseException:
            self.discard()
            raise

    def publish(self) -> None:
        """Put the content in the place of what was there, at once.

        Raises:
            OSError: it cannot be renamed.
        """
        self._disk.rename(self._beside, self._target)
        self._disk.sync(self._target.parent)

    def discard(self) -> None:
        """Remove what was written and not published."""
        self._disk.remove(self._beside)


@contextmanager
def replacing(path: Path, disk: Disk = SYSTEM) -> Iterator[BinaryIO]:
    """A file that takes its place once all of it is written; after an error nothing changed.

    Args:
        path: the place; what is there keeps its permissions.
        disk: where to write.

    Raises:
        OSError: it cannot be written.
    """
    replacement = Replacement(path, disk)
    try:
        with replacement.open() as file:
            yield file
        replacement.publish()
    finally:
        replacement.discard()


def replace_file(path: Path, content: bytes, disk: Disk = SYSTEM) -> None:
    """Write a file whole or not at all.

    Args:
        path: the file; what is there is replaced.
        content: all of it.
        disk: where to write.

    Raises:
        OSError: it cannot be written.
    """
    with replacing(path, disk) as file:
        file.write(content)


def _keep_permissions(file: BinaryIO, target: Path) -> None:
    """Give a file the mode and owner of the one that it replaces."""
    try:
        before = target.stat()
    except FileNotFoundError:
        return
    with suppress(PermissionError):  # only the superuser can give files away
        os.fchown(file.fileno(), before.st_uid, before.st_gid)
    os.fchmod(file.fileno(), stat.S_IMODE(before.st_mode))


def cache_folder() -> Path:
    """The folder for what can be made again.

    It is `$SIMSEARCH_CACHE`, or `simsearch` where the system keeps such files.
    """
    own = os.environ.get(_CACHE_VARIABLE, "").strip()
    if own:
        return Path(own)
    if sys.platform == "win32":
        root = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
        return Path(root) / "simsearch" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "simsearch"
    return Path(os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")) / "simsearch"
