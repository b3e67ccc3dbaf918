"""Bits in cells: hashes compared by how many bits differ (FAISS `IndexBinaryIVF`)."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from simsearch.store.engines.cells import LISTED, TRAINING_ROWS_PER_CELL, cells_for
from simsearch.store.engines.engine import Built
from simsearch.store.engines.faiss_file import read_faiss, write_faiss
from simsearch.store.engines.measure import held_out, measure, recall_of, sample
from simsearch.store.engines.range_search import within_growing
from simsearch.store.engines.selector import Selector
from simsearch.store.engines.tune import MARGIN, wider
from simsearch.store.search.exact import best, completed, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Mask, Rows, Searcher, SearchTarget, Vectors
    from simsearch.store.format.durable import HashedFile

__all__ = ["Binary"]

SEED = 1234
# More asked for where some rows are dead, so that hardly a query is left short.
SPARE = 16


class Binary:
    """Cells of bits."""

    name: str = "binary"
    has_file: bool = True

    def refusal(self, metric: Metric) -> str | None:
        """See `Engine`."""
        return None if metric.binary else "it compares bits (hamming); take flat, or auto"

    def build(
        self, vectors: Vectors, metric: Metric, target: SearchTarget, file: HashedFile | None
    ) -> Built:
        """See `Engine`."""
        import faiss
        import numpy as np

        cells = cells_for(len(vectors))
        centres = faiss.IndexBinaryFlat(vectors.shape[1] * 8)
        index = faiss.IndexBinaryIVF(centres, vectors.shape[1] * 8, cells)
        index.cp.seed = SEED
        index.cp.min_points_per_centroid = 1
        index.cp.max_points_per_centroid = TRAINING_ROWS_PER_CELL
        index.train(sample(vectors, cells * TRAINING_ROWS_PER_CELL))
        index.add(np.ascontiguousarray(vectors))
        size = write_faiss(index, file)
        searcher = BinarySearcher(index, vectors, metric)
        points = held_out(vectors, metric)
        while searcher.visited < cells:
            if recall_of(searcher, points, metric) >= min(1.0, target.recall + MARGIN):
                break
            searcher.visited = min(cells, max(searcher.visited + 1, searcher.visited * 4 // 3))
        measured = measure(searcher, points, metric, size / len(vectors))
        return Built(self.name, {"cells": cells, "visited": searcher.visited}, measured)

    def open(
        self,
        path: Path | None,
        vectors: Callable[[], Vectors],
        metric: Metric,
        parameters: Mapping[str, int],
    ) -> Searcher:
        """See `Engine`."""
        index = read_faiss(path, binary=True)
        return BinarySearcher(index, vectors(), metric, parameters["visited"])


class BinarySearcher:
    """Visits the nearest cells.

    Args:
        index: of FAISS.
        vectors: (n, d / 8) uint8.
        metric: hamming.
        visited: how many cells a query visits.
    """

    def __init__(self, index: Any, vectors: Vectors, metric: Metric, visited: int = 1) -> None:
        self.index = index
        self.vectors = vectors
        self.metric = metric
        self.visited = visited
        self._selector = Selector()

    def search(self, queries: Vectors, k: int, alive: Mask | None) -> tuple[Vectors, Rows]:
        """See `Searcher`. Queries whose cells hold fewer than k rows compare all."""
        import numpy as np

        rows = len(self.vectors)
        there = self._selector.living(alive, rows)
        # FAISS takes no selector for bits: enough are asked for that the dead can be dropped.
        sought = min(k, rows) if alive is None else ceil(k * rows / max(there, 1)) + SPARE
        if alive is not None and 2 * sought >= there:
            return nearest(queries, self.vectors, k, self.metric, alive)
        values = np.full((len(queries), k), np.nan, np.float32)
        found = np.full((len(queries), k), -1, np.int64)
        step = max(1, LISTED // sought)
        for start in range(0, len(queries), step):
            part = slice(start, start + step)
            near = self._visit(queries[part], k, sought, rows / max(there, 1))
            if alive is not None:
                near[1][~alive[near[1]]] = -1
            values[part], found[part] = best([near], k, self.metric)
        return completed(
            (values, found),
            min(k, there),
            lambda some: nearest(queries[some], self.vectors, k, self.metric, alive),
        )

    def _visit(
        self, queries: Vectors, k: int, sought: int, scarcity: float
    ) -> tuple[Vectors, Rows]:
        import faiss
        import numpy as np

        parameters = faiss.SearchParametersIVF()
        parameters.nprobe = min(self.index.nlist, ceil(self.visited * wider(k) * scarcity))
        distances, rows = self.index.search(queries, sought, params=parameters)
        return distances.astype(np.float32), rows

    def within(
        self, queries: Vectors, threshold: float, alive: Mask | None
    ) -> tuple[Rows, Vectors, Rows]:
        """See `Searcher`."""
        return within_growing(self, len(self.vectors), self.metric, queries, threshold, alive)
