"""How close different items come by chance: the tail of the scores of a corpus.

Among the closest pairs of a corpus are copies, and items that are different but alike. The second
sort becomes rarer the closer, and its tail beyond a high level is a generalised Pareto one (J.
Pickands, "Statistical inference using extreme order statistics", Annals of Statistics 3, 1975), cut
at the score of an item with itself, which nothing exceeds. Copies become no rarer the closer. The
two are told apart by EM over the closest pairs: a falling tail of known form and a part that never
falls, of any form (a two-groups model: B. Efron, "Microarrays, empirical Bayes and the two-groups
model", Statistical Science 23, 2008). Of the forms that explain the pairs about as well the one is
taken that expects most different pairs, and its scale is the upper end of its interval.

Closeness is a score where larger is closer; of euclidean distances it is minus half the square,
which is the cosine less 1 for vectors of unit length; of the others minus the distance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simsearch.distance import Metric

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["ChanceTail", "Sampled", "closeness_of", "fit_tail", "plain_tail", "scores_of"]

_BINS, _ROUNDS = 400, 200
# Where the tail ends, in widths of the window: none (exponential) expects most, 1 least.
_ENDS = (np.inf, 8.0, 4.0, 2.0, 1.0)
# A form that explains the pairs worse by no more than this, in ln of the likelihood, stays.
_AS_WELL = 3.0
# The scale is as great as a mean of exponentials may be that is exceeded with this chance.
_LOW_MEAN = 0.05
_TINY = 1e-300
# Rounds end where they move no more pairs than this share.
_SETTLED = 1e-6


def closeness_of(scores: npt.ArrayLike, metric: Metric) -> Floats:
    """Scores or distances as closeness, any shape; ascending where they are closer."""
    values = np.asarray(scores, np.float64)
    if metric.larger_is_closer:
        return values
    return -values * values / 2 if metric is Metric.EUCLIDEAN else -values


def scores_of(closeness: npt.ArrayLike, metric: Metric) -> Floats:
    """What `closeness_of` makes, as scores or distances of the metric."""
    values = np.asarray(closeness, np.float64)
    if metric.larger_is_closer:
        return values
    far = np.maximum(-values, 0.0)
    return np.sqrt(2 * far) if metric is Metric.EUCLIDEAN else far


class Sampled(NamedTuple):
    """The closest pairs of some items of a corpus with all of it.

    Attributes:
        closeness: (s,) of each such item with another, descending; at most `top`.
        top: of an item with itself.
        items: n in the corpus.
        asked: how many of them were compared with all.
    """

    closeness: Floats
    top: float
    items: int
    asked: int

    @property
    def weight(self) -> float:
        """How many pairs of the corpus one of the sampled stands for."""
        return self.items / (2 * self.asked)

    @property
    def pairs(self) -> float:
        """How many pairs of the corpus the sampled stand for."""
        return len(self.closeness) * self.weight


@dataclass(frozen=True, slots=True)
class ChanceTail:
    """How many pairs of different items are to be expected, by their closeness.

    Attributes:
        start: closeness from where on the tail is known.
        top: of an item with itself; different items are less close.
        different: pairs of different items that are closer than `start`, of the whole corpus.
        scale: mean excess over `start` where the tail has no end.
        end: excess over `start` where the tail ends; infinite for an exponential one.
        copies: pairs that no chance explains, of the whole corpus.
    """

    start: float
    top: float
    different: float
    scale: float
    end: float
    copies: float

    def expected(self, closeness: npt.ArrayLike) -> Floats:
        """How many pairs of different items are at least so close; any shape.

        Below `start` no more than from there on are counted.
        """
        excess = np.clip(np.asarray(closeness, np.float64), self.start, self.top) - self.start
        width = self.top - self.start
        if width <= 0 or not self.different:
            return np.where(excess <= width, self.different, 0.0)
        last = _survival(np.array(width), self.scale, self.end)
        share = (_survival(excess, self.scale, self.end) - last) / max(1 - float(last), _TINY)
        out: Floats = self.different * np.maximum(share, 0.0)
        return out

    def reaching(self, pairs: float) -> float:
        """The closeness from which on so many pairs of different items are to be expected."""
        if pairs >= self.different:
            return self.start
        low, high = self.start, self.top
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self.expected(middle) > pairs else (low, middle)
        return high


def plain_tail(sampled: Sampled, start: float) -> ChanceTail:
    """An exponential tail beyond a level, where every pair counts as one of different items."""
    chosen = sampled.closeness[sampled.closeness >= start]
    mean = float((chosen - start).mean()) if len(chosen) else 0.0
    width = sampled.top - start
    scale = max(mean, width / _BINS)
    return ChanceTail(start, sampled.top, len(chosen) * sampled.weight, scale, np.inf, 0.0)


class _Fit(NamedTuple):
    """One form, fitted: pairs of different items, its scale, of copies, ln of the likelihood."""

    different: float
    scale: float
    copies: float
    likelihood: float


def fit_tail(sampled: Sampled, start: float) -> ChanceTail:
    """The tail of different items beyond a level.

    Args:
        sampled: pairs of the corpus.
        start: the level; some of the pairs lie beyond it.
    """
    from scipy.special import gammaincinv

    chosen = sampled.closeness[sampled.closeness >= start]
    width = sampled.top - start
    if width <= 0 or not len(chosen):
        every = len(chosen) * sampled.weight
        return ChanceTail(start, sampled.top, every, 0.0, np.inf, 0.0)
    edges = np.linspace(0.0, width, _BINS + 1)
    # A pair of two that were both asked was seen twice.
    seen = 1.0 + sampled.asked / sampled.items
    counts = np.histogram(np.minimum(chosen - start, width), edges)[0] / seen
    fits = [_fitted(counts, edges, end * width) for end in _ENDS]
    best = max(each.likelihood for each in fits)
    end, fit = next(
        (end * width, each)
        for end, each in zip(_ENDS, fits, strict=True)
        if each.likelihood >= best - _AS_WELL
    )
    # Pairs of one item go together, so it is items that count as seen.
    known = max(min(fit.different, float(sampled.asked)), 1.0)
    per = seen * sampled.weight
    # And as if one pair more had been seen, half way to the closest there can be.
    scale = fit.scale * known / float(gammaincinv(known, _LOW_MEAN)) + width / 2 / (known + 1)
    return ChanceTail(start, sampled.top, fit.different * per, scale, end, fit.copies * per)


def _fitted(counts: Floats, edges: Floats, end: float) -> _Fit:
    """One form of the tail by EM, beside copies that never become rarer the closer."""
    from scipy.optimize import isotonic_regression

    total, width = float(counts.sum()), float(edges[-1])
    middle = (edges[1:] + edges[:-1]) / 2
    # Of an exponential tail ln 2 of the scale is the median, which a few copies hardly move.
    half = middle[int(np.searchsorted(np.cumsum(counts), total / 2))]
    scale, different = max(half / np.log(2), width / _BINS), 0.9 * total
    copies: Floats = np.full(len(counts), (total - different) / len(counts))
    # Excesses as an exponential tail would have them.
    plain = middle if np.isinf(end) else -end * np.log1p(-middle / end)
    most = width if np.isinf(end) else np.inf
    chance, before = copies, np.inf
    for _ in range(_ROUNDS):
        gone = _survival(edges, scale, end)
        chance = different * (gone[:-1] - gone[1:]) / max(1 - float(gone[-1]), _TINY)
        share = chance / np.maximum(chance + copies, _TINY)
        different = float((counts * share).sum())
        mean = float((counts * share * plain).sum()) / max(different, _TINY)
        scale = min(max(mean + _cut_off(most, scale), width / _BINS / 10), 10 * width)
        copies = isotonic_regression(counts * (1 - share)).x
        if abs(different - before) <= _SETTLED * total:
            break
        before = different
    expected = np.maximum(chance + copies, _TINY)
    likelihood = float((counts * np.log(expected) - expected).sum())
    return _Fit(different, scale, float(copies.sum()), likelihood)


def _cut_off(width: float, scale: float) -> float:
    """What the mean of an exponential loses by being cut at a width."""
    ratio = width / scale
    return 0.0 if ratio > 500 else float(width / np.expm1(ratio))


def _survival(excess: npt.NDArray[Any], scale: float, end: float) -> Floats:
    """Share of a tail beyond an excess."""
    if np.isinf(end):
        return np.asarray(np.exp(-excess / scale))
    return np.asarray(np.clip(1 - excess / end, 0.0, None) ** (end / scale))
