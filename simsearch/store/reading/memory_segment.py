"""The items of the small changes since the last manifest: held in memory, few, compared all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simsearch.store.reading.items import MemoryItems
from simsearch.store.reading.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyarrow as pa

    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Mask, Vectors
    from simsearch.store.format.changes import Change

__all__ = ["after", "in_memory"]


class _Piece(NamedTuple):
    """Items that came together."""

    ids: pa.Array
    vectors: Vectors
    table: pa.Table
    alive: Mask


def in_memory(segment: Segment) -> bool:
    """Whether a segment is of small changes, and has no files of its own."""
    return isinstance(segment.items, MemoryItems)


def after(segments: Sequence[Segment], changes: Sequence[Change], metric: Metric) -> list[Segment]:
    """The segments as they are after some changes.

    What the changes added is put together in memory, without what they deleted again, in a
    segment for all changes with the same columns.

    Args:
        segments: before, oldest first; those in memory come last.
        changes: oldest first.
        metric: how vectors are compared.
    """
    import pyarrow as pa

    stored = [segment for segment in segments if not in_memory(segment)]
    pieces = [_piece(segment) for segment in segments if in_memory(segment)]
    if any(len(change.removed) for change in changes):
        removed = pa.concat_arrays([change.removed for change in changes])
        stored = [_without(segment, removed) for segment in stored]
    return [
        *stored,
        *(Segment(items, None, metric) for items in _in_memory(pieces, changes, metric)),
    ]


def _in_memory(
    pieces: list[_Piece], changes: Sequence[Change], metric: Metric
) -> Iterable[MemoryItems]:
    """What is left of the pieces and of what the changes added, in the order it came."""
    place = {
        identifier: (number, row)
        for number, piece in enumerate(pieces)
        for row, identifier in enumerate(piece.ids.to_pylist())
    }
    for change in changes:
        for identifier in change.removed.to_pylist():
            if identifier in place:
                number, row = place.pop(identifier)
                pieces[number].alive[row] = False
        ids = change.ids.to_pylist()
        place.update((identifier, (len(pieces), row)) for row, identifier in enumerate(ids))
        pieces.append(_added(change))
    alike: dict[pa.Schema, list[_Piece]] = {}
    for piece in pieces:
        if piece.alive.any():
            alike.setdefault(piece.table.schema, []).append(piece)
    for some in alike.values():
        yield _joined(some, metric)


def _joined(some: list[_Piece], metric: Metric) -> MemoryItems:
    import numpy as np
    import pyarrow as pa

    alive = np.concatenate([piece.alive for piece in some])
    ids = pa.concat_arrays([piece.ids for piece in some]).filter(pa.array(alive))
    vectors = np.concatenate([piece.vectors[piece.alive] for piece in some])
    table = pa.concat_tables([piece.table for piece in some])
    if table.num_columns:
        table = table.filter(pa.array(alive)).combine_chunks()
    return MemoryItems(ids, vectors, table, metric)


def _piece(segment: Segment) -> _Piece:
    import numpy as np
    import pyarrow as pa

    items = segment.items
    table = pa.concat_tables([table for _, table in items.tables(items.schema.names)])
    return _Piece(items.ids, items.vectors, table, np.ones(items.rows, bool))


def _added(change: Change) -> _Piece:
    import numpy as np
    import pyarrow as pa

    table = pa.Table.from_batches([change.metadata])
    return _Piece(change.ids, change.vectors, table, np.ones(len(change.ids), bool))


def _without(segment: Segment, removed: pa.Array) -> Segment:
    rows = segment.find(removed)
    return segment.without(rows[rows >= 0])
