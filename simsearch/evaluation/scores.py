"""Scores and distances of pairs of embeddings, block by block, so that memory stays bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simsearch.distance import Metric
from simsearch.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.integer]

__all__ = ["as_closeness", "closeness_blocks", "drop_self", "pair_scores"]

# Numbers in a block: 64 MB of float32.
_BLOCK = 1 << 24


def pair_scores(
    embeddings: Floats, left: Rows, right: Rows, metric: Metric, others: Floats | None = None
) -> Floats:
    """The score or distance of each pair of rows.

    Args:
        embeddings: (n, d) float32.
        left: (p,) rows.
        right: (p,) rows.
        metric: how embeddings are compared.
        others: (m, d) what `right` counts; None: `embeddings` as well.

    Returns:
        float32 (p,), of the metric.
    """
    first = metric.prepare(embeddings)
    second = first if others is None else metric.prepare(others)
    out = np.empty(len(left), np.float32)
    step = max(1, _BLOCK // max(1, first.shape[1]) // 4)
    for start in range(0, len(left), step):
        part = slice(start, start + step)
        out[part] = _scores(first[left[part]], second[right[part]], metric)
    return out


def closeness_blocks(
    queries: Floats, gallery: Floats, metric: Metric
) -> Iterator[tuple[slice, Floats]]:
    """Every query against the whole gallery, some queries at a time.

    Args:
        queries: (q, d) float32.
        gallery: (g, d) float32.
        metric: how embeddings are compared.

    Yields:
        Which queries, and their closeness to each of the gallery: float32 (some, g), larger is
        closer whatever the metric. The array is the caller's to change.

    Raises:
        OptionError: the two differ in dimension.
    """
    if queries.ndim != 2 or queries.shape[1:] != gallery.shape[1:]:
        raise OptionError(f"embeddings of the shapes {queries.shape} and {gallery.shape}")
    asked, known = metric.prepare(queries), metric.prepare(gallery)
    step = max(1, _BLOCK // max(1, len(known)))
    for start in range(0, len(asked), step):
        part = slice(start, min(start + step, len(asked)))
        yield part, _closeness(asked[part], known, metric)


def drop_self(closeness: Floats, rows: Rows) -> None:
    """Let no item be its own neighbour, in place.

    Args:
        closeness: (m, n) float32 of m of the items to all n, see `closeness_blocks`.
        rows: (m,) which items these are.
    """
    closeness[np.arange(len(rows)), rows] = -np.inf


def as_closeness(scores: npt.NDArray[Any], metric: Metric) -> npt.NDArray[Any]:
    """Scores or distances as numbers of which the larger is the closer; as_closeness undoes it."""
    return scores if metric.larger_is_closer else -scores


def _scores(left: Floats, right: Floats, metric: Metric) -> npt.NDArray[Any]:
    """Row by row, both prepared."""
    if metric.larger_is_closer:
        return np.asarray(np.einsum("ij,ij->i", left, right))
    if metric is Metric.HAMMING:
        return np.asarray(np.bitwise_count(_bits(left) ^ _bits(right)).sum(axis=1))
    gaps = left - right
    if metric is Metric.EUCLIDEAN:
        return np.asarray(np.linalg.norm(gaps, axis=1))
    return np.asarray(np.abs(gaps).sum(axis=1))


def _closeness(queries: Floats, gallery: Floats, metric: Metric) -> Floats:
    """Each with each, both prepared; larger is closer."""
    if metric.larger_is_closer or metric is Metric.EUCLIDEAN:
        block: Floats = queries @ gallery.T
        return block if metric.larger_is_closer else _minus_distance(block, queries, gallery)
    from scipy.spatial.distance import cdist

    sides: list[npt.NDArray[Any]] = [queries, gallery]
    if metric is Metric.HAMMING:
        sides = [np.unpackbits(_bits(side), axis=1) for side in sides]
    return -cdist(sides[0], sides[1], "cityblock").astype(np.float32)


def _minus_distance(products: Floats, queries: Floats, gallery: Floats) -> Floats:
    """Minus the euclidean distance, in the place of the inner products."""
    products *= 2.0
    products -= np.einsum("ij,ij->i", gallery, gallery)
    products -= np.einsum("ij,ij->i", queries, queries)[:, None]
    np.minimum(products, 0.0, out=products)
    return -np.sqrt(-products)


def _bits(vectors: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """What a prepared vector of hamming is."""
    return np.asarray(vectors, np.uint8)
