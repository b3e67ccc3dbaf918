"""Tune an engine: take the cheapest setting that reaches the recall wanted.

Held-out points of the corpus ask for their neighbours, and exact search tells the truth. What a
setting costs is counted, not timed: so the same vectors always give the same index. The idea of
choosing by measured recall is that of FLANN (Muja and Lowe, "Scalable Nearest Neighbor
Algorithms for High Dimensional Data", TPAMI 2014, section 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from simsearch.store.engines.measure import NEIGHBOURS, recall_of
from simsearch.store.engines.tried import Tried, known

if TYPE_CHECKING:
    from collections.abc import Callable

    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Vectors
    from simsearch.store.engines.measure import HeldOut
    from simsearch.store.engines.tried import CellRanks, KnownPoints, Tunable

__all__ = ["DEPTHS", "MARGIN", "Costs", "tuned", "wider"]

DEPTHS = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96)
# Looked at only when these are not deep enough: dense clusters share their codes.
DEEPER = (128, 160, 192, 256, 320, 400)
DEEPEST = DEEPER[-1]
# A setting is taken when it finds this much more than was asked for: of many settings tried,
# the one that is taken is one that was lucky with the points it was tried on.
MARGIN = 0.001
# What is measured may exceed what was wanted by so much, as any of some duplicates will do.
BEYOND = 0.003
# Cells are looked at up to where they leave at least this part of what may be missed to the codes.
SHARE_OF_CODES = 0.8
# So many numbers of cells at least are looked at, between the fewest and the most.
STEPS = 32
# More is visited for more neighbours, by this power of their number: on word vectors the recall
# of 100 then is that of 10, and of 1,000 still (docs/design/store.md).
WIDER = 0.25

# Nanoseconds, measured with one thread (docs/design/store.md): to compare a number of a centre, to
# come to a cell, to read a byte of it, and to look again at a candidate: once, and for each of
# its numbers.
CENTRE_NS, CELL_NS, BYTE_NS, CANDIDATE_NS, NUMBER_NS = 0.1, 150.0, 0.031, 80.0, 0.6


@dataclass(frozen=True, slots=True)
class Costs:
    """What a query costs.

    Attributes:
        cells: how many there are.
        dimension: of a vector.
        bytes_read: of each vector in a cell that is visited.
        looks: whether candidates are looked at again.
        quick: whether they are found by codes that are read quickly.
    """

    cells: int
    dimension: int
    bytes_read: float
    looks: bool
    quick: bool = False

    def of(self, visited: int, rows: float, depth: int) -> float:
        """Nanoseconds a query, as far as one can tell without timing it.

        Args:
            visited: cells.
            rows: in these, on average.
            depth: of the second look.
        """
        centres = self.cells * self.dimension * CENTRE_NS
        candidates = self.looks * depth * NEIGHBOURS
        read = visited * CELL_NS + rows * self.bytes_read * BYTE_NS
        return centres + read + candidates * (CANDIDATE_NS + self.dimension * NUMBER_NS)


def wider(k: int) -> float:
    """How many times as much is to be visited for k neighbours as for those it was tuned for.

    A held-out point asks for one more, as it finds itself: for that no more is visited, or a
    query that is not in the corpus would find less than was measured.
    """
    return float(max(1.0, k / (NEIGHBOURS + 1)) ** WIDER)


def tuned(
    searcher: Tunable, vectors: Vectors, metric: Metric, recall: float, costs: Costs
) -> tuple[dict[str, int], HeldOut, float]:
    """Set the cheapest setting that finds enough.

    Args:
        searcher: over the vectors; `visited` and `depth` are set.
        vectors: (n, d).
        metric: of the index.
        recall: share of the 10 nearest to find.
        costs: of its settings.

    Returns:
        `visited` and `depth`, for the manifest; the points, for `measure`; and the share found.
    """
    deep = DEPTHS[-1] * NEIGHBOURS if costs.quick else 0
    truth = known(searcher, vectors, metric, recall, deep)
    points, tried = truth.points, truth.tried

    @cache
    def found(visited: int, depth: int) -> float:
        if truth.alone and tried is not None and tried.covers(visited, depth):
            return tried.recall(visited, depth)
        searcher.visited, searcher.depth = visited, depth
        return recall_of(searcher, points, metric)

    wanted = min(1.0, recall + MARGIN)
    visited, depth = _cheapest(searcher, truth, wanted, costs)
    if found(visited, depth) > wanted + BEYOND:
        visited = _refined(lambda cells: found(cells, depth) >= wanted, visited, costs.cells)
    while visited < costs.cells and found(visited, depth) < recall:
        visited = min(costs.cells, visited + 1 + visited // 16)
    if costs.looks:
        depth = _deepened(lambda deep: found(visited, deep) >= recall, depth)
    reached = found(visited, depth)
    searcher.visited, searcher.depth = visited, depth
    parameters = {"visited": visited}
    return parameters | ({"depth": depth} if costs.looks else {}), points, reached


def _cheapest(
    searcher: Tunable, truth: KnownPoints, wanted: float, costs: Costs
) -> tuple[int, int]:
    """Cells to visit and depth of the second look."""
    import numpy as np

    points, lie, tried = truth.points, truth.lie, truth.tried
    if not points.rows.size:
        return costs.cells, DEPTHS[-1]
    ranks = lie.ranks(points.rows)
    share = np.cumsum(np.bincount(ranks.ravel(), minlength=costs.cells + 1)) / ranks.size

    def cells_with(part: float) -> int:
        return max(1, int(np.searchsorted(share, min(part, share[-1]))))

    if not costs.looks:
        return cells_with(wanted), 1
    fewest, most = cells_with(wanted), cells_with(wanted + SHARE_OF_CODES * (1 - wanted))
    read = _rows_read(lie)
    for deepest, cells in ((DEPTHS[-1], most), (DEPTHS[-1], costs.cells), (DEEPEST, costs.cells)):
        # What told the truth is as deep as need be for what can be found at all.
        if tried is None or cells > tried.cells or deepest == DEEPEST:
            tried = Tried(searcher, points.queries, lie, cells, deepest * NEIGHBOURS)
            tried.aim(points)
        found = []
        for visited in range(fewest, cells + 1, max(1, (cells - fewest) // STEPS)):
            depth = tried.least_depth(visited, wanted)
            if depth is not None:
                found.append((costs.of(visited, read[visited - 1], depth), visited, depth))
        # More cells cost more, and let a less deep look do; at some point no longer.
        if found and (cells == costs.cells or min(found)[1] < found[-1][1]):
            return min(found)[1:]
    return costs.cells, DEEPEST


def _rows_read(lie: CellRanks) -> Vectors:
    """(cells,): how many rows are in as many cells as are visited, on average.

    The cells near to a query are larger than others: more queries, as more rows, lie there.
    """
    import numpy as np

    homes, order = lie
    sizes = np.bincount(homes, minlength=order.shape[1])
    near = np.empty_like(order)
    np.put_along_axis(near, order - 1, np.broadcast_to(sizes, order.shape), 1)
    read: Vectors = np.cumsum(near.mean(axis=0))
    return read


def _refined(enough: Callable[[int], bool], visited: int, cells: int) -> int:
    """The fewest cells that find enough with the depth that was chosen."""
    high = visited
    while high < cells and not enough(high):
        high = min(cells, _more(high))
    low = high * 2 // 3
    while high - low > max(1, high // 32):
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _deepened(enough: Callable[[int], bool], depth: int) -> int:
    """A deeper look where all cells together do not find enough: their codes mislead."""
    for deeper in (*DEPTHS, *DEEPER):
        if deeper <= depth:
            continue
        if enough(depth):
            break
        depth = deeper
    return depth


def _more(visited: int) -> int:
    return max(visited + 1, visited * 4 // 3)
