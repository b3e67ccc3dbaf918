"""Embeddings of the rows being compared, from the user's encoder or one fitted to them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from simsearch.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.schema import Encoder

__all__ = ["embed"]


def embed(
    table: pa.Table, encoder: Encoder | str | os.PathLike[str] | None, seed: int
) -> npt.NDArray[np.float32]:
    """Unit rows; all zeros for a row without a usable value.

    Args:
        table: n rows, the columns to compare.
        encoder: one of records, or the folder of one; None fits one to the table.
        seed: of the fit.

    Returns:
        float32 (n, d).

    Raises:
        EncoderError: the folder cannot be used, or its encoder is not for records.
    """
    if encoder is None:
        from simsearch.records.encoder.encoder import RecordEncoder

        return RecordEncoder.fit(table, seed=seed).encode(table)
    return _of_records(encoder).encode(table)


def _of_records(encoder: Encoder | str | os.PathLike[str]) -> Encoder:
    """The encoder, or the one in the folder.

    Raises:
        EncoderError: it cannot be loaded, or is for other items.
    """
    if isinstance(encoder, (str, os.PathLike)):
        from simsearch.encoders.store import load_encoder

        loaded, name = load_encoder(Path(encoder)), f"{encoder} holds an encoder"
    else:
        loaded, name = encoder, "the encoder is"
    if loaded.kind != "record":
        raise EncoderError(f"{name} for {loaded.kind}s; records need one")
    return loaded
