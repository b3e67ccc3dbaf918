"""Bring an index up to date with its source: only what changed is embedded and written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.errors import SourceError
from simsearch.index.ingest import BATCH_ROWS, report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.index.ingest import Progress, Survey
    from simsearch.index.reader import IndexReader
    from simsearch.index.writer import IndexWriter
    from simsearch.schema import Encoder
    from simsearch.sources import RecordSource

    Hashes = npt.NDArray[np.uint64]

__all__ = ["Update", "update_into"]


@dataclass(frozen=True, slots=True)
class Update:
    """What an update did.

    Attributes:
        added: items that are new.
        replaced: items whose content changed.
        removed: items that the source no longer has.
        unchanged: items that were left alone.
    """

    added: int
    replaced: int
    removed: int
    unchanged: int


def update_into(
    writer: IndexWriter,
    source: RecordSource,
    encoder: Encoder,
    surveyed: Survey,
    progress: Progress | None = None,
) -> Update:
    """Make the items of an index those of a source.

    Rows are known by their id, without an id column by their number. Whether one changed is
    told by a hash of all its columns.

    Args:
        writer: of the index.
        source: what `surveyed` tells about.
        encoder: the one of the index.
        surveyed: rows and ids.
        progress: called with the stage's name and the share done.

    Raises:
        SourceError: the source is not what it was when it was surveyed.
        VectorIndexError: the index cannot be written.
    """
    import numpy as np
    import pyarrow as pa

    reader = writer.opened
    ids = surveyed.ids
    if ids is None:
        ids = pa.array(np.arange(surveyed.rows)).cast(pa.string())
    types = {**{field.name: field.type for field in source.schema}, **reader.types}
    before = _stored_hashes(reader, types)
    done = added = replaced = 0
    for batch in source.batches(BATCH_ROWS):
        table, part = pa.Table.from_batches([batch]), ids[done : done + batch.num_rows]
        if len(part) < batch.num_rows:
            raise _changed_meanwhile(source)
        positions = reader.positions_of(part)
        known = positions >= 0
        differ = known & (_hashes(table, types) != before[positions])
        rows = np.flatnonzero(~known | differ)
        if len(rows):
            some = table.take(rows)
            vectors = encoder.encode(some.select(list(source.columns)))
            writer.upsert(part.take(pa.array(rows)), vectors, some)
        added += int((~known).sum())
        replaced += int(differ.sum())
        done += batch.num_rows
        report(progress, "comparing", done / max(surveyed.rows, 1))
    if done != surveyed.rows:
        raise _changed_meanwhile(source)
    removed = writer.remove(_gone(reader, ids))
    return Update(added, replaced, removed, done - added - replaced)


def _changed_meanwhile(source: RecordSource) -> SourceError:
    return SourceError(f"{source.name} changed while it was read; try again")


def _gone(reader: IndexReader, ids: pa.Array) -> pa.Array:
    """The ids of the items that are not among those given."""
    import pyarrow as pa
    import pyarrow.compute as pc

    gone = [pa.array([], pa.string())]
    for segment in reader.segments:
        living = segment.items.ids
        if segment.alive is not None:
            living = living.filter(pa.array(segment.alive))
        gone.append(living.filter(pc.invert(pc.is_in(living, ids))))
    return pa.concat_arrays(gone)


def _stored_hashes(reader: IndexReader, types: Mapping[str, pa.DataType]) -> Hashes:
    """(positions,) uint64: the content of every item, deleted ones included."""
    import numpy as np

    parts: list[Hashes] = [np.empty(0, np.uint64)]
    for segment in reader.segments:
        names = [name for name in types if name in segment.items.schema.names]
        parts += [_hashes(table, types) for _, table in segment.items.tables(names)]
    # One more, for position -1: an item that is not there.
    return np.concatenate([*parts, np.zeros(1, np.uint64)])


def _hashes(table: pa.Table, types: Mapping[str, pa.DataType]) -> Hashes:
    """(rows,) uint64: DuckDB's hash of all columns, null where a column is absent.

    It is compared only with others of the same run, never stored.
    """
    import duckdb
    import numpy as np
    import pyarrow as pa

    columns = {
        f"c{number}": _column(table, name, kind)
        for number, (name, kind) in enumerate(types.items())
    }
    database = duckdb.connect(config={"threads": "1"})
    with database:
        rows = database.from_arrow(pa.table(columns))
        found = rows.project(f"hash({_listed(list(columns))}) AS h").fetchnumpy()["h"]
    return np.asarray(found, np.uint64)


def _column(table: pa.Table, name: str, kind: pa.DataType) -> pa.ChunkedArray | pa.Array:
    """A column as the index stores it; as it is where it cannot be converted."""
    import pyarrow as pa

    if name not in table.column_names:
        return pa.nulls(table.num_rows, kind)
    try:
        return table[name].cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
        return table[name]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
