"""Images: photos, drawings, scans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simsearch.kinds.kind import (
    BATCH_ROWS,
    Asked,
    Baseline,
    Kind,
    Learning,
    Opening,
    only_item,
    register,
)
from simsearch.kinds.numbers import file_hashes, source_of_one
from simsearch.sources.images import SUFFIXES, ImageOptions, open_images
from simsearch.sources.picture_arrays import is_idx

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.encoders.encoder import Encoder

__all__ = ["IMAGE", "SMALL"]

# Pictures no larger than this are small: taken as they are, and seen by the small tower.
SMALL = 64

# What the pictures of a batch may take in memory.
BATCH_BYTES = 1 << 26


def _query(item: Any, asked: Asked) -> pa.Table:
    return only_item("image", item, lambda: IMAGE.open(source_of_one(item), asked.reading, {}))


def _batch_rows(reading: Mapping[str, Any]) -> int:
    height, width = reading["size"]
    size = int(height) * int(width) * int(reading["channels"])
    return max(1, min(BATCH_ROWS, BATCH_BYTES // max(1, size)))


def _holds(path: Path) -> bool:
    return is_idx(path.name.lower())


def _takes_array(array: npt.NDArray[np.generic]) -> bool:
    return array.ndim in (3, 4) and array.dtype.str == "|u1"


def _encoder() -> type[Encoder]:
    from simsearch.encoders.image import ImageEncoder

    return ImageEncoder


def _baseline(items: pa.Table) -> npt.NDArray[np.float32]:
    from simsearch.evaluation.baselines import raw_pixels

    return raw_pixels(items)


def _network(reading: Mapping[str, Any]) -> str:
    return "glyph" if max(reading["size"]) <= SMALL else "photo"


def _arguments(reading: Mapping[str, Any]) -> dict[str, Any]:
    return {"channels": reading["channels"], "size": list(reading["size"])}


def _augment(reading: Mapping[str, Any]) -> Callable[[Any, Any], Any]:
    from simsearch.augmentations.images import ImageAugment

    see = ImageAugment.photos() if reading["channels"] == 3 else ImageAugment.glyphs()
    return lambda batch, generator: (see(batch[0], generator),)


IMAGE = register(
    Kind(
        name="image",
        opening=Opening(ImageOptions, open_images),
        query=_query,
        suffixes=SUFFIXES,
        holds=_holds,
        takes_array=_takes_array,
        takes_table=False,
        encoder=_encoder,
        stored_keys=file_hashes,
        sizes=(("width", "height"), ("bytes",)),
        batch_rows=_batch_rows,
        baseline=Baseline("raw pixels", _baseline),
        learning=Learning(_network, _arguments, _augment),
        any_reading={"size": [32, 32], "channels": 1},
    )
)
