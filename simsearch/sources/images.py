"""Pictures: a folder, a zip, a pattern, files or arrays, as uint8 tensors of one shape.

A picture is turned upright as its EXIF says, laid on white or black where it is transparent, and
squeezed to the size that the encoder takes: nothing is cut off, so that a copy with a wider frame
is still seen whole. Large JPEGs are decoded at a fraction of their size. What cannot be decoded is
left out and listed.
"""

from __future__ import annotations

import hashlib
import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simsearch.errors import EmptySourceError, OptionError, SourceError
from simsearch.schema import ItemBatch, ItemSource, SkippedRow
from simsearch.sources.item_files import ItemFile, list_files
from simsearch.sources.picture_arrays import is_array_file, is_picture, read_arrays

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Pixels = npt.NDArray[np.uint8]

__all__ = ["SUFFIXES", "ImageOptions", "open_images"]

# How names of files of pictures end, in lower case.
SUFFIXES = frozenset({
    ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".pgm", ".pbm", ".ppm",
    ".avif", ".jp2", ".ico",
})  # fmt: skip
# More pixels than any camera's picture: a small file that unfolds to that is an attack.
MAX_PIXELS = 400_000_000
_DEFAULT_SIZE = (64, 64)
# How many read pictures now, under Pillow's limit raised; and what it was before.
_LIMIT = threading.Lock()
_readers = 0
_limit_before: int | None = None
# A JPEG is decoded at no less than so many times the size that is asked for.
_DRAFT = 2


@dataclass(frozen=True, slots=True)
class ImageOptions:
    """How pictures are read.

    Attributes:
        size: height and width in pixels.
        channels: 1 for grey, 3 for red, green and blue.
        classes: of arrays: the class of each picture, an array or a file of one (.npy, idx).
        max_pixels: larger pictures are left out.
    """

    size: Sequence[int] = _DEFAULT_SIZE
    channels: int = 3
    classes: Any = None
    max_pixels: int = MAX_PIXELS

    def __post_init__(self) -> None:
        if len(self.size) != 2 or min(self.size) < 1 or self.channels not in (1, 3):
            raise OptionError(
                "pictures are read at a size of (height, width) pixels and with 1 or 3 channels, "
                f"not {tuple(self.size)} and {self.channels}"
            )


def open_images(source: Any, options: ImageOptions | None = None) -> ItemSource:
    """Pictures, ready to be read.

    Args:
        source: a folder (the folders in it are classes), a zip of one, a pattern such as
            `photos/*.jpg`, one file, a sequence of paths, a `.npy`, `.npz` or idx file, a uint8
            array (n, height, width) or (n, height, width, channels), or a list of such pictures
            of one shape.
        options: how they are read.

    Raises:
        SourceError: it cannot be read, or is nothing of this.
        EmptySourceError: there is nothing in it.
    """
    chosen = options or ImageOptions()
    listed = isinstance(source, (list, tuple)) and len(source) > 0 and is_picture(source[0])
    if listed or hasattr(source, "__array__") or is_array_file(source):
        pixels, labels, name = read_arrays(source, chosen.classes)
        return _ArrayImages(pixels, labels, name, chosen)
    if chosen.classes is not None:
        raise OptionError("classes beside the pictures are for arrays; files have folders")
    files, name = list_files(source)
    if not files:
        raise EmptySourceError(f"{name} holds no files")
    return _FileImages(files, name, chosen)


class _FileImages(ItemSource):
    """Pictures in files. See `ItemSource`."""

    kind = "image"
    skipped: list[SkippedRow]

    def __init__(self, files: Sequence[ItemFile], name: str, options: ImageOptions) -> None:
        self.name = name
        self._files = files
        self._options = options
        self._classed = any(file.folder for file in files)
        self.skipped = []

    def __len__(self) -> int:
        return len(self._files)

    @property
    def schema(self) -> pa.Schema:
        return _schema(self._classed)

    def at_most(self, count: int) -> ItemSource:
        """A source of so many of the files, drawn at random but always the same."""
        import numpy as np

        chosen = np.sort(np.random.default_rng(0).permutation(len(self._files))[:count])
        return _FileImages([self._files[each] for each in chosen], self.name, self._options)

    def batches(self, rows: int) -> Iterator[ItemBatch]:
        """See `ItemSource`. The pictures of a batch are decoded by several threads at once."""
        from concurrent.futures import ThreadPoolExecutor

        self.skipped = []
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            for start in range(0, len(self._files), rows):
                batch = self._batch(pool, self._files[start : start + rows], start)
                if len(batch):
                    yield batch

    def _batch(self, pool: Any, files: Sequence[ItemFile], start: int) -> ItemBatch:
        import warnings

        import numpy as np

        # Pillow warns of what it mends; sizes are checked below.
        with warnings.catch_warnings(), _pillow_limit(self._options.max_pixels):
            warnings.simplefilter("ignore")
            read = list(pool.map(lambda file: _read(file, self._options), files))
        kept: list[tuple[ItemFile, Pixels, dict[str, Any]]] = []
        for place, (file, found) in enumerate(zip(files, read, strict=True)):
            if isinstance(found, str):
                self.skipped.append(SkippedRow(start + place + 1, f"{file.id}: {found}"))
            else:
                kept.append((file, *found))
        height, width = self._options.size
        pixels = np.empty((len(kept), height, width, self._options.channels), np.uint8)
        for row, (_, picture, _) in enumerate(kept):
            pixels[row] = picture
        facts = [fact | {"class": file.folder or None} for file, _, fact in kept]
        return _as_batch([file.id for file, _, _ in kept], facts, pixels, self.schema)


class _ArrayImages(ItemSource):
    """Pictures in an array. See `ItemSource`."""

    kind = "image"
    skipped: list[SkippedRow]

    def __init__(self, pixels: Pixels, labels: Any, name: str, options: ImageOptions) -> None:
        self.name = name
        self.skipped = []
        self._pixels = pixels
        self._labels = labels
        self._options = options

    def __len__(self) -> int:
        return len(self._pixels)

    @property
    def schema(self) -> pa.Schema:
        return _schema(self._labels is not None)

    def batches(self, rows: int) -> Iterator[ItemBatch]:
        """See `ItemSource`."""
        import numpy as np

        for start in range(0, len(self._pixels), rows):
            part = np.ascontiguousarray(self._pixels[start : start + rows])
            ids = [str(row) for row in range(start, start + len(part))]
            facts = [
                {
                    "width": part.shape[2],
                    "height": part.shape[1],
                    "bytes": picture.nbytes,
                    "sha256": hashlib.sha256(picture.tobytes()).hexdigest(),
                    "class": None if self._labels is None else str(self._labels[start + row]),
                }
                for row, picture in enumerate(part)
            ]
            yield _as_batch(ids, facts, _resized(part, self._options), self.schema)


def _schema(classed: bool) -> pa.Schema:
    import pyarrow as pa

    fields = [
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("bytes", pa.int64()),
        ("sha256", pa.string()),
    ]
    return pa.schema([*fields, *([("class", pa.string())] if classed else [])])


def _as_batch(
    ids: list[str], facts: list[dict[str, Any]], pixels: Pixels, schema: pa.Schema
) -> ItemBatch:
    import pyarrow as pa

    stored = pa.Table.from_pylist(facts, schema=schema)
    if len(ids):
        # Copied where it is a single one: NumPy leaves the stride of such an axis undefined.
        whole = pixels.copy() if len(ids) == 1 else pixels
        images: Any = pa.FixedShapeTensorArray.from_numpy_ndarray(whole)
    else:
        images = pa.array([], pa.fixed_shape_tensor(pa.uint8(), pixels.shape[1:]))
    return ItemBatch(pa.array(ids, pa.string()), stored, pa.table({"image": images}))


def _read(file: ItemFile, options: ImageOptions) -> tuple[Pixels, dict[str, Any]] | str:
    """Pixels and what is stored of a picture; or why it cannot be read."""
    from PIL import UnidentifiedImageError

    try:
        data = file.read()
        if not data:
            return "the file is empty"
        picture, width, height = _decoded(data, options)
    except UnidentifiedImageError:
        return "not an image"
    except OSError as error:
        return error.strerror or str(error)
    except (ValueError, SyntaxError, EOFError, SourceError, MemoryError) as error:
        return str(error) or type(error).__name__
    digest = hashlib.sha256(data).hexdigest()
    return picture, {"width": width, "height": height, "bytes": len(data), "sha256": digest}


def _decoded(data: bytes, options: ImageOptions) -> tuple[Pixels, int, int]:
    """(height, width, channels) uint8; and the picture's own width and height, upright."""
    import io

    import numpy as np
    from PIL import Image, ImageOps

    height, width = options.size
    mode = "L" if options.channels == 1 else "RGB"
    with _opened(Image, io.BytesIO(data)) as image:
        own = image.size
        if own[0] * own[1] > options.max_pixels:
            raise SourceError(
                f"{own[0]:,} x {own[1]:,} pixels are more than {options.max_pixels:,}"
            )
        longest = max(height, width) * _DRAFT
        image.draft(mode, (longest, longest))
        if image.getexif().get(0x0112, 1) in (5, 6, 7, 8):  # lies on its side
            own = own[::-1]
        ImageOps.exif_transpose(image, in_place=True)
        picture = _flat(image, mode)
        picture = picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
        pixels = np.asarray(picture, np.uint8).reshape(height, width, options.channels)
    return pixels, own[0], own[1]


def _opened(pillow: Any, file: Any) -> Any:
    """An image; Pillow's own limit is an error of ours."""
    try:
        return pillow.open(file)
    except pillow.DecompressionBombError:
        raise SourceError("more pixels than any camera takes") from None


@contextmanager
def _pillow_limit(pixels: int) -> Iterator[None]:
    """Pillow refuses no picture of up to so many pixels meanwhile.

    Its own limit, less than half of ours, is one number of the whole process. It is put back when
    the last of those who read at once has done.
    """
    from PIL import Image

    global _readers, _limit_before  # noqa: PLW0603
    with _LIMIT:
        if not _readers:
            _limit_before = Image.MAX_IMAGE_PIXELS
        _readers += 1
        if Image.MAX_IMAGE_PIXELS is not None:
            Image.MAX_IMAGE_PIXELS = max(Image.MAX_IMAGE_PIXELS, pixels)
    try:
        yield
    finally:
        with _LIMIT:
            _readers -= 1
            if not _readers:
                Image.MAX_IMAGE_PIXELS = _limit_before


def _flat(image: Any, mode: str) -> Any:
    """Grey or colour, of 8 bits, laid on a ground where it is transparent."""
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        image = _of_8_bits(image)
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        image = _grounded(image.convert("RGBA"))
    return image.convert(mode)


def _of_8_bits(image: Any) -> Any:
    """A picture of more than 8 bits, from black to white by the range of its own values.

    What its numbers mean is not said: 12 bits in 16, parts of 1, or Hounsfield units below 0.
    """
    import numpy as np
    from PIL import Image

    values = np.asarray(image, np.float64)
    finite = np.isfinite(values)
    if not finite.any():
        return Image.new("L", image.size)
    least, most = values[finite].min(), values[finite].max()
    values = np.nan_to_num(values, nan=least, posinf=most, neginf=least)
    grey = np.rint((values - least) / ((most - least) or 1) * 255)
    return Image.fromarray(grey.astype(np.uint8))


def _grounded(image: Any) -> Any:
    """A picture laid on white; or on black, where more of it shows on that.

    A white logo would be gone on white, and with it all that tells it from the next one.
    """
    import numpy as np
    from PIL import Image

    # The means of small parts hold the same sums as the picture does.
    small = np.asarray(image.resize((64, 64), Image.Resampling.BOX), np.float64)
    colour, opacity = small[..., :3], small[..., 3:]
    on_white, on_black = (opacity * (255 - colour)).sum(), (opacity * colour).sum()
    ground = "black" if on_black > on_white else "white"
    return Image.alpha_composite(Image.new("RGBA", image.size, ground), image)


def _resized(pixels: Pixels, options: ImageOptions) -> Pixels:
    """Arrays in the shape that is asked for: (n, height, width, channels)."""
    import numpy as np
    from PIL import Image

    if pixels.ndim == 3:
        pixels = pixels[..., None]
    height, width = options.size
    if pixels.shape[3] != options.channels:
        pixels = _recoloured(pixels, options.channels)
    if pixels.shape[1:3] == (height, width):
        return np.ascontiguousarray(pixels)
    out = np.empty((len(pixels), height, width, options.channels), np.uint8)
    for row, picture in enumerate(pixels):
        image = Image.fromarray(picture[..., 0] if options.channels == 1 else picture)
        small = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
        out[row] = np.asarray(small).reshape(out.shape[1:])
    return out


def _recoloured(pixels: Pixels, channels: int) -> Pixels:
    """Grey from colour by ITU-R BT.601, as Pillow has it; colour from grey by repetition."""
    import numpy as np

    if channels == 3:
        return np.repeat(pixels[..., :1], 3, axis=3)
    weights = np.array([0.299, 0.587, 0.114])
    grey: Pixels = np.rint(pixels[..., :3] @ weights)[..., None].astype(np.uint8)
    return grey
