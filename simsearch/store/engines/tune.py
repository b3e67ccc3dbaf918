"""Tune an engine: take the cheapest setting that reaches the recall wanted.

Held-out points of the corpus ask for their neighbours, and exact search tells the truth. What a
setting costs is counted, not timed: so the same vectors always give the same index. The idea of
choosing by measured recall is that of FLANN (Muja and Lowe, "Scalable Nearest Neighbor
Algorithms for High Dimensional Data", TPAMI 2014, section 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from simsearch.store.engines.engine import Searcher
from simsearch.store.engines.measure import NEIGHBOURS, held_out, recall_of
from simsearch.store.search.rerank import candidates_for

if TYPE_CHECKING:
    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Mask, Rows, Vectors
    from simsearch.store.engines.measure import HeldOut

__all__ = ["DEPTHS", "MARGIN", "Costs", "Tunable", "tuned", "wider"]

# Of the held-out points so many try the settings.
TRIED = 400
DEPTHS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96)
# Looked at only when these are not deep enough: dense clusters share their codes.
DEEPER = (128, 160, 192, 256, 320, 400)
# A setting is taken when it finds this much more than was asked for: of many settings tried,
# the one that is taken is one that was lucky with the points it was tried on.
MARGIN = 0.003
# The part of what may be missed that the codes are given at least; the cells have the rest.
SHARE_OF_LOSS = 0.2
# More is visited for more neighbours, by this power of their number: on word vectors the recall
# of 100 then is that of 10, and of 1,000 still (docs/design/store.md).
WIDER = 0.25

# Nanoseconds, measured with one thread (docs/design/store.md): to compare a number of a centre, to
# read a byte of a cell, and to look again at a candidate: once, and for each of its numbers.
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


def wider(k: int) -> float:
    """How many times as much is to be visited for k neighbours as for those it was tuned for.

    A held-out point asks for one more, as it finds itself: for that no more is visited, or a
    query that is not in the corpus would find less than was measured.
    """
    return float(max(1.0, k / (NEIGHBOURS + 1)) ** WIDER)


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
    if costs.looks:
        _deepen(searcher, points, recall, metric)
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


def _deepen(searcher: Tunable, points: HeldOut, recall: float, metric: Metric) -> None:
    """A deeper look where all cells together do not find enough: their codes mislead."""
    for depth in (*DEPTHS, *DEEPER):
        if depth > searcher.depth and recall_of(searcher, points, metric) < recall:
            searcher.depth = depth


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
    place = np.empty(points.rows.shape, np.int64)
    at = np.full(len(points.vectors) + 1, found.shape[1])  # the last stands for row -1
    for query, mine in enumerate(found):
        at[mine] = np.arange(len(mine))
        place[query] = at[points.rows[query]]
        at[mine] = found.shape[1]
    for depth in depths:
        if np.mean(place < candidates_for(NEIGHBOURS, depth, found.shape[1])) >= wanted:
            return depth
    return None
