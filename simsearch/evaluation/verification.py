"""Are two items the same? Pairs with a score and the truth: ROC, AUC, EER, TAR at a FAR.

A threshold accepts the pairs that are as close as it. FAR is the share of different pairs that
are accepted, FRR the share of same pairs that are not, TAR = 1 - FRR (ISO/IEC 19795-1).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from simsearch.errors import OptionError
from simsearch.evaluation.figures import Figure
from simsearch.evaluation.intervals import bootstrap, settled, wilson
from simsearch.evaluation.scores import as_closeness

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from simsearch.distance import Metric

    Floats = npt.NDArray[np.float64]
    Bools = npt.NDArray[np.bool_]
    Integers = npt.NDArray[np.integer]

__all__ = [
    "FARS",
    "Roc",
    "ScoredPairs",
    "area_under_roc",
    "cross_fitted",
    "needed_negatives",
    "pair_accuracy",
    "pair_f1",
    "verification_figures",
]

# False-accept rates that are reported, where there are pairs enough.
FARS = (0.01, 0.001)
# A rate rests on ten wrong decisions at least.
_LEAST_ERRORS = 10
# Of the LFW protocol: G. Huang and others, Labeled Faces in the Wild, 2007.
_FOLDS = 10


@dataclass(frozen=True)
class Roc:
    """What is accepted as the threshold is loosened.

    Cut i, 0 to t, accepts the i closest of t distinct scores.

    Attributes:
        closeness: (t,) float64, larger is closer, falling.
        same: (t + 1,) float64: weight of the same pairs that each cut accepts.
        different: (t + 1,) float64: weight of the different pairs.
        metric: of the scores that thresholds are told in.
    """

    closeness: Floats
    same: Floats
    different: Floats
    metric: Metric

    @cached_property
    def tar(self) -> Floats:
        """(t + 1,) true-accept rate, rising from 0 to 1."""
        return np.asarray(self.same / self.same[-1])

    @cached_property
    def far(self) -> Floats:
        """(t + 1,) false-accept rate, rising from 0 to 1."""
        return np.asarray(self.different / self.different[-1])

    @property
    def defined(self) -> bool:
        """Whether there are same and different pairs at all."""
        return bool(self.same[-1] > 0 and self.different[-1] > 0)

    @property
    def auc(self) -> float:
        """Area under the curve: how often a same pair is closer than a different one.

        Ties count half.
        """
        return float(np.trapezoid(self.tar, self.far))

    @property
    def eer(self) -> float:
        """The rate at which FAR and FRR are equal, on the line between the two nearest cuts."""
        cut = int(np.argmax(self.far + self.tar >= 1.0))
        gap = 1.0 - self.far[cut - 1] - self.tar[cut - 1]
        step = self.far[cut] + self.tar[cut] - self.far[cut - 1] - self.tar[cut - 1]
        share = gap / step
        return float(self.far[cut - 1] + share * (self.far[cut] - self.far[cut - 1]))

    def cut_at_far(self, far: float) -> int:
        """The loosest cut whose FAR is not above."""
        # Sums of weights: a hair more is not more.
        return int(np.searchsorted(self.far, far * (1 + 1e-9), side="right")) - 1

    def cut_at_eer(self) -> int:
        """The cut at which FAR and FRR are the least apart."""
        return int(np.argmin(np.abs(self.far + self.tar - 1.0)))

    def cut_of_best_accuracy(self, prior: float = 0.5) -> int:
        """The cut that errs least often when that share of pairs is the same.

        Of several that err alike the middle one.
        """
        errors = prior * (1 - self.tar) + (1 - prior) * self.far
        best = np.flatnonzero(errors <= errors.min() + 1e-12)
        return int(best[len(best) // 2])

    def threshold(self, cut: int) -> float:
        """A score of the metric that accepts what the cut does: halfway to the next pair."""
        if cut == 0:
            at = float(np.nextafter(np.float32(self.closeness[0]), np.float32(np.inf)))
        elif cut == len(self.closeness):
            at = float(self.closeness[-1])
        else:
            at = float(self.closeness[cut - 1] + self.closeness[cut]) / 2
        return float(as_closeness(np.float64(at), self.metric))  # type: ignore[arg-type]  # a scalar will do


class ScoredPairs:
    """Pairs with a score and the truth, sorted once so that weights can change.

    Args:
        scores: (p,) of the metric.
        same: (p,) bool.
        metric: of the scores.

    Raises:
        OptionError: lengths differ, a score is not finite, or all pairs are of one sort.
    """

    def __init__(self, scores: npt.ArrayLike, same: npt.ArrayLike, metric: Metric) -> None:
        values, truth = np.asarray(scores, np.float64), np.asarray(same).astype(np.bool_)
        if values.shape != truth.shape or values.ndim != 1:
            raise OptionError(f"scores of the shape {values.shape} for pairs of {truth.shape}")
        if not np.isfinite(values).all():
            raise OptionError(
                f"the score of pair {int(np.argmin(np.isfinite(values)))} is no finite number"
            )
        if truth.all() or not truth.any():
            sort = "same" if len(truth) and truth.all() else "different"
            raise OptionError(
                f"{len(truth)} pairs, none of them {'different' if sort == 'same' else 'same'}; "
                "verification needs both same and different pairs"
            )
        self.scores, self.same, self.metric = values, truth, metric
        self.positives = int(truth.sum())
        self.negatives = len(truth) - self.positives
        closeness = as_closeness(values, metric)
        self._order = np.argsort(-closeness, kind="stable")
        ordered = closeness[self._order]
        self._ends = np.append(np.flatnonzero(np.diff(ordered)), len(ordered) - 1)
        self._distinct = ordered[self._ends]

    def __len__(self) -> int:
        return len(self.scores)

    def roc(self, weights: Floats | None = None) -> Roc:
        """The curve; pairs may weigh more or less than 1.

        Args:
            weights: (p,) float64, not below 0.
        """
        ordered = self.same[self._order]
        each = np.ones(len(ordered)) if weights is None else weights[self._order]
        same = np.cumsum(np.where(ordered, each, 0.0))[self._ends]
        different = np.cumsum(np.where(ordered, 0.0, each))[self._ends]
        start = np.zeros(1)
        return Roc(
            self._distinct,
            np.concatenate([start, same]),
            np.concatenate([start, different]),
            self.metric,
        )

    def groups(self, groups: Integers | None) -> Integers:
        """Groups to resample: those given, else each pair by itself.

        Raises:
            OptionError: they are not (p,) or (p, 2).
        """
        if groups is None:
            return np.arange(len(self))
        if np.shape(groups) not in ((len(self),), (len(self), 2)):
            raise OptionError(f"groups of the shape {np.shape(groups)} for {len(self)} pairs")
        return groups


def needed_negatives(far: float) -> int:
    """Different pairs that it takes to speak of such a false-accept rate: 10 wrong ones."""
    return int(np.ceil(_LEAST_ERRORS / far - 1e-9))


def verification_figures(
    pairs: ScoredPairs, groups: Integers | None = None, seed: int = 0
) -> tuple[list[Figure], list[str]]:
    """ROC-AUC, EER and TAR at each of `FARS`, with intervals from resampled groups.

    Args:
        pairs: with score and truth.
        groups: (p,) or (p, 2), see `intervals.resampled`; None: each pair by itself.
        seed: of the resampling.

    Returns:
        The figures, and a note for each rate that the pairs are too few for.
    """
    fars = [far for far in FARS if pairs.negatives >= needed_negatives(far)]
    notes = [_too_few(far, pairs.negatives) for far in FARS if far not in fars]
    few = min(pairs.positives, pairs.negatives)
    names = ["ROC-AUC", "EER", *(f"TAR at FAR {far:g}" for far in fars)]
    # How many independent trials each would rest on where resampling cannot vary.
    trials = [few, 2 * few, *(pairs.positives for _ in fars)]
    values = _rates(pairs.roc(), fars)
    lows, highs = bootstrap(
        lambda weights: _rates(pairs.roc(weights), fars), pairs.groups(groups), seed
    )
    figures = [
        Figure(
            name,
            float(values[at]),
            *settled(float(values[at]), float(lows[at]), float(highs[at]), trials[at]),
            len(pairs),
            smaller_is_better=name == "EER",
        )
        for at, name in enumerate(names)
    ]
    return figures, notes


def pair_accuracy(
    judged: npt.ArrayLike, same: npt.ArrayLike, name: str = "pair accuracy"
) -> Figure:
    """How many pairs are judged rightly, same and different ones weighing alike.

    Where there are as many of one as of the other this is the plain share.

    Args:
        judged: (p,) bool, what was said.
        same: (p,) bool, the truth.
        name: of the figure.

    Returns:
        With the interval that Wilson's two make (G. Zou, A. Donner, Construction of confidence
        limits about effect measures, Statistics in Medicine 27, 2008).

    Raises:
        OptionError: all pairs are of one sort.
    """
    said, truth = np.asarray(judged, np.bool_), np.asarray(same, np.bool_)
    if truth.all() or not truth.any():
        raise OptionError("accuracy needs both same and different pairs")
    shares, below, above = [], [], []
    for side in (truth, ~truth):
        right, all_of_it = int((said == truth)[side].sum()), int(side.sum())
        share = right / all_of_it
        low, high = wilson(right, all_of_it)
        shares.append(share)
        below.append(share - low)
        above.append(high - share)
    value = sum(shares) / 2
    low = value - float(np.hypot(below[0], below[1])) / 2
    return Figure(
        name, value, low, min(1.0, value + float(np.hypot(above[0], above[1])) / 2), len(truth)
    )


def pair_f1(judged: npt.ArrayLike, same: npt.ArrayLike, name: str = "pair F1") -> Figure:
    """The mean of precision and recall (harmonic) of the pairs that are taken for the same.

    Args:
        judged: (p,) bool, what was said.
        same: (p,) bool, the truth.
        name: of the figure.

    Returns:
        With the interval that Wilson's has of what F1 grows with: the share of the pairs that are
        the same among all that are the same or taken for it.
    """
    said, truth = np.asarray(judged, np.bool_), np.asarray(same, np.bool_)
    right, any_of_both = int((said & truth).sum()), int((said | truth).sum())
    shares = np.array([right / max(1, any_of_both), *wilson(right, any_of_both)])
    value, low, high = (2 * shares / (1 + shares)).tolist()
    return Figure(name, value, low, high, len(truth))


def cross_fitted(pairs: ScoredPairs, groups: Integers | None = None, seed: int = 0) -> Bools:
    """What the pairs are judged to be, by thresholds that were chosen on other pairs.

    The groups are dealt into ten parts. The threshold of best accuracy on nine judges the tenth.

    Args:
        pairs: with score and truth.
        groups: (p,) or (p, 2); a pair goes with the group of its left side.
        seed: of the dealing.

    Returns:
        (p,) bool.
    """
    found = pairs.groups(groups)
    codes = np.unique(found if found.ndim == 1 else found[:, 0], return_inverse=True)[1].ravel()
    number = int(codes.max()) + 1
    fold = np.random.default_rng(seed).permutation(number)[codes] % min(_FOLDS, number)
    judged = np.zeros(len(pairs), np.bool_)
    for part in range(int(fold.max()) + 1):
        here = fold == part
        roc = pairs.roc((~here).astype(np.float64))
        if not roc.defined:  # the rest holds one sort of pairs only: all there is must do
            roc = pairs.roc()
        at = roc.threshold(roc.cut_of_best_accuracy())
        judged[here] = _accepted(pairs.scores[here], at, pairs.metric)
    return judged


def area_under_roc(values: npt.ArrayLike, positive: npt.ArrayLike) -> float:
    """How often a positive has a larger value than a negative; ties count half.

    Args:
        values: (n,), such as anomaly scores.
        positive: (n,) bool, such as whether it is an anomaly.

    Raises:
        OptionError: all are of one sort, or a value is not finite.
    """
    from simsearch.distance import Metric

    return ScoredPairs(values, positive, Metric.INNER_PRODUCT).roc().auc


def _rates(roc: Roc, fars: Sequence[float]) -> Floats:
    """AUC, EER and TAR at each FAR; NaN where a resample has one sort of pairs only."""
    if not roc.defined:
        return np.full(2 + len(fars), np.nan)
    return np.array([roc.auc, roc.eer, *(roc.tar[roc.cut_at_far(far)] for far in fars)])


def _too_few(far: float, negatives: int) -> str:
    return (
        f"TAR at FAR {far:g} needs {needed_negatives(far):,} different pairs, "
        f"and there are {negatives:,}"
    )


def _accepted(scores: Floats, threshold: float, metric: Metric) -> Bools:
    """Which scores are as close as the threshold, compared in float64."""
    values: npt.NDArray[Any] = scores
    return metric.as_close(values, threshold)
