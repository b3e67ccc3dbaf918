"""One deep search of the points that measure an index: their truth, and what less would find.

Exact search of many points takes longer than all else that tuning needs. A search of all cells
that neighbours lie in, with as deep a second look as is ever taken, misses next to none of them in
a part of the time. How far and how deep it has to go is seen on some points whose truth is known;
where it would miss more than a small part of what the index may, exact search answers for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, NamedTuple, Protocol

from simsearch.store.engines.engine import Searcher
from simsearch.store.engines.measure import (
    NEIGHBOURS,
    HeldOut,
    as_near,
    asked,
    asking,
)
from simsearch.store.search.exact import without_self
from simsearch.store.search.rerank import rerank

if TYPE_CHECKING:
    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Rows, Vectors

__all__ = ["CellRanks", "KnownPoints", "Tried", "Tunable", "known"]

# Up to so many rows exact search takes no time that matters.
FEW_ROWS = 16_384
# Of so many points the truth is known by exact search.
CHECKED = 100
# The others are searched for in so many times as many cells, and among so many times as many
# candidates, as the neighbours of these lie in.
FARTHER = 1.25
# What a deep search may miss, of what the index may.
TRUSTED = 0.05
# What is not found among any number of candidates.
NEVER = 1 << 30
# Rows are told apart where at most so many points have others as near as the last.
ALONE = 0.01


class Tunable(Searcher, Protocol):
    """A searcher whose settings can be chosen."""

    visited: int
    depth: int

    def candidates(self, queries: Vectors, count: int, visited: int) -> tuple[Vectors, Rows]:
        """The best by what the cells keep, in that order."""

    def cell_ranks(self, queries: Vectors) -> Rows:
        """(m, cells): how many cells must be visited to come to each."""

    def homes(self) -> Rows:
        """(n,): the cell of each row."""


class CellRanks(NamedTuple):
    """Where rows and points lie.

    Attributes:
        homes: (n,) the cell of each row.
        order: (m, cells) see `Tunable.cell_ranks`, of the points.
    """

    homes: Rows
    order: Rows

    @property
    def cells(self) -> int:
        """How many there are."""
        return int(self.order.shape[1])

    def ranks(self, rows: Rows, points: slice = slice(None)) -> Rows:
        """(m, k): how many cells a point must visit to come to each of its rows, (m, k)."""
        import numpy as np

        ranks: Rows = np.take_along_axis(self.order[points], self.homes[rows], 1)
        return ranks


class Tried:
    """What is found with fewer cells or a less deep look than in one search.

    The candidates of fewer cells are those of more that lie in them, in the same order.

    Args:
        searcher: asked once.
        queries: (m, d), those of the points.
        lie: where rows and points do.
        cells: to visit.
        count: of candidates.

    Attributes:
        found: (m, count) the candidates.
        cells, count: the same.
        places: (m, k): where what is to be found stands among them, -1 for what does not.
    """

    def __init__(
        self, searcher: Tunable, queries: Vectors, lie: CellRanks, cells: int, count: int
    ) -> None:
        import numpy as np

        self.found = searcher.candidates(queries, count, cells)[1]
        self.cells, self.count = cells, count
        self._rank = lie.ranks(self.found).astype(np.int32)
        self._rank[self.found < 0] = lie.cells + 1
        self.places: Rows = np.empty((len(queries), 0), np.int64)

    def aim(self, points: HeldOut) -> None:
        """Say what is to be found."""
        import numpy as np

        places = np.full(points.rows.shape, -1)
        at = np.full(len(points.vectors) + 1, -1)  # the last stands for row -1
        for query, mine in enumerate(self.found):
            at[mine] = np.arange(len(mine))
            at[-1] = -1
            places[query] = at[points.rows[query]]
            at[mine] = -1
        self.places = places

    def needed(self, visited: int) -> Rows:
        """(m * k,): among how many candidates each is, with so many cells; `NEVER` for none.

        Args:
            visited: how many cells, at most those of the search.
        """
        import numpy as np

        inside = self._rank <= visited
        place = np.maximum(self.places, 0)
        met = (self.places >= 0) & np.take_along_axis(inside, place, 1)
        before = np.cumsum(inside, axis=1, dtype=np.int32)
        needed: Rows = np.where(met, np.take_along_axis(before, place, 1), NEVER).ravel()
        return needed

    def covers(self, visited: int, depth: int) -> bool:
        """Whether a search of so many cells, looked at so deep, is a part of this one."""
        return visited <= self.cells and depth * NEIGHBOURS <= self.count

    def least_depth(self, visited: int, wanted: float) -> int | None:
        """The least depth that finds enough with so many cells; None when none does."""
        import numpy as np

        needed = self.needed(visited)
        last = max(0, ceil(wanted * len(needed)) - 1)
        candidates = int(np.partition(needed, last)[last])
        return None if candidates > self.count else max(1, ceil(candidates / NEIGHBOURS))

    def recall(self, visited: int, depth: int) -> float:
        """The share that is found with so many cells and so deep a look."""
        import numpy as np

        needed = self.needed(visited)
        candidates = max(depth * NEIGHBOURS, NEIGHBOURS + 1)  # a point finds itself
        return float(np.count_nonzero(needed <= candidates) / len(needed))


@dataclass(frozen=True, slots=True)
class KnownPoints:
    """The points that measure an index.

    Attributes:
        points: and what they are to find.
        lie: where they and the rows do.
        tried: the deep search, aimed at that; None where there was none.
        alone: whether next to no point has another row as near as the last that it is to find.
    """

    points: HeldOut
    lie: CellRanks
    tried: Tried | None = None
    alone: bool = False


def known(
    searcher: Tunable, vectors: Vectors, metric: Metric, recall: float, count: int
) -> KnownPoints:
    """The points that measure an index, and what they are to find.

    Args:
        searcher: over the vectors; what its cells keep are codes that are read quickly.
        vectors: (n, d).
        metric: of the index.
        recall: that is asked for.
        count: candidates of the deep search; 0 to search exactly.
    """
    import numpy as np

    own = asked(vectors)
    queries = np.ascontiguousarray(vectors[own])
    lie = CellRanks(searcher.homes(), searcher.cell_ranks(queries))
    if not count or len(vectors) <= FEW_ROWS or recall >= 1.0:
        return KnownPoints(asking(vectors, own, metric), lie)
    some = slice(None, None, -(-len(own) // CHECKED))
    sure = asking(vectors, own[some], metric)
    sounding = Tried(
        searcher, sure.queries, CellRanks(lie.homes, lie.order[some]), lie.cells, count
    )
    sounding.aim(sure)
    places = sounding.places
    if np.count_nonzero(places < 0) > TRUSTED * (1 - recall) * places.size:
        return KnownPoints(asking(vectors, own, metric), lie)
    cells = min(lie.cells, ceil(FARTHER * lie.ranks(sure.rows, some).max()))
    count = min(count, ceil(FARTHER * (places.max() + 1)))
    tried = Tried(searcher, queries, lie, cells, count)
    # One more tells whether others are as near as the last.
    values, rows = rerank(queries, tried.found, vectors, NEIGHBOURS + 2, metric)
    values, rows = without_self(values, rows, own)
    if (rows < 0).any():
        return KnownPoints(asking(vectors, own, metric), lie)
    values[some, :-1], rows[some, :-1] = sure.values, sure.rows
    points = HeldOut(queries, own, rows[:, :-1], values[:, :-1], vectors, None)
    tried.aim(points)
    equal = np.count_nonzero(as_near(values[:, -1:], points, metric))
    return KnownPoints(points, lie, tried, alone=bool(equal <= ALONE * len(own)))
