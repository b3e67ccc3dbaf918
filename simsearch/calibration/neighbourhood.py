"""Whether two items are closer than the neighbourhood that they lie in explains.

Around an item the density is taken for even up to its k-th neighbour, whatever it is elsewhere. Of
k points that fall evenly into a ball of d dimensions, the j-th closest is within the radius r_j,
and the share of the volume (r_j / r_k)^d has a beta distribution with j and k - j (F. Denti et al.,
"The generalized ratios intrinsic dimension estimator", Scientific Reports 12, 2022; for k = 2: E.
Facco et al., "Estimating the intrinsic dimension of datasets by a minimal neighborhood
information", Scientific Reports 7, 2017). A copy is much closer than that. It knows nothing of how
close copies are elsewhere in the corpus, so it is evidence beside the tail (see `chance`): vectors
on a lattice, or on a curve, have many close pairs, and none closer than their neighbourhood.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.distance import Metric
from simsearch.evaluation.scores import closeness_blocks, drop_self

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]
    Vectors = npt.NDArray[np.float32]

__all__ = ["METRICS", "chance_in_place", "rarest"]

# Those of which the distances are of a space with a volume.
METRICS = (Metric.COSINE, Metric.EUCLIDEAN)

# How far a neighbourhood reaches; the wider ones are for groups of many copies.
_REACHES = (16, 64, 256)
# Items by which the dimension is measured: by the median, so that copies do not count.
_SAMPLE = 1000
_TINY = 1e-30


def chance_in_place(
    vectors: Vectors, metric: Metric, left: Rows, right: Rows, seed: int = 0
) -> Floats:
    """How probable it is that two items of a pair are so close by the density around them.

    Args:
        vectors: (n, d) of items with different contents.
        metric: one of METRICS.
        left: (p,) rows.
        right: (p,) rows.
        seed: of the sample by which the dimension is measured.

    Returns:
        float64 (p,), for the end of the pair that makes it the more probable; 1 where there are
        too few items to tell.
    """
    reaches = [reach for reach in _REACHES if reach < len(vectors)]
    if not reaches or not len(left):
        return np.ones(len(left))
    rows, place = np.unique(np.concatenate([left, right]), return_inverse=True)
    points = metric.prepare(vectors)
    # Rounding is relative to the distance from the origin.
    points = points - points.mean(axis=0)
    near = _near(points, rows, reaches[-1])
    dimensions = _dimensions(points, reaches, seed)
    ends = place.reshape(2, -1)
    gap = _gaps(points, left, right)
    return np.maximum(*(_chance(near[end], gap, reaches, dimensions) for end in ends))


def rarest(chance: Floats, tests: int, false_share: float) -> npt.NDArray[np.bool_]:
    """The pairs of which at most a share is chance (Benjamini and Hochberg, 1995).

    Args:
        chance: (p,) of each pair.
        tests: pairs that might have been as rare: each item with its closest.
        false_share: share of those chosen that may be.

    Returns:
        (p,) bool.
    """
    order = np.sort(chance)
    ranks = np.arange(1, len(order) + 1)
    within = np.flatnonzero(order * max(tests, 1) <= false_share * ranks)
    return chance <= (order[within[-1]] if len(within) else -1.0)


def _near(points: Vectors, rows: Rows, count: int) -> Floats:
    """(m, count) distances of some points to the closest others, ascending."""
    out = np.empty((len(rows), count))
    for part, block in closeness_blocks(points[rows], points, Metric.EUCLIDEAN):
        drop_self(block, rows[part])
        closest = np.argpartition(block, -count, axis=1)[:, -count:]
        left = np.repeat(rows[part], count)
        out[part] = _gaps(points, left, closest.ravel()).reshape(-1, count)
    return np.sort(out, axis=1)


def _gaps(points: Vectors, left: Rows, right: Rows) -> Floats:
    """(p,) distances of pairs, not by inner products: those of copies would be rounding alone."""
    step = max(1, (1 << 22) // max(1, points.shape[1]))
    parts = [np.empty(0)]
    for start in range(0, len(left), step):
        part = slice(start, start + step)
        gap = points[left[part]].astype(np.float64) - points[right[part]]
        parts.append(np.linalg.norm(gap, axis=1))
    return np.concatenate(parts)


def _dimensions(points: Vectors, reaches: list[int], seed: int) -> list[float]:
    """The dimension of the corpus up to the scale of each reach.

    A thick curve is a line from afar; and where the corpus ends nothing is found any more, which
    looks like a high dimension and is none: so it never grows with the reach.
    """
    items = len(points)
    rows = np.arange(items)
    if items > _SAMPLE:
        rows = np.sort(np.random.default_rng(seed).choice(items, _SAMPLE, replace=False))
    near = np.maximum(_near(points, rows, reaches[-1]), _TINY)
    growths = [np.median(np.log(near[:, reach - 1] / near[:, reach // 2 - 1])) for reach in reaches]
    most = float(points.shape[1])
    found = [np.log(2) / growth if growth > 0 else most for growth in growths]
    return [float(each) for each in np.minimum.accumulate([most, *found])[1:]]


def _chance(near: Floats, gap: Floats, reaches: list[int], dimensions: list[float]) -> Floats:
    """(p,) for one end of pairs: the least over the reaches, as often as they were tried."""
    from scipy.special import betainc

    # Rounding must not put an item before one that is as close.
    rank = (near < gap[:, None] * (1 - 1e-9)).sum(axis=1) + 1
    least = np.ones(len(gap))
    for reach, dimension in zip(reaches, dimensions, strict=True):
        share = np.minimum(gap / np.maximum(near[:, reach - 1], _TINY), 1.0) ** dimension
        inside = rank < reach
        chance = betainc(rank[inside], reach - rank[inside], share[inside])
        least[inside] = np.minimum(least[inside], chance)
    return np.minimum(least * len(reaches), 1.0)
