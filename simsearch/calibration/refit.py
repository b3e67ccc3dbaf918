"""Refit the threshold and probabilities of a calibration by corrections of the user.

Pairs that a user has labelled are no random pairs: they are those that looked wrong. So they do not
replace what a calibration was fitted to, but shift it. The log odds of the map are stretched and
moved (J. Platt, Probabilistic outputs for support vector machines, 1999, on the odds that there
are), the pairs of the calibration being kept as anchors:

- the anchors weigh as much as 200 pairs, however many there were, divided by the prior;
- a correction weighs as one pair, and all of them at most 30 % of the whole.

The threshold of best accuracy is chosen anew on both. Thresholds at a false-accept rate, and that
of the equal error rate, say something of pairs drawn at random; corrections do not, and these
thresholds stay.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simsearch.calibration.calibration import Threshold
from simsearch.errors import OptionError
from simsearch.evaluation.intervals import bootstrap
from simsearch.evaluation.verification import ScoredPairs

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.calibration.calibration import Calibration

    Bools = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.integer]

__all__ = ["CalibrationQuality", "Recalibration", "refit"]

# As many pairs as the anchors count for, and what corrections weigh of the whole at most.
ANCHORS, MOST = 200.0, 0.3
FOLDS = 5
# Bounds of the slope: the closer must stay the more probable, and no map becomes a step.
SLOPES = (0.2, 5.0)
TINY = 1e-15


@dataclass(frozen=True, slots=True)
class CalibrationQuality:
    """How well a calibration judges pairs.

    Attributes:
        accuracy: share of pairs that the threshold of best accuracy judges right.
        loss: mean of -ln of the probability of the truth; less is better.
    """

    accuracy: float
    loss: float


@dataclass(frozen=True, slots=True)
class Recalibration:
    """A recalibration, and its quality before and after.

    Attributes:
        calibration: the new one.
        previous: the one that was given.
        before: the corrections, by the calibration as it was given.
        after: the corrections, each by a calibration fitted to others of them; None where there
            are too few to hold any out.
        old_before: the anchors, by the calibration as it was given.
        old_after: the anchors, by the new one.
        weight: of all corrections together, as a share of the whole.
    """

    calibration: Calibration
    previous: Calibration
    before: CalibrationQuality
    after: CalibrationQuality | None
    old_before: CalibrationQuality
    old_after: CalibrationQuality
    weight: float


class _Weighed(NamedTuple):
    """Pairs: (p,) scores, (p,) truth, (p,) weights."""

    scores: Floats
    same: Bools
    weights: Floats


def refit(
    calibration: Calibration,
    scores: npt.ArrayLike,
    same: npt.ArrayLike,
    groups: Integers | None = None,
    seed: int = 0,
) -> Recalibration:
    """Refit threshold and probabilities by pairs that a user has labelled.

    All corrections are to be given each time: those of an earlier call are taken back first.

    Args:
        calibration: of the encoder.
        scores: (p,) of the corrections, of the calibration's metric, all finite.
        same: (p,) bool, what the user says.
        groups: (p,) items or groups that pairs share; held out together. None: each by itself.
        seed: of folds and resampling.

    Raises:
        OptionError: there are none, lengths differ, or a score is not finite.
    """
    given = np.asarray(scores, np.float64)
    truth = np.asarray(same).astype(np.bool_)
    if given.shape != truth.shape or given.ndim != 1 or not len(given):
        raise OptionError(f"scores of the shape {given.shape} for corrections of {truth.shape}")
    if not np.isfinite(given).all():
        raise OptionError(
            f"the score of correction {int(np.argmin(np.isfinite(given)))} is no number"
        )
    base = _without_shift(calibration)
    anchors = _anchors(base)
    made = _fitted(base, anchors, given, truth, seed)
    return Recalibration(
        calibration=made,
        previous=calibration,
        before=_quality(calibration, given, truth),
        after=_cross_fitted(base, anchors, given, truth, groups, seed),
        old_before=_quality(calibration, *anchors),
        old_after=_quality(made, *anchors),
        weight=_share(len(given)),
    )


def _share(count: int) -> float:
    """What so many corrections weigh of the whole."""
    return min(MOST, count / (count + ANCHORS))


def _without_shift(calibration: Calibration) -> Calibration:
    """The calibration as it was before it was corrected, but for the threshold."""
    slope, offset = calibration.shift
    if (slope, offset) == (1.0, 0.0):
        return calibration
    odds = _log_odds(np.array(calibration.probabilities))
    probabilities = _probability((odds - offset) / slope)
    return replace(
        calibration, probabilities=tuple(map(float, probabilities)), corrections=0, shift=(1.0, 0.0)
    )


def _anchors(base: Calibration) -> _Weighed:
    """The pairs that a calibration was fitted to, weighed to its prior.

    A calibration of the first format kept none: its knots stand for them, each as a same and a
    different pair that weigh as its probability says.
    """
    if base.same_scores and base.different_scores:
        scores = np.array([*base.same_scores, *base.different_scores])
        same = np.arange(len(scores)) < len(base.same_scores)
        weights = np.ones(len(scores))
    else:
        knots, probabilities = np.array(base.scores), np.array(base.probabilities)
        scores = np.tile(knots, 2)
        same = np.arange(len(scores)) < len(knots)
        weights = np.concatenate([probabilities, 1 - probabilities])
    weights[same] *= ANCHORS * base.prior / weights[same].sum()
    weights[~same] *= ANCHORS * (1 - base.prior) / weights[~same].sum()
    return _Weighed(scores, same, weights)


def _fitted(
    base: Calibration, anchors: _Weighed, scores: Floats, same: Bools, seed: int | None
) -> Calibration:
    """The calibration shifted by corrections; without a seed its threshold has no interval."""
    share = _share(len(scores))
    one = ANCHORS * share / (1 - share) / len(scores)
    pairs = _Weighed(
        np.concatenate([anchors.scores, scores]),
        np.concatenate([anchors.same, same]),
        np.concatenate([anchors.weights, np.full(len(scores), one)]),
    )
    slope, offset = _shift(_log_odds(base.probability(pairs.scores)), pairs.same, pairs.weights)
    probabilities = _probability(slope * _log_odds(np.array(base.probabilities)) + offset)
    return replace(
        base,
        thresholds={**base.thresholds, "accuracy": _threshold(base, pairs, anchors, seed)},
        probabilities=tuple(map(float, probabilities)),
        corrections=len(scores),
        shift=(slope, offset),
    )


def _shift(odds: Floats, same: Bools, weights: Floats) -> tuple[float, float]:
    """Slope and offset of the log odds under which the pairs are the most probable."""
    from scipy.optimize import minimize
    from scipy.special import expit

    def loss(parameters: Floats) -> tuple[float, Floats]:
        logits = parameters[0] * odds + parameters[1]
        gap = weights * (expit(logits) - same)
        value = float(np.sum(weights * (np.logaddexp(0, logits) - same * logits)))
        return value, np.array([np.sum(gap * odds), np.sum(gap)])

    start, bounds = np.array([1.0, 0.0]), [SLOPES, (None, None)]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return float(found.x[0]), float(found.x[1])


def _threshold(
    base: Calibration, pairs: _Weighed, anchors: _Weighed, seed: int | None
) -> Threshold:
    """The score that errs least on anchors and corrections; its rates are those on the anchors."""
    scored = ScoredPairs(pairs.scores, pairs.same, base.metric)

    def chosen(times: Floats) -> Floats:
        weights = times * pairs.weights
        roc = scored.roc(weights)
        if not roc.defined:
            return np.array([np.nan])
        share = float(weights[pairs.same].sum() / weights.sum())
        return np.array([roc.threshold(roc.cut_of_best_accuracy(share))])

    score = low = high = float(chosen(np.ones(len(pairs.scores)))[0])
    if seed is not None:
        lows, highs = bootstrap(chosen, np.arange(len(pairs.scores)), seed)
        low, high = np.nan_to_num([lows[0], highs[0]], nan=score)
    taken = base.same(anchors.scores, score)
    far = np.average(taken[~anchors.same], weights=anchors.weights[~anchors.same])
    frr = np.average(~taken[anchors.same], weights=anchors.weights[anchors.same])
    return Threshold(
        "accuracy", score, min(float(low), score), max(float(high), score), float(far), float(frr)
    )


def _cross_fitted(
    base: Calibration,
    anchors: _Weighed,
    scores: Floats,
    same: Bools,
    groups: Integers | None,
    seed: int,
) -> CalibrationQuality | None:
    """The corrections, each judged by a calibration that was fitted to others."""
    codes = np.arange(len(scores)) if groups is None else np.unique(groups, return_inverse=True)[1]
    number = int(codes.max()) + 1
    if number < 2:
        return None
    fold = np.random.default_rng(seed).permutation(number)[codes] % min(FOLDS, number)
    right, loss = np.zeros(len(scores)), np.zeros(len(scores))
    for part in np.unique(fold):
        here = fold == part
        made = _fitted(base, anchors, scores[~here], same[~here], None)
        right[here], loss[here] = _each(made, scores[here], same[here])
    return CalibrationQuality(float(right.mean()), float(loss.mean()))


def _quality(
    calibration: Calibration, scores: Floats, same: Bools, weights: Floats | None = None
) -> CalibrationQuality:
    right, loss = _each(calibration, scores, same)
    return CalibrationQuality(
        float(np.average(right, weights=weights)), float(np.average(loss, weights=weights))
    )


def _each(calibration: Calibration, scores: Floats, same: Bools) -> tuple[Floats, Floats]:
    """Of each pair whether it is judged right, and its loss."""
    probability = np.clip(calibration.probability(scores), TINY, 1 - TINY)
    right = calibration.same(scores) == same
    return right.astype(np.float64), -np.log(np.where(same, probability, 1 - probability))


def _log_odds(probability: Floats) -> Floats:
    kept = np.clip(probability, TINY, 1 - TINY)
    return np.asarray(np.log(kept / (1 - kept)))


def _probability(odds: Floats) -> Floats:
    return np.clip(1 / (1 + np.exp(-odds)), TINY, 1 - TINY)
