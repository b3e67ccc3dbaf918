"""Retrieval: is what lies nearest of the same class? Leave one out, exact, a block at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.errors import OptionError
from simsearch.evaluation.intervals import mean_figure, proportion
from simsearch.evaluation.scores import closeness_blocks, drop_self

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.distance import Metric
    from simsearch.evaluation.figures import Figure

    Floats = npt.NDArray[np.float32]
    Integers = npt.NDArray[np.integer]

__all__ = ["RECALLS", "nearest_of_class", "retrieval_figures"]

RECALLS = (1, 5, 10)


def nearest_of_class(queries: Floats, gallery: Floats, labels: Integers, metric: Metric) -> float:
    """Share of items that find one of their class nearest, no item itself (recall@1).

    Queries and gallery may be what two encoders make of the same items.

    Args:
        queries: (n, d) float32.
        gallery: (n, d) float32 of the same items.
        labels: (n,) class numbers; items of -1 and of classes of one are not asked for.
        metric: how embeddings are compared.

    Returns:
        0 to 1; 0 where no class has two items.
    """
    known = np.flatnonzero(np.asarray(labels) >= 0)
    classes = np.asarray(labels)[known]
    _, own, counts = np.unique(classes, return_inverse=True, return_counts=True)
    asked = np.flatnonzero(counts[own] > 1)
    if not len(asked):
        return 0.0
    vectors, right = np.ascontiguousarray(gallery[known]), 0
    for part, closeness in closeness_blocks(queries[known[asked]], vectors, metric):
        rows = asked[part]
        drop_self(closeness, rows)
        right += int((classes[closeness.argmax(axis=1)] == classes[rows]).sum())
    return right / len(asked)


def retrieval_figures(embeddings: Floats, labels: Integers, metric: Metric) -> list[Figure]:
    """Recall@1, @5, @10 and MAP@R: each item is a query for the others of its class.

    recall@k is the share of items with one of their class among the k nearest others. MAP@R (K.
    Musgrave, S. Belongie, S.-N. Lim, A metric learning reality check, ECCV 2020) looks at the R
    nearest, R being how many others the class has.

    Args:
        embeddings: (n, d) float32.
        labels: (n,) class numbers; items of -1 and of classes of one are not asked for.
        metric: how embeddings are compared.

    Raises:
        OptionError: no class has two items.
    """
    known = np.asarray(labels) >= 0
    vectors, classes = embeddings[known], np.asarray(labels)[known]
    _, own, counts = np.unique(classes, return_inverse=True, return_counts=True)
    asked = np.flatnonzero(counts[own] > 1)
    if not len(asked):
        raise OptionError("recall needs a class with two items or more")
    depth = min(len(vectors) - 1, max(*RECALLS, int(counts.max()) - 1))
    hits = np.empty((len(asked), len(RECALLS)), bool)
    precision = np.empty(len(asked))
    for part, closeness in closeness_blocks(vectors[asked], vectors, metric):
        rows = asked[part]
        drop_self(closeness, rows)
        right = classes[_nearest(closeness, depth)] == classes[rows][:, None]
        hits[part] = np.stack([right[:, :k].any(axis=1) for k in RECALLS], axis=1)
        precision[part] = _average_precision(right, counts[own[rows]] - 1)
    groups = classes[asked]
    figures = [proportion(f"recall@{k}", hits[:, at], groups) for at, k in enumerate(RECALLS)]
    return [*figures, mean_figure("MAP@R", precision, groups)]


def _average_precision(right: npt.NDArray[np.bool_], others: Integers) -> npt.NDArray[np.float64]:
    """Mean over the first R places of the precision so far, where the place is right."""
    places = np.arange(1, right.shape[1] + 1)
    inside = places[None, :] <= np.asarray(others)[:, None]
    so_far = np.cumsum(right, axis=1) / places
    found: npt.NDArray[np.float64] = (so_far * (right & inside)).sum(axis=1) / others
    return found


def _nearest(closeness: Floats, depth: int) -> Integers:
    """(m, depth) the nearest of each row, nearest first."""
    if depth < closeness.shape[1] - 1:
        near = np.argpartition(-closeness, depth, axis=1)[:, :depth]
    else:
        near = np.argsort(-closeness, axis=1)[:, :depth]
    order = np.argsort(-np.take_along_axis(closeness, near, axis=1), axis=1, kind="stable")
    found: Integers = np.take_along_axis(near, order, axis=1)
    return found
