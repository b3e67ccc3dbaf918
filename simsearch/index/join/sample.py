"""True pairs of a sample of rows, by exact search: what cells are tuned and measured on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simsearch.index.join.meetings import Meeting, close, meet
from simsearch.index.join.nearest import Nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from simsearch.index.join.cells import Cells
    from simsearch.index.join.meetings import Work
    from simsearch.index.kinds.kind import Mask, Rows, Vectors

__all__ = ["Sample", "sample_nearest", "sample_within"]

# Rows are drawn in steps, until there are pairs enough.
STEP_ROWS, MOST_ROWS, ENOUGH_PAIRS = 500, 2_000, 2_000
# With fewer pairs than this, the nearest beyond the threshold count too.
LEAST_PAIRS = 200
# More pairs are thinned out at random.
MOST_PAIRS = 262_144


class Sample(NamedTuple):
    """Pairs of different vectors that a complete join would find.

    Attributes:
        left: (pairs,) int64, vectors of the sampled rows.
        right: (pairs,) int64, vectors.
        weights: (pairs,) float64, pairs of rows that each stands for.
    """

    left: Rows
    right: Rows
    weights: Vectors

    def reach(self, cells: Cells, recall: float, least: float, bound: float) -> tuple[float, float]:
        """The margin for a recall, and the recall that it has.

        The margin is chosen on one half of the sampled rows and measured on the other.

        Args:
            cells: that the pairs are to meet in.
            recall: share of the pairs.
            least: margin that is taken anyhow.
            bound: margin from which nothing is missed.
        """
        import numpy as np

        needed = cells.needed(self.left, self.right)
        tuning = np.unique(self.left, return_inverse=True)[1] % 2 == 0
        order = np.argsort(needed[tuning])
        weights = np.cumsum(self.weights[tuning][order])
        margin = least
        if len(order):
            # One standard error more, as if pairs were independent of each other.
            share = min(1.0, recall + float(np.sqrt(recall * (1 - recall) / len(order))))
            place = int(np.searchsorted(weights, share * weights[-1] * (1 - 1e-12)))
            margin = max(least, float(needed[tuning][order][min(place, len(order) - 1)]))
        if margin >= bound:
            return bound, 1.0
        return margin, self._found(needed <= margin, ~tuning)

    def _found(self, found: Mask, measured: Mask) -> float:
        """Share of the weights that is found; of all pairs when none is left to measure on."""
        if not measured.any():
            measured = ~measured
        total = float(self.weights[measured].sum())
        return float(self.weights[measured & found].sum()) / total if total else 1.0


def sample_within(work: Work, threshold: float, seed: int) -> Sample:
    """Pairs within a threshold; when these are few, the nearest beyond it as well.

    Those are farther apart and so harder to find: the margin then rather errs to the safe side.
    """
    import numpy as np

    rng = np.random.default_rng(seed)
    vectors, drawn = _drawn(work, rng)
    found = _Thinned(rng)
    for start in range(0, len(vectors), STEP_ROWS):
        _search(work, vectors[start : start + STEP_ROWS], threshold, found)
        if found.count >= ENOUGH_PAIRS:
            break
    one, other = found.pairs()
    if len(one) < LEAST_PAIRS:
        more = _nearest(work, vectors, 1, LEAST_PAIRS)
        keys = np.concatenate([one, more[0]]) * len(work.corpus) + np.concatenate([other, more[1]])
        one, other = np.divmod(np.unique(keys), len(work.corpus))
    return _weighted(work, vectors, drawn, one, other)


def sample_nearest(work: Work, k: int, seed: int) -> Sample:
    """The k nearest other vectors of each sampled row."""
    import numpy as np

    rng = np.random.default_rng(seed)
    vectors, drawn = _drawn(work, rng)
    few = max(64, min(MOST_ROWS // 2, MOST_PAIRS // k))
    vectors, drawn = vectors[:few], drawn[:few]
    return _weighted(work, vectors, drawn, *_nearest(work, vectors, k, MOST_PAIRS))


def _drawn(work: Work, rng: np.random.Generator) -> tuple[Rows, Rows]:
    """Vectors of rows drawn at random, in random order, and how often each was drawn."""
    import numpy as np

    rows = len(work.corpus.rows)
    picked = work.corpus.vector_of[rng.choice(rows, min(rows, MOST_ROWS), replace=False)]
    vectors, drawn = np.unique(picked, return_counts=True)
    order = rng.permutation(len(vectors))
    return vectors[order], drawn[order]


def _search(work: Work, vectors: Rows, threshold: float, found: _Thinned) -> None:
    """All within a threshold of some vectors."""
    for tile in _meetings(work, vectors):
        limits = _full(tile, threshold)
        scores = work.comparison.scores(tile.left, tile.right)
        floors = work.comparison.floors(limits, tile.left, tile.right)
        for one, other, values in close(work, tile, scores, floors):
            near = work.comparison.metric.as_close(values, threshold)
            found.add(one[near], other[near])


def _full(tile: Meeting, threshold: float) -> Vectors:
    import numpy as np

    return np.full(len(tile.left.numbers), threshold, np.float32)


def _meetings(work: Work, vectors: Rows) -> Iterator[Meeting]:
    """Some vectors with all but themselves."""
    import numpy as np

    return meet(work, np.sort(vectors), np.arange(len(work.corpus)), np.not_equal)


def _nearest(work: Work, vectors: Rows, k: int, most: int) -> tuple[Rows, Rows]:
    """The k nearest others of some vectors; of all these pairs the nearest, at most so many."""
    import numpy as np

    ordered = np.sort(vectors)
    lists = Nearest(len(vectors), k, work.comparison.metric, 2**62, ordered)
    for tile in _meetings(work, ordered):
        scores = work.comparison.scores(tile.left, tile.right)
        lists.take(work, tile, scores)
    there = np.isfinite(lists.far)
    one = np.repeat(ordered, k)[there.ravel()]
    other = lists.others[there].astype(np.int64)
    kept = np.argsort(lists.far[there], kind="stable")[:most]
    return one[kept], other[kept]


def _weighted(work: Work, vectors: Rows, drawn: Rows, one: Rows, other: Rows) -> Sample:
    """Pairs of vectors, each counted as often as its row was drawn and the other has copies."""
    import numpy as np

    order = np.argsort(vectors)
    times = drawn[order][np.searchsorted(vectors[order], one)]
    return Sample(one, other, (times * work.corpus.sizes[other]).astype(np.float64))


class _Thinned:
    """Pairs, of which a random share is kept when they become too many."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.share = 1.0
        self.kept: list[tuple[Rows, Rows]] = []
        self.count = 0

    def add(self, one: Rows, other: Rows) -> None:
        """Take in pairs."""
        keep = self.rng.random(len(one)) < self.share
        self.kept.append((one[keep], other[keep]))
        self.count += int(keep.sum())
        while self.count > MOST_PAIRS:
            halves = [(a, self.rng.random(len(a)) < 0.5, b) for a, b in self.kept]
            self.kept = [(a[half], b[half]) for a, half, b in halves]
            self.count = sum(len(a) for a, _ in self.kept)
            self.share /= 2

    def pairs(self) -> tuple[Rows, Rows]:
        """What is kept."""
        import numpy as np

        none = (np.empty(0, np.int64), np.empty(0, np.int64))
        one, other = (np.concatenate(column) for column in zip(none, *self.kept, strict=True))
        return one, other
