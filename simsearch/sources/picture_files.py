"""Where pictures lie: files in a folder, a zip or a list; arrays in .npy, .npz and idx files."""

from __future__ import annotations

import glob
import gzip
import os
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from simsearch.errors import SourceError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.generic]

__all__ = ["PictureFile", "is_array_file", "list_pictures", "read_arrays", "read_idx"]

_IDX_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A file that may be a picture.

    Attributes:
        id: its path below the folder or the zip, with `/`; else the path as it was given.
        folder: the folders that it lies in, its class; empty for none.
        read: gives its bytes.
    """

    id: str
    folder: str
    read: Callable[[], bytes]


def list_pictures(source: Any) -> tuple[list[PictureFile], str]:
    """The files of a source in the order of their paths, and what to call the source.

    Hidden files, and links that lead out of the folder, are left out.

    Raises:
        SourceError: there is no such file or folder.
    """
    if not isinstance(source, (str, os.PathLike)):
        if not isinstance(source, Sequence):
            raise SourceError(f"a source of pictures is a path or paths, not {type(source)}")
        return [_file(Path(path)) for path in source], f"{len(source):,} files"
    path, name = Path(source), str(source)
    if path.is_dir():
        return _in_folder(path), name
    if path.is_file():
        if zipfile.is_zipfile(path):
            return _in_zip(path), name
        return [_file(path)], name
    # The pattern is the user's own, and may be absolute, which Path.glob refuses.
    found = sorted(glob.glob(name, recursive=True)) if glob.has_magic(name) else []  # noqa: PTH207
    if not found:
        raise SourceError(f"{name}: there is no such file or folder")
    return [_file(Path(each)) for each in found if Path(each).is_file()], name


def _file(path: Path) -> PictureFile:
    return PictureFile(path.as_posix(), "", path.read_bytes)


def _in_folder(root: Path) -> list[PictureFile]:
    files = []
    inside = root.resolve()
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in names:
            path = Path(folder) / name
            if name.startswith(".") or not path.resolve().is_relative_to(inside):
                continue
            below = path.relative_to(root).as_posix()
            files.append(PictureFile(below, _class_of(below), path.read_bytes))
    return sorted(files, key=lambda file: file.id)


def _in_zip(path: Path) -> list[PictureFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(each.filename for each in archive.infolist() if not each.is_dir())
    except (OSError, zipfile.BadZipFile) as error:
        raise SourceError(f"{path} cannot be read as a zip: {error}") from None
    hidden = ("/.", "/__MACOSX")
    shown = [name for name in names if not any(part in f"/{name}" for part in hidden)]
    # All in one folder, as zips are: that folder says nothing.
    tops = {name.split("/", 1)[0] for name in shown}
    cut = len(tops.pop()) + 1 if len(tops) == 1 and all("/" in name for name in shown) else 0
    members = _Archive(path)
    return [PictureFile(name[cut:], _class_of(name[cut:]), members.reader(name)) for name in shown]


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


def is_array_file(source: Any) -> bool:
    """Whether a source is a file of arrays, by its name."""
    if not isinstance(source, (str, os.PathLike)):
        return False
    name = Path(source).name.lower()
    return name.endswith((".npy", ".npz")) or _is_idx(name)


def _is_idx(name: str) -> bool:
    return name.removesuffix(".gz").endswith((".idx", "-ubyte", ".idx3", ".idx1"))


def read_arrays(source: Any, labels: Any) -> tuple[npt.NDArray[np.uint8], Array | None, str]:
    """Pictures (n, height, width[, channels]), the class of each, and a name for messages.

    Beside `…-images-idx3-ubyte` lie the labels as `…-labels-idx1-ubyte`.

    Raises:
        SourceError: it cannot be read, or is no array of pictures.
    """
    import numpy as np

    own: Any = None
    if hasattr(source, "__array__"):
        pixels, name = np.asarray(source), "the array"
    else:
        pixels, own, name = _from_file(Path(source))
    if pixels.dtype != np.uint8 or pixels.ndim not in (3, 4):
        raise SourceError(
            f"{name}: pictures are uint8 of shape (n, height, width) or (n, height, width, 1 or "
            f"3), not {pixels.dtype} of {pixels.shape}"
        )
    if pixels.ndim == 4 and pixels.shape[3] not in (1, 3):
        raise SourceError(f"{name}: pictures have 1 or 3 channels, not {pixels.shape[3]}")
    given = own if labels is None else _labels(labels)
    if given is not None and len(given) != len(pixels):
        raise SourceError(f"{name}: {len(pixels):,} pictures and {len(given):,} labels")
    if not len(pixels):
        raise SourceError(f"{name} holds no pictures")
    return pixels, given, name


def _from_file(path: Path) -> tuple[Any, Any, str]:
    import numpy as np

    if not path.is_file():
        raise SourceError(f"{path}: there is no such file")
    try:
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as found:
                pixels = next(
                    (found[key] for key in ("images", "x", "arr_0") if key in found), None
                )
                labels = next(
                    (found[key] for key in ("labels", "y", "arr_1") if key in found), None
                )
            if pixels is None:
                raise SourceError(f"{path} has no array `images`")
            return pixels, labels, str(path)
        if path.suffix == ".npy":
            return np.load(path, mmap_mode="r", allow_pickle=False), None, str(path)
    except (OSError, ValueError) as error:
        raise SourceError(f"{path} cannot be read: {error}") from None
    beside = path.with_name(path.name.replace("images-idx3", "labels-idx1"))
    labels = read_idx(beside) if beside != path and beside.is_file() else None
    return read_idx(path), labels, str(path)


def _labels(labels: Any) -> Any:
    import numpy as np

    if not isinstance(labels, (str, os.PathLike)):
        return np.asarray(labels)
    path = Path(labels)
    return read_idx(path) if _is_idx(path.name.lower()) else np.load(path, allow_pickle=False)


def read_idx(path: Path) -> Array:
    """An array of the format of MNIST's files (yann.lecun.com/exdb/mnist), compressed or not.

    Raises:
        SourceError: it is not one.
    """
    import numpy as np

    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (OSError, EOFError) as error:
        raise SourceError(f"{path} cannot be read: {error}") from None
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] not in _IDX_TYPES:
        raise SourceError(f"{path} is no idx file")
    axes = data[3]
    shape = np.frombuffer(data, ">u4", count=axes, offset=4) if len(data) >= 4 + 4 * axes else ()
    kind = np.dtype(_IDX_TYPES[data[2]])
    body = data[4 + 4 * axes :]
    if not len(shape) or len(body) != int(np.prod(shape, dtype=np.int64)) * kind.itemsize:
        raise SourceError(f"{path} is cut off, or no idx file: its size does not fit its header")
    return np.frombuffer(body, kind).reshape(tuple(int(each) for each in shape))
