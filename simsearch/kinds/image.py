"""Images: photos, drawings, scans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simsearch.kinds.kind import BATCH_ROWS, Asked, Kind, Opening, only_item, register
from simsearch.kinds.numbers import file_hashes, source_of_one
from simsearch.sources.images import SUFFIXES, ImageOptions, open_images
from simsearch.sources.picture_arrays import is_idx

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.encoders.encoder import Encoder

__all__ = ["IMAGE"]

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
        any_reading={"size": [32, 32], "channels": 1},
    )
)
