"""From a table of records into an index: read, embed, write, a batch at a time."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from simsearch.encoders.store import load_encoder
from simsearch.errors import ColumnError, OptionError, SourceError
from simsearch.sources import RecordOptions, RecordSource, open_records
from simsearch.sources.ids import ids_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    import pyarrow as pa

    from simsearch.index.writer import IndexWriter
    from simsearch.schema import Encoder

    Source: TypeAlias = str | os.PathLike[str] | pd.DataFrame | pa.Table | RecordSource
    Progress: TypeAlias = Callable[[str, float], None]

__all__ = ["Survey", "compared_columns", "embed_into", "encoder_for", "opened", "report", "survey"]

# An encoder is fitted to at most so many rows, spread evenly over the source.
SAMPLE_ROWS = 100_000
BATCH_ROWS = 16_384


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


def opened(source: Source, options: RecordOptions | None, keywords: dict[str, Any]) -> RecordSource:
    """A source, open.

    Args:
        source: see `open_records`; or one that is open.
        options: what to read of it; None to take the keywords.
        keywords: fields of `RecordOptions`; columns may be in any sequence.
    """
    if isinstance(source, RecordSource):
        return source
    if options is not None:
        return open_records(source, options=options)
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
        from simsearch.encoders.record import RecordEncoder

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


def embed_into(
    writer: IndexWriter,
    source: RecordSource,
    encoder: Encoder,
    surveyed: Survey,
    progress: Progress | None = None,
) -> None:
    """Embed every row of a source and add it to an index.

    Args:
        writer: of an index that was started.
        source: what `surveyed` tells about.
        encoder: sees the source's chosen columns.
        surveyed: rows and ids.
        progress: called with the stage's name and the share done.

    Raises:
        SourceError: the source is not what it was when it was surveyed.
        VectorIndexError: an id is in the index already, or the index cannot be written.
    """
    import numpy as np
    import pyarrow as pa

    ids, first = surveyed.ids, writer.next_row
    if ids is None:
        ids = pa.array(np.arange(first, first + surveyed.rows)).cast(pa.string())
    writer.check_new(ids)
    done = 0
    for batch in source.batches(BATCH_ROWS):
        table = pa.Table.from_batches([batch]).select(list(source.columns))
        part = ids[done : done + batch.num_rows]
        if len(part) < batch.num_rows:
            break
        writer.add(part, encoder.encode(table), batch)
        done += batch.num_rows
        report(progress, "embedding", done / surveyed.rows)
    else:
        if done == surveyed.rows:
            return
    raise SourceError(f"{source.name} changed while it was read; try again")


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


def report(progress: Progress | None, stage: str, share: float) -> None:
    """Tell how far a stage has come, if anybody wants to know."""
    if progress is not None:
        progress(stage, share)
