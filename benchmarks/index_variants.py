"""Other ways to search by cells and codes, behind one door, for `index_tried.py`.

Every way but those that say otherwise ends as the index does: the candidates that codes give are
compared exactly (`SecondLook`), as many queries at a time as the index takes.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from simsearch.distance import Metric
from simsearch.store.engines.cells import CellEngine, CellSearcher, Plan, learn_less
from simsearch.store.engines.centres import learnt_centres
from simsearch.store.engines.ivfpq import IvfPq
from simsearch.store.engines.measure import sample
from simsearch.store.engines.rabitq import RaBitQ
from simsearch.store.search.rerank import SecondLook, candidates_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.vectors import Rows, Vectors

__all__ = ["WAYS", "Way", "as_it_is", "queries_at_a_time", "timed"]

K = 10
METRIC = Metric.EUCLIDEAN
ROWS_PER_CELL = 64
ROUNDS = 10
LINKS, EFFORT = 32, 2


class Way:
    """Vectors in cells, ready to be asked.

    Args:
        index: of FAISS, filled.
        vectors: (n, d), for the second look.
        engine: of the index, whose kind it is.

    Attributes:
        cells: how many can be visited.
        seconds: of processor time that it took to build.
    """

    seconds = 0.0

    def __init__(self, index: Any, vectors: Vectors, engine: CellEngine | None = None) -> None:
        self.index = index
        self.vectors = vectors
        self.cells = int(index.nlist)
        self.searcher = CellSearcher(index, vectors, METRIC, engine or IvfPq())
        self._look = SecondLook(vectors, METRIC)

    def search(self, queries: Vectors, visited: int, depth: int) -> Rows:
        """(m, 10) int64: the rows found."""
        self.searcher.visited, self.searcher.depth = visited, depth
        return self.searcher.search(queries, K, None)[1]

    def _in_blocks(self, queries: Vectors, depth: int, ask: Callable[[Vectors], Rows]) -> Rows:
        """As many queries at a time as the index would take, the candidates looked at again."""
        step = queries_at_a_time(self.vectors, depth)
        parts = []
        for start in range(0, len(queries), step):
            some = queries[start : start + step]
            parts.append(self._look.best(some, ask(some), K)[1])
        return np.concatenate(parts)


def queries_at_a_time(vectors: Vectors, depth: int) -> int:
    """About what the index gives FAISS at a time with one thread."""
    each = IvfPq().bytes_asked(vectors.shape[1], sought(vectors, depth))
    codes = len(vectors) * vectors.shape[1] / 4
    return max(1, int((1 << (20 if codes <= 1 << 24 else 22)) // each))


def sought(vectors: Vectors, depth: int) -> int:
    return candidates_for(K, depth, len(vectors))


def as_it_is(vectors: Vectors) -> Way:
    """The index's own cells and codes."""
    return _pq_way(vectors, _own_centres(vectors))


def k_means_at_once(vectors: Vectors) -> Way:
    """As many centres by one k-means."""
    return _pq_way(vectors, _plain_centres(vectors, _cells(vectors), ROWS_PER_CELL))


def k_means_of_more(vectors: Vectors) -> Way:
    """The same, learnt from four times as many rows, as FAISS does of itself."""
    return _pq_way(vectors, _plain_centres(vectors, _cells(vectors), 4 * ROWS_PER_CELL))


def half_the_cells(vectors: Vectors) -> Way:
    return _pq_way(vectors, _own_centres(vectors, 0.5))


def twice_the_cells(vectors: Vectors) -> Way:
    return _pq_way(vectors, _own_centres(vectors, 2))


def codes_learnt_longer(vectors: Vectors) -> Way:
    """Twice the rows, two and a half times the rounds: FAISS's own choice."""
    return _pq_way(vectors, _own_centres(vectors), frugal=False)


def graph_of_centres(vectors: Vectors) -> Way:
    """Four times as many cells, whose centres are found through a graph (HNSW)."""
    import faiss

    graph = faiss.IndexHNSWFlat(vectors.shape[1], LINKS)
    return _Graph(_pq_index(vectors, _own_centres(vectors, 4), graph), vectors, graph)


def four_times_the_cells(vectors: Vectors) -> Way:
    """The same cells, their centres compared one by one."""
    return _pq_way(vectors, _own_centres(vectors, 4))


def in_two_cells(vectors: Vectors) -> Way:
    """Every vector in its nearest cell and in another one (spilling)."""
    index = _pq_index(vectors, _own_centres(vectors))
    order = index.quantizer.search(vectors, 2)[1]
    return _Spilled(_added_again(index, vectors, order[:, 1]), vectors)


def in_two_cells_soar(vectors: Vectors) -> Way:
    """The other cell chosen so that the two residuals are not parallel.

    Sun, Guo and Kumar, "SOAR: Improved Indexing for Approximate Nearest Neighbor Search"
    (NeurIPS 2023): with lambda 1, among the ten nearest.
    """
    centres = _own_centres(vectors)
    index = _pq_index(vectors, centres)
    return _Spilled(_added_again(index, vectors, _second_cells(vectors, centres, index)), vectors)


def rabitq(bits: int) -> Callable[[Vectors], Way]:
    """So many bits a number, after a random rotation, in the same number of cells."""

    def build(vectors: Vectors) -> Way:
        import faiss

        turn = np.linalg.qr(np.random.default_rng(0).normal(size=(vectors.shape[1],) * 2))[0]
        turned = vectors @ turn.astype(np.float32)
        centres = faiss.IndexFlatL2(vectors.shape[1])
        index = faiss.IndexIVFRaBitQFastScan(
            centres, vectors.shape[1], _cells(vectors), faiss.METRIC_L2, 32, True, bits
        )
        centres.add(_own_centres(turned))
        index.train(_sampled(turned, index.nlist, ROWS_PER_CELL))
        index.add(turned)
        return _Turned(index, turned, turn.astype(np.float32))

    return build


def look_in_bytes(vectors: Vectors) -> Way:
    """Candidates compared in a byte a number first, the best 20 then exactly."""
    import faiss

    bytes_ = faiss.IndexScalarQuantizer(
        vectors.shape[1], faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_L2
    )
    bytes_.train(_sampled(vectors, _cells(vectors), ROWS_PER_CELL))
    bytes_.add(vectors)
    return _InBytes(_pq_index(vectors, _own_centres(vectors)), vectors, bytes_)


def query_by_query(vectors: Vectors) -> Way:
    """Each query on its own, its nearest cell first (FAISS's `implem` 11)."""
    way = as_it_is(vectors)
    way.index.implem = 11
    return way


def all_at_once(vectors: Vectors) -> Way:
    """All queries in one call, not as many as a core's cache holds."""
    return _AtOnce(_pq_index(vectors, _own_centres(vectors)), vectors)


WAYS = {
    "k-means in one step": k_means_at_once,
    "k-means in one step, of 4 times as many rows": k_means_of_more,
    "half as many cells": half_the_cells,
    "twice as many cells": twice_the_cells,
    "4 times as many cells": four_times_the_cells,
    "4 times as many cells, HNSW over the centres": graph_of_centres,
    "codes learnt from twice the rows in 25 rounds": codes_learnt_longer,
    "spilling into the second nearest cell": in_two_cells,
    "spilling by SOAR": in_two_cells_soar,
    "second look in bytes, then exact": look_in_bytes,
    "query by query": query_by_query,
    "all queries at once": all_at_once,
    "RaBitQ, 1 bit, rotated": rabitq(1),
    "RaBitQ, 2 bits, rotated": rabitq(2),
    "RaBitQ, 3 bits, rotated": rabitq(3),
    "RaBitQ, 4 bits, rotated": rabitq(4),
}


class _Graph(Way):
    """More places are remembered in the graph than cells are visited."""

    def __init__(self, index: Any, vectors: Vectors, graph: Any) -> None:
        super().__init__(index, vectors)
        self._graph = graph

    def search(self, queries: Vectors, visited: int, depth: int) -> Rows:
        self._graph.hnsw.efSearch = EFFORT * visited
        return super().search(queries, visited, depth)


class _Spilled(Way):
    """A row that was met in both of its cells is taken once."""

    def search(self, queries: Vectors, visited: int, depth: int) -> Rows:
        count = sought(self.vectors, depth)

        def ask(some: Vectors) -> Rows:
            found = np.sort(self.searcher.candidates(some, count, visited)[1], axis=1)
            found[:, 1:][found[:, 1:] == found[:, :-1]] = -1
            return np.sort(found.view(np.uint64), axis=1).view(np.int64)  # -1 comes last

        return self._in_blocks(queries, depth, ask)


class _Turned(Way):
    """Queries are turned as the vectors were."""

    def __init__(self, index: Any, vectors: Vectors, turn: Vectors) -> None:
        super().__init__(index, vectors, RaBitQ())
        self._turn = turn

    def search(self, queries: Vectors, visited: int, depth: int) -> Rows:
        return super().search(queries @ self._turn, visited, depth)


class _InBytes(Way):
    """FAISS's `IndexRefine` over the vectors in bytes gives 20."""

    def __init__(self, index: Any, vectors: Vectors, bytes_: Any) -> None:
        import faiss

        super().__init__(index, vectors)
        self._refine = faiss.IndexRefine(index, bytes_)

    def search(self, queries: Vectors, visited: int, depth: int) -> Rows:
        import faiss

        cells = faiss.SearchParametersIVF(nprobe=visited)
        factor = max(1.0, sought(self.vectors, depth) / (2 * K))
        how = faiss.IndexRefineSearchParameters(k_factor=factor, base_index_params=cells)
        return self._in_blocks(
            queries, depth, lambda some: self._refine.search(some, 2 * K, params=how)[1]
        )


class _AtOnce(Way):
    def search(self, queries: Vectors, visited: int, depth: int) -> Rows:
        found = self.searcher.candidates(queries, sought(self.vectors, depth), visited)[1]
        return self._look.best(queries, found, K)[1]


def _pq_way(vectors: Vectors, centres: Vectors, *, frugal: bool = True) -> Way:
    return Way(_pq_index(vectors, centres, frugal=frugal), vectors)


def _pq_index(
    vectors: Vectors, centres: Vectors, quantizer: Any = None, *, frugal: bool = True
) -> Any:
    """The index's own kind of FAISS index, with centres that are given."""
    plan = Plan(len(vectors), vectors.shape[1], len(centres), METRIC, None)
    index = IvfPq().empty(plan)
    if quantizer is not None:
        index.quantizer = quantizer
    index.quantizer.add(centres)
    if frugal:
        learn_less(index.pq.cp)
    index.train(_sampled(vectors, len(centres), ROWS_PER_CELL))
    index.add(vectors)
    return index


def _cells(vectors: Vectors) -> int:
    return IvfPq().cells(*vectors.shape)


def _own_centres(vectors: Vectors, times: float = 1.0) -> Vectors:
    cells = max(1, int(times * _cells(vectors)))
    return learnt_centres(_sampled(vectors, cells, ROWS_PER_CELL), cells, METRIC)


def _plain_centres(vectors: Vectors, cells: int, rows: int) -> Vectors:
    import faiss

    learning = faiss.Kmeans(
        vectors.shape[1], cells, niter=ROUNDS, seed=1234, max_points_per_centroid=rows
    )
    learning.train(_sampled(vectors, cells, rows))
    return learning.centroids


def _sampled(vectors: Vectors, cells: int, rows: int) -> Vectors:
    return sample(vectors, cells * rows)


def _added_again(index: Any, vectors: Vectors, cells: Rows, step: int = 1_024) -> Any:
    """The vectors once more, each into the cell that is given.

    FAISS asks a quantizer for the cell: here one that knows these vectors by their cells.
    """
    import faiss

    own = index.quantizer
    for start in range(0, len(vectors), step):
        part = np.ascontiguousarray(vectors[start : start + step])
        known = faiss.IndexIDMap(faiss.IndexFlatL2(vectors.shape[1]))
        known.add_with_ids(part, cells[start : start + step])
        index.quantizer = known
        index.add_with_ids(part, np.arange(start, start + len(part)))
    index.quantizer = own
    return index


def _second_cells(vectors: Vectors, centres: Vectors, index: Any, step: int = 4_096) -> Rows:
    """(n,): the other cell of each vector by SOAR's loss."""
    out = np.empty(len(vectors), np.int64)
    for start in range(0, len(vectors), step):
        part = vectors[start : start + step]
        near = index.quantizer.search(np.ascontiguousarray(part), min(10, len(centres)))[1]
        first = part - centres[near[:, 0]]
        first /= np.maximum(np.linalg.norm(first, axis=1, keepdims=True), 1e-12)
        rest = part[:, None] - centres[near[:, 1:]]
        loss = (rest**2).sum(axis=2) + np.einsum("ncd,nd->nc", rest, first) ** 2
        out[start : start + step] = near[np.arange(len(part)), 1 + loss.argmin(axis=1)]
    return out


def timed(build: Callable[[Vectors], Way], vectors: Vectors) -> Way:
    """Build a way, and note what it took."""
    started = time.process_time()
    way = build(vectors)
    way.seconds = time.process_time() - started
    return way
