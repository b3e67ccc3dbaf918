"""A second look: candidates that were found by short codes are compared exactly.

FAISS computes the distances, with all its threads, straight from the memory map of the
vectors. For euclidean it takes differences, so a copy is at distance 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.distance import Metric

if TYPE_CHECKING:
    from simsearch.store.engines.engine import Rows, Vectors

__all__ = ["candidates_for", "rerank", "rerankable"]


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
    import numpy as np

    values = _compared(queries, candidates, vectors, metric)
    values[candidates < 0] = -np.inf if metric.larger_is_closer else np.inf
    key = -values if metric.larger_is_closer else values
    if k < candidates.shape[1]:
        # The k-th may have equals beyond the cut: which of them stay does not matter.
        first = np.argpartition(key, k - 1, axis=1)[:, :k]
        key, rows = np.take_along_axis(key, first, 1), np.take_along_axis(candidates, first, 1)
    else:
        rows = candidates
    order = np.lexsort((rows, key))
    key, rows = np.take_along_axis(key, order, 1), np.take_along_axis(rows, order, 1)
    found = metric.from_faiss(-key if metric.larger_is_closer else key)
    found = np.where(rows >= 0, found, np.nan).astype(np.float32)
    short = ((0, 0), (0, k - rows.shape[1]))
    if short[1][1] > 0:
        found = np.pad(found, short, constant_values=np.nan)
        rows = np.pad(rows, short, constant_values=-1)
    return found, rows


def _compared(queries: Vectors, candidates: Rows, vectors: Vectors, metric: Metric) -> Vectors:
    """(m, c) inner products, or squared euclidean distances."""
    import faiss
    import numpy as np

    queries, candidates = np.ascontiguousarray(queries), np.ascontiguousarray(candidates)
    out: Vectors = np.empty(candidates.shape, np.float32)
    name = "fvec_L2sqr_by_idx" if metric is Metric.EUCLIDEAN else "fvec_inner_products_by_idx"
    compare = getattr(faiss, name)  # FAISS's stubs leave both out
    pointers = [faiss.swig_ptr(array) for array in (out, queries, vectors, candidates)]
    compare(*pointers, queries.shape[1], *candidates.shape)
    return out
