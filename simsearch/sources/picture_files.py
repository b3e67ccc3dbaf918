"""Files of a folder, a zip, a pattern or a list, each an item: pictures, and WAV files."""

from __future__ import annotations

import glob
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import IO, Any

from simsearch.errors import SourceError

__all__ = ["PictureFile", "list_pictures"]

# A member of a zip is unpacked in memory.
_MAX_MEMBER = 1 << 30
_LISTS = (".txt", ".lst")
_LONGEST_LIST = 1 << 30


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A file that may be a picture.

    Attributes:
        id: its path below the folder or the zip, with `/`; else the path as it was given. Bytes
            of a name that are no UTF-8 are written as escapes (`\\xff`).
        folder: the folders that it lies in, its class; empty for none.
        open: gives its bytes as a stream that can be rewound; OSError says why it cannot.
    """

    id: str
    folder: str
    open: Callable[[], IO[bytes]]

    def read(self) -> bytes:
        """All its bytes.

        Raises:
            OSError: it cannot be read.
        """
        with self.open() as file:
            return file.read()


def list_pictures(source: Any, recursive: bool = True) -> tuple[list[PictureFile], str]:
    """The files of a source in the order of their paths, and what to call the source.

    Hidden files are left out, and so are pipes, sockets and devices in a folder. Folders that are
    links are not entered. A link to a file is followed when it leads to a place in the folder;
    one that leads out, and a folder that may not be read, are files that cannot be opened.

    Args:
        source: a folder, a zip of one, a pattern, a file, or paths: a sequence of them, or a file
            (`.txt`, `.lst`) of one a line, as seen from where that file lies.
        recursive: whether to enter the folders of a folder.

    Raises:
        SourceError: there is no such file or folder.
    """
    if not isinstance(source, (str, os.PathLike)):
        if not isinstance(source, Sequence):
            raise SourceError(f"a source of files is a path or paths, not {type(source).__name__}")
        return [_file(Path(path)) for path in source], f"{len(source):,} files"
    path, name = Path(source), str(source)
    if path.is_dir():
        return _in_folder(path, recursive), name
    if path.is_file():
        if path.suffix.lower() in _LISTS:
            return _in_list(path), name
        if zipfile.is_zipfile(path):
            return _in_zip(path, recursive), name
        return [_file(path)], name
    if glob.has_magic(name):
        return _by_pattern(name), name
    raise SourceError(f"{name}: there is no such file or folder")


def _file(path: Path, folder: str = "") -> PictureFile:
    return PictureFile(_shown(path.as_posix()), folder, partial(_opened, path))


def _shown(name: str) -> str:
    """A name as text that any encoding can write."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("utf-8", "backslashreplace")
    return name


def _opened(path: Path) -> IO[bytes]:
    """A file's bytes; not those of a pipe or a device, which may never end."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError("not a regular file")
    return path.open("rb")


def _refused(reason: str) -> IO[bytes]:
    raise OSError(reason)


def _in_folder(root: Path, recursive: bool) -> list[PictureFile]:
    inside = os.path.realpath(root)
    files = []
    for below, path, reason in _walk(root, recursive):
        shown = _shown(below)
        refused = reason
        if path.is_symlink() and not _is_below(os.path.realpath(path), inside):
            refused = "a link that leads out of the folder"
        opener = partial(_refused, refused) if refused else partial(_opened, path)
        files.append(PictureFile(shown, _class_of(shown), opener))
    return sorted(files, key=lambda file: file.id)


def _is_below(path: str, inside: str) -> bool:
    return Path(path).is_relative_to(inside)


def _walk(root: Path, recursive: bool) -> Iterator[tuple[str, Path, str]]:
    """Path below the folder, path, and why it cannot be read (empty: it seems that it can)."""
    waiting = [("", root)]
    while waiting:
        prefix, folder = waiting.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError as error:
            if not prefix:
                raise SourceError(f"{root} cannot be read: {error.strerror or error}") from None
            yield prefix.rstrip("/"), folder, error.strerror or str(error)
            continue
        for entry in entries:
            path = folder / entry.name
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                if recursive:
                    waiting.append((f"{prefix}{entry.name}/", path))
            elif entry.is_file(follow_symlinks=False) or (entry.is_symlink() and not path.is_dir()):
                yield prefix + entry.name, path, ""


def _by_pattern(pattern: str) -> list[PictureFile]:
    """What a pattern finds; the folders below where it begins to be one are classes."""
    # The pattern is the user's own, and may be absolute, which Path.glob refuses.
    found = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207
    parts = Path(pattern).parts
    fixed = next(place for place, part in enumerate(parts) if glob.has_magic(part))
    root = Path(*parts[:fixed])
    inside = os.path.realpath(root)
    files = [Path(each) for each in found if Path(each).is_file()]
    kept = [path for path in files if _is_below(os.path.realpath(path.parent), inside)]
    if not kept:
        raise SourceError(f"{pattern}: there is no such file or folder, and nothing fits it")
    return [_file(path, _class_of(_shown(path.relative_to(root).as_posix()))) for path in kept]


def _in_list(path: Path) -> list[PictureFile]:
    """The files that a file names, one a line; each is called what it is called there."""
    try:
        if path.stat().st_size > _LONGEST_LIST:
            raise SourceError(f"{path} is too long for a list of files")
        lines = path.read_text("utf-8-sig", "surrogateescape").splitlines()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}") from None
    names = [line.strip() for line in lines if line.strip()]
    if any("\0" in name for name in names):
        raise SourceError(f"{path} is no list of files: it holds NUL bytes")
    return [PictureFile(_shown(name), "", partial(_opened, path.parent / name)) for name in names]


def _in_zip(path: Path, recursive: bool) -> list[PictureFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = {each.filename: each for each in archive.infolist() if not each.is_dir()}
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SourceError(f"{path} cannot be read as a zip: {error}") from None
    hidden = ("/.", "/__MACOSX/")
    shown = [name for name in sorted(members) if not any(part in f"/{name}" for part in hidden)]
    # All in one folder, as zips are: that folder says nothing.
    tops = {name.split("/", 1)[0] for name in shown}
    cut = len(tops.pop()) + 1 if len(tops) == 1 and all("/" in name for name in shown) else 0
    read = _Archive(path).read
    return [
        PictureFile(_shown(name[cut:]), _class_of(_shown(name[cut:])), partial(read, members[name]))
        for name in shown
        if recursive or "/" not in name[cut:]
    ]


class _Archive:
    """A zip that is opened when it is first read from; several threads may read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._zip: zipfile.ZipFile | None = None
        self._lock = Lock()

    def read(self, member: zipfile.ZipInfo) -> IO[bytes]:
        """A member, unpacked in memory.

        Raises:
            OSError: it is damaged, locked with a password, or too large.
        """
        if member.file_size > _MAX_MEMBER:
            raise OSError(f"{member.file_size:,} bytes are too many to unpack")
        with self._lock:
            if self._zip is None:
                self._zip = zipfile.ZipFile(self._path)
        try:
            return io.BytesIO(self._zip.read(member))
        # The standard library raises RuntimeError for a password, NotImplementedError for a
        # compression that it does not have.
        except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, ValueError) as error:
            raise OSError(f"it cannot be unpacked ({error})") from None


def _class_of(below: str) -> str:
    parent = PurePosixPath(below).parent.as_posix()
    return "" if parent == "." else parent
