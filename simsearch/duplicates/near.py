"""Pairs of embeddings that are as close as a threshold, and the groups that they make.

Groups are made by average linkage (see `groups`) on how far pairs are inside the threshold, so
the mean pair of a group is as close as the threshold, and one wrong pair does not chain two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simsearch.errors import OptionError
from simsearch.evaluation.scores import pair_scores
from simsearch.records.candidates import PairSet
from simsearch.records.groups import group_rows
from simsearch.store.join import JoinOptions, Part, pairs_within

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.distance import Metric
    from simsearch.records.labels import KnownPairs
    from simsearch.store.join import PairStream

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]
    Vectors = npt.NDArray[np.float32]

__all__ = ["NearPairs", "find_near", "group_near", "nothing_near"]

# More pairs than this are no list of duplicates: the threshold takes everything for the same.
MOST_PAIRS = 2_000_000
# Of so many rows that hang together, every pair is compared before they are grouped.
WHOLE = 500
# Below any threshold: what comes of dividing by one that is 0.
LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class NearPairs:
    """Pairs of items that are close.

    Attributes:
        pairs: as close as the threshold come first, then others of items that hang together.
        scores: (pairs,) float64, scores or distances of the metric.
        found: how many of the pairs are as close as the threshold.
        recall: share of the close pairs that is found; 1 where all were compared.
    """

    pairs: PairSet
    scores: Floats
    found: int
    recall: float


def nothing_near() -> NearPairs:
    """No pairs at all."""
    empty = np.empty(0, np.int64)
    return NearPairs(PairSet(empty, empty), np.empty(0), 0, 1.0)


def find_near(vectors: Vectors, metric: Metric, threshold: float, seed: int = 0) -> NearPairs:
    """All pairs of items as close as a threshold, and those that decide on their groups.

    Args:
        vectors: (n, d) float32, as an encoder gives them.
        metric: how they are compared.
        threshold: the least score, or the greatest distance.
        seed: of samples and cells, where not every pair is compared.

    Raises:
        OptionError: there are more than MOST_PAIRS.
    """
    prepared = metric.prepare(vectors)
    stream = pairs_within([Part(prepared)], metric, threshold, options=JoinOptions(seed=seed))
    left, right, scores = _collected(stream, len(vectors), threshold)
    if not len(left):
        return nothing_near()
    more = _missing(len(vectors), left, right)
    rest = pair_scores(prepared, more.left, more.right, metric)
    pairs = PairSet(np.concatenate([left, more.left]), np.concatenate([right, more.right]))
    both = np.concatenate([scores, rest]).astype(np.float64)
    return NearPairs(pairs, both, len(left), stream.report.recall)


def _collected(stream: PairStream, items: int, threshold: float) -> tuple[Rows, Rows, Vectors]:
    """(left, right, score) of every pair of a stream, ascending by rows."""
    lefts, rights = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    values, count = [np.empty(0, np.float32)], 0
    for some in stream:
        count += len(some)
        if count > MOST_PAIRS:
            raise OptionError(
                f"more than {MOST_PAIRS:,} pairs are as close as {threshold:g}, which is too loose "
                f"for {items:,} items; choose a stricter threshold"
            )
        lefts.append(some.left)
        rights.append(some.right)
        values.append(some.values)
    left, right = np.concatenate(lefts), np.concatenate(rights)
    order = np.lexsort((right, left))  # whatever the order in which they were found
    return left[order], right[order], np.concatenate(values)[order]


def group_near(
    near: NearPairs,
    rows: int,
    metric: Metric | None,
    threshold: float,
    known: KnownPairs | None = None,
) -> Rows:
    """(rows,) int64 group numbers that close pairs make, in the order of first items.

    Args:
        near: pairs of the rows.
        rows: how many there are.
        metric: of the scores; None where only labelled pairs are there.
        threshold: by which the pairs were found.
        known: pairs that a person has decided; None for none.
    """
    if not near.found:
        return np.arange(rows)
    if metric is None:
        inside = np.zeros(len(near.pairs))
    else:
        inside = _inside(near.scores, metric, threshold, near.found)
    if known is not None:
        inside = known.enforced(near.pairs, inside)
    return group_rows(rows, near.pairs.left, near.pairs.right, inside, -LEAST)


def _inside(scores: Floats, metric: Metric, threshold: float, found: int) -> Floats:
    """(pairs,) how far inside the threshold: 0 at it, 1 for the closest there can be, less outside.

    Args:
        scores: of pairs.
        metric: of the scores.
        threshold: likewise.
        found: how many of the first pairs are inside. Rounding must not put them outside.
    """
    if metric.larger_is_closer:
        best = 1.0 if metric == "cosine" else float(scores.max())
        inside = (scores - threshold) / max(best - threshold, LEAST)
    else:
        inside = (threshold - scores) / max(threshold, LEAST)
    inside[:found] = np.maximum(inside[:found], 0.0)
    return inside


def _missing(rows: int, left: Rows, right: Rows) -> PairSet:
    """The other pairs among rows that hang together, where they are not too many."""
    import scipy.sparse as sp
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(left), np.int8)
    graph = sp.csr_array((ones, (left, right)), shape=(rows, rows))
    component = connected_components(graph, directed=False)[1]
    sizes = np.bincount(component)
    order = np.argsort(component, kind="stable")
    starts = np.concatenate([[0], np.cumsum(sizes)])
    chosen = np.flatnonzero((sizes > 2) & (sizes <= WHOLE))
    chosen = chosen[np.argsort(sizes[chosen], kind="stable")]
    cost = np.cumsum(sizes[chosen] * (sizes[chosen] - 1) // 2)
    ones_, others = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for number in chosen[cost <= MOST_PAIRS]:
        members = np.sort(order[starts[number] : starts[number + 1]])
        one, other = np.triu_indices(len(members), 1)
        ones_.append(members[one])
        others.append(members[other])
    one, other = np.concatenate(ones_), np.concatenate(others)
    new = ~np.isin(one * rows + other, left * rows + right)
    return PairSet(one[new], other[new])
