"""Arrays in idx files, the format of MNIST (yann.lecun.com/exdb/mnist), compressed or not."""

from __future__ import annotations

import gzip
import math
import os
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from simsearch.errors import SourceError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.generic]

__all__ = ["is_idx", "labels_beside", "read_idx"]

_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_ENDINGS = (".idx", ".idx1", ".idx3", "-ubyte")
# How files of pictures are named, and those of their classes.
_BESIDE = (("images-idx3", "labels-idx1"), ("images.idx3", "labels.idx1"), ("images", "labels"))


def is_idx(source: Any) -> bool:
    """Whether a path is that of an idx file, by its name."""
    if not isinstance(source, (str, os.PathLike)):
        return False
    return Path(source).name.lower().removesuffix(".gz").endswith(_ENDINGS)


def labels_beside(path: Path) -> Path | None:
    """The file of labels in the same folder: `t10k-labels-idx1-…` for `t10k-images-idx3-…`."""
    for images, labels in _BESIDE:
        if images in path.name:
            beside = path.with_name(path.name.replace(images, labels))
            other = beside.with_name(beside.name.removesuffix(".gz"))
            if other == beside:
                other = beside.with_name(f"{beside.name}.gz")
            found = [each for each in (beside, other) if each.is_file()]
            if found:
                return found[0]
    return None


def read_idx(path: Path) -> Array:
    """The array of an idx file; what is not compressed stays on disk until it is used.

    Raises:
        SourceError: it is not one, or it is damaged.
    """
    import numpy as np

    try:
        with path.open("rb") as file:
            compressed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            if compressed:
                with gzip.GzipFile(fileobj=file) as unpacked:
                    kind, shape = _header(path, unpacked)
                    body = _body(path, unpacked, math.prod(shape) * kind.itemsize)
                return np.frombuffer(body, kind).reshape(shape)
            kind, shape = _header(path, file)
            start = file.tell()
            if path.stat().st_size - start != math.prod(shape) * kind.itemsize:
                raise _misfit(path)
        if not math.prod(shape):
            return np.empty(shape, kind)
        return np.asarray(np.memmap(path, kind, "r", start, shape))
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{path} cannot be read: {reason}") from None


def _header(path: Path, file: IO[bytes]) -> tuple[np.dtype[Any], tuple[int, ...]]:
    """Type and shape: two zeros, the type, the number of axes, and the length of each."""
    import numpy as np

    head = file.read(4)
    if len(head) < 4 or head[:2] != b"\0\0" or head[2] not in _TYPES or not head[3]:
        raise SourceError(f"{path} is no idx file")
    lengths = file.read(4 * head[3])
    if len(lengths) < 4 * head[3]:
        raise _misfit(path)
    shape = tuple(int(each) for each in np.frombuffer(lengths, ">u4"))
    return np.dtype(_TYPES[head[2]]), shape


def _body(path: Path, file: IO[bytes], size: int) -> bytes:
    """As many bytes as the header promises: no more is unpacked, whatever the file holds."""
    body = bytearray()
    # In pieces: a header that promises the moon costs no memory.
    while len(body) <= size and (piece := file.read(min(1 << 24, size + 1 - len(body)))):
        body += piece
    if len(body) != size:
        raise _misfit(path)
    return bytes(body)


def _misfit(path: Path) -> SourceError:
    return SourceError(
        f"{path} is cut off, or no idx file: its size does not fit its header; get it again"
    )
