"""Embeddings of the rows being compared, from the user's encoder or one fitted to them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simsearch.errors import EncoderError

if TYPE_CHECKING:
    import os

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.schema import Encoder

__all__ = ["embed"]


def embed(
    table: pa.Table, encoder: str | os.PathLike[str] | None, seed: int
) -> npt.NDArray[np.float32]:
    """Unit rows; all zeros for a row without a usable value.

    Args:
        table: n rows, the columns to compare.
        encoder: folder of a saved record encoder; None fits one to the table.
        seed: of the fit.

    Returns:
        float32 (n, d).

    Raises:
        EncoderError: the folder cannot be used, or its encoder is not for records.
    """
    return _encoder(table, encoder, seed).encode(table)


def _encoder(table: pa.Table, folder: str | os.PathLike[str] | None, seed: int) -> Encoder:
    """The encoder of the folder, or one fitted here."""
    if folder is None:
        from simsearch.records.encoder.encoder import RecordEncoder

        return RecordEncoder.fit(table, seed=seed)
    from simsearch.encoders.store import load_encoder

    loaded = load_encoder(Path(folder))
    if loaded.kind != "record":
        raise EncoderError(f"{folder} holds an encoder for {loaded.kind}s; records need one")
    return loaded
