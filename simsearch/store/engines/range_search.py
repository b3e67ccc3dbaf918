"""Everything within a distance, by asking for more and more neighbours.

FAISS's own range searches are missing for some engines, and for HNSW abort the process when one
call holds too many queries. A search for neighbours is there for all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Mask, Rows, Searcher, Vectors

__all__ = ["FIRST", "within_growing"]

FIRST = 64
# Neighbours asked for at a time: bounds the matches to some 50 MB.
NUMBERS = 1 << 22


def within_growing(
    searcher: Searcher,
    rows: int,
    metric: Metric,
    queries: Vectors,
    threshold: float,
    alive: Mask | None,
) -> tuple[Rows, Vectors, Rows]:
    """As `Searcher.within`, from `Searcher.search`.

    Args:
        searcher: asked for the nearest; the number grows until the last is too far.
        rows: that it holds.
        metric: which way is closer.
        queries, threshold, alive: as for `Searcher.within`.
    """
    import numpy as np

    there = rows if alive is None else int(np.count_nonzero(alive))
    matches: list[tuple[Vectors, Rows]] = [
        (np.empty(0, np.float32), np.empty(0, np.int64)) for _ in queries
    ]
    open_queries, k = np.arange(len(queries)), min(FIRST, there)
    while len(open_queries) and k:
        left = []
        step = max(1, NUMBERS // k)
        for start in range(0, len(open_queries), step):
            part = open_queries[start : start + step]
            values, found = searcher.search(queries[part], k, alive)
            close = (found >= 0) & metric.as_close(values, threshold)
            for at, query in enumerate(part):
                if close[at].all() and k < there:
                    left.append(query)
                else:
                    matches[query] = values[at][close[at]], found[at][close[at]]
        open_queries, k = np.array(left, np.int64), min(4 * k, there)
    limits = np.cumsum([0, *(len(values) for values, _ in matches)])
    values = np.concatenate([np.empty(0, np.float32), *(values for values, _ in matches)])
    return limits, values, np.concatenate([np.empty(0, np.int64), *(f for _, f in matches)])
