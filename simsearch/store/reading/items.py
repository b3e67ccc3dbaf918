"""The items of a segment: in its files, or in memory until they are folded."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from simsearch.store.reading.lookup import find, order_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Rows, Searcher, Vectors
    from simsearch.store.search.words import Postings

__all__ = ["Items", "MemoryItems"]


class Items(Protocol):
    """Rows of vectors, ids and metadata that never change. Some may be deleted: see `Segment`.

    Attributes:
        rows: how many.
    """

    rows: int

    @property
    def vectors(self) -> Vectors:
        """(rows, width), prepared by the metric; may be a memory map."""

    @property
    def ids(self) -> pa.Array:
        """One id a row, string or int64, each different."""

    @property
    def schema(self) -> pa.Schema:
        """The stored columns and their types."""

    @property
    def searcher(self) -> Searcher:
        """Finds the rows nearest to a query."""

    @property
    def words(self) -> Postings:
        """Which rows have which words in their texts."""

    def find(self, sought: pa.Array) -> Rows:
        """(m,) int64: the row of each id, -1 where it is not here."""

    def metadata(self, rows: Rows) -> list[dict[str, Any]]:
        """The stored columns of some rows, as Python values, in the order of `rows`."""

    def tables(self, columns: Sequence[str]) -> Iterator[tuple[int, pa.Table]]:
        """Some stored columns of all rows, in order, in tables of bounded size.

        Yields:
            How many rows, which a table without columns cannot tell; and the table.
        """


class MemoryItems:
    """Items of small changes, held in memory and compared one by one.

    Args:
        ids: string or int64, n.
        vectors: (n, width), prepared by the metric.
        table: their n rows of metadata.
        metric: how vectors are compared.
    """

    def __init__(self, ids: pa.Array, vectors: Vectors, table: pa.Table, metric: Metric) -> None:
        self.rows = len(ids)
        self.ids = ids
        self.vectors = vectors
        self._table = table
        self._metric = metric

    @property
    def schema(self) -> pa.Schema:
        """See `Items`."""
        return self._table.schema

    @cached_property
    def searcher(self) -> Searcher:
        """See `Items`."""
        from simsearch.store.engines.flat import FlatSearcher

        return FlatSearcher(self.vectors, self._metric)

    @cached_property
    def words(self) -> Postings:
        """See `Items`."""
        from simsearch.store.reading.words import words_of

        return words_of(self)

    @cached_property
    def _order(self) -> Rows:
        return order_of(self.ids)

    def find(self, sought: pa.Array) -> Rows:
        """See `Items`."""
        return find(sought, self.ids, self._order)

    def metadata(self, rows: Rows) -> list[dict[str, Any]]:
        """See `Items`."""
        if not self._table.num_columns:
            return [{} for _ in rows]
        found: list[dict[str, Any]] = self._table.take(rows).to_pylist()
        return found

    def tables(self, columns: Sequence[str]) -> Iterator[tuple[int, pa.Table]]:
        """See `Items`."""
        yield self.rows, self._table.select(list(columns))
