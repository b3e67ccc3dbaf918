"""The threshold of a decision: from which score on two items count as the same.

It is a score that the user gives, one that the encoder was calibrated for and the user names, or
else one that is found in the items themselves, for the precision asked (see `corpus`): of n items
n (n - 1) / 2 pairs are compared, next to none of which are the same, and a threshold that is right
for as many same pairs as different ones would drown what is found in false pairs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from simsearch.calibration.chance import scores_of
from simsearch.calibration.corpus import PRECISION, check_precision
from simsearch.distance import Metric
from simsearch.errors import OptionError

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.calibration.calibration import Calibration
    from simsearch.calibration.corpus import CorpusCurve

    Floats = npt.NDArray[np.float64]

__all__ = ["AskedPrecision", "DecisionThreshold", "choose_threshold", "threshold_of"]

# Where more of the found pairs than this may be false by the calibration, it is said.
FALSE_SHARE = 0.1
# Where the user asks for no precision, and at the usual one less than this share of the copies that
# there seem to be is found, these are taken, the first that finds as much.
LESS, _FEW = (0.95, 0.9), 0.1
# Copies that there must seem to be for that, and to be told of where none is sure.
_SOME_COPIES, _LEAST_COPIES = 3, 10
# Of the same pairs of a calibration the share that may be below any threshold.
_LOWEST = 0.01


@dataclass(frozen=True, slots=True)
class AskedPrecision:
    """A threshold that is to be found in the items that are compared.

    Attributes:
        metric: of the scores.
        precision: share of the pairs found that are to be right.
        copies: scores of same pairs that the encoder was calibrated on; () where it was not.
        calibration: of the encoder; None where there is none.
        given: whether the user asked for that precision.
    """

    metric: Metric
    precision: float = PRECISION
    copies: tuple[float, ...] = ()
    calibration: Calibration | None = None
    given: bool = False

    @property
    def least(self) -> float:
        """The score below which no pair is the same, whatever the precision; NaN if unknown."""
        if not self.copies:
            return float("nan")
        low = _LOWEST if self.metric.larger_is_closer else 1 - _LOWEST
        return float(np.quantile(self.copies, low))


@dataclass(frozen=True, slots=True)
class DecisionThreshold:
    """From which score on two items are the same.

    Attributes:
        metric: of the scores.
        score: as close as this is the same.
        name: of the calibrated threshold; empty for a score that the user gave.
        far: share of different pairs that are as close, by the calibration; NaN if unknown.
        calibration: gives probabilities where the threshold was not found in the items.
        curve: of the items, where the threshold was found in them: gives probabilities.
        precision: of the pairs that it takes, as expected, where there is a curve.
    """

    metric: Metric
    score: float
    name: str = ""
    far: float = float("nan")
    calibration: Calibration | None = None
    curve: CorpusCurve | None = field(default=None, compare=False)
    precision: float = float("nan")

    @property
    def larger_is_closer(self) -> bool:
        """True for scores, False for distances."""
        return self.metric.larger_is_closer

    @property
    def best(self) -> float:
        """The score of an item and its copy; NaN for inner products, which have none."""
        if self.metric is Metric.INNER_PRODUCT:
            return float("nan")
        return 1.0 if self.larger_is_closer else 0.0

    def probability(self, scores: Floats) -> Floats:
        """How probable it is that pairs are the same: among the items that were compared where the
        threshold was found in them, else where same and different are as frequent as in the
        calibration; NaN without either.
        """
        if self.curve is not None:
            return self.curve.probability(scores)
        if self.calibration is None:
            return np.full(len(scores), np.nan)
        return self.calibration.probability(scores)

    @property
    def words(self) -> str:
        """The threshold in words."""
        sign = ">=" if self.larger_is_closer else "<="
        which = f" ({self.name})" if self.name else ""
        return f"{self.metric} {sign} {self.score:.4g}{which}"

    def warnings(self, items: int, found: int) -> tuple[str, ...]:
        """What to know before trusting the pairs.

        Args:
            items: that were compared with each other.
            found: pairs that are as close as the threshold.
        """
        if self.curve is not None and not found:
            return self._nothing_sure(self.curve)
        false = self.far * items * (items - 1) / 2
        if not found or not false > FALSE_SHARE * found:
            return ()
        return (
            f"{items:,} items are {items * (items - 1) // 2:,} pairs, of which this threshold lets "
            f"{false:,.0f} different ones pass if they are as alike as those of the calibration, "
            f"and it found {found:,}: look at a sample, or choose a stricter threshold",
        )

    def _nothing_sure(self, curve: CorpusCurve) -> tuple[str, ...]:
        """That there seem to be copies, though none is sure: what to do to see them."""
        copies = curve.tail.copies
        if copies < _LEAST_COPIES or not len(curve.closeness):
            return ()
        closest = float(scores_of(curve.closeness[0], self.metric))
        return (
            f"about {copies:,.0f} pairs seem to be copies, and none of them is sure enough for "
            f"this precision; the closest has {self.metric} {closest:.3g}: ask for less precision, "
            "or give a threshold of your own, to see them",
        )


def choose_threshold(
    metric: Metric,
    calibration: Calibration | None,
    threshold: float | str | None = None,
    precision: float | None = None,
) -> DecisionThreshold | AskedPrecision:
    """The threshold that the user names, else one that is to be found in the items.

    Args:
        metric: how items are compared.
        calibration: for scores of that metric; None where there is none.
        threshold: a score or distance, or the name of a threshold of the calibration; None for
            one of the items themselves.
        precision: share of the pairs found that are to be right; None for .99.

    Raises:
        OptionError: there is no such threshold, the score is no number, the precision no share,
            or both are given.
    """
    if precision is not None:
        check_precision(precision)
        if threshold is not None:
            raise OptionError("`precision` and `threshold` exclude each other; leave one out")
    if threshold is None:
        copies = () if calibration is None else calibration.same_scores
        given = precision is not None
        return AskedPrecision(metric, precision or PRECISION, copies, calibration, given)
    if not isinstance(threshold, str):
        if not np.isfinite(threshold):
            raise OptionError(f"a threshold is a score or a distance, not {threshold}")
        return DecisionThreshold(metric, float(threshold), calibration=calibration)
    if calibration is None:
        raise OptionError(f"there is no threshold {threshold!r}: the encoder is not calibrated")
    found = calibration.threshold(threshold)
    return DecisionThreshold(metric, found.score, found.name, found.far, calibration)


def threshold_of(curve: CorpusCurve, asked: AskedPrecision) -> DecisionThreshold:
    """The threshold of a corpus for the precision asked; for less where next to nothing has that
    precision and the user did not ask for it.
    """
    choices = (asked.precision,) if asked.given else (asked.precision, *LESS)
    enough = _FEW * curve.tail.copies if curve.tail.copies >= _SOME_COPIES else 0.0
    finding = (each for each in choices if curve.count(curve.threshold(each)) >= enough)
    precision = next(finding, asked.precision)
    name = f"for a precision of {precision:g} among these"
    if precision != asked.precision:
        name += f", as next to nothing has one of {asked.precision:g}"
    return DecisionThreshold(
        asked.metric,
        curve.threshold(precision),
        name,
        calibration=asked.calibration,
        curve=curve,
        precision=precision,
    )
