"""A table of records on its way into an index: opened, surveyed, and an encoder for it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from simsearch.encoders.store import load_encoder
from simsearch.errors import ColumnError, OptionError
from simsearch.index.feed import report
from simsearch.sources import RecordOptions, RecordSource, open_records
from simsearch.sources.ids import ids_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from simsearch.index.feed import Progress
    from simsearch.schema import Encoder

    Source: TypeAlias = str | os.PathLike[str] | pd.DataFrame | pa.Table | RecordSource

__all__ = ["Survey", "compared_columns", "encoder_for", "opened", "survey"]

# An encoder is fitted to at most so many rows, spread evenly over the source.
SAMPLE_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Survey:
    """What one reading of a source told.

    Attributes:
        rows: how many there are.
        ids: the values of the id column as text; None when ids are row numbers.
        sample: rows spread evenly over the source, at most `SAMPLE_ROWS`, all columns.
    """

    rows: int
    ids: pa.StringArray | None
    sample: pa.Table


def opened(source: Source, keywords: dict[str, Any]) -> RecordSource:
    """A source, open.

    Args:
        source: see `open_records`; or one that is open.
        keywords: fields of `RecordOptions`; columns may be in any sequence.
    """
    if isinstance(source, RecordSource):
        return source
    for name in ("columns", "ignore"):
        value = keywords.get(name)
        if value is not None:
            keywords[name] = (value,) if isinstance(value, str) else tuple(value)
    if keywords.get("ignore", ()) is None:
        del keywords["ignore"]
    return open_records(source, options=RecordOptions(**keywords))


def encoder_for(
    encoder: Encoder | str | os.PathLike[str] | None, records: RecordSource, surveyed: Survey
) -> Encoder:
    """The encoder to use.

    Args:
        encoder: one, the folder of one, or None to fit one to the source.
        records: the source.
        surveyed: its sample.

    Raises:
        EncoderError: it cannot be loaded.
        OptionError: it is not for records.
    """
    if encoder is None:
        from simsearch.records.encoder.encoder import RecordEncoder

        return RecordEncoder.fit(surveyed.sample.select(list(records.columns)))
    if isinstance(encoder, (str, os.PathLike)):
        encoder = load_encoder(encoder)
    if encoder.kind != "record":
        raise OptionError(f"the encoder is for {encoder.kind}s; a table needs one for records")
    return encoder


def compared_columns(encoder: Encoder, records: RecordSource) -> tuple[str, ...]:
    """The columns of a source that an encoder goes by, in the order of the source.

    Raises:
        ColumnError: it goes by none of them.
    """
    own = getattr(encoder, "columns", records.columns)
    compared = tuple(name for name in records.columns if name in own)
    if not compared:
        names = ", ".join(map(repr, own))
        raise ColumnError(f"{records.name}: the encoder goes by other columns: {names:.400}")
    return compared


def survey(source: RecordSource, progress: Progress | None = None) -> Survey:
    """Read a source once: count it, take its ids and a sample.

    Raises:
        SourceError: it cannot be read to its end.
        EmptySourceError: it has no rows.
        ColumnError: an id is missing or there twice.
    """
    import pyarrow as pa

    rows, ids, sample = 0, [], _Sample()
    for batch in source.batches():
        if source.id_column is not None:
            ids.append(batch.column(source.id_column))
        sample.add(batch, rows)
        rows += batch.num_rows
    report(progress, "reading", 1.0)
    names = None
    if source.id_column is not None:
        column = pa.table({source.id_column: pa.chunked_array(ids)})
        names = ids_of(column, source.id_column, source.name)
    return Survey(rows, names, sample.table())


class _Sample:
    """Every row, then every second, every fourth …: bounded, even and the same each time."""

    def __init__(self) -> None:
        self._parts: list[pa.RecordBatch] = []
        self._step = 1
        self._rows = 0

    def add(self, batch: pa.RecordBatch, first: int) -> None:
        """Take from a batch whose first row has that number."""
        self._take(batch, -first % self._step, self._step)
        while self._rows > SAMPLE_ROWS:
            parts, self._parts, self._rows = self._parts, [], 0
            self._step *= 2
            phase = 0
            for part in parts:
                self._take(part, phase, 2)
                phase = (phase + part.num_rows) % 2

    def table(self) -> pa.Table:
        import pyarrow as pa

        return pa.Table.from_batches(self._parts)

    def _take(self, batch: pa.RecordBatch, first: int, step: int) -> None:
        import numpy as np

        part = batch if step == 1 else batch.take(np.arange(first, batch.num_rows, step))
        self._parts.append(part)
        self._rows += part.num_rows
