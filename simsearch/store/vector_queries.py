"""Query methods of a vector index: nearest items, items within a threshold, pairs.

What nearest items have no need of is imported where it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simsearch.store.search.exact import without_self
from simsearch.store.search.neighbours import Neighbours, Within, named
from simsearch.store.search.query import existing, valid_k, valid_threshold
from simsearch.store.writing.validation import as_ids

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simsearch.store.engines.engine import Rows, Vectors
    from simsearch.store.join import JoinOptions
    from simsearch.store.join.id_pairs import IdPairStream
    from simsearch.store.reading.reader import IndexReader

__all__ = ["VectorQueries"]


class VectorQueries:
    """Queries to the version of an index that a reader has open. See `VectorIndex`."""

    _reader: IndexReader

    def search(self, queries: Vectors, k: int = 10, *, where: str | None = None) -> Neighbours:
        """The k items nearest to each query.

        Args:
            queries: (m, dimension) numbers; (m, dimension / 8) uint8 for hamming.
            k: how many, at least 1.
            where: a condition in SQL on the stored columns; all that fulfil it are compared.

        Raises:
            QueryError: queries of another length or not finite, or a condition refused.
            OptionError: k is no whole number of at least 1.
        """
        k, reader = valid_k(k), self._reader
        wanted = None if where is None else reader.matching(where)
        values, positions = reader.search(queries, k, wanted)
        return Neighbours(named(reader, positions), values)

    def search_within(
        self, queries: Vectors, threshold: float, *, where: str | None = None
    ) -> Within:
        """Every item as close to a query as a threshold.

        Args:
            queries, where: as for `search`.
            threshold: the least score, or the greatest distance.

        Returns:
            All of them where every vector is compared; else the share that `info` states.

        Raises:
            QueryError: as for `search`.
            OptionError: the threshold is no number, or NaN.
        """
        threshold, reader = valid_threshold(threshold), self._reader
        wanted = None if where is None else reader.matching(where)
        limits, values, positions = reader.within(queries, threshold, wanted)
        return Within(limits, named(reader, positions), values)

    def search_like(self, ids: Iterable[Any], k: int = 10) -> Neighbours:
        """The k items nearest to each of some items, without the item itself.

        Args:
            ids: of the items.
            k: how many.

        Raises:
            QueryError: there is no item of that id.
            OptionError: k is no whole number of at least 1.
        """
        k, reader = valid_k(k), self._reader
        own = self._positions(ids)
        values, positions = without_self(*reader.search(reader.vectors(own), k + 1), own)
        return Neighbours(named(reader, positions), values)

    def within(self, threshold: float, *, join: JoinOptions | None = None) -> IdPairStream:
        """Every pair of items that is as close as a threshold: the index joined with itself.

        Each pair comes once, no item with itself, and memory is bounded.

        Args:
            threshold: the least score, or the greatest distance.
            join: memory, the share of the pairs to find, exact or not; None for the defaults.

        Returns:
            Pairs in batches; `report` tells what share of them is found.

        Raises:
            OptionError: the threshold is no number.
        """
        from simsearch.store.join.id_pairs import all_within

        return all_within(self._reader, threshold, join)

    def neighbours(self, k: int = 10, *, join: JoinOptions | None = None) -> IdPairStream:
        """Every pair of items of which one is among the k nearest of the other.

        Args:
            k: how many.
            join: as for `within`.

        Raises:
            OptionError: k is no whole number of at least 1.
        """
        from simsearch.store.join.id_pairs import all_neighbours

        return all_neighbours(self._reader, k, join)

    def vectors(self, ids: Iterable[Any]) -> Vectors:
        """(n, dimension): the stored vectors; of unit length for cosine.

        Raises:
            QueryError: there is no item of that id.
            VectorIndexError: an id is of another type than the index's.
        """
        return self._reader.vectors(self._positions(ids))

    def metadata(self, ids: Iterable[Any]) -> list[dict[str, Any]]:
        """The stored columns of some items; None, or nothing, where an item lacks one."""
        return self._reader.metadata(self._positions(ids))

    def _ids(self, ids: Iterable[Any]) -> Any:
        return as_ids(ids, self._reader.settings.id_type)

    def _positions(self, ids: Iterable[Any]) -> Rows:
        return existing(self._reader, self._ids(ids))
