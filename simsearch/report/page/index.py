"""The page of an index: a map of its items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.errors import ColumnError, VectorIndexError
from simsearch.report.page.drawing import ClassPoints, points
from simsearch.report.page.placing import placed
from simsearch.report.page.render import rendered

if TYPE_CHECKING:
    from simsearch.index.index import Index

__all__ = ["index_page"]

# Items that are drawn, at most.
_ON_MAP = 5_000
# Stored columns that a point is coloured by where nothing is said, in this order.
_CLASS = ("class", "label")
_TITLE = 120


def index_page(index: Index, by: str | None, seed: int) -> str:
    """The page, as HTML that needs no other file.

    Args:
        index: to be drawn.
        by: stored column to colour by; None: the class, where there is one.
        seed: of the map.

    Raises:
        ColumnError: there is no such column.
        VectorIndexError: fewer than three items, or bits, which have no places.
    """
    reader = index.vectors.reader
    if len(reader) < 3:
        raise VectorIndexError(f"index {index.name!r} has {len(reader)} items; a map needs three")
    if reader.settings.metric.binary:
        raise VectorIndexError(f"index {index.name!r} holds bits; a map is drawn of numbers")
    column = _column(index, by)
    positions = reader.positions(most=_ON_MAP)
    stored = reader.metadata(positions)
    values = [None if column is None else row.get(column) for row in stored]
    names = sorted({str(value) for value in values if value is not None})
    number = {name: place for place, name in enumerate(names)}
    labels = np.array([-1 if value is None else number[str(value)] for value in values])
    places, method = placed(reader.vectors(positions).astype(np.float32), seed)
    ids = reader.ids(positions).to_pylist()
    titles = [
        f"{identifier}: {', '.join(str(value) for value in row.values() if value is not None)}"
        for identifier, row in zip(ids, stored, strict=True)
    ]
    shown = f"{len(positions):,} of {len(reader):,} items"
    if names:
        shown += f", coloured by {column} ({len(names):,} values)"
    return rendered(
        "index.html.j2",
        title=f"Index {index.name}",
        map=points(ClassPoints(places, labels, names, [title[:_TITLE] for title in titles])),
        method=method,
        shown=shown,
    )


def _column(index: Index, by: str | None) -> str | None:
    known = tuple(index.vectors.reader.types)
    if by is not None and by not in known:
        raise ColumnError(
            f"index {index.name!r} stores no column {by!r}; it stores {', '.join(known) or 'none'}"
        )
    return by or next((name for name in _CLASS if name in known), None)
