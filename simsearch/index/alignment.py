"""Alignment: a linear map from the embeddings of one encoder to those of another.

Ridge regression from old embeddings to new ones, both centred; the map is linear, so that a whole
index is aligned by one matrix product and no item is read again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simsearch.errors import OptionError
from simsearch.store.search.exact import nearest, without_self

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Rows, Vectors

    Matrix = npt.NDArray[np.float64]

__all__ = ["LEAST_ITEMS", "Alignment", "AlignmentQuality", "alignment_quality", "fit_alignment"]

# With fewer a map is a guess, and embedding them anew takes no time.
LEAST_ITEMS = 50
# Strengths of the ridge, as shares of the mean variance of a direction.
RIDGES = tuple(10.0**power for power in range(-8, 3))
# A direction with a smaller share of the greatest variance than this is rounding.
ROUNDING = 1e-11
FOLDS = 5
NEIGHBOURS = 10


@dataclass(frozen=True)
class Alignment:
    """A linear map between two embeddings.

    Attributes:
        matrix: (old dimension, new dimension) float32.
        offset: (new dimension,) float32.
        metric: how the aligned vectors are compared.
        ridge: the strength that was chosen, as a share of the mean variance of a direction.
    """

    matrix: Vectors
    offset: Vectors
    metric: Metric
    ridge: float

    def __call__(self, vectors: Vectors) -> Vectors:
        """Align (n, old dimension) prepared vectors: (n, new dimension), prepared by the metric.

        A vector of zeros, an item in which there was nothing to compare, stays one.
        """
        aligned = vectors @ self.matrix + self.offset
        aligned[~vectors.any(axis=1)] = 0
        return self.metric.prepare(aligned)


@dataclass(frozen=True, slots=True)
class AlignmentQuality:
    """Quality of a map, measured on items that it was not fitted to.

    Attributes:
        items: of the sample.
        cosine: mean cosine between the aligned vector of an item and its true one.
        neighbours: share of the 10 nearest, asked by new embeddings, that are the same among
            aligned vectors as among true ones.
        found: share of items whose own aligned vector is among the 10 nearest to their new
            embedding.
        recall_old: recall@1 of the old encoder; None without classes.
        recall_new: of the new encoder.
        recall_aligned: of new queries among aligned vectors.
    """

    items: int
    cosine: float
    neighbours: float
    found: float
    recall_old: float | None = None
    recall_new: float | None = None
    recall_aligned: float | None = None

    @property
    def recall_kept(self) -> float | None:
        """Share of the old recall@1 that is left; None without classes."""
        if not self.recall_old or self.recall_aligned is None:
            return None
        return self.recall_aligned / self.recall_old


def fit_alignment(old: Vectors, new: Vectors, metric: Metric) -> Alignment:
    """The map with the least error on items left out one at a time.

    That error needs no second fit: it is the residual over 1 - h, h being the leverage of the
    item (T. Hastie, R. Tibshirani, J. Friedman, The Elements of Statistical Learning, 2nd ed.,
    section 7.10; D. Allen, Technometrics 16, 1974).

    Args:
        old: (n, d) of the items, as the index stores them.
        new: (n, e) of the same items, by the new encoder.
        metric: how the new ones are compared.

    Raises:
        OptionError: there are fewer than two items, or as many of one sort as of the other not.
    """
    import numpy as np

    if len(old) != len(new) or len(old) < 2:
        raise OptionError(f"a map needs items in both spaces, not {len(old)} and {len(new)}")
    given, wanted = old.astype(np.float64), metric.prepare(new).astype(np.float64)
    centre, target = given.mean(axis=0), wanted.mean(axis=0)
    x, y = given - centre, wanted - target
    variances, directions = np.linalg.eigh(x.T @ x)
    kept = variances > ROUNDING * max(float(variances[-1]), 1e-300)
    variances, directions = variances[kept], directions[:, kept]
    sides = (x @ directions) / np.sqrt(variances)  # the left singular vectors
    spread = float(variances.mean()) if len(variances) else 1.0
    projected = sides.T @ y
    errors = [_left_out(sides, projected, y, variances / (variances + r * spread)) for r in RIDGES]
    ridge = RIDGES[int(np.argmin(errors))]
    weights = np.sqrt(variances) / (variances + ridge * spread)
    matrix = directions @ (weights[:, None] * projected)
    offset = target - centre @ matrix
    return Alignment(matrix.astype(np.float32), offset.astype(np.float32), metric, ridge)


def _left_out(sides: Matrix, projected: Matrix, y: Matrix, shrunk: Matrix) -> float:
    """Mean squared error on items left out one at a time; infinite where rounding rules it."""
    import numpy as np

    left = 1 - 1 / len(y) - np.square(sides) @ shrunk
    if left.min() < 1e-6:
        return float("inf")
    residual = (y - sides @ (shrunk[:, None] * projected)) / left[:, None]
    return float(np.square(residual).mean())


def alignment_quality(
    old: Vectors, new: Vectors, metrics: tuple[Metric, Metric], labels: Rows | None = None
) -> AlignmentQuality:
    """Measure a map by five, each fitted to four fifths and used on the fifth.

    Args:
        old, new: as for `fit_alignment`.
        metrics: how old and new embeddings are compared.
        labels: (n,) class numbers, -1 for none; None without classes.
    """
    import numpy as np

    true = metrics[1].prepare(new)
    aligned = _cross_fitted(old, new, metrics[1])
    own = np.arange(len(true))
    among_true = _nearest_others(true, true, metrics[1])
    among_aligned = _nearest_others(true, aligned, metrics[1])
    same = (among_true[:, :, None] == among_aligned[:, None, :]).any(axis=2)
    first = nearest(true, aligned, min(NEIGHBOURS, len(true)), metrics[1])[1]
    return AlignmentQuality(
        items=len(true),
        cosine=_mean_cosine(aligned, true),
        neighbours=float(same.mean()),
        found=float((first == own[:, None]).any(axis=1).mean()),
        **_recalls(labels, _nearest_others(old, old, metrics[0]), among_true, among_aligned),
    )


def _cross_fitted(old: Vectors, new: Vectors, metric: Metric) -> Vectors:
    """(n, e): each item aligned by a map that was not fitted to it."""
    import numpy as np

    fold = np.random.default_rng(0).permutation(len(old)) % FOLDS
    aligned = np.empty((len(new), new.shape[1]), np.float32)
    for number in range(FOLDS):
        held = fold == number
        aligned[held] = fit_alignment(old[~held], new[~held], metric)(old[held])
    return aligned


def _nearest_others(queries: Vectors, gallery: Vectors, metric: Metric) -> Rows:
    """(n, k): the items nearest to each item, itself left out."""
    import numpy as np

    k = min(NEIGHBOURS, len(gallery) - 1)
    found = nearest(queries, gallery, k + 1, metric)
    return without_self(*found, np.arange(len(queries)))[1]


def _mean_cosine(left: Vectors, right: Vectors) -> float:
    import numpy as np

    sizes = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return float((np.einsum("ij,ij->i", left, right) / np.where(sizes == 0, 1, sizes)).mean())


def _recalls(labels: Rows | None, old: Rows, true: Rows, aligned: Rows) -> Mapping[str, Any]:
    """Recall@1 of items whose class has another item in the sample."""
    import numpy as np

    if labels is None:
        return {}
    counts = np.bincount(labels[labels >= 0], minlength=1)
    asked = np.flatnonzero((labels >= 0) & (counts[np.maximum(labels, 0)] > 1))
    if not len(asked):
        return {}
    names = ("recall_old", "recall_new", "recall_aligned")
    return {
        name: float((labels[found[asked, 0]] == labels[asked]).mean())
        for name, found in zip(names, (old, true, aligned), strict=True)
    }
