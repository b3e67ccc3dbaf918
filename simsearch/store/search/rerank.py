"""A second look: candidates that were found by short codes are compared exactly.

FAISS computes the distances, with all its threads, straight from the memory map of the
vectors. For euclidean it takes differences, so a copy is at distance 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.distance import Metric

if TYPE_CHECKING:
    from simsearch.store.engines.engine import Mask, Rows, Vectors

__all__ = ["SecondLook", "candidates_for", "compared", "padded", "rerank", "rerankable"]


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


class SecondLook:
    """Vectors that candidates are compared with, with what every look at them needs kept.

    Args:
        vectors: (n, d) float32, contiguous; may be a memory map.
        metric: cosine, inner product or euclidean.
    """

    def __init__(self, vectors: Vectors, metric: Metric) -> None:
        import faiss

        name = "knn_L2sqr_by_idx" if metric is Metric.EUCLIDEAN else "knn_inner_products_by_idx"
        self._select = getattr(faiss, name)  # FAISS's stubs leave both out
        self._pointer = faiss.swig_ptr
        self._vectors = vectors
        self._metric = metric
        self._known = faiss.swig_ptr(vectors)
        self._rows, self._width = vectors.shape

    def best(self, queries: Vectors, candidates: Rows, k: int) -> tuple[Vectors, Rows]:
        """The k best of each query's candidates, nearest first, ties by row number.

        Args:
            queries: (m, d) float32, contiguous, prepared by the metric.
            candidates: (m, c) int64 row numbers, contiguous, -1 behind the last of a query; each
                row at most once a query.
            k: how many.

        Returns:
            As `Searcher.search`.
        """
        import numpy as np

        # One more shows whether the last is as near as one that is left out.
        shape = len(queries), k + 1
        values, rows = np.empty(shape, np.float32), np.empty(shape, np.int64)
        pointer, count = self._pointer, candidates.shape[1]
        asked, listed = pointer(queries), pointer(candidates)
        best = pointer(values), pointer(rows)
        # The last number is how far the lists are apart: FAISS takes the rows for it if not told.
        self._select(
            asked,
            self._known,
            listed,
            self._width,
            shape[0],
            self._rows,
            count,
            k + 1,
            *best,
            count,
        )
        equal = values[:, 1:] == values[:, :-1]
        if np.count_nonzero(equal):  # for one query `any` takes as long as the comparing
            self._order(queries, candidates, values, rows, equal)
        values, rows = self._metric.from_faiss(values[:, :k]), rows[:, :k]
        if np.count_nonzero(rows[:, -1] < 0):
            values = np.where(rows < 0, np.float32(np.nan), values)
        return values, rows

    def _order(
        self, queries: Vectors, candidates: Rows, values: Vectors, rows: Rows, equal: Mask
    ) -> None:
        """Put equals into the order of their row numbers."""
        import numpy as np

        if self._metric.larger_is_closer:  # FAISS lists equals by falling numbers
            order = np.lexsort((rows, -values))
            values[:], rows[:] = (np.take_along_axis(each, order, 1) for each in (values, rows))
        cut = np.flatnonzero(equal[:, -1] & (rows[:, -1] >= 0))
        if len(cut):  # which of several equals come was left to the order of the candidates
            values[cut], rows[cut] = self._by_row(queries[cut], candidates[cut], values.shape[1])

    def _by_row(self, queries: Vectors, candidates: Rows, k: int) -> tuple[Vectors, Rows]:
        """As FAISS gives them, the candidates of each query taken in the order of their numbers.

        A heap lets nothing go for an equal, so those with lesser numbers stay.
        """
        import faiss
        import numpy as np

        listed = np.sort(candidates.view(np.uint64), axis=1).view(np.int64)  # -1 comes last
        keys = compared(queries, listed, self._vectors, self._metric)
        if self._metric.larger_is_closer:
            np.negative(keys, out=keys)
        keys[listed < 0] = np.inf
        values, rows = np.empty((len(keys), k), np.float32), np.empty((len(keys), k), np.int64)
        heaps = faiss.float_maxheap_array_t()
        heaps.nh, heaps.k = values.shape
        heaps.val, heaps.ids = faiss.swig_ptr(values), faiss.swig_ptr(rows)
        heaps.heapify()
        columns = keys.shape[1]
        heaps.addn_with_ids(columns, faiss.swig_ptr(keys), faiss.swig_ptr(listed), columns)
        heaps.reorder()
        return (-values if self._metric.larger_is_closer else values), rows


def rerank(
    queries: Vectors, candidates: Rows, vectors: Vectors, k: int, metric: Metric
) -> tuple[Vectors, Rows]:
    """`SecondLook.best`, once: with -1 among the candidates anywhere."""
    import numpy as np

    if (candidates < 0).any():
        candidates = np.sort(candidates.view(np.uint64), axis=1).view(np.int64)  # -1 comes last
    queries, candidates = np.ascontiguousarray(queries), np.ascontiguousarray(candidates)
    return SecondLook(vectors, metric).best(queries, candidates, k)


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
