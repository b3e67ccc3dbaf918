"""Two blocks of vectors compared: quickly for what may be close, exactly for what is.

A matrix product gives a *score* for each pair, larger for what is closer. It is rounded, and in
|a|² - 2ab + |b|² rounding can be larger than the distance itself. So a score only says that a pair
cannot be close enough, with the bound on its rounding added; what is left is compared number by
number, by a formula that gives duplicates the distance 0 and does not depend on how rows were cut
into blocks.

The bound is that of a dot product of d numbers, d u |a| |b| with u = 2^-24, whatever the order of
the sum (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. 2002, section 3.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.distance import Metric

if TYPE_CHECKING:
    from simsearch.store.engines.engine import Rows, Vectors

__all__ = ["Block", "BlockComparison"]

ROUNDING = 2.0**-24
# Metrics that no matrix product gives are computed for every pair, and are exact at once.
DIRECT = (Metric.MANHATTAN, Metric.HAMMING)


@dataclass(frozen=True, slots=True)
class Block:
    """Some vectors, and what is computed of them once.

    Attributes:
        numbers: (n,) int64, which they are.
        vectors: (n, width), contiguous.
        points: (n, d) float32 for the matrix product; about the centre for euclidean distances.
        halves: (n,) float32, half the squared length of each point.
        length: the greatest length of a point.
    """

    numbers: Rows
    vectors: Vectors
    points: Vectors
    halves: Vectors
    length: float


@dataclass(frozen=True, slots=True)
class BlockComparison:
    """How vectors of a metric are compared.

    Attributes:
        metric: the metric.
        centre: (d,) float32, somewhere amid the vectors: euclidean distances are the same from
            everywhere, and rounding is least where vectors are short.
    """

    metric: Metric
    centre: Vectors

    def block(self, numbers: Rows, vectors: Vectors) -> Block:
        """Vectors ready to be compared."""
        import numpy as np

        vectors = np.ascontiguousarray(vectors)
        if self.metric in DIRECT:
            return Block(numbers, self._padded(vectors), vectors, np.empty(0, np.float32), 0.0)
        points = vectors - self.centre if self.metric is Metric.EUCLIDEAN else vectors
        halves = np.einsum("ij,ij->i", points, points) / 2
        length = float(np.sqrt(2 * halves.max(initial=0)))
        return Block(numbers, vectors, points, halves, length)

    def scores(self, left: Block, right: Block) -> Vectors:
        """(m, n) float32: in each row, larger is closer; rounded."""
        import faiss
        import numpy as np

        if self.metric is Metric.HAMMING:
            return _hamming(left.vectors, right.vectors)
        if self.metric is Metric.MANHATTAN:
            distances = faiss.pairwise_distances(left.vectors, right.vectors, faiss.METRIC_L1)
            return np.negative(distances, out=distances)
        products: Vectors = left.points @ right.points.T
        if self.metric is Metric.EUCLIDEAN:
            products -= right.halves
        return products

    def turned(self, scores: Vectors, left: Block, right: Block) -> Vectors:
        """(n, m): the scores as seen from the right."""
        if self.metric is not Metric.EUCLIDEAN:
            return scores.T
        turned: Vectors = (scores + right.halves).T
        turned -= left.halves
        return turned

    def floors(self, limits: Vectors, left: Block, right: Block) -> Vectors:
        """(m,) float32: below it no pair of that row is as close as the limit.

        Args:
            limits: (m,) scores or distances of the metric; infinite where everything is.
            left: of m vectors.
            right: what they are compared with.
        """
        import numpy as np

        wide = limits.astype(np.float64)
        if self.metric in DIRECT:
            return -limits
        if not self.metric.larger_is_closer:
            dimension = left.points.shape[1]
            reach = wide * (1 + 2 * (dimension + 4) * ROUNDING)
            reach += 2 * ROUNDING * (left.length + right.length)
            wide = left.halves - reach * np.abs(reach) / 2
        wide = wide - self.rounding(left, right) - 2 * ROUNDING * np.abs(wide)
        return wide.astype(np.float32)

    def rounding(self, left: Block, right: Block) -> float:
        """By how much a score may be off."""
        if self.metric in DIRECT:
            return 0.0
        size = left.length * right.length
        if self.metric is Metric.EUCLIDEAN:
            size += left.length**2 + right.length**2
        return float(4 * (left.points.shape[1] + 4) * ROUNDING * size)

    def values(self, scores: Vectors, left: Block, right: Block, at: tuple[Rows, Rows]) -> Vectors:
        """(pairs,) float32, exact scores or distances of the metric.

        Args:
            scores: (m, n) of the same blocks.
            left: of m vectors.
            right: of n.
            at: rows and columns of the pairs.
        """
        import faiss
        import numpy as np

        if self.metric in DIRECT:
            direct: Vectors = -scores[at]
            return direct
        out = np.empty(len(at[0]), np.float32)
        name = "L2sqr" if self.metric is Metric.EUCLIDEAN else "inner_product"
        indexed = getattr(faiss, f"pairwise_indexed_{name}")  # its type stubs leave these out
        i, j = (np.ascontiguousarray(rows, np.int64) for rows in at)
        one, other = left.vectors, right.vectors
        pointers = (faiss.swig_ptr(array) for array in (one, i, other, j, out))
        indexed(one.shape[1], len(out), *pointers)
        values = self.metric.from_faiss(out)
        return np.clip(values, -1, 1) if self.metric is Metric.COSINE else values

    def selves(self, vectors: Vectors) -> Vectors:
        """(n,) float32: how close each vector is to a copy of itself."""
        import numpy as np

        if not self.metric.larger_is_closer:
            return np.zeros(len(vectors), np.float32)
        squares: Vectors = np.einsum("ij,ij->i", vectors, vectors)
        return np.sign(squares) if self.metric is Metric.COSINE else squares

    def _padded(self, vectors: Vectors) -> Vectors:
        """Bits as FAISS takes them, in whole words of 64."""
        import numpy as np

        short = -vectors.shape[1] % 8 if self.metric is Metric.HAMMING else 0
        return np.pad(vectors, ((0, 0), (0, short))) if short else vectors


def _hamming(left: Vectors, right: Vectors) -> Vectors:
    import faiss
    import numpy as np

    out = np.empty((len(left), len(right)), np.int32)
    one, other, counts = (faiss.swig_ptr(array) for array in (left, right, out))
    hammings = faiss.hammings  # type: ignore[attr-defined]  # its type stubs leave this out
    hammings(one, other, len(left), len(right), left.shape[1], counts)
    scores = out.astype(np.float32)
    return np.negative(scores, out=scores)
