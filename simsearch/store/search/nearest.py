"""The nearest rows of one array for every row of another, without an index on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.parts import parts_of
from simsearch.threads import apply_threads

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]
    Embeddings = npt.NDArray[np.float32]

__all__ = ["nearest_rows"]

# Comparing everything with everything is fastest up to about this many pairs of rows.
EXACT_PAIRS = 4e8
# Cells visited for each query. Duplicates fall into the same cell or a neighbour's, so a few do.
_VISITED = 4
# Cells are this many times the root of the rows, so that finding the cells of a row costs
# about as much as comparing it with what is in them.
_CELLS = 2.0
_TRAINING_ROWS_PER_CELL = 64
# Vectors added at a time.
_ADDED = 1 << 16
# Queries answered at a time.
_QUERIES = 4_096
# A product code of four bits is one of so many centroids, each of which needs a row.
_CENTROIDS = 16


def nearest_rows(
    queries: Embeddings,
    corpus: Embeddings,
    k: int,
    *,
    exact_pairs: float = EXACT_PAIRS,
    let_go: Callable[[], None] | None = None,
) -> tuple[Rows, Rows]:
    """The k corpus rows of greatest inner product for each query.

    Exact while there are few pairs; else through an inverted file of product codes (FAISS
    `IndexIVFPQFastScan`), which misses some: for candidates that are compared again.

    Args:
        queries: (m, d) float32 rows of unit length.
        corpus: (n, d) float32 rows of unit length.
        k: neighbours of each query.
        exact_pairs: compare every query with every row up to so many pairs.
        let_go: called between parts of the work: vectors that are on disk need not stay in memory.

    Returns:
        (query row, corpus row), each (about m * k,) int64, query by query.
    """
    import faiss

    k = min(k, len(corpus))
    apply_threads()
    if len(queries) * float(len(corpus)) <= exact_pairs or len(corpus) < _CENTROIDS:
        _, found = faiss.knn(queries, corpus, k, metric=faiss.METRIC_INNER_PRODUCT)
    else:
        found = _through_cells(_even(queries), _even(corpus), k, let_go or (lambda: None))
    query = np.repeat(np.arange(len(queries)), k)
    seen = found.ravel() >= 0
    return query[seen], found.ravel()[seen].astype(np.int64)


def _even(vectors: Embeddings) -> Embeddings:
    """With a zero added where the dimension is odd: product codes take two numbers each."""
    return np.pad(vectors, ((0, 0), (0, 1))) if vectors.shape[1] % 2 else vectors


def _through_cells(
    queries: Embeddings, corpus: Embeddings, k: int, let_go: Callable[[], None]
) -> Rows:
    """(m, k) row numbers from an inverted file; -1 where fewer were met."""
    import faiss

    cells = max(1, int(_CELLS * len(corpus) ** 0.5))
    dimension = corpus.shape[1]
    quantizer = faiss.IndexFlatIP(dimension)
    # Product codes of two numbers each in four bits: the scan is bound by memory, and these
    # are a sixteenth of the vectors. Ranks are approximate, but every candidate is compared.
    index = faiss.IndexIVFPQFastScan(
        quantizer, dimension, cells, dimension // 2, 4, faiss.METRIC_INNER_PRODUCT
    )
    index.cp.niter = 5
    index.cp.max_points_per_centroid = _TRAINING_ROWS_PER_CELL
    index.cp.min_points_per_centroid = 1
    rng = np.random.default_rng(0)
    sample = rng.permutation(len(corpus))[: cells * _TRAINING_ROWS_PER_CELL]
    index.train(corpus[sample])
    for part in parts_of(len(corpus), _ADDED):
        index.add(corpus[part])
        let_go()
    parameters = faiss.SearchParametersIVF()
    parameters.nprobe = _VISITED
    # The look-up tables of all queries in one call would take gigabytes.
    found = np.empty((len(queries), k), np.int64)
    for part in parts_of(len(queries), _QUERIES):
        found[part] = index.search(queries[part], k, params=parameters)[1]
        let_go()
    return found
