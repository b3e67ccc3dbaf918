"""Precision, recall and F1 of a list of found pairs whose truth is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.errors import OptionError
from simsearch.evaluation.figures import Evaluation, Figure
from simsearch.evaluation.intervals import bootstrap, wilson

if TYPE_CHECKING:
    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]

__all__ = ["evaluate_found_pairs"]


def evaluate_found_pairs(
    probabilities: Floats, right: Bools, missed: int, threshold: float = 0.5, seed: int = 0
) -> tuple[Evaluation, ...]:
    """Precision, recall and F1 at a threshold, beside the threshold of best F1.

    The best one is chosen on the same truth that it is measured by: it says what a better
    threshold could bring at most, not what one would bring.

    Args:
        probabilities: (p,) of pairs that were found, each pair once.
        right: (p,) which of them are the same thing.
        missed: how many pairs that are the same thing were not found at all.
        threshold: from which probability a pair counts.
        seed: of the intervals.

    Raises:
        OptionError: no pair is the same thing, so that there is nothing to find.
    """
    if not right.any() and not missed:
        raise OptionError("the truth has no pair that is the same thing")
    scores = np.concatenate([probabilities, np.full(missed, -1.0)])
    same = np.concatenate([right, np.ones(missed, bool)])
    best = _best(scores, same)
    ranked = _ranking(scores, same)
    return tuple(
        Evaluation(name, (*_at(scores, same, at, seed), ranked))
        for name, at in ((f"from {threshold:g}", threshold), (f"best: from {best:.3f}", best))
    )


def _at(scores: Floats, same: Bools, threshold: float, seed: int) -> tuple[Figure, ...]:
    taken = scores >= threshold
    hits, found, there = int((taken & same).sum()), int(taken.sum()), int(same.sum())

    def f1(weights: Floats) -> Floats:
        counted = 2 * weights[taken & same].sum()
        total = weights[taken].sum() + weights[same].sum()
        return np.array([counted / total if total else np.nan])

    low, high = bootstrap(f1, np.arange(len(scores)), seed)
    value = float(f1(np.ones(len(scores)))[0]) if found or there else 0.0
    return (
        Figure("precision", hits / found if found else 0.0, *wilson(hits, found), found),
        Figure("recall", hits / there if there else 0.0, *wilson(hits, there), there),
        Figure("F1", value, float(low[0]), float(high[0]), len(scores)),
    )


def _ranking(scores: Floats, same: Bools) -> Figure:
    """Average precision of the ranking; what was not found stands behind everything."""
    from sklearn.metrics import average_precision_score

    value = float(average_precision_score(same, scores))
    return Figure("average precision", value, value, value, len(scores))


def _best(scores: Floats, same: Bools) -> float:
    """The probability from which F1 is largest."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(same[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + same.sum())
    # A threshold takes all pairs of one probability.
    last = np.append(np.diff(scores[order]) != 0, True) & (scores[order] >= 0)
    if not last.any():
        return 1.0
    return float(scores[order][np.flatnonzero(last)[f1[last].argmax()]])
