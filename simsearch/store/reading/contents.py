"""Everything that is in an index, in memory: ids, stored columns and vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.store.reading.columns import stored_column

if TYPE_CHECKING:
    import pyarrow as pa

    from simsearch.store.engines.engine import Rows, Vectors
    from simsearch.store.reading.reader import IndexReader
    from simsearch.store.reading.segment import Segment

__all__ = ["Contents", "contents"]


@dataclass(frozen=True, slots=True)
class Contents:
    """Items of an index, oldest first.

    Attributes:
        ids: (n,) string or int64.
        stored: n rows, every stored column; null where an item lacks one. A table of no columns
            has no rows.
        vectors: (n, width), prepared by the metric.
    """

    ids: pa.Array
    stored: pa.Table
    vectors: Vectors

    def __len__(self) -> int:
        return len(self.ids)


def contents(reader: IndexReader, where: str | None = None) -> Contents:
    """The items of an index.

    Args:
        reader: of a version.
        where: those alone that fulfil this condition in SQL on the stored columns.

    Raises:
        QueryError: the condition is refused.
    """
    import numpy as np
    import pyarrow as pa

    dtype, width = reader.settings.metric.storage(reader.settings.dimension)
    ids, vectors = [pa.array([], reader.settings.arrow_id_type)], [np.empty((0, width), dtype)]
    stored = [pa.schema(list(reader.types.items())).empty_table()]
    for segment, wanted in zip(reader.segments, reader.matching(where), strict=True):
        mask = segment.alive if wanted is None else wanted
        rows = np.arange(segment.rows) if mask is None else np.flatnonzero(mask)
        ids.append(segment.items.ids.take(pa.array(rows)))
        vectors.append(segment.items.vectors[rows])
        stored.append(_stored(reader, segment, rows))
    tables = pa.concat_tables(stored) if reader.types else pa.table({})
    return Contents(pa.concat_arrays(ids), tables, np.concatenate(vectors))


def _stored(reader: IndexReader, segment: Segment, rows: Rows) -> pa.Table:
    """Every column of some rows of a segment."""
    import pyarrow as pa

    names = [name for name in reader.types if name in segment.items.schema.names]
    parts, start = [], 0
    for count, table in segment.items.tables(names):
        here = rows[(rows >= start) & (rows < start + count)] - start
        columns = {
            name: stored_column(table, count, name, type_) for name, type_ in reader.types.items()
        }
        parts.append(pa.table(columns).take(pa.array(here, pa.int64())))
        start += count
    empty = pa.schema(list(reader.types.items())).empty_table()
    return pa.concat_tables([empty, *parts]) if len(rows) else empty
