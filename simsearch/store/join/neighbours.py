"""Pairs of which one is among the nearest of the other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simsearch.distance import Metric
from simsearch.store.join.nearest import Nearest
from simsearch.store.join.options import JoinOptions, check_k, check_parts, given_options
from simsearch.store.join.plan import JoinPlan, planned, prepared
from simsearch.store.join.sample import sample_nearest
from simsearch.store.join.stream import PairStream, in_batches
from simsearch.store.search.places import places
from simsearch.threads import apply_threads

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simsearch.store.engines.engine import Mask, Rows, Vectors
    from simsearch.store.join.part import Part
    from simsearch.store.join.stream import Found
    from simsearch.store.join.tiles import Work

__all__ = ["neighbour_pairs"]


def neighbour_pairs(
    parts: Sequence[Part],
    metric: Metric | str,
    k: int,
    *,
    options: JoinOptions | None = None,
) -> PairStream:
    """Every pair of rows of which one is among the k nearest of the other, once.

    A row is no neighbour of its own, a copy of it is one. Of rows equally near, those that come
    first in the index count as nearer.

    Args:
        parts: the rows of an index.
        metric: how they are compared.
        k: neighbours of each row.
        options: how to join; all defaults when None. Lists of neighbours take 8 (k + 1) bytes
            a vector; beyond the memory they lie in a temporary file.

    Returns:
        Pairs in batches, in no particular order, and a report of the join.

    Raises:
        OptionError: the metric is unknown, k is below 1, or parts do not go together.
    """
    metric = Metric.parse(metric)
    options = given_options(options)
    check_k(k)
    check_parts(parts, metric)
    apply_threads()
    work = prepared(parts, metric, options)
    plan = planned(work, options, math.inf, lambda: sample_nearest(work, k, options.seed))
    found = _found(work, plan, k, options.memory)
    return PairStream(plan.report, in_batches(found, work.sizes.pairs))


def _found(work: Work, plan: JoinPlan, k: int, memory: int) -> Iterator[Found]:
    rows = len(work.corpus.rows)
    k = min(k, rows - 1)
    if k < 1:
        return
    lists = Nearest(len(work.corpus), k + 1, work.comparison.metric, memory)
    for tile in plan.tiles():
        lists.compare(work, tile)
    step = max(1, work.sizes.pairs // (k + 1))
    for start in range(0, len(work.corpus), step):
        _turn_into_rows(work, lists, start, min(start + step, len(work.corpus)))
    for start in range(0, rows, step):
        yield _pairs(work, lists, k, (start, min(start + step, rows)))


def _turn_into_rows(work: Work, lists: Nearest, start: int, stop: int) -> None:
    """Turn, in place, the k + 1 nearest vectors of some into their k + 1 nearest rows.

    Duplicates are among them.

    Each vector is of one row at least, so these are the nearest rows of whichever of its own
    rows: k when that row is left out.
    """
    import numpy as np

    corpus, width = work.corpus, lists.width
    own = np.arange(start, stop)
    vectors = np.column_stack([own, lists.others[start:stop].astype(np.int64)])
    far = np.column_stack([_own_distance(work, lists, own), lists.far[start:stop]])
    place, column = np.nonzero(vectors < len(corpus))
    vector = vectors[place, column]
    count = np.minimum(corpus.sizes[vector], width)
    which = np.repeat(np.arange(len(vector)), count)
    nth = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    row = corpus.rows[corpus.limits[vector[which]] + nth]
    fars, places = far[place, column][which], place[which]
    order = np.lexsort((row, fars, places))
    rank = np.arange(len(order)) - np.searchsorted(places[order], np.arange(len(own)))[places]
    kept = rank < width
    order, at = order[kept], (start + places[kept], rank[kept])
    lists.far[start:stop], lists.others[start:stop] = np.inf, lists.none
    lists.far[at], lists.others[at] = fars[order], row[order]


def _own_distance(work: Work, lists: Nearest, vectors: Rows) -> Vectors:
    """How far each vector is from its duplicates; anything where it has none."""
    import numpy as np

    out = np.zeros(len(vectors), np.float32)
    repeated = work.corpus.sizes[vectors] > 1
    if repeated.any():
        selves = work.comparison.selves(work.corpus.take(vectors[repeated]))
        out[repeated] = lists.sign * selves
    return out


def _pairs(work: Work, lists: Nearest, k: int, rows: tuple[int, int]) -> Found:
    """Pairs of some rows with their neighbours.

    A pair comes from its lesser row, or from the greater one where the lesser does not count
    that among its own neighbours: so each comes once, and nothing need be remembered.
    """
    import numpy as np

    corpus = work.corpus
    some = np.arange(*rows)
    near = lists.others[corpus.vector_of[some]]
    own = _place(near, some)
    column = np.arange(lists.width)
    wanted = (near < lists.none) & (column != own[:, None])
    wanted &= column - (column > own[:, None]) < k
    at, column = places(wanted)
    row, other = some[at], near[at, column].astype(np.int64)
    values = lists.sign * lists.far[corpus.vector_of[row], column]
    mine = (row < other) | ~_knows(work, lists, k, (other, row))
    return corpus.positions[row[mine]], corpus.positions[other[mine]], values[mine]


def _knows(work: Work, lists: Nearest, k: int, pairs: tuple[Rows, Rows]) -> Mask:
    """Whether the second row is among the k neighbours of the first."""
    rows, others = pairs
    near = lists.others[work.corpus.vector_of[rows]]
    place = _place(near, others)
    known: Mask = (place < lists.width) & (place - (place > _place(near, rows)) < k)
    return known


def _place(near: Rows, rows: Rows) -> Rows:
    """Where each row stands in its list; the length of the list where it does not."""
    import numpy as np

    found = near == rows[:, None]
    place: Rows = np.where(found.any(axis=1), found.argmax(axis=1), near.shape[1])
    return place
