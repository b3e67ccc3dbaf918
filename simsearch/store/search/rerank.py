"""A second look: candidates that were found by short codes are compared exactly.

FAISS computes the distances, with all its threads, straight from the memory map of the
vectors. For euclidean it takes differences, so a copy is at distance 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.distance import Metric

if TYPE_CHECKING:
    from simsearch.store.engines.engine import Rows, Vectors

__all__ = ["candidates_for", "compared", "padded", "rerank", "rerankable"]


def candidates_for(k: int, depth: int, rows: int) -> int:
    """How many candidates get a second look so that k are right.

    Args:
        k: how many are wanted.
        depth: 2 times as many for k = 10 when it is 2; as many for a smaller k, as the very
            nearest are no easier to tell from others, and fewer for a larger one. For
            k = 11, which a held-out point asks for as it finds itself, no more than for 10.
        rows: there are no more.
    """
    return min(rows, max(k, depth * ((max(k, 10) + 10) // 2)))


def rerankable(metric: Metric) -> bool:
    """Whether FAISS compares listed rows by this metric."""
    return metric in (Metric.COSINE, Metric.INNER_PRODUCT, Metric.EUCLIDEAN)


def rerank(
    queries: Vectors, candidates: Rows, vectors: Vectors, k: int, metric: Metric
) -> tuple[Vectors, Rows]:
    """The k best of each query's candidates, nearest first, ties by row number.

    Args:
        queries: (m, d) float32, prepared by the metric.
        candidates: (m, c) int64 row numbers, -1 for none; each row at most once a query.
        vectors: (n, d) float32, contiguous; may be a memory map.
        k: how many.
        metric: cosine, inner product or euclidean.

    Returns:
        As `Searcher.search`.
    """
    import faiss
    import numpy as np

    if (candidates < 0).any():
        candidates = -np.sort(-candidates, axis=1)  # FAISS stops at the first that is none
    queries, candidates = np.ascontiguousarray(queries), np.ascontiguousarray(candidates)
    values, rows = np.empty((len(queries), k), np.float32), np.empty((len(queries), k), np.int64)
    name = "knn_L2sqr_by_idx" if metric is Metric.EUCLIDEAN else "knn_inner_products_by_idx"
    select = getattr(faiss, name)  # FAISS's stubs leave both out
    asked, known, listed = map(faiss.swig_ptr, (queries, vectors, candidates))
    best = faiss.swig_ptr(values), faiss.swig_ptr(rows)
    width, count = vectors.shape[1], candidates.shape[1]
    # The last number is how far the lists are apart: FAISS takes len(vectors) for it if not told.
    select(asked, known, listed, width, len(queries), len(vectors), count, k, *best, count)
    if metric.larger_is_closer and (values[:, 1:] == values[:, :-1]).any():
        order = np.lexsort((rows, -values))  # FAISS lists equals by falling numbers
        values, rows = np.take_along_axis(values, order, 1), np.take_along_axis(rows, order, 1)
    values = metric.from_faiss(values)
    if (rows[:, -1] < 0).any():
        values[rows < 0] = np.nan
    return values, rows


def compared(queries: Vectors, candidates: Rows, vectors: Vectors, metric: Metric) -> Vectors:
    """Listed rows compared with a query each, by FAISS's loops; differences for euclidean.

    Args:
        queries: (m, d) float32.
        candidates: (m, c) int64 rows; what stands for -1 is not defined.
        vectors: (n, d) float32, contiguous; may be a memory map.
        metric: cosine, inner product or euclidean.

    Returns:
        (m, c) float32: inner products, or squared euclidean distances.
    """
    import faiss
    import numpy as np

    queries, candidates = np.ascontiguousarray(queries), np.ascontiguousarray(candidates)
    out: Vectors = np.empty(candidates.shape, np.float32)
    name = "fvec_L2sqr_by_idx" if metric is Metric.EUCLIDEAN else "fvec_inner_products_by_idx"
    compare = getattr(faiss, name)
    pointers = [faiss.swig_ptr(array) for array in (out, queries, vectors, candidates)]
    compare(*pointers, queries.shape[1], *candidates.shape)
    return out


def padded(values: Vectors, rows: Rows, k: int) -> tuple[Vectors, Rows]:
    """Answers with k columns: NaN and -1 where there are no more."""
    import numpy as np

    short = ((0, 0), (0, k - rows.shape[1]))
    if short[1][1] <= 0:
        return values, rows
    return np.pad(values, short, constant_values=np.nan), np.pad(rows, short, constant_values=-1)
