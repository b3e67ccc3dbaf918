"""HNSW: a graph of neighbours in layers, followed from far to near.

Malkov and Yashunin, "Efficient and Robust Approximate Nearest Neighbor Search Using
Hierarchical Navigable Small World Graphs" (TPAMI 2020); FAISS `IndexHNSWFlat`. Slow to build;
each vector is held once, as copies tear the graph apart (`copies.py`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simsearch.index.exact import nearest
from simsearch.index.kinds.copies import Copies
from simsearch.index.kinds.faiss_file import read_faiss, write_faiss
from simsearch.index.kinds.growing import within_growing
from simsearch.index.kinds.kind import Built
from simsearch.index.kinds.selector import Selector
from simsearch.index.kinds.tune import MARGIN, asking, drawn, measure, recall_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from simsearch.distance import Metric
    from simsearch.index.files import NewFile
    from simsearch.index.kinds.kind import Mask, Rows, Searcher, Target, Vectors

__all__ = ["Hnsw"]

NEIGHBOURS = 32
BUILD_EFFORT = 80
EFFORTS = (16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1_024, 2_048)
CHUNK_ROWS = 65_536
# Points that measure the graph.
QUERIES_HELD = 500
# Queries in one call. FAISS computes what a range search may take from their number, and
# aborts the process when it is too much; searches for neighbours are kept far below as well.
QUERIES = 4_096


class Hnsw:
    """A graph over the distinct vectors."""

    name: str = "hnsw"
    has_file: bool = True

    def refusal(self, metric: Metric) -> str | None:
        """See `Kind`."""
        return "its vectors are numbers, not bits; take binary or flat" if metric.binary else None

    def build(
        self, vectors: Vectors, metric: Metric, target: Target, file: NewFile | None
    ) -> Built:
        """See `Kind`: link the vectors one after the other, and choose how far to look.

        A point that is in the graph finds its neighbours more easily than one that is not. So
        the points that measure the graph are linked last, when it has been measured.
        """
        import faiss
        import numpy as np

        if file is None:
            raise ValueError("this kind has a file")
        copies = Copies.of(vectors)
        held = drawn(len(copies.first), min(QUERIES_HELD, len(copies.first) // 2))
        rest = np.setdiff1d(np.arange(len(copies.first)), held)
        copies = copies.reordered(np.concatenate([rest, held]))
        index = faiss.IndexHNSWFlat(vectors.shape[1], NEIGHBOURS, metric.faiss_metric)
        index.hnsw.efConstruction = BUILD_EFFORT
        first = copies.first
        _link(index, vectors, first[: len(rest)])
        searcher = HnswSearcher(index, copies, vectors, metric)
        inside = np.zeros(len(vectors), bool)
        inside[copies.rows[: copies.limits[len(rest)]]] = True
        points = asking(vectors, first[len(rest) :], metric, inside)
        for effort in EFFORTS:
            searcher.effort = effort
            if recall_of(searcher, points, metric) >= min(1.0, target.recall + MARGIN):
                break
        measured = measure(searcher, points, metric, 0.0)
        _link(index, vectors, first[len(rest) :])
        write_faiss(index, file)
        copies.write(file)
        kept = round(file.tell() / len(vectors), 2)
        return Built(
            self.name, {"effort": searcher.effort}, replace(measured, bytes_per_vector=kept)
        )

    def open(
        self,
        path: Path | None,
        vectors: Callable[[], Vectors],
        metric: Metric,
        parameters: Mapping[str, int],
    ) -> Searcher:
        """See `Kind`."""
        if path is None:
            raise ValueError("this kind has a file")
        copies, effort = Copies.read(path), parameters["effort"]
        return HnswSearcher(read_faiss(path), copies, vectors(), metric, effort)


def _link(index: Any, vectors: Vectors, rows: Rows) -> None:
    """Add some rows to a graph, on one thread: with more it is another each time."""
    import faiss

    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        for start in range(0, len(rows), CHUNK_ROWS):
            index.add(vectors[rows[start : start + CHUNK_ROWS]])
    finally:
        faiss.omp_set_num_threads(threads)


class HnswSearcher:
    """Follows the graph, and gives every copy of what it finds.

    Args:
        index: of FAISS, over the distinct vectors.
        copies: which rows they stand for.
        vectors: (n, d), for queries that the graph leaves short.
        metric: how vectors are compared.
        effort: places that are remembered on the way (efSearch).
    """

    def __init__(
        self, index: Any, copies: Copies, vectors: Vectors, metric: Metric, effort: int = 16
    ) -> None:
        self.index = index
        self.copies = copies
        self.vectors = vectors
        self.metric = metric
        self.effort = effort
        self._selector = Selector()
        self._living: tuple[Mask, Mask | None] | None = None

    def search(self, queries: Vectors, k: int, alive: Mask | None) -> tuple[Vectors, Rows]:
        """See `Searcher`. Queries that are left with fewer than k rows compare all."""
        import numpy as np

        rows = len(self.vectors)
        parts = [(np.empty((0, k), np.float32), np.empty((0, k), np.int64))]
        starts = range(0, len(queries), QUERIES)
        parts += [self._search(queries[i : i + QUERIES], k, alive) for i in starts]
        values, found = map(np.concatenate, zip(*parts, strict=True))
        there = rows if alive is None else int(np.count_nonzero(alive))
        short = np.flatnonzero((found >= 0).sum(axis=1) < min(k, there))
        if len(short):
            values[short], found[short] = nearest(
                queries[short], self.vectors, k, self.metric, alive
            )
        return values, found

    def _search(self, queries: Vectors, k: int, alive: Mask | None) -> tuple[Vectors, Rows]:
        import faiss

        # FAISS's stubs leave it out.
        parameters = faiss.SearchParametersHNSW()  # type: ignore[attr-defined]
        parameters.efSearch = max(self.effort, k)
        selector = self._selector.of(self._distinct(alive))
        if selector is not None:
            parameters.sel = selector
        sought = min(k, self.index.ntotal)
        values, found = self.index.search(queries, sought, params=parameters)
        return self.copies.expanded(self.metric.from_faiss(values), found, k, alive)

    def _distinct(self, alive: Mask | None) -> Mask | None:
        """Which distinct vectors are alive; the last answer is kept."""
        if alive is None:
            return None
        if self._living is None or self._living[0] is not alive:
            self._living = alive, self.copies.alive(alive)
        return self._living[1]

    def within(
        self, queries: Vectors, threshold: float, alive: Mask | None
    ) -> tuple[Rows, Vectors, Rows]:
        """See `Searcher`."""
        return within_growing(self, len(self.vectors), self.metric, queries, threshold, alive)
