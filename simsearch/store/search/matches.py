"""Make matches of candidates: ids, scores and metadata for each query."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from simsearch.schema import Match

if TYPE_CHECKING:
    from simsearch.store.engines.engine import Rows, Vectors
    from simsearch.store.reading.reader import IndexReader
    from simsearch.store.search.query import QueryOptions

__all__ = ["QueryMatches", "matches"]


@dataclass(frozen=True, slots=True)
class QueryMatches:
    """The matches of one row of a batch of queries.

    Attributes:
        id: the row's id in the batch.
        matches: nearest first; none for a row without a usable value.
    """

    id: str | int
    matches: tuple[Match, ...]


def matches(
    reader: IndexReader, queries: Vectors, ask: QueryOptions, without: int | None = None
) -> list[tuple[Match, ...]]:
    """The matches of each query, nearest first.

    A comparison field by field that orders the candidates anew belongs here: search for more
    than k, order, cut.

    Args:
        reader: of the index.
        queries: (m, width); one that an encoder made all zeros, since it found nothing to go by,
            has no matches.
        ask: how many, how close, among which.
        without: position of an item to leave out.
    """
    import numpy as np

    query, values, positions = _candidates(reader, queries, ask, without is not None)
    kept = positions != (-1 if without is None else without)
    if reader.settings.encoder:
        kept &= np.any(queries, axis=1)[query]
    rows = np.flatnonzero(kept)
    own = query[rows]
    if ask.k is not None:
        # One more was asked for when an item is left out; among many duplicates it may be absent.
        rows = rows[np.arange(len(own)) - np.searchsorted(own, own) < ask.k]
    found = zip(
        reader.id_values(positions[rows]).tolist(),
        values[rows].tolist(),
        reader.metadata(positions[rows]),
        strict=True,
    )
    each = [Match(*match) for match in found]
    ends = np.searchsorted(query[rows], np.arange(len(queries) + 1))
    return [tuple(each[start:end]) for start, end in pairwise(ends.tolist())]


def _candidates(
    reader: IndexReader, queries: Vectors, ask: QueryOptions, one_more: bool
) -> tuple[Rows, Vectors, Rows]:
    """Numbers of queries, scores and positions: (n,) each, every query's nearest first."""
    import numpy as np

    if ask.k is None:
        limits, scores, places = reader.within(queries, ask.min_score or 0.0, ask.wanted)
        return np.repeat(np.arange(len(queries)), np.diff(limits)), scores, places
    values, positions = reader.search(queries, ask.k + one_more, ask.wanted)
    there = positions >= 0
    if ask.min_score is not None:
        there &= reader.settings.metric.as_close(values, ask.min_score)
    return np.nonzero(there)[0], values[there], positions[there]
