"""Many queries against all vectors, in blocks of one matrix product each.

FAISS does the same, and is four times slower here (docs/design/store.md): it keeps a heap for every
query, where a limit and a comparison will do. What the product's rounding might have misjudged
is compared once more, by differences. A query that has too many such rows, as one among
thousands of duplicates or a zero vector has, is left to FAISS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.distance import Metric
from simsearch.store.search.places import places
from simsearch.store.search.rerank import rerank

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from simsearch.store.engines.engine import Mask, Rows, Vectors

    Keys = npt.NDArray[np.float32]

__all__ = ["LEAST_QUERIES", "nearest_in_blocks", "product_keys"]

# With fewer queries FAISS compares them one by one, straight from the memory map.
LEAST_QUERIES = 16
# A product of so many queries and rows takes 32 MB.
QUERIES, ROWS = 1_024, 8_192
# Candidates a query, on average, before the limits are drawn closer: times k, and at least.
# A single query may have as many, too.
HELD_PER_MATCH, HELD = 8, 256
# Numbers in the queries that FAISS is given at a time: with 128,000 and more it would derive
# distances from inner products as well (`distance_compute_blas_threshold`).
NUMBERS = 100_000
# Candidates at a time, some 20 bytes each: fewer queries are taken together for a large k.
MOST_HELD = 1 << 22
# Of the lengths that were multiplied: what a product of float32 may be wrong by.
ROUNDING = 4e-6


def nearest_in_blocks(
    queries: Vectors, vectors: Vectors, k: int, metric: Metric
) -> tuple[Vectors, Rows]:
    """The k rows nearest to each query, nearest first, ties by row number.

    Args:
        queries: (m, d) float32, prepared by the metric.
        vectors: (n, d) float32, contiguous; may be a memory map.
        k: how many, at most n.
        metric: cosine, inner product or euclidean.

    Returns:
        Scores or distances, (m, k) float32, and rows, (m, k) int64.
    """
    import numpy as np

    step = max(1, min(QUERIES, MOST_HELD // max(HELD_PER_MATCH * k, HELD)))
    starts = range(0, len(queries), step)
    parts = [_nearest(queries[i : i + step], vectors, k, metric) for i in starts]
    values, rows = zip(*parts, strict=True)
    return np.concatenate(values), np.concatenate(rows)


def _nearest(queries: Vectors, vectors: Vectors, k: int, metric: Metric) -> tuple[Vectors, Rows]:
    import numpy as np

    candidates = _Candidates(len(queries), k)
    for start in range(0, len(vectors), ROWS):
        keys, slack = product_keys(queries, vectors[start : start + ROWS], metric)
        candidates.take(keys, slack, start)
    values, rows = rerank(queries, candidates.table(), vectors, k, metric)
    left = np.flatnonzero(candidates.crowded)
    step = max(1, NUMBERS // max(queries.shape[1], 1))
    for start in range(0, len(left), step):
        some = left[start : start + step]
        values[some], rows[some] = _heaped(queries[some], vectors, k, metric)
    return values, rows


def _heaped(queries: Vectors, vectors: Vectors, k: int, metric: Metric) -> tuple[Vectors, Rows]:
    """As `_nearest`, by FAISS."""
    import faiss

    values, rows = faiss.knn(queries, vectors, k, metric.faiss_metric)
    return metric.from_faiss(values), rows


def product_keys(queries: Vectors, rows: Vectors, metric: Metric) -> tuple[Keys, Keys]:
    """(m, rows) numbers, smaller where a row is closer; (m,) how wrong they may be.

    Of vectors whose squares float32 cannot hold neither is a number.
    """
    import numpy as np

    with np.errstate(over="ignore", invalid="ignore"):
        # The few queries are multiplied, which rounds nothing, and not the many keys.
        keys = (queries * np.float32(-2 if metric is Metric.EUCLIDEAN else -1)) @ rows.T
        lengths = np.einsum("ij,ij->i", rows, rows)
        own = np.einsum("ij,ij->i", queries, queries)
        slack = ROUNDING * (own + lengths.max(initial=0.0))
        if metric is Metric.EUCLIDEAN:
            keys += lengths
        return keys, slack.astype(np.float32)


class _Candidates:
    """Rows that may be among the nearest, and from where on a row is too far.

    Args:
        queries: how many ask.
        k: how many each wants.

    Attributes:
        crowded: (m,) bool: queries with so many rows about as near as the k-th that
            products cannot tell them apart. They have no candidates.
    """

    def __init__(self, queries: int, k: int) -> None:
        import numpy as np

        self.crowded = np.zeros(queries, bool)
        self._k = k
        self._most = max(HELD_PER_MATCH * k, HELD)
        self._limits = np.full(queries, np.inf, np.float32)
        self._slack = np.zeros(queries, np.float32)
        self._query = np.empty(0, np.int64)
        self._row = np.empty(0, np.int64)
        self._key = np.empty(0, np.float32)
        self._more: list[tuple[Rows, Rows, Keys]] = []
        self._count = 0

    def take(self, keys: Keys, slack: Keys, start: int) -> None:
        """Look at a block of rows, the first of which has a number."""
        import numpy as np

        self._slack = np.maximum(self._slack, slack)
        self._give_up(~np.isfinite(self._slack))  # their squares are no numbers
        if self._count < len(self._limits) * self._k and keys.shape[1] >= self._k:
            self._limit(keys, slice(None))
        close = keys <= self._bounds[:, None]
        many = np.flatnonzero(np.count_nonzero(close, axis=1) > self._most)
        if len(many):
            self._limit(keys, many)
            close[many] = keys[many] <= self._bounds[many, None]
            self._give_up(np.count_nonzero(close, axis=1) > self._most)
            close[self.crowded] = False
        query, column = places(close)
        self._more.append((query, column + start, keys[query, column]))
        self._count += len(query)
        if self._count > len(self._limits) * self._most:
            self._tighten()

    def table(self) -> Rows:
        """(m, most) rows for each query, -1 behind the last."""
        import numpy as np

        self._tighten()
        counts = np.bincount(self._query, minlength=len(self._limits))
        place = np.arange(len(self._query)) - np.repeat(np.cumsum(counts) - counts, counts)
        rows = np.full((len(counts), max(int(counts.max(initial=0)), 1)), -1, np.int64)
        rows[self._query, place] = self._row
        return rows

    @property
    def _bounds(self) -> Keys:
        bounds: Keys = self._limits + 2 * self._slack
        return bounds

    def _limit(self, keys: Keys, queries: Rows | slice) -> None:
        """The k-th of a block is a limit for some queries."""
        import numpy as np

        kth = np.partition(keys[queries], self._k - 1, axis=1)[:, self._k - 1]
        self._limits[queries] = np.fmin(self._limits[queries], kth)

    def _give_up(self, queries: Mask) -> None:
        self.crowded |= queries
        self._limits[self.crowded] = -float("inf")
        self._slack[self.crowded] = 0

    def _tighten(self) -> None:
        """Draw the limits closer, and let go what is beyond them."""
        import numpy as np

        parts = [(self._query, self._row, self._key), *self._more]
        query, row, key = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((row, key, query))
        query, row, key = query[order], row[order], key[order]
        counts = np.bincount(query, minlength=len(self._limits))
        first = np.cumsum(counts) - counts
        full = counts >= self._k
        self._limits[full] = np.minimum(self._limits[full], key[first[full] + self._k - 1])
        kept = key <= self._bounds[query]
        self._give_up(np.bincount(query[kept], minlength=len(counts)) > self._most)
        kept &= ~self.crowded[query]
        self._query, self._row, self._key = query[kept], row[kept], key[kept]
        self._more, self._count = [], int(kept.sum())
