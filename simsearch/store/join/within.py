"""All pairs within a threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.distance import Metric
from simsearch.store.join.cells import farthest
from simsearch.store.join.options import JoinOptions, check_parts, check_threshold, given_options
from simsearch.store.join.plan import JoinPlan, planned, prepared
from simsearch.store.join.sample import sample_within
from simsearch.store.join.stream import PairStream, in_batches
from simsearch.store.join.tiles import Tile, Work, close
from simsearch.threads import apply_threads

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simsearch.store.join.part import Part
    from simsearch.store.join.stream import Found

__all__ = ["pairs_within"]


def pairs_within(
    parts: Sequence[Part],
    metric: Metric | str,
    threshold: float,
    *,
    options: JoinOptions | None = None,
) -> PairStream:
    """Every pair of rows that is as close as a threshold, once; no row with itself.

    Which rows are duplicates of which, and by what cells to go, is found out before this returns;
    pairs are found as they are asked for.

    Args:
        parts: the rows of an index.
        metric: how they are compared. Duplicates have distance 0 and, unless they are all zeros,
            cosine 1.
        threshold: pairs score at least, or are at most so far apart.
        options: how to join; all defaults when None.

    Returns:
        Pairs in batches, in no particular order, and a report of the join.

    Raises:
        OptionError: the metric is unknown, the threshold no number, or parts do not go together.
    """
    metric = Metric.parse(metric)
    options = given_options(options)
    check_threshold(threshold)
    check_parts(parts, metric)
    apply_threads()
    work = prepared(parts, metric, options)
    plan = planned(
        work,
        options,
        farthest(metric, threshold),
        lambda: sample_within(work, threshold, options),
    )
    found = _found(work, plan, threshold)
    return PairStream(plan.report, in_batches(found, work.sizes.pairs))


def _found(work: Work, plan: JoinPlan, threshold: float) -> Iterator[Found]:
    """Pairs of positions: those of duplicates first."""
    yield from _duplicates(work, threshold)
    for tile in plan.tiles():
        yield from _of_tile(work, tile, threshold)


def _duplicates(work: Work, threshold: float) -> Iterator[Found]:
    """Pairs of duplicates, where these are within the threshold: a product may be too small."""
    import numpy as np

    repeated = np.flatnonzero(work.corpus.sizes > 1)
    for start in range(0, len(repeated), work.sizes.panel):
        vectors = repeated[start : start + work.sizes.panel]
        values = work.comparison.selves(work.corpus.take(vectors))
        near = work.comparison.metric.as_close(values, threshold)
        yield from work.corpus.duplicates(vectors[near], values[near], work.sizes.pairs)


def _of_tile(work: Work, tile: Tile, threshold: float) -> Iterator[Found]:
    import numpy as np

    scores = work.comparison.scores(tile.left, tile.right)
    limits = np.full(len(tile.left.numbers), threshold, np.float32)
    floors = work.comparison.floors(limits, tile.left, tile.right)
    for one, other, values in close(work, tile, scores, floors):
        near = work.comparison.metric.as_close(values, threshold)
        yield from work.corpus.spread(one[near], other[near], values[near], work.sizes.pairs)
