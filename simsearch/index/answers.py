"""Candidates become answers: ids, scores and metadata for each query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.schema import Match

if TYPE_CHECKING:
    from simsearch.index.kinds.kind import Vectors
    from simsearch.index.question import Question
    from simsearch.index.reader import IndexReader

__all__ = ["matches"]


def matches(
    reader: IndexReader, queries: Vectors, ask: Question, without: int | None = None
) -> list[tuple[Match, ...]]:
    """The matches of each query, nearest first.

    A comparison field by field that orders the candidates anew belongs here: search for more
    than k, order, cut.

    Args:
        reader: of the index.
        queries: (m, dimension); one that is all zeros has no matches.
        ask: how many, how close, among which.
        without: position of an item to leave out.
    """
    import numpy as np

    k = ask.k + (without is not None)
    values, positions = reader.search(queries, k, ask.wanted)
    kept = (positions >= 0) & np.any(queries, axis=1, keepdims=True)
    if without is not None:
        kept &= positions != without
        kept &= np.cumsum(kept, axis=1) <= ask.k
    if ask.min_score is not None:
        larger = reader.manifest.settings.metric.larger_is_closer
        kept &= values >= ask.min_score if larger else values <= ask.min_score
    found = zip(
        reader.ids(positions[kept]).to_pylist(),
        values[kept].tolist(),
        reader.metadata(positions[kept]),
        strict=True,
    )
    each = [Match(*match) for match in found]
    ends = [0, *np.cumsum(kept.sum(axis=1)).tolist()]
    return [tuple(each[ends[i] : ends[i + 1]]) for i in range(len(queries))]
