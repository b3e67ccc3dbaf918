"""Items of any kind from any source: what kind it holds, and the source opened for it."""

from __future__ import annotations

import os
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsearch.errors import EmptySourceError, OptionError, SourceError
from simsearch.schema import ItemBatch
from simsearch.sources.arrays import mapped
from simsearch.sources.picture_arrays import is_idx

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simsearch.schema import ItemSource

__all__ = ["ITEM_KINDS", "kind_of", "open_items", "read_items"]

# kind -> (module, options, function that opens)
_OPENERS = {
    "image": ("images", "ImageOptions", "open_images"),
    "text": ("texts", "TextOptions", "open_texts"),
    "vector": ("features", "FeatureOptions", "open_features"),
    "signal": ("signals", "SignalOptions", "open_signals"),
}
ITEM_KINDS = tuple(_OPENERS)

_IMAGES = {
    ".jpg", ".jpeg", ".png", ".gif", ".bmp", ".webp", ".tif", ".tiff", ".pgm", ".pbm", ".ppm",
    ".avif", ".jp2", ".ico",
}  # fmt: skip
_BY_SUFFIX = dict.fromkeys(_IMAGES, "image") | {".wav": "signal", ".txt": "text"}
_READ_ROWS = 1_024


def open_items(
    source: Any, kind: str, reading: Mapping[str, Any] | None = None, **options: Any
) -> ItemSource:
    """A source of items.

    Args:
        source: what the source of that kind takes, see `open_images`, `open_texts`,
            `open_features`, `open_signals`.
        kind: image, text, vector or signal.
        reading: how the encoder wants them read, see `Encoder.reading`.
        options: of the source of that kind; they go before `reading`. None is not given.

    Raises:
        OptionError: there is no such kind, or the kind has no such option.
        SourceError: it cannot be read.
    """
    if kind not in _OPENERS:
        raise OptionError(f"there is no source of {kind!r}; there are {', '.join(_OPENERS)}")
    module, options_name, opener = _OPENERS[kind]
    found = import_module(f"simsearch.sources.{module}")
    cls = getattr(found, options_name)
    known = [field.name for field in fields(cls)]
    # An array has no one truth value, so () is told by its type.
    given = {name: value for name, value in options.items() if not _is_absent(value)}
    for name in given:
        if name not in known:
            raise OptionError(f"{name!r} is no option for {kind}s; there are {', '.join(known)}")
    wanted = {name: value for name, value in (reading or {}).items() if name in known}
    opened: ItemSource = getattr(found, opener)(source, cls(**{**wanted, **given}))
    return opened


def _is_absent(value: object) -> bool:
    return value is None or (isinstance(value, tuple) and not value)


def kind_of(source: Any) -> str:
    """What a source holds, by its name and looks: record, image, text, vector or signal.

    Raises:
        SourceError: it does not exist, or nothing in it is known.
    """
    if hasattr(source, "__array__") and not hasattr(source, "columns"):
        return _kind_of_array(source)
    if isinstance(source, (list, tuple)):
        return _kind_of_list(source)
    if not isinstance(source, (str, os.PathLike)):
        return "record"
    path = Path(source)
    return _kind_of_folder(path) if path.is_dir() else _kind_of_file(path)


def _kind_of_file(path: Path) -> str:
    name = path.name.lower()
    if name.endswith((".npy", ".npz")):
        return _kind_of_array_file(path)
    if is_idx(name) or name.endswith(".zip"):
        return "image"
    return _BY_SUFFIX.get(path.suffix.lower(), "record")


def _kind_of_folder(folder: Path) -> str:
    """What most of the files in it are."""
    counts: dict[str, int] = {}
    for _, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if not each.startswith(".")]
        for name in names:
            kind = _BY_SUFFIX.get(Path(name).suffix.lower())
            if kind is not None:
                counts[kind] = counts.get(kind, 0) + 1
    if not counts:
        raise SourceError(
            f"{folder} is a folder without pictures, .wav or .txt files; give one with, or a file"
        )
    return max(counts, key=lambda kind: counts[kind])


def _kind_of_list(source: Any) -> str:
    """Of paths that exist what they are; other texts are texts; else arrays are signals."""
    first = next(iter(source), None)
    if isinstance(first, (str, os.PathLike)):
        suffix = Path(first).suffix.lower()
        return _BY_SUFFIX.get(suffix, "text") if Path(first).is_file() else "text"
    return "signal" if hasattr(first, "__len__") else "record"


def _kind_of_array(source: Any) -> str:
    import numpy as np

    array = np.asarray(source)
    if array.ndim in (3, 4) and array.dtype == np.uint8:
        return "image"
    return "signal" if array.ndim == 3 else "vector"


def _kind_of_array_file(path: Path) -> str:
    found = mapped(path)
    return _kind_of_array(next(iter(found.values()), ()) if isinstance(found, dict) else found)


def read_items(source: ItemSource) -> ItemBatch:
    """All items of a source in memory.

    Raises:
        EmptySourceError: none can be read.
    """
    import pyarrow as pa

    batches = list(source.batches(_READ_ROWS))
    if not sum(map(len, batches)):
        why = f" ({source.skipped[0].reason})" if source.skipped else ""
        raise EmptySourceError(f"{source.name} has no {source.kind} that can be read{why}")
    return ItemBatch(
        pa.concat_arrays([batch.ids for batch in batches]),
        pa.concat_tables([batch.stored for batch in batches]),
        pa.concat_tables([batch.items for batch in batches]),
    )
