"""The threshold of a decision: from which score on two items count as the same.

Of n items n (n - 1) / 2 pairs are compared, and next to none of them are the same: a threshold
that is right for as many same pairs as different ones (`accuracy`, `eer`) would drown what is
found in false pairs. So the strictest false-accept rate that the encoder was calibrated for is
taken, and what it still lets through is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simsearch.distance import Metric
from simsearch.errors import OptionError

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.calibration.calibration import Calibration

    Floats = npt.NDArray[np.float64]

__all__ = ["DecisionThreshold", "choose_threshold"]

# The loosest threshold that is taken without being asked for.
STRICT = 0.001
# Where more of the found pairs than this may be false by the calibration, it is said.
FALSE_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class DecisionThreshold:
    """From which score on two items are the same.

    Attributes:
        metric: of the scores.
        score: as close as this is the same.
        name: of the calibrated threshold; empty for a score that the user gave.
        far: share of different pairs that are as close, by the calibration; NaN if unknown.
        calibration: gives probabilities; None where there is none.
    """

    metric: Metric
    score: float
    name: str = ""
    far: float = float("nan")
    calibration: Calibration | None = None

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
        """How probable it is that pairs are the same, where same and different are as frequent
        as in the calibration; NaN without one.
        """
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
        false = self.far * items * (items - 1) / 2
        if not found or not false > FALSE_SHARE * found:
            return ()
        return (
            f"{items:,} items are {items * (items - 1) // 2:,} pairs, of which this threshold lets "
            f"{false:,.0f} different ones pass if they are as alike as those of the calibration, "
            f"and it found {found:,}: look at a sample, or choose a stricter threshold",
        )


def choose_threshold(
    metric: Metric,
    calibration: Calibration | None,
    threshold: float | str | None = None,
) -> DecisionThreshold | None:
    """The threshold that the user names, else the strictest of the calibration.

    Args:
        metric: how items are compared.
        calibration: for scores of that metric; None where there is none.
        threshold: a score or distance, or the name of a threshold of the calibration; None for
            the strictest of those.

    Returns:
        None where nothing says from which score on two items are the same.

    Raises:
        OptionError: there is no such threshold, none strict enough, or the score is no number.
    """
    if threshold is not None and not isinstance(threshold, str):
        if not np.isfinite(threshold):
            raise OptionError(f"a threshold is a score or a distance, not {threshold}")
        return DecisionThreshold(metric, float(threshold), calibration=calibration)
    if calibration is None:
        if threshold is not None:
            raise OptionError(f"there is no threshold {threshold!r}: the encoder is not calibrated")
        return None
    found = calibration.threshold(threshold or _strictest(calibration))
    return DecisionThreshold(metric, found.score, found.name, found.far, calibration)


def _strictest(calibration: Calibration) -> str:
    """The name of the threshold of the least false-accept rate.

    Raises:
        OptionError: none is strict enough for a list of duplicates.
    """
    rates = {name: _rate(name) for name in calibration.thresholds if name.startswith("far_")}
    strict = {name: rate for name, rate in rates.items() if rate <= STRICT}
    if not strict:
        known = ", ".join(calibration.thresholds)
        raise OptionError(
            f"the encoder was calibrated on {calibration.negatives:,} different pairs, too few to "
            f"know a threshold that lets no more than 1 of {1 / STRICT:,.0f} pass; calibrate it on "
            f"more, give a score, or take a looser one: {known}"
        )
    return min(strict, key=lambda name: strict[name])


def _rate(name: str) -> float:
    """0.001 of `far_0.001`."""
    try:
        return float(name.removeprefix("far_"))
    except ValueError:
        return float("inf")
