"""Measure the recall of an index by held-out points and exact search."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING

from simsearch.store.engines.engine import Measured
from simsearch.store.search.exact import nearest, within, without_self
from simsearch.store.search.rerank import rerank, rerankable

if TYPE_CHECKING:
    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Mask, Rows, Searcher, Vectors

__all__ = [
    "NEIGHBOURS",
    "HeldOut",
    "as_near",
    "asked",
    "asking",
    "drawn",
    "held_out",
    "measure",
    "recall_of",
    "sample",
]

QUERIES = 800
# The truth of so many comparisons of numbers is computed, with fewer queries for many rows.
TRUTH_NUMBERS = 1 << 36
LEAST_QUERIES = 250
NEIGHBOURS = 10
TIMED = 50
# Points that ask for all within a distance; and of how many rows, drawn evenly, the truth is
# known. Points with more rows within than so many are left out.
RANGE_QUERIES, RANGE_ROWS, RANGE_MOST = 100, 32_768, 1_000
# Points that ask are not learnt from where there are at least so many times as many rows.
LEARNT_PER_ASKED = 3
SEED = 1234
# Values are equal when they differ by this part of what they usually are.
SLACK = 1e-5


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Points of the corpus that ask, and what they are to find.

    A point finds itself, which is no feat: its own row is not among the answers.

    Attributes:
        queries: (m, d) float32.
        own: (m,) int64, their rows.
        rows: (m, k) int64, the nearest others.
        values: (m, k) float32, their scores or distances.
        vectors: (n, d), the corpus.
        among: (n,) bool, the rows that may be found; None for all.
    """

    queries: Vectors
    own: Rows
    rows: Rows
    values: Vectors
    vectors: Vectors
    among: Mask | None

    def every(self, most: int) -> HeldOut:
        """At most so many of the points, drawn evenly."""
        each = slice(None, None, -(-len(self.own) // most) or 1)
        return replace(
            self,
            queries=self.queries[each],
            own=self.own[each],
            rows=self.rows[each],
            values=self.values[each],
        )


def asked(vectors: Vectors) -> Rows:
    """(m,) int64: the rows that `held_out` queries with, ascending."""
    count = min(QUERIES, max(LEAST_QUERIES, TRUTH_NUMBERS // max(vectors.size, 1)))
    return drawn(len(vectors), count)


def held_out(vectors: Vectors, metric: Metric) -> HeldOut:
    """Points drawn evenly, and their nearest others by exact search."""
    return asking(vectors, asked(vectors), metric)


def asking(vectors: Vectors, own: Rows, metric: Metric, among: Mask | None = None) -> HeldOut:
    """Some rows, and the nearest others, by exact search.

    Args:
        vectors: (n, d).
        own: (m,) int64, the rows.
        metric: how they are compared.
        among: (n,) bool: rows that may be found; None for all.
    """
    import numpy as np

    queries = np.ascontiguousarray(vectors[own])
    there = len(vectors) if among is None else int(np.count_nonzero(among))
    k = min(NEIGHBOURS + 1, there)
    values, rows = nearest(queries, vectors, k, metric, among)
    if rerankable(metric):  # many at once are compared less exactly than one
        values, rows = rerank(queries, rows, vectors, k, metric)
    values, rows = without_self(values, rows, own)
    return HeldOut(queries, own, rows, values, vectors, among)


def measure(
    searcher: Searcher,
    points: HeldOut,
    metric: Metric,
    bytes_kept: float,
    recall: float | None = None,
) -> Measured:
    """What a searcher finds of the truth, and how long a single query takes.

    Args:
        searcher: over the vectors that the points were drawn from.
        points: see `held_out`.
        metric: of the index.
        bytes_kept: for each vector, beside the vectors.
        recall: where it is known already.
    """
    if recall is None:
        recall = recall_of(searcher, points, metric)
    return Measured(
        recall=round(recall, 4),
        range_recall=round(_range_recall(searcher, points, metric), 4),
        latency_ms=round(_latency(searcher, points.queries), 4),
        bytes_per_vector=round(bytes_kept, 2),
        queries=len(points.queries),
    )


def recall_of(searcher: Searcher, points: HeldOut, metric: Metric) -> float:
    """Share of the nearest that is found. Which of some duplicates does not matter."""
    import numpy as np

    wanted = points.rows.shape[1]
    if not points.rows.size:
        return 1.0
    values, rows = searcher.search(points.queries, wanted + 1, None)
    other = (rows != points.own[:, None]) & (rows >= 0)
    good = as_near(values, points, metric) & other
    return float(np.minimum(good.sum(axis=1), wanted).mean() / wanted)


def as_near(values: Vectors, points: HeldOut, metric: Metric) -> Mask:
    """Where answers are as near as the last true one.

    The order of summing, and with it the last digits, differ between ways to compare. What
    they are worth depends on how long the vectors are.
    """
    import numpy as np

    worst = points.values[:, -1:]
    slack = SLACK * (np.abs(worst) + np.abs(points.values).mean())
    near: Mask = values >= worst - slack if metric.larger_is_closer else values <= worst + slack
    return near


def _range_recall(searcher: Searcher, points: HeldOut, metric: Metric) -> float:
    """Share of what is within a distance that `within` finds.

    The distance is the median one of the last neighbour. Points among very many duplicates are
    left out.
    """
    import numpy as np

    if not points.rows.size:
        return 1.0
    threshold = float(np.median(points.values[:, -1]))
    seen = np.zeros(len(points.vectors), bool)
    seen[drawn(len(seen), RANGE_ROWS)] = True
    if points.among is not None:
        seen &= points.among
    some = points.every(RANGE_QUERIES)
    limits, _, rows = within(some.queries, points.vectors, threshold, metric, seen)
    there = _others(limits, rows, some.own, seen)
    few = there * len(seen) <= RANGE_MOST * np.count_nonzero(seen)
    limits, _, rows = searcher.within(some.queries[few], threshold, None)
    found = np.minimum(_others(limits, rows, some.own[few], seen), there[few]).sum()
    true = there[few].sum()
    return float(found / true) if true else 1.0


def _others(limits: Rows, rows: Rows, own: Rows, seen: Mask) -> Rows:
    """(m,) how many rows of each query are others that were seen."""
    import numpy as np

    query = np.repeat(np.arange(len(own)), np.diff(limits))
    counted = query[(rows != own[query]) & seen[rows]]
    return np.bincount(counted, minlength=len(own))


def _latency(searcher: Searcher, queries: Vectors) -> float:
    """Median milliseconds of single queries, on one thread."""
    import faiss
    import numpy as np

    if not len(queries):  # of a single vector none can be held out
        return 0.0
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        taken = []
        for query in queries[:TIMED]:
            started = perf_counter()
            searcher.search(query[None, :], NEIGHBOURS, None)
            taken.append(perf_counter() - started)
    finally:
        faiss.omp_set_num_threads(threads)
    return float(np.median(taken) * 1e3) if taken else 0.0


def drawn(rows: int, count: int) -> Rows:
    """At most so many row numbers, drawn evenly, ascending."""
    import numpy as np

    if rows <= count:
        return np.arange(rows)
    chosen = np.random.default_rng(SEED).choice(rows, count, replace=False)
    chosen.sort()
    return chosen


def sample(vectors: Vectors, count: int) -> Vectors:
    """At most so many vectors to learn from, drawn evenly, in the order of the file; in memory.

    Those that will ask are left out: what was learnt from a point is found more easily by it
    than by points never seen (by .01 where cells are small). Among few vectors all are needed.
    """
    import numpy as np

    own = asked(vectors)
    if len(vectors) < LEARNT_PER_ASKED * len(own):
        return np.array(vectors[drawn(len(vectors), count)])
    others = np.delete(np.arange(len(vectors)), own)
    return np.array(vectors[others[drawn(len(others), count)]])
