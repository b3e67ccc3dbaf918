"""Embeddings of the rows being compared, from the user's encoder or one fitted to them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from simsearch.encoders.store import read_encoder
from simsearch.errors import EncoderError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.encoders.encoder import Encoder

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
    from simsearch.records.encoder.encoder import RecordEncoder

    if encoder is None:
        return RecordEncoder.fit(table, seed=seed).encode_table(table)
    return _of_records(encoder).encode_table(table)


def _of_records(encoder: Encoder | str | os.PathLike[str]) -> Encoder:
    """The encoder, or the one in the folder.

    Raises:
        EncoderError: it cannot be loaded, or is for other items.
    """
    from simsearch.records.encoder.encoder import RecordEncoder

    if isinstance(encoder, (str, os.PathLike)):
        saved = read_encoder(Path(encoder))
        if saved.kind == RecordEncoder.kind:
            return RecordEncoder.from_state(saved.settings, saved.tensors)
        raise EncoderError(f"{encoder} holds an encoder for {saved.kind}s; records need one")
    if encoder.kind != RecordEncoder.kind:
        raise EncoderError(f"the encoder is for {encoder.kind}s; records need one")
    return encoder
