"""Cells: vectors by their nearest centre, and which further cells each of them visits.

Two vectors meet when one visits the other's home cell. Between two cells runs the plane of equal
distance to both centres, and a vector's *margin* to another cell is how far it lies from that
plane. Two vectors of different cells are at least as far apart as each is from the plane, so a
vector that visits all cells within margin t meets every vector within distance t. Most pairs
stand askew to the plane and need far less. A fixed number of nearest cells for every vector, the
usual rule, spends as much on one in the middle of its cell as on one at the edge.

Cells are made in a space where euclidean distance orders pairs as the metric does, or nearly so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from simsearch.distance import Metric
from simsearch.store.join.compare import ROUNDING
from simsearch.store.join.tiles import Tile, Work, tiled
from simsearch.store.search.places import places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simsearch.store.engines.engine import Mask, Rows, Vectors

__all__ = ["Cells", "Visits", "farthest", "points"]

# Points a centre and rounds of k-means: more gave cells that cost no less.
TRAINING_POINTS, TRAINING_ROUNDS = 32, 6
# Margins computed at once.
TABLE_CELLS = 1_048_576
# Centres closer than this share of the longest vector count as so far apart.
LEAST_APART = 1e-3


def points(metric: Metric, vectors: Vectors, centre: Vectors) -> Vectors:
    """(n, d) float32: vectors in the space of the cells.

    As they are for cosine; their directions for inner product; about the centre for euclidean
    and manhattan distances; bits as 0 and 1 for hamming.
    """
    import numpy as np

    if metric is Metric.HAMMING:
        return np.unpackbits(vectors, axis=1).astype(np.float32)
    if metric is Metric.INNER_PRODUCT:
        return Metric.COSINE.prepare(vectors)
    return np.ascontiguousarray(vectors) if metric is Metric.COSINE else vectors - centre


def farthest(metric: Metric, threshold: float) -> float:
    """The greatest distance, in the space of the cells, of two vectors within a threshold.

    Manhattan distances are at least as long as euclidean ones. There is no such distance for
    inner products, nor for cosines up to 0, which vectors of zeros have with all others.
    """
    if metric is Metric.INNER_PRODUCT or (metric is Metric.COSINE and threshold <= 0):
        return math.inf
    if metric is Metric.COSINE:
        return math.sqrt(max(0.0, 2 - 2 * threshold) + 1e-6)  # unit vectors are rounded
    return math.sqrt(max(0.0, threshold)) if metric is Metric.HAMMING else max(0.0, threshold)


@dataclass(frozen=True)
class Cells:
    """Every vector in its home cell.

    Attributes:
        work: what is joined.
        centres: (cells, d) float32.
        home: (vectors,) int64, the nearest centre of each.
    """

    work: Work
    centres: Vectors
    home: Rows

    @classmethod
    def of(cls, work: Work, seed: int) -> Cells:
        """About sqrt(2 n) cells: to find a home then costs as much as to meet a cell."""
        import faiss
        import numpy as np

        count = len(work.corpus)
        cells = max(1, min(count, math.isqrt(2 * count)))
        size = min(count, TRAINING_POINTS * cells)
        size = min(size, max(cells, work.sizes.panel))
        drawn = np.random.default_rng(seed).choice(count, size, replace=False)
        found = cls(work, np.empty((0, 0), np.float32), np.empty(0, np.int64))
        training = found.points(np.sort(drawn))
        means = faiss.Kmeans(
            training.shape[1], cells, niter=TRAINING_ROUNDS, seed=seed + 1,
            min_points_per_centroid=1, max_points_per_centroid=TRAINING_POINTS,
        )  # fmt: skip
        means.train(training)
        centres = np.asarray(means.centroids)
        home = np.empty(count, np.int64)
        step = max(1, min(work.sizes.panel, 16 * TABLE_CELLS // cells))
        for start in range(0, count, step):
            some = found.points(np.arange(start, min(start + step, count)))
            home[start : start + step] = faiss.knn(some, centres, 1)[1][:, 0]
        return cls(work, centres, home)

    def points(self, numbers: Rows) -> Vectors:
        """(n, d) float32: some vectors in the space of the cells."""
        comparison = self.work.comparison
        return points(comparison.metric, self.work.corpus.take(numbers), comparison.centre)

    @cached_property
    def sizes(self) -> Rows:
        """(cells,) int64, how many vectors are at home in each."""
        import numpy as np

        return np.bincount(self.home, minlength=len(self.centres))

    @cached_property
    def members(self) -> tuple[Rows, ...]:
        """The vectors at home in each cell, ascending."""
        import numpy as np

        order = np.argsort(self.home, kind="stable")
        return tuple(np.split(order, np.cumsum(self.sizes)[:-1]))

    @cached_property
    def _squares(self) -> Vectors:
        import numpy as np

        squares: Vectors = np.einsum("ij,ij->i", self.centres, self.centres)
        return squares

    @cached_property
    def _apart(self) -> Vectors:
        """(cells, cells) float32, twice the distances between centres."""
        import numpy as np

        squares = self._squares[:, None] + self._squares - 2 * (self.centres @ self.centres.T)
        least = LEAST_APART**2 * float(self._squares.max(initial=0)) + np.finfo(np.float32).tiny
        apart: Vectors = 2 * np.sqrt(np.maximum(squares, least))
        return apart

    def distances(self, some: Vectors) -> Vectors:
        """(n, cells) float32, squared distances of points to centres, but for the points' own."""
        distances: Vectors = self._squares - 2 * (some @ self.centres.T)
        return distances

    def margins(self, some: Vectors, distances: Vectors, home: Rows) -> Vectors:
        """(n, cells) float32, the margin of points to each cell; 0 to their own.

        The bound on rounding is taken off, so that a margin is never found too large.

        Args:
            some: (n, d) points.
            distances: of them, overwritten.
            home: (n,) cells.
        """
        import numpy as np

        rows = np.arange(len(some))
        longest = float(np.einsum("ij,ij->i", some, some).max(initial=0))
        longest = max(longest, float(self._squares.max(initial=0)))
        rounding = 8 * (some.shape[1] + 4) * ROUNDING * longest
        distances -= distances[rows, home][:, None] + rounding
        distances /= self._apart[home]
        distances[rows, home] = 0
        return distances

    def tables(self, numbers: Rows) -> Iterator[tuple[Rows, Vectors]]:
        """Margins of many vectors, some at a time."""
        step = max(1, TABLE_CELLS // len(self.centres))
        for start in range(0, len(numbers), step):
            held = numbers[start : start + step]
            some = self.points(held)
            yield held, self.margins(some, self.distances(some), self.home[held])

    def needed(self, left: Rows, right: Rows, nearness: Vectors) -> Vectors:
        """(pairs,) float32, the margin from which on two points meet: 0 in the same cell.

        Args:
            left, right: (pairs,) vectors.
            nearness: (pairs,) float32, 1; less for a point on the way to the right vector, at
                that share of its distance from the left one.
        """
        import numpy as np

        out = np.empty(len(left), np.float32)
        step = max(1, TABLE_CELLS // len(self.centres))
        for start in range(0, len(left), step):
            at = slice(start, start + step)
            some, others = self.points(left[at]), self.points(right[at])
            others = some + nearness[at, None] * (others - some)
            distances, theirs = self.distances(some), self.distances(others)
            home = self.home[left[at]]
            homes = np.where(nearness[at] < 1, theirs.argmin(axis=1), self.home[right[at]])
            rows = np.arange(len(some))
            there = self.margins(some, distances, home)[rows, homes]
            here = self.margins(others, theirs, homes)[rows, home]
            out[at] = np.maximum(np.minimum(here, there), 0)
        return out


@dataclass(frozen=True)
class Visits:
    """Vectors in all the cells where they meet others.

    Attributes:
        cells: with every vector at home.
        keys: (visits,) int64, ascending: cell * vectors + vector, without homes.
    """

    cells: Cells
    keys: Rows

    @classmethod
    def within(cls, cells: Cells, margin: float) -> Visits:
        """Every vector visits the cells within that margin."""
        import numpy as np

        count = len(cells.home)
        keys = [np.empty(0, np.int64)]
        for some, table in cells.tables(np.arange(count)):
            close = table <= margin
            close[np.arange(len(some)), cells.home[some]] = False
            rows, visited = places(close)
            keys.append(visited * count + some[rows])
        return cls(cells, np.sort(np.concatenate(keys)))

    @property
    def mean(self) -> float:
        """Cells that a vector meets on average, its own included."""
        return 1 + len(self.keys) / max(1, len(self.cells.home))

    def tiles(self) -> Iterator[Tile]:
        """The members of each cell with each other and with its visitors."""
        import numpy as np

        count = len(self.cells.home)
        limits = np.searchsorted(self.keys, np.arange(len(self.cells.centres) + 1) * count)
        for cell, members in enumerate(self.cells.members):
            visitors = self.keys[limits[cell] : limits[cell + 1]] - cell * count
            both = np.concatenate([members, visitors])
            yield from tiled(self.cells.work, members, both, self._owned)

    def _owned(self, member: Rows, other: Rows) -> Mask:
        """Whether a pair counts in the cell of the member.

        In one home, a pair counts once. A visitor's pair counts here unless they meet in the
        visitor's home as well and that comes first.
        """
        import numpy as np

        here, there = self.cells.home[member], self.cells.home[other]
        keys = there * len(self.cells.home) + member
        place = np.minimum(np.searchsorted(self.keys, keys), max(0, len(self.keys) - 1))
        back = self.keys[place] == keys if len(self.keys) else np.zeros(len(keys), bool)
        mine: Mask = np.where(here == there, member < other, (here < there) | ~back)
        return mine
