"""Everything compared, or cells: decided on what a sample of rows needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simsearch.distance import Metric
from simsearch.store.join.cells import Cells, Visits
from simsearch.store.join.compare import BlockComparison
from simsearch.store.join.corpus import Corpus
from simsearch.store.join.options import Sizes
from simsearch.store.join.stream import JoinReport
from simsearch.store.join.tiles import Tile, Work, all_tiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from simsearch.store.engines.engine import Vectors
    from simsearch.store.join.options import JoinOptions
    from simsearch.store.join.part import Part
    from simsearch.store.join.sample import Sample

__all__ = ["JoinPlan", "planned", "prepared"]

# So many vectors are compared with each other in about a second.
EXACT_VECTORS = 16_384
# Cells are worth their trouble when they spare this share of the comparisons.
MOST_COMPARED = 0.5
# Rows whose margins tell what a join by cells costs.
COST_ROWS = 512
CENTRE_ROWS = 1_024


class JoinPlan(NamedTuple):
    """What will be compared."""

    tiles: Callable[[], Iterator[Tile]]
    report: JoinReport


def prepared(parts: Sequence[Part], metric: Metric, options: JoinOptions) -> Work:
    """The parts read once, and how their vectors are compared."""
    import numpy as np

    corpus = Corpus.of(parts)
    width = corpus.row_bytes
    # A vector, the point that is computed of it and, for hamming, its bits as numbers.
    sizes = Sizes.within(options.memory, 40 * width if metric.binary else 2 * width)
    centre = np.zeros(1, np.float32)
    if metric in (Metric.EUCLIDEAN, Metric.MANHATTAN) and len(corpus):
        step = max(1, len(corpus) // CENTRE_ROWS)
        centre = corpus.take(np.arange(0, len(corpus), step)).mean(axis=0, dtype=np.float64)
    return Work(corpus, BlockComparison(metric, centre.astype(np.float32)), sizes)


def planned(
    work: Work, options: JoinOptions, bound: float, sampled: Callable[[], Sample]
) -> JoinPlan:
    """How to join.

    Args:
        work: what is joined.
        options: how the user wants it.
        bound: margin within which cells miss nothing; infinite where there is none.
        sampled: finds true pairs of a sample of rows.
    """
    corpus = work.corpus
    report = JoinReport(len(corpus.rows), len(corpus), True)
    all_of_them = JoinPlan(lambda: all_tiles(work), report)
    if options.exact or len(corpus) < 2:
        return all_of_them
    if options.exact is None and len(corpus) <= EXACT_VECTORS:
        return all_of_them
    cells = Cells.of(work, options.seed)
    cost = _Cost(cells, options.seed)
    # As many comparisons as it took to find the homes.
    margin, recall, sampled_pairs = cost.margin(len(cells.centres)), 1.0, 0
    if margin >= bound:
        margin = bound
    else:
        sample = sampled()
        margin, recall = sample.reach(cells, options.recall, margin, bound)
        sampled_pairs = len(sample.left)
    compared, visits = cost.of(margin)
    too_many = compared > MOST_COMPARED * len(corpus) / 2 and options.exact is None
    if too_many or 16 * visits * len(corpus) > options.memory:
        return all_of_them
    found = Visits.within(cells, margin)
    report = JoinReport(
        len(corpus.rows), len(corpus), False, recall, sampled_pairs,
        len(cells.centres), found.mean,
    )  # fmt: skip
    return JoinPlan(found.tiles, report)


class _Cost:
    """What visiting costs, by the margin, on a sample of vectors."""

    def __init__(self, cells: Cells, seed: int) -> None:
        import numpy as np

        count = len(cells.home)
        size = min(count, COST_ROWS)
        drawn = np.random.default_rng(seed).choice(count, size, replace=False)
        margins = np.concatenate([table for _, table in cells.tables(np.sort(drawn))])
        order = np.argsort(margins, axis=None)
        self.margins: Vectors = margins.ravel()[order]
        self.compared: Vectors = np.cumsum(cells.sizes[order % len(cells.centres)]) / size
        self.rows = size

    def margin(self, comparisons: float) -> float:
        """The margin at which a vector is compared with so many; 0 when homes take more."""
        import numpy as np

        place = int(np.searchsorted(self.compared, comparisons, side="right"))
        return float(max(0, self.margins[place - 1])) if place else 0.0

    def of(self, margin: float) -> tuple[float, float]:
        """Comparisons and further cells a vector."""
        import numpy as np

        place = int(np.searchsorted(self.margins, margin, side="right"))
        compared = float(self.compared[place - 1]) if place else 0.0
        return compared, max(0.0, place / self.rows - 1)
