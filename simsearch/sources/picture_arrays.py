"""Pictures in arrays: NumPy's own, `.npy` and `.npz` files, idx files."""

from __future__ import annotations

import os
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsearch.errors import EmptySourceError, SourceError
from simsearch.sources.arrays import DAMAGE
from simsearch.sources.idx import is_idx, labels_beside, read_idx

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[np.generic]

__all__ = ["is_array_file", "load_arrays", "read_pictures"]

_PICTURES = ("images", "x", "arr_0")
_LABELS = ("labels", "y", "arr_1")
_MOST_CHANNELS = 4


def is_array_file(source: Any) -> bool:
    """Whether a source is a file of arrays, by its name."""
    if not isinstance(source, (str, os.PathLike)):
        return False
    return Path(source).suffix.lower() in (".npy", ".npz") or is_idx(source)


def read_pictures(source: Any) -> tuple[npt.NDArray[np.uint8], Array | None, str]:
    """Pictures (n, height, width[, channels]), what the file says of their classes, and a name.

    Args:
        source: an array; a `.npy` file; an `.npz` file with `images` (or `x`) and perhaps
            `labels` (or `y`); an idx file, perhaps with the file of its labels beside it.

    Raises:
        SourceError: it cannot be read, or is no array of pictures.
        EmptySourceError: it holds none.
    """
    import numpy as np

    own: Any = None
    if hasattr(source, "__array__"):
        pixels, name = np.asarray(source), "the array"
    else:
        name = str(source)
        pixels, own = _from_file(Path(source))
    if pixels.dtype != np.uint8 or pixels.ndim not in (3, 4):
        raise SourceError(
            f"{name}: pictures are uint8 of shape (n, height, width) or (n, height, width, "
            f"channels), not {pixels.dtype} of {pixels.shape}"
        )
    if pixels.ndim == 4 and not 1 <= pixels.shape[3] <= _MOST_CHANNELS:
        raise SourceError(
            f"{name}: pictures have 1 to 4 channels on their last axis, not {pixels.shape[3]}"
        )
    if not len(pixels):
        raise EmptySourceError(f"{name} holds no pictures")
    if not all(pixels.shape):
        raise SourceError(f"{name}: its pictures have no pixels, their shape is {pixels.shape}")
    return pixels, own, name


def _from_file(path: Path) -> tuple[Any, Any]:
    """Pictures and labels, or None."""
    if is_idx(path):
        beside = labels_beside(path)
        return read_idx(path), None if beside is None else read_idx(beside)
    arrays = load_arrays(path)
    if "" in arrays:
        return arrays[""], None
    pixels = next((arrays[key] for key in _PICTURES if key in arrays), None)
    if pixels is None:
        raise SourceError(
            f"{path} has no array named {' or '.join(_PICTURES[:2])}; it has {', '.join(arrays)}"
        )
    return pixels, next((arrays[key] for key in _LABELS if key in arrays), None)


def load_arrays(path: Path) -> dict[str, Array]:
    """The arrays of an `.npz` file by their names; that of a `.npy` file, left on disk, as "".

    Raises:
        SourceError: it cannot be read.
    """
    import warnings

    import numpy as np

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that Python 2 wrote it is nothing to mend
            if path.suffix.lower() == ".npz":
                with np.load(path, allow_pickle=False) as found:
                    wanted = [key for key in found.files if key in _PICTURES + _LABELS]
                    return {key: found[key] for key in wanted or found.files[:1]}
            return {"": np.load(path, mmap_mode="r", allow_pickle=False)}
    except FileNotFoundError:
        raise SourceError(f"{path}: there is no such file") from None
    except (OSError, AttributeError, zipfile.BadZipFile, zlib.error, *DAMAGE) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SourceError(f"{path} cannot be read: {reason:.120}") from None
