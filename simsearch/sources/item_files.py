"""List items that are one file each: in a folder, a zip, a list, or alone."""

from __future__ import annotations

import glob
import os
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from simsearch.errors import SourceError
from simsearch.sources.file_names import written

__all__ = ["ItemFile", "holds_others", "list_files", "plain_suffix"]

COMPRESSED = {".gz", ".bz2", ".xz", ".zst"}


@dataclass(frozen=True, slots=True)
class ItemFile:
    """A file that may be an item.

    Attributes:
        id: its path below the folder or the zip, with `/`; else the path as it was given; as
            `written` has it.
        folder: the folders that it lies in, its class; empty for none.
        read: gives its bytes.
        path: of the file; None where it is a part of another one, as in a zip.
        size: in bytes; None where nobody could say.
        modified: when its content last changed, in nanoseconds since 1970; None likewise.
    """

    id: str
    folder: str
    read: Callable[[], bytes]
    path: Path | None = None
    size: int | None = None
    modified: int | None = None


def list_files(source: Any) -> tuple[list[ItemFile], str]:
    """The files of a source in the order of their paths, and what to call the source.

    Hidden files, and links that lead out of the folder, are left out.

    Raises:
        SourceError: there is no such file or folder.
    """
    if not isinstance(source, (str, os.PathLike)):
        if not isinstance(source, Sequence):
            raise SourceError(f"a source of files is a path or paths, not {type(source)}")
        return [_file(Path(path)) for path in source], f"{len(source):,} files"
    path = Path(source)
    name = written(str(source))
    if path.is_dir():
        return _in_folder(path), name
    if path.is_file():
        if zipfile.is_zipfile(path):
            return _in_zip(path), name
        return [_file(path)], name
    # The pattern is the user's own, and may be absolute, which Path.glob refuses.
    pattern = str(source)
    found = sorted(glob.glob(pattern, recursive=True)) if glob.has_magic(pattern) else []  # noqa: PTH207
    if not found:
        raise SourceError(f"{name}: there is no such file or folder")
    return [_file(Path(each)) for each in found if Path(each).is_file()], name


def holds_others(source: Any) -> bool:
    """Whether files of a source may be there by the way: it is a folder, a zip or a pattern.

    A file that somebody names is meant.
    """
    if not isinstance(source, (str, os.PathLike)):
        return False
    path = Path(source)
    return not path.is_file() or zipfile.is_zipfile(path)


def plain_suffix(path: PurePath) -> str:
    """The last suffix in lower case, without that of a compression: `.txt` of `a.TXT.gz`."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def _file(path: Path, id: str | None = None, folder: str = "") -> ItemFile:  # noqa: A002
    """A file as it is now; one that is not there says so when it is read."""
    name = written(path.as_posix()) if id is None else id
    try:
        found = path.stat()
    except OSError:
        return ItemFile(name, folder, path.read_bytes, path)
    return ItemFile(name, folder, path.read_bytes, path, found.st_size, found.st_mtime_ns)


def _in_folder(root: Path) -> list[ItemFile]:
    files = []
    inside, top = root.resolve(), os.fspath(root)
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in names:
            whole = os.path.join(folder, name)  # noqa: PTH118  a Path for each costs more than it is read for
            if name.startswith("."):
                continue
            path = Path(whole)
            if path.is_symlink() and not path.resolve().is_relative_to(inside):
                continue
            below = written(path.relative_to(top).as_posix())
            files.append(_file(path, below, _class_of(below)))
    return sorted(files, key=lambda file: file.id)


def _in_zip(path: Path) -> list[ItemFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {each.filename: each.file_size for each in archive.infolist()}
            names = sorted(name for name in sizes if not name.endswith("/"))
    except (OSError, zipfile.BadZipFile) as error:
        raise SourceError(f"{path} cannot be read as a zip: {error}") from None
    hidden = ("/.", "/__MACOSX")
    shown = [name for name in names if not any(part in f"/{name}" for part in hidden)]
    # All in one folder, as zips are: that folder says nothing.
    tops = {name.split("/", 1)[0] for name in shown}
    cut = len(tops.pop()) + 1 if len(tops) == 1 and all("/" in name for name in shown) else 0
    members = _Archive(path)
    return [
        ItemFile(name[cut:], _class_of(name[cut:]), members.reader(name), size=sizes[name])
        for name in shown
    ]


class _Archive:
    """A zip that is opened when it is first read from; several threads may read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _zip(self) -> zipfile.ZipFile:
        return zipfile.ZipFile(self._path)

    def reader(self, name: str) -> Callable[[], bytes]:
        """What reads a member."""
        return lambda: self._zip.read(name)


def _class_of(below: str) -> str:
    parent = PurePosixPath(below).parent.as_posix()
    return "" if parent == "." else parent
