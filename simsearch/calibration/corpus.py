"""The threshold of a corpus: which pairs are the same, at the precision asked, among so many.

Among n items there are n (n - 1) / 2 pairs, and how many different ones are how close is different
in each corpus. So a threshold is not stored but found in the corpus at hand: from its own closest
pairs it is told how close different items come by chance (see `chance`), and the threshold is where
the pairs found outnumber those expected by chance as the precision asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from simsearch.calibration.chance import (
    ChanceTail,
    Sampled,
    closeness_of,
    fit_tail,
    plain_tail,
    scores_of,
)
from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.evaluation.scores import closeness_blocks, drop_self

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Vectors = npt.NDArray[np.float32]

__all__ = ["PRECISION", "CorpusCurve", "chance_in_sample", "chance_of", "check_precision"]

# Share of the pairs found that are to be right, where the user says nothing.
PRECISION = 0.99
# Multiplications that sampling may cost.
_WORK = 4e10
_LEAST_ASKED = 500
# Pairs that the window of the tail begins with, in items; how far it may be widened; and the
# share of the pairs that copies may have of a window.
_WINDOW, _WIDEST, _MOST_COPIES = 1.0, 10.0, 0.5
# A narrower window has so many pairs for each copy in it, and so many in items.
_PER_COPY, _NARROW = 2.0, 0.1
# Pairs in a window at least, and items that a window may be widened for.
_LEAST, _MANY = 10, 200
# Pairs expected by chance from where on pairs are worth being looked at, in items.
_LOOKED_AT = 0.02
# Of altered copies, the share that may score less than anything that is called the same.
_LOW, _LOWEST = 0.05, 0.01
_SURE = 0.999


def check_precision(precision: float) -> None:
    """Refuse what is no share.

    Raises:
        OptionError: it is not above 0 and below 1.
    """
    if not 0 < precision < 1:
        raise OptionError(f"precision is {precision}; give a share above 0 and below 1")


def chance_of(
    vectors: Vectors, metric: Metric, copies: Sequence[float] = (), seed: int = 0
) -> ChanceTail:
    """How close different items of a corpus come by chance.

    Args:
        vectors: (n, d) as an encoder gives them, of items with different contents; may be
            memory-mapped.
        metric: how they are compared.
        copies: scores of items with altered copies of themselves, where they are known.
        seed: of the sample, where n is large.
    """
    sampled = _sampled(vectors, metric, seed)
    held = closeness_of(copies, metric)
    low = float(np.quantile(held, _LOW)) if len(held) else np.inf
    return _chosen(sampled, low)


def chance_in_sample(
    vectors: Vectors, items: int, metric: Metric, copies: Sequence[float] = ()
) -> ChanceTail:
    """How close different items of a corpus come by chance, from some of them alone.

    A pair of the sample stands for (n / m)^2 of the corpus; the closest of all are closer than
    any that it shows, so this rests on the form of the tail more than `chance_of` does.

    Args:
        vectors: (m, d) of items drawn at random.
        items: n in the corpus.
        metric, copies: see `chance_of`.
    """
    rows = len(vectors)
    found = [np.empty(0)]
    for part, block in closeness_blocks(vectors, vectors, metric):
        # Each pair once.
        block[np.arange(rows) <= np.arange(rows)[part][:, None]] = -np.inf
        found.append(_largest(block[block > -np.inf], int(_WIDEST * rows) + _LEAST))
    values = np.concatenate(found).astype(np.float64)
    closeness = closeness_of(values if metric.larger_is_closer else -values, metric)
    top = _top(vectors, metric)
    asked = max(1, round(rows * rows / (2 * items)))
    ordered = np.sort(np.minimum(closeness, top))[::-1]
    held = closeness_of(copies, metric)
    low = float(np.quantile(held, _LOW)) if len(held) else np.inf
    return _chosen(Sampled(ordered, top, items, asked), low)


def _chosen(sampled: Sampled, low: float) -> ChanceTail:
    """The tail over a window that is neither full of copies nor far below them.

    Where no window has more different pairs than copies nothing tells the two apart, and all count
    as different.
    """
    items = sampled.items
    if not len(sampled.closeness):
        return ChanceTail(sampled.top, sampled.top, 0.0, 0.0, np.inf, 0.0)
    widest = min(_WIDEST * items if items >= _MANY else max(items, _LEAST), sampled.pairs)
    among = float((sampled.closeness >= low).sum()) * sampled.weight
    window = min(max(_WINDOW * items, _PER_COPY * among, _LEAST), widest)
    tail = fit_tail(sampled, _start(sampled, window))
    while tail.copies > _MOST_COPIES * window and window < widest:
        window = min(2 * window, widest)
        tail = fit_tail(sampled, _start(sampled, window))
    if tail.copies > _MOST_COPIES * window:
        return plain_tail(sampled, tail.start)
    narrow = max(_PER_COPY * tail.copies + _NARROW * items, _LEAST)
    if narrow < window and narrow / sampled.weight >= 10 * _LEAST:
        return fit_tail(sampled, _start(sampled, narrow))
    return tail


def _start(sampled: Sampled, pairs: float) -> float:
    """The closeness that so many pairs of the corpus have."""
    place = round(max(pairs, _LEAST) / sampled.weight) - 1
    return float(sampled.closeness[min(max(place, 0), len(sampled.closeness) - 1)])


def _sampled(vectors: Vectors, metric: Metric, seed: int) -> Sampled:
    """The closest pairs of some items, or of all where they are few."""
    items, width = vectors.shape
    most = max(_LEAST_ASKED, int(_WORK / max(items * width, 1)))
    rows = np.arange(items)
    if items > most:
        rows = np.sort(np.random.default_rng(seed).choice(items, most, replace=False))
    kept = max(int(2 * _WIDEST * len(rows)), 4 * _LEAST)
    found: list[npt.NDArray[Any]] = [np.empty(0)]
    floor, start = -np.inf, 0
    for part, block in closeness_blocks(vectors[rows], vectors, metric):
        drop_self(block, rows[part])
        near = block[(block > -np.inf) & (block >= floor)]
        found, start = [*found, near], start + len(near)
        if start > 4 * kept:
            found = [_largest(np.concatenate(found), kept)]
            floor, start = float(found[0].min()), kept
    values = _largest(np.concatenate(found), kept).astype(np.float64)
    # `closeness_blocks` gives distances with their sign turned.
    closeness = closeness_of(values if metric.larger_is_closer else -values, metric)
    top = _top(vectors, metric)
    return Sampled(np.sort(np.minimum(closeness, top))[::-1], top, items, len(rows))


def _largest(values: npt.NDArray[Any], count: int) -> npt.NDArray[Any]:
    return np.partition(values, len(values) - count)[-count:] if len(values) > count else values


def _top(vectors: Vectors, metric: Metric) -> float:
    """The closeness of an item with itself, the greatest that there is."""
    if metric is Metric.INNER_PRODUCT:
        return float(np.einsum("ij,ij->i", vectors, vectors).max(initial=0.0))
    return 1.0 if metric is Metric.COSINE else 0.0


@dataclass(frozen=True)
class CorpusCurve:
    """Which precision each threshold has in a corpus, and how probable each pair is the same.

    Attributes:
        metric: of the scores.
        items: n that were compared.
        tail: how many different pairs come how close.
        found: (p,) float64 scores of all pairs of the corpus from some floor on, in any order;
            without those that are known to be different.
        least: score below which no copy is looked for, whatever the precision; the worst score
            there is, where nothing is known of copies.
    """

    metric: Metric
    items: int
    tail: ChanceTail
    found: Floats = field(repr=False)
    least: float = float("nan")

    @classmethod
    def floor(cls, tail: ChanceTail, items: int, metric: Metric) -> float:
        """The score from which on pairs are worth being found: chance explains most of the rest."""
        looked_at = max(tail.copies, _LOOKED_AT * items, _LEAST / 2)
        return float(scores_of(tail.reaching(looked_at), metric))

    @cached_property
    def closeness(self) -> Floats:
        """(p,) of the pairs found, descending."""
        return np.sort(np.minimum(closeness_of(self.found, self.metric), self.tail.top))[::-1]

    @cached_property
    def precisions(self) -> Floats:
        """(p,) expected share of right pairs among those as close as each of `closeness`."""
        expected = self.tail.expected(self.closeness)
        return np.maximum(1 - expected / np.arange(1, len(expected) + 1), 0.0)

    def threshold(self, precision: float = PRECISION) -> float:
        """The loosest score from which on the share of right pairs is as asked.

        Raises:
            OptionError: the precision is no share.
        """
        check_precision(precision)
        enough = np.flatnonzero(self.precisions >= precision)
        count = int(enough[-1]) + 1 if len(enough) else 1
        at = self.tail.reaching((1 - precision) * count)
        if len(enough):  # rounding must not put out the last that is in
            at = min(at, float(self.closeness[count - 1]))
        if not np.isnan(self.least):
            at = max(at, float(closeness_of(self.least, self.metric)))
        return float(scores_of(at, self.metric))

    def count(self, threshold: float) -> int:
        """How many of the pairs found are as close as a threshold."""
        at = float(closeness_of(threshold, self.metric))
        return int(np.searchsorted(-self.closeness, -at, side="right"))

    def precision(self, threshold: float) -> float:
        """Expected share of right pairs among those as close as a threshold; NaN of none."""
        at, found = float(closeness_of(threshold, self.metric)), self.count(threshold)
        if not found:
            return float("nan")
        return max(1 - float(self.tail.expected(at)) / found, 0.0)

    @cached_property
    def _map(self) -> tuple[Floats, Floats]:
        """Knots of closeness, ascending, and the probability there."""
        from scipy.optimize import isotonic_regression

        if not len(self.found):
            return np.empty(0), np.empty(0)
        expected = self.tail.expected(self.closeness)
        # What chance adds from one pair to the next; never less for pairs that are less close.
        added = isotonic_regression(np.diff(expected, prepend=0.0)).x
        likely = np.clip(1 - added, 1 - _SURE, _SURE)
        return self.closeness[::-1], likely[::-1]

    def probability(self, scores: npt.ArrayLike) -> Floats:
        """How probable it is that pairs of this corpus are the same (local false discovery rate).

        Args:
            scores: any shape, of the metric.

        Returns:
            float64, the shape of the scores, from .001 to .999.
        """
        at = closeness_of(scores, self.metric)
        knots, likely = self._map
        if not len(knots):
            return np.full(at.shape, 1 - _SURE)
        return np.asarray(np.interp(at, knots, likely, left=1 - _SURE))
