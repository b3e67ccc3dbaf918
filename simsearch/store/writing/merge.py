"""Several segments into one: which to merge when more come, and how their rows are copied.

Segments are merged as a log-structured merge tree merges its runs (O'Neil et al., "The
Log-Structured Merge-Tree", Acta Informatica 1996), by size: four neighbours of about the same
size become one of four times the size. So a row is copied a few times in its life, whatever
the number of additions, and the number of segments grows with the logarithm of the rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from simsearch.store.engines.engine import Vectors
    from simsearch.store.reading.segment import Segment

    Batch = tuple[pa.Array, Vectors, pa.Table]

__all__ = ["common_schema", "living", "to_merge"]

# Segments of one size that stand side by side before they are merged.
FANOUT = 4
# The least size that counts: what small changes come to before they are folded.
LEAST_ROWS = 2_048


def to_merge(rows: Sequence[int], most: int) -> int:
    """How many of the last segments should become one.

    Args:
        rows: of each segment, oldest first.
        most: rows that a merged segment may have.

    Returns:
        0 for none, else at least `FANOUT`.
    """
    taken = total = 0
    while True:
        size = _size(total) if taken else _size(rows[-1]) if rows else 0
        start = len(rows) - taken
        while start and _size(rows[start - 1]) <= size and total + rows[start - 1] <= most:
            start -= 1
            total += rows[start]
        run = len(rows) - start
        # What is merged already counts as one.
        if run - taken + bool(taken) < FANOUT:
            return taken
        taken = run


def _size(rows: int) -> int:
    """0 up to `LEAST_ROWS`, one more for each time it is `FANOUT` times as many."""
    size = 0
    while rows > LEAST_ROWS * FANOUT**size:
        size += 1
    return size


def common_schema(segments: Sequence[Segment]) -> pa.Schema | None:
    """The columns of all of them; None when two have a column of the same name that differ."""
    import pyarrow as pa

    schemas = [segment.items.schema.remove_metadata() for segment in segments]
    try:
        return pa.unify_schemas(schemas)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return None


def living(segments: Sequence[Segment], schema: pa.Schema | None) -> Iterator[Batch]:
    """The items that are not deleted, in order, in batches of bounded size.

    Args:
        segments: where they are.
        schema: columns to give, null where an item has none; None for those they have.

    Yields:
        ids, (n, width) vectors, and n rows of metadata.
    """
    import numpy as np
    import pyarrow as pa

    for segment in segments:
        items, start = segment.items, 0
        for rows, table in items.tables(items.schema.names):
            alive = np.ones(rows, bool)
            if segment.alive is not None:
                alive = segment.alive[start : start + rows]
            kept = np.flatnonzero(alive)
            ids = items.ids.slice(start, rows).take(pa.array(kept))
            vectors = items.vectors[start : start + rows][kept]
            start += rows
            if len(kept):
                yield ids, vectors, _completed(table, schema or table.schema, kept)


def _completed(table: pa.Table, schema: pa.Schema, kept: object) -> pa.Table:
    import pyarrow as pa

    if not schema.names:
        return pa.table({})
    rows = len(kept)  # type: ignore[arg-type]  # an array
    chosen = table.take(pa.array(kept)) if table.num_columns else table
    columns = [
        chosen[field.name] if field.name in table.column_names else pa.nulls(rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema=schema)
