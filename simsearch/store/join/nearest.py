"""The nearest other vectors of each vector, kept while a join goes on."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Rows, Vectors
    from simsearch.store.join.tiles import Tile, Work

__all__ = ["Nearest", "array"]


def array(shape: tuple[int, ...], dtype: npt.DTypeLike, memory: int) -> npt.NDArray[Any]:
    """An array in memory, or in a temporary file when it takes more than so many bytes."""
    import numpy as np

    if np.dtype(dtype).itemsize * int(np.prod(shape)) <= memory:
        return np.empty(shape, dtype)
    with tempfile.TemporaryFile(prefix="simsearch-join-") as file:
        return np.memmap(file, dtype, "w+", shape=shape)


class Nearest:
    """For each vector the nearest others met so far, ties by number.

    Args:
        vectors: how many there are lists for.
        width: how many others are kept.
        metric: how they are compared.
        memory: bytes; lists that take more lie in a temporary file.
        which: (vectors,) ascending, the vectors with lists; None for all.

    Attributes:
        far: (vectors, width) float32, nearest first: distances, or scores with the sign turned;
            infinite where there are fewer.
        others: (vectors, width), their numbers; the largest integer where there are fewer.
    """

    def __init__(
        self, vectors: int, width: int, metric: Metric, memory: int, which: Rows | None = None
    ) -> None:
        import numpy as np

        self.width = width
        self.which = which
        self.sign = -1 if metric.larger_is_closer else 1
        self.number = np.int32 if vectors < 2**31 - 1 else np.int64
        self.none = np.iinfo(self.number).max
        self.far: Vectors = array((vectors, width), np.float32, memory // 4)
        self.others: Rows = array((vectors, width), self.number, memory // 4)
        self.far[:] = np.inf
        self.others[:] = self.none

    def compare(self, work: Work, tile: Tile) -> None:
        """Take in a tile, on both sides."""
        from simsearch.store.join.tiles import Tile

        scores = work.comparison.scores(tile.left, tile.right)
        self.take(work, tile, scores)
        turned = Tile(tile.right, tile.left, lambda one, other: tile.owned(other, one))
        self.take(work, turned, work.comparison.turned(scores, tile.left, tile.right))

    def take(self, work: Work, tile: Tile, scores: Vectors) -> None:
        """Take in what is near to the vectors on the left of a tile.

        Args:
            work: what is joined.
            tile: of m and n vectors.
            scores: (m, n).
        """
        from simsearch.store.join.tiles import close

        floors = self._floors(work, tile, scores)
        for one, other, values in close(work, tile, scores, floors):
            self._push(self._place(one), other, self.sign * values)

    def _place(self, numbers: Rows) -> Rows:
        """The lists of some vectors."""
        import numpy as np

        return numbers if self.which is None else np.searchsorted(self.which, numbers)

    def _floors(self, work: Work, tile: Tile, scores: Vectors) -> Vectors:
        """(m,) scores below which nothing is near enough to be kept.

        Where fewer are known than are kept, the tile itself tells: what is farther than that
        many of the tile cannot be among the nearest. One more is counted: it may hold the
        vector itself.
        """
        import numpy as np

        worst = self.far[self._place(tile.left.numbers), -1]
        floors = work.comparison.floors(self.sign * worst, tile.left, tile.right)
        open_rows = np.flatnonzero(np.isinf(worst))
        surplus = scores.shape[1] - (self.width + 1)
        if len(open_rows) and surplus > 0:
            best = np.partition(scores[open_rows], surplus, axis=1)[:, surplus].astype(np.float64)
            rounding = 2 * work.comparison.rounding(tile.left, tile.right)
            floors[open_rows] = np.nextafter((best - rounding).astype(np.float32), -np.inf)
        return floors

    def _push(self, one: Rows, other: Rows, far: Vectors) -> None:
        """Keep those that are nearer than what is kept. No pair comes twice."""
        import numpy as np

        worst, last = self.far[one, -1], self.others[one, -1]
        better = (far < worst) | ((far == worst) & (other < last))
        vectors, place = np.unique(one[better], return_inverse=True)
        if not len(vectors):
            return
        known = np.repeat(np.arange(len(vectors)), self.width)
        places = np.concatenate([place, known])
        fars = np.concatenate([far[better], self.far[vectors].ravel()])
        others = np.concatenate([other[better], self.others[vectors].ravel()])
        order = np.lexsort((others, fars, places))
        begins = np.searchsorted(places[order], np.arange(len(vectors)))
        keep = order[(begins[:, None] + np.arange(self.width)).ravel()]
        self.far[vectors] = fars[keep].reshape(-1, self.width)
        self.others[vectors] = others[keep].reshape(-1, self.width)
