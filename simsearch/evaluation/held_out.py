"""Measure embeddings on items that the encoder has not learned from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.evaluation.correlation import spearman
from simsearch.evaluation.figures import Evaluation
from simsearch.evaluation.retrieval import retrieval_figures
from simsearch.evaluation.scores import as_closeness, pair_scores
from simsearch.evaluation.verification import (
    ScoredPairs,
    cross_fitted,
    pair_accuracy,
    pair_f1,
    verification_figures,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.distance import Metric

    Floats = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.int64]

__all__ = ["draw_pairs", "evaluate_classes", "evaluate_pairs", "evaluate_scores"]


def draw_pairs(
    labels: Rows, count: int, seed: int, negatives: int | None = None
) -> tuple[Rows, Rows, npt.NDArray[np.bool_]]:
    """Same and different pairs of items with a class, drawn at random.

    Every class counts by its items among the same pairs; no item is paired with itself.

    Args:
        labels: (n,) class numbers; -1 for none.
        count: of pairs, half of them the same; fewer where there are not so many.
        seed: of the drawing.
        negatives: different pairs, each once, at most; None: as many as same ones.

    Returns:
        left, right: (p,) int64; same: (p,) bool. Empty where no two items are of one class.
    """
    rng = np.random.default_rng(seed)
    known = np.flatnonzero(labels >= 0)
    order = known[np.argsort(labels[known], kind="stable")]
    sizes = np.unique(labels[order], return_counts=True)[1]
    starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    size = np.repeat(sizes, sizes)
    usable = np.flatnonzero(size > 1)
    if not len(usable) or len(sizes) < 2:
        empty = np.empty(0, np.int64)
        return empty, empty, np.empty(0, bool)
    half = min(count // 2, int((size[usable] - 1).sum()))
    place = rng.choice(usable, half)
    step = rng.integers(1, size[place])
    partner = starts[place] + (place - starts[place] + step) % size[place]
    a, b = np.sort(rng.choice(len(order), (2, 4 * (negatives or half))), axis=0)
    apart = np.flatnonzero(labels[order[a]] != labels[order[b]])
    if negatives is not None:
        first = np.unique(a[apart] * len(order) + b[apart], return_index=True)[1]
        apart = apart[np.sort(first)]
    apart = apart[: negatives or half]
    left = order[np.concatenate([place, a[apart]])]
    right = order[np.concatenate([partner, b[apart]])]
    return left, right, np.arange(len(left)) < half


def evaluate_classes(
    name: str, embeddings: Floats, labels: Rows, metric: Metric, *, pairs: int = 20_000, seed: int
) -> Evaluation:
    """Verification over random balanced pairs, and retrieval.

    Args:
        name: of what is measured.
        embeddings: (n, d) float32.
        labels: (n,) class numbers, -1 for none.
        metric: how embeddings are compared.
        pairs: how many.
        seed: of their drawing.

    Raises:
        OptionError: fewer than two classes, or none with two items.
    """
    left, right, same = draw_pairs(labels, pairs, seed)
    found = evaluate_pairs(name, embeddings, (left, right, same), metric, labels)
    retrieved = retrieval_figures(embeddings, labels, metric)
    return Evaluation(name, (*found.figures, *retrieved), found.notes)


def evaluate_pairs(
    name: str,
    embeddings: Floats,
    pairs: tuple[Rows, Rows, npt.NDArray[np.bool_]],
    metric: Metric,
    groups: Rows | None = None,
) -> Evaluation:
    """Verification over given pairs. Accuracy and F1 are by thresholds of other pairs.

    Args:
        name: of what is measured.
        embeddings: (n, d) float32.
        pairs: left and right rows, and which are the same.
        metric: how embeddings are compared.
        groups: (n,) of the items, resampled for the intervals; None: pairs by themselves.

    Raises:
        OptionError: all pairs are of one sort.
    """
    left, right, same = pairs
    scored = ScoredPairs(pair_scores(embeddings, left, right, metric), same, metric)
    sides = None if groups is None else np.stack([groups[left], groups[right]], axis=1)
    judged = cross_fitted(scored)
    figures, notes = verification_figures(scored, sides)
    judgement = (pair_accuracy(judged, same), pair_f1(judged, same))
    return Evaluation(name, (*judgement, *figures), tuple(notes))


def evaluate_scores(
    name: str, embeddings: Floats, left: Rows, right: Rows, scores: Floats, metric: Metric
) -> Evaluation:
    """How well closeness follows how alike pairs are said to be (Spearman)."""
    found = pair_scores(embeddings, left, right, metric)
    return Evaluation(name, (spearman(as_closeness(found, metric), scores),))
