"""Nearest rows by comparing with every one: the flat kind, and the answer under a filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simsearch.distance import Metric
from simsearch.index.blocks import LEAST_QUERIES, nearest_in_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[Any]
    Rows = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

__all__ = ["best", "nearest"]

# Rows gathered at a time under a filter: bounds the copy to some 64 MB at 256 dimensions.
CHUNK_ROWS = 65_536


def nearest(
    queries: Vectors, vectors: Vectors, k: int, metric: Metric, wanted: Mask | None = None
) -> tuple[Vectors, Rows]:
    """The k rows nearest to each query, nearest first, ties by row number.

    Args:
        queries: (m, d) float32, as `Metric.prepare` gives them.
        vectors: (n, d) float32, prepared likewise; may be a memory map.
        k: how many, at least 1.
        metric: how to compare.
        wanted: (n,) bool, the rows that may be found; None for all.

    Returns:
        Scores or distances of the metric, (m, k) float32, and row numbers, (m, k) int64;
        -1 (and NaN) where there are fewer than k rows.
    """
    import numpy as np

    found = [(np.empty((len(queries), 0), np.float32), np.empty((len(queries), 0), np.int64))]
    for rows, part in _parts(vectors, wanted):
        values, local = _knn(queries, part, min(k, len(part)), metric)
        numbers = local if rows is None else np.where(local >= 0, rows[local], -1)
        found.append((values, numbers))
        found = [best(found, k, metric)]
    return best(found, k, metric)


def _knn(queries: Vectors, vectors: Vectors, k: int, metric: Metric) -> tuple[Vectors, Rows]:
    import faiss
    import numpy as np

    if not metric.binary and (metric is Metric.MANHATTAN or len(queries) < LEAST_QUERIES):
        values, rows = faiss.knn(queries, vectors, k, metric.faiss_metric)
        return metric.from_faiss(values), rows
    if not metric.binary:
        return nearest_in_blocks(queries, vectors, k, metric)
    distances, rows = faiss.knn_hamming(queries, np.ascontiguousarray(vectors), k)
    return distances.astype(np.float32), rows.astype(np.int64)


def best(parts: list[tuple[Vectors, Rows]], k: int, metric: Metric) -> tuple[Vectors, Rows]:
    """The k best of several answers to the same queries.

    Args:
        parts: values (m, any) and rows (m, any), -1 where there is none.
        k: how many to keep.
        metric: tells which values are better.

    Returns:
        As `nearest`.
    """
    import numpy as np

    values = np.concatenate([part[0] for part in parts], axis=1)
    rows = np.concatenate([part[1] for part in parts], axis=1)
    short = k - values.shape[1]
    if short > 0:
        values = np.pad(values, ((0, 0), (0, short)), constant_values=np.nan)
        rows = np.pad(rows, ((0, 0), (0, short)), constant_values=-1)
    values = np.where(rows >= 0, values, np.nan)
    # NaN sorts last, so places without a row do.
    order = np.lexsort((rows, -values if metric.larger_is_closer else values))[:, :k]
    return np.take_along_axis(values, order, 1), np.take_along_axis(rows, order, 1)


def _parts(vectors: Vectors, wanted: Mask | None) -> Iterator[tuple[Rows | None, Vectors]]:
    """The wanted vectors, and their row numbers (None: all of them, in order)."""
    import numpy as np

    if wanted is None or wanted.all():
        if len(vectors):
            yield None, vectors
        return
    rows = np.flatnonzero(wanted)
    for start in range(0, len(rows), CHUNK_ROWS):
        chunk = rows[start : start + CHUNK_ROWS]
        yield chunk, vectors[chunk]
