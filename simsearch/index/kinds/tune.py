"""An index measures itself, and takes the cheapest setting that finds enough.

Held-out points of the corpus ask for their neighbours, and exact search tells the truth. What a
setting costs is counted, not timed: so the same vectors always give the same index. The idea of
choosing by measured recall is that of FLANN (Muja and Lowe, "Scalable Nearest Neighbor
Algorithms for High Dimensional Data", TPAMI 2014, section 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from simsearch.index.exact import nearest
from simsearch.index.kinds.kind import Measured, Searcher
from simsearch.index.kinds.rerank import candidates_for, rerank, rerankable

if TYPE_CHECKING:
    from simsearch.distance import Metric
    from simsearch.index.kinds.kind import Mask, Rows, Vectors

__all__ = [
    "Costs",
    "HeldOut",
    "Tunable",
    "drawn",
    "held_out",
    "measure",
    "sample",
    "tuned",
    "wider",
]

QUERIES = 800
# Of these, so many try the settings.
TRIED = 400
# The truth of so many comparisons of numbers is computed, with fewer queries for many rows.
TRUTH_NUMBERS = 1 << 36
LEAST_QUERIES = 250
NEIGHBOURS = 10
TIMED = 50
# Points that ask are not learnt from where there are at least so many times as many rows.
LEARNT_PER_ASKED = 3
DEPTHS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96)
# Looked at only when these are not deep enough: dense clusters share their codes.
DEEPER = (128, 160, 192, 256, 320, 400)
# A setting is taken when it finds this much more than was asked for: of many settings tried,
# the one that is taken is one that was lucky with the points it was tried on.
MARGIN = 0.003
# The part of what may be missed that the codes are given at least; the cells have the rest.
SHARE_OF_LOSS = 0.2
SEED = 1234
# More is visited for more neighbours, by this power of their number: on word vectors the recall
# of 100 then is that of 10, and of 1,000 still (docs/index.md).
WIDER = 0.25
# Values are equal when they differ by this part of what they usually are.
SLACK = 1e-5

# Nanoseconds, measured with one thread (docs/index.md): to compare a number of a centre, to read
# a byte of a cell, and to look again at a candidate: once, and for each of its numbers.
CENTRE_NS, BYTE_NS, CANDIDATE_NS, NUMBER_NS = 0.1, 0.17, 90.0, 1.4


@dataclass(frozen=True, slots=True)
class Costs:
    """What a query costs.

    Attributes:
        cells: how many there are.
        rows: vectors.
        dimension: of a vector.
        bytes_read: of each vector in a cell that is visited.
        looks: whether candidates are looked at again.
    """

    cells: int
    rows: int
    dimension: int
    bytes_read: float
    looks: bool

    def of(self, visited: int, depth: int) -> float:
        """Nanoseconds a query, as far as one can tell without timing it."""
        centres = self.cells * self.dimension * CENTRE_NS
        read = visited / self.cells * self.rows * self.bytes_read * BYTE_NS
        candidates = self.looks * depth * NEIGHBOURS
        return centres + read + candidates * (CANDIDATE_NS + self.dimension * NUMBER_NS)


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Points of the corpus that ask, and what they are to find.

    A point finds itself, which is no feat: its own row is not among the answers.

    Attributes:
        queries: (m, d) float32.
        own: (m,) int64, their rows.
        rows: (m, k) int64, the nearest others.
        values: (m, k) float32, their scores or distances.
    """

    queries: Vectors
    own: Rows
    rows: Rows
    values: Vectors

    def every(self, most: int) -> HeldOut:
        """At most so many of the points, drawn evenly."""
        each = slice(None, None, -(-len(self.own) // most) or 1)
        return HeldOut(self.queries[each], self.own[each], self.rows[each], self.values[each])


class Tunable(Searcher, Protocol):
    """A searcher whose settings can be chosen."""

    visited: int
    depth: int

    def candidates(
        self, queries: Vectors, count: int, visited: int, alive: Mask | None = None
    ) -> tuple[Vectors, Rows]:
        """The best by what the cells keep, in that order."""

    def cell_ranks(self, queries: Vectors, rows: Rows) -> Rows:
        """How many cells must be visited to meet each row."""


def asked(vectors: Vectors) -> Rows:
    """(m,) int64: the rows that `held_out` asks about, ascending."""
    count = min(QUERIES, max(LEAST_QUERIES, TRUTH_NUMBERS // max(vectors.size, 1)))
    return drawn(len(vectors), count)


def wider(k: int) -> float:
    """How many times as much is to be visited for k neighbours as for those it was tuned for.

    A held-out point asks for one more, as it finds itself: for that no more is visited, or a
    query that is not in the corpus would find less than was measured.
    """
    return float(max(1.0, k / (NEIGHBOURS + 1)) ** WIDER)


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
    other = rows != own[:, None]
    other[other.all(axis=1), -1:] = False  # among many copies it did not find itself
    shape = (len(own), k - 1)
    return HeldOut(queries, own, rows[other].reshape(shape), values[other].reshape(shape))


def tuned(
    searcher: Tunable, vectors: Vectors, metric: Metric, recall: float, costs: Costs
) -> tuple[dict[str, int], HeldOut]:
    """Set the cheapest setting that finds enough.

    Args:
        searcher: over the vectors; `visited` and `depth` are set.
        vectors: (n, d).
        metric: of the index.
        recall: share of the 10 nearest to find.
        costs: of its settings.

    Returns:
        `visited` and `depth`, for the manifest; and the points, for `measure`.
    """
    points = held_out(vectors, metric)
    wanted = min(1.0, recall + MARGIN)
    tried = points.every(TRIED)
    searcher.visited, searcher.depth = _cheapest(searcher, tried, wanted, costs)
    _refine(searcher, tried, wanted, metric, costs.cells)
    while searcher.visited < costs.cells and recall_of(searcher, points, metric) < recall:
        searcher.visited = min(costs.cells, searcher.visited + 1 + searcher.visited // 16)
    parameters = {"visited": searcher.visited}
    if costs.looks:
        parameters["depth"] = searcher.depth
    return parameters, points


def _cheapest(searcher: Tunable, points: HeldOut, wanted: float, costs: Costs) -> tuple[int, int]:
    """Cells to visit and depth of the second look."""
    import numpy as np

    if not points.rows.size:
        return costs.cells, DEPTHS[-1]
    ranks = searcher.cell_ranks(points.queries, points.rows)
    share = np.cumsum(np.bincount(ranks.ravel(), minlength=costs.cells + 1)) / ranks.size
    if not costs.looks:
        return max(1, int(np.searchsorted(share, min(wanted, share[-1])))), 1
    # Where the cells lose all that may be lost, no look is deep enough.
    start = wanted + SHARE_OF_LOSS * (1 - wanted)
    visited = max(1, int(np.searchsorted(share, min(start, share[-1]))))
    found: list[tuple[float, int, int]] = []
    while True:
        depth = _depth(searcher, points, wanted, visited)
        if depth is not None:
            found.append((costs.of(visited, depth), visited, depth))
        # More cells cost more, and let a less deep look do; at some point no longer.
        past = len(found) > 1 and found[-1][0] > min(found)[0]
        if visited == costs.cells or depth == DEPTHS[0] or past:
            break
        visited = min(costs.cells, _more(visited))
    return min(found)[1:] if found else (costs.cells, DEEPER[-1])


def _refine(searcher: Tunable, points: HeldOut, wanted: float, metric: Metric, cells: int) -> None:
    """The fewest cells that find enough with the depth that was chosen."""

    def enough(visited: int) -> bool:
        searcher.visited = visited
        return recall_of(searcher, points, metric) >= wanted

    high = searcher.visited
    while high < cells and not enough(high):
        high = min(cells, _more(high))
    low = high * 2 // 3
    while high - low > max(1, high // 32):
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    searcher.visited = high


def _more(visited: int) -> int:
    return max(visited + 1, visited * 4 // 3)


def _depth(searcher: Tunable, points: HeldOut, wanted: float, visited: int) -> int | None:
    """The least depth that finds enough with so many cells; None when none does."""
    for depths in (DEPTHS, DEEPER):
        enough = _depth_among(depths, searcher, points, wanted, visited)
        if enough is not None:
            return enough
    return None


def _depth_among(
    depths: tuple[int, ...], searcher: Tunable, points: HeldOut, wanted: float, visited: int
) -> int | None:
    import numpy as np

    found = searcher.candidates(points.queries, depths[-1] * NEIGHBOURS, visited)[1]
    place = np.full(points.rows.shape, found.shape[1], np.int64)
    for column, sought in enumerate(points.rows.T):
        query, at = np.nonzero(found == sought[:, None])
        place[query, column] = at
    for depth in depths:
        if np.mean(place < candidates_for(NEIGHBOURS, depth, found.shape[1])) >= wanted:
            return depth
    return None


def measure(searcher: Searcher, points: HeldOut, metric: Metric, bytes_kept: float) -> Measured:
    """What a searcher finds of the truth, and how long a single query takes.

    Args:
        searcher: over the vectors that the points were drawn from.
        points: see `held_out`.
        metric: of the index.
        bytes_kept: for each vector, beside the vectors.
    """
    return Measured(
        recall=round(recall_of(searcher, points, metric), 4),
        range_recall=round(_range_recall(searcher, points, metric), 4),
        latency_ms=round(_latency(searcher, points.queries), 4),
        bytes_per_vector=round(bytes_kept, 2),
        queries=len(points.queries),
    )


def recall_of(searcher: Searcher, points: HeldOut, metric: Metric) -> float:
    """Share of the nearest that is found. Equals count: among copies it does not matter which."""
    import numpy as np

    wanted = points.rows.shape[1]
    if not points.rows.size:
        return 1.0
    values, rows = searcher.search(points.queries, wanted + 1, None)
    other = (rows != points.own[:, None]) & (rows >= 0)
    good = _as_near(values, points, metric) & other
    return float(np.minimum(good.sum(axis=1), wanted).mean() / wanted)


def _as_near(values: Vectors, points: HeldOut, metric: Metric) -> Mask:
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

    The distance is the median one of the last neighbour; points whose last neighbour is
    nearer have more within it than is known, and are left out.
    """
    import numpy as np

    if not points.rows.size:
        return 1.0
    last = points.values[:, -1]
    threshold = float(np.median(last))
    known = np.flatnonzero(~metric.as_close(last, threshold))
    true = metric.as_close(points.values[known], threshold).sum(axis=1)
    if not true.sum():
        return 1.0
    limits, _, rows = searcher.within(points.queries[known], threshold, None)
    own = np.repeat(points.own[known], np.diff(limits))
    query = np.repeat(np.arange(len(known)), np.diff(limits))[rows != own]
    found = np.bincount(query, minlength=len(known))
    return float(np.minimum(found, true).sum() / true.sum())


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
