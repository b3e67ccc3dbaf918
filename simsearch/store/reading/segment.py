"""A segment of a generation: items that never change, and which of them are deleted."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from simsearch.store.reading.columns import stored_column
from simsearch.store.reading.filter import ID
from simsearch.store.search.exact import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Mask, Rows, Vectors
    from simsearch.store.reading.filter import Filter
    from simsearch.store.reading.items import Items

__all__ = ["Segment"]


class Segment:
    """Items as one generation sees them.

    Args:
        items: they may be shared with other generations.
        alive: (rows,) bool, False where a row is deleted; None when none is.
        metric: how vectors are compared.
    """

    def __init__(self, items: Items, alive: Mask | None, metric: Metric) -> None:
        self.items = items
        self.alive = alive
        self.rows = items.rows
        self._metric = metric

    @cached_property
    def _living(self) -> int:
        return self.rows if self.alive is None else int(self.alive.sum())

    def __len__(self) -> int:
        """Items that are not deleted."""
        return self._living

    def without(self, rows: Rows) -> Segment:
        """The same with some more rows deleted."""
        import numpy as np

        if not len(rows):
            return self
        alive = np.ones(self.rows, bool) if self.alive is None else self.alive.copy()
        alive[rows] = False
        return Segment(self.items, alive, self._metric)

    def find(self, sought: pa.Array) -> Rows:
        """(m,) int64: the row of each id; -1 where it is deleted or not here."""
        import numpy as np

        rows = self.items.find(sought)
        if self.alive is None:
            return rows
        return np.where((rows >= 0) & self.alive[rows], rows, -1)

    def matches(self, condition: Filter, types: Mapping[str, pa.DataType]) -> Mask:
        """Which rows fulfil a condition.

        Args:
            condition: on stored columns.
            types: of every column that the index stores: one that is not stored here is null,
                and one that is text elsewhere is text here.

        Returns:
            (rows,) bool; False for a row that is deleted.
        """
        import numpy as np

        stored = [name for name in condition.columns if name in self.items.schema.names]
        wanted = {name: types.get(name) for name in condition.columns}
        parts, start = [np.zeros(0, bool)], 0
        for rows, table in self.items.tables(stored):
            ids = self.items.ids.slice(start, rows)
            parts.append(condition.matches(_completed(table, wanted, ids)))
            start += rows
        mask = np.concatenate(parts)
        return mask if self.alive is None else mask & self.alive

    def search(self, queries: Vectors, k: int, wanted: Mask | None) -> tuple[Vectors, Rows]:
        """The k rows nearest to each query.

        Args:
            queries: (m, width), prepared by the metric.
            k: how many.
            wanted: (rows,) bool: compare each of these and no other (exact, whatever the
                engine); None to search all that are not deleted, as the engine does.

        Returns:
            As `engines.engine.Searcher.search`.
        """
        if wanted is not None:
            return nearest(queries, self.items.vectors, k, self._metric, wanted)
        return self.items.searcher.search(queries, k, self.alive)

    def within(
        self, queries: Vectors, threshold: float, wanted: Mask | None
    ) -> tuple[Rows, Vectors, Rows]:
        """Every row that is as close to a query as the threshold.

        Args:
            queries: (m, width), prepared by the metric.
            threshold: least score, or greatest distance.
            wanted: as for `search`.

        Returns:
            As `engines.engine.Searcher.within`.
        """
        if wanted is not None:
            from simsearch.store.engines.flat import FlatSearcher

            exact = FlatSearcher(self.items.vectors, self._metric)
            return exact.within(queries, threshold, wanted)
        return self.items.searcher.within(queries, threshold, self.alive)


def _completed(table: pa.Table, types: Mapping[str, pa.DataType | None], ids: pa.Array) -> pa.Table:
    """A table with the columns of a condition: the ids, and nulls for what is not stored.

    Args:
        table: those that are stored, of some rows.
        types: the columns, and what they are in all segments; None for the ids.
        ids: of the rows.
    """
    import pyarrow as pa

    whole = {
        name: ids if type_ is None else stored_column(table, len(ids), name, type_)
        for name, type_ in types.items()
    }
    # A condition such as 1 = 1 is on no column at all.
    return pa.table(whole or {ID: ids})
