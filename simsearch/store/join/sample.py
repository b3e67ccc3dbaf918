"""True pairs of a sample of rows, by exact search: what cells are tuned and measured on."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from simsearch.store.join.cells import farthest
from simsearch.store.join.nearest import Nearest
from simsearch.store.join.tiles import Tile, close, tiled

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Rows, Vectors
    from simsearch.store.join.cells import Cells
    from simsearch.store.join.options import JoinOptions
    from simsearch.store.join.stream import Found
    from simsearch.store.join.tiles import Work

__all__ = ["Sample", "sample_nearest", "sample_within"]

# Rows are drawn in steps, until there are pairs enough: at most this share of all, which costs
# twice as large a share of comparing everything, or so many when that is more.
STEP_ROWS, MOST_SHARE, MOST_ROWS, ENOUGH_PAIRS = 500, 0.01, 2_000, 2_000
# With fewer pairs than this, or than a high recall takes, the nearest beyond the threshold count.
LEAST_PAIRS = 200
# So many within tell how near such pairs are.
TYPICAL_PAIRS = 20
# More pairs are thinned out at random.
MOST_PAIRS = 32_768


class Sample(NamedTuple):
    """Pairs of different vectors that a complete join would find.

    Attributes:
        left: (pairs,) int64, vectors of the sampled rows.
        right: (pairs,) int64, vectors.
        weights: (pairs,) float64, pairs of rows that each stands for.
        nearness: (pairs,) float32, 1; for pairs beyond the threshold the distance of a pair
            within as a share of theirs: a point so near, in the same direction, stands for them.
    """

    left: Rows
    right: Rows
    weights: Vectors
    nearness: Vectors

    def reach(self, cells: Cells, recall: float, least: float, bound: float) -> tuple[float, float]:
        """The margin for a recall, and the recall that it has.

        Of n pairs the j-th least margin is enough for j / (n + 1) of all, on average: so the
        recall is that of pairs which were not in the sample.

        Args:
            cells: that the pairs are to meet in.
            recall: share of the pairs.
            least: margin that is taken anyhow.
            bound: margin from which nothing is missed.
        """
        import numpy as np

        if not len(self.left):
            return least, 1.0
        needed = cells.needed(self.left, self.right, self.nearness)
        order = np.argsort(needed)
        total = float(self.weights.sum())
        # How many pairs of equal weight would tell as much.
        count = total**2 / float((self.weights**2).sum())
        unseen = count / (count + 1)
        weights = np.cumsum(self.weights[order]) / total
        place = int(np.searchsorted(weights, recall / unseen * (1 - 1e-9)))
        margin = max(least, float(needed[order][min(place, len(order) - 1)]))
        if margin >= bound:
            return bound, 1.0
        return margin, unseen * float(self.weights[needed <= margin].sum()) / total


def sample_within(work: Work, threshold: float, options: JoinOptions) -> Sample:
    """Pairs within a threshold; when these are few, the nearest beyond it as well."""
    import numpy as np

    rng = np.random.default_rng(options.seed)
    vectors, drawn = _drawn(work, rng)
    found = _Thinned(rng)
    lists = Nearest(len(vectors), 1, work.comparison.metric, 2**62, np.sort(vectors))
    for start in range(0, len(vectors), STEP_ROWS):
        _search(work, vectors[start : start + STEP_ROWS], threshold, (found, lists))
        if found.count >= ENOUGH_PAIRS:
            break
    one, other, within = found.pairs()
    nearness = np.ones(len(one), np.float32)
    # Twice as many as can tell of so small a share missed.
    few = min(ENOUGH_PAIRS, max(LEAST_PAIRS, math.ceil(2 / (1 - options.recall + 1e-9))))
    if len(one) < few:
        more, others, values = _pairs(lists, few)
        beyond = ~work.comparison.metric.as_close(values, threshold)
        one = np.concatenate([one, more[beyond]])
        other = np.concatenate([other, others[beyond]])
        # As near as a pair drawn from those within, where there are some to draw from.
        near = rng.choice(within if len(within) >= TYPICAL_PAIRS else [threshold], beyond.sum())
        shares = map(partial(_share, work.comparison.metric), near.tolist(), values[beyond])
        nearness = np.concatenate([nearness, np.fromiter(shares, np.float32)])
    return _weighted(work, (vectors, drawn), (one, other), nearness)


def _share(metric: Metric, near: float, far: float) -> float:
    """The distance of one score or distance as a share of that of another; 1 when unknown."""
    least, most = farthest(metric, near), farthest(metric, far)
    return least / most if math.isfinite(least) and math.isfinite(most) and most else 1.0


def sample_nearest(work: Work, k: int, seed: int) -> Sample:
    """The k nearest other vectors of each sampled row."""
    import numpy as np

    rng = np.random.default_rng(seed)
    vectors, drawn = _drawn(work, rng)
    few = max(64, min(MOST_ROWS // 2, MOST_PAIRS // k))
    vectors, drawn = vectors[:few], drawn[:few]
    lists = Nearest(len(vectors), k, work.comparison.metric, 2**62, np.sort(vectors))
    for tile in _tiles(work, vectors):
        lists.take(work, tile, work.comparison.scores(tile.left, tile.right))
    one, other, _ = _pairs(lists, MOST_PAIRS)
    return _weighted(work, (vectors, drawn), (one, other), np.ones(len(one), np.float32))


def _drawn(work: Work, rng: np.random.Generator) -> tuple[Rows, Rows]:
    """Vectors of rows drawn at random, in random order, and how often each was drawn."""
    import numpy as np

    rows = len(work.corpus.rows)
    most = max(MOST_ROWS, int(MOST_SHARE * rows))
    picked = work.corpus.vector_of[rng.choice(rows, min(rows, most), replace=False)]
    vectors, drawn = np.unique(picked, return_counts=True)
    order = rng.permutation(len(vectors))
    return vectors[order], drawn[order]


def _search(work: Work, vectors: Rows, threshold: float, into: tuple[_Thinned, Nearest]) -> None:
    """All within a threshold of some vectors, and the nearest of each."""
    found, lists = into
    for tile in _tiles(work, vectors):
        limits = _full(tile, threshold)
        scores = work.comparison.scores(tile.left, tile.right)
        lists.take(work, tile, scores)
        floors = work.comparison.floors(limits, tile.left, tile.right)
        for one, other, values in close(work, tile, scores, floors):
            near = work.comparison.metric.as_close(values, threshold)
            found.add(one[near], other[near], values[near])


def _full(tile: Tile, threshold: float) -> Vectors:
    import numpy as np

    return np.full(len(tile.left.numbers), threshold, np.float32)


def _tiles(work: Work, vectors: Rows) -> Iterator[Tile]:
    """Some vectors with all but themselves."""
    import numpy as np

    return tiled(work, np.sort(vectors), np.arange(len(work.corpus)), np.not_equal)


def _pairs(lists: Nearest, most: int) -> Found:
    """The pairs of some lists, with scores or distances; the nearest, at most so many."""
    import numpy as np

    there = np.isfinite(lists.far)
    numbers = np.arange(len(lists.far)) if lists.which is None else lists.which
    one = np.repeat(numbers, lists.width)[there.ravel()]
    kept = np.argsort(lists.far[there], kind="stable")[:most]
    other = lists.others[there].astype(np.int64)
    return one[kept], other[kept], lists.sign * lists.far[there][kept]


def _weighted(
    work: Work, rows: tuple[Rows, Rows], pairs: tuple[Rows, Rows], nearness: Vectors
) -> Sample:
    """Pairs of vectors, each counted as often as its row was drawn and the other has duplicates."""
    import numpy as np

    vectors, drawn = rows
    one, other = pairs
    order = np.argsort(vectors)
    times = drawn[order][np.searchsorted(vectors[order], one)]
    weights = (times * work.corpus.sizes[other]).astype(np.float64)
    return Sample(one, other, weights, nearness)


class _Thinned:
    """Pairs, of which a random share is kept when they become too many."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.share = 1.0
        self.kept: list[Found] = []
        self.count = 0

    def add(self, one: Rows, other: Rows, values: Vectors) -> None:
        """Take in pairs."""
        keep = self.rng.random(len(one)) < self.share
        self.kept.append((one[keep], other[keep], values[keep]))
        self.count += int(keep.sum())
        while self.count > MOST_PAIRS:
            one, other, values = self.pairs()
            half = self.rng.random(len(one)) < 0.5
            self.kept = [(one[half], other[half], values[half])]
            self.count = int(half.sum())
            self.share /= 2

    def pairs(self) -> Found:
        """What is kept."""
        import numpy as np

        none = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))
        columns = zip(none, *self.kept, strict=True)
        one, other, values = (np.concatenate(column) for column in columns)
        return one, other, values
