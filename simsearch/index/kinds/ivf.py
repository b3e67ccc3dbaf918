"""IVF-flat: vectors in cells around k-means centres; a query visits the nearest cells.

Sivic and Zisserman, "Video Google" (ICCV 2003); in FAISS `IndexIVFFlat` (Douze et al. 2024,
arXiv:2401.08281). Good where vectors lie in clusters. Exact copies fall into one cell and are
found together, while they tear an HNSW graph apart (docs/index.md has figures).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simsearch.index.exact import best
from simsearch.index.kinds.faiss_file import read_faiss, write_faiss
from simsearch.index.kinds.growing import within_growing
from simsearch.index.kinds.kind import Built
from simsearch.index.kinds.measure import enough, sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from simsearch.distance import Metric
    from simsearch.index.files import NewFile
    from simsearch.index.kinds.kind import Mask, Rows, Searcher, Target, Vectors

__all__ = ["Ivf"]

# Cells grow with the square root of the rows: a query then reads as many centres as vectors.
CELLS_PER_ROOT = 4
# The least cells that a query visits; doubled until it finds enough.
LEAST_VISITED = 8
TRAINING_ROWS_PER_CELL = 64
TRAINING_ROUNDS = 10
# Vectors handed to FAISS at a time: bounds what it copies.
CHUNK_ROWS = 65_536
SEED = 1234


class Ivf:
    """Approximate by visiting some cells only; exact when it visits all."""

    name: str = "ivf"
    has_file: bool = True

    def refusal(self, metric: Metric) -> str | None:  # noqa: ARG002  the contract
        """None: it serves every metric."""
        return None

    def build(
        self,
        vectors: Vectors,
        metric: Metric,
        target: Target,  # noqa: ARG002  the contract
        file: NewFile | None,
    ) -> Built:
        """Find the centres on a sample, put every vector into its cell, write the file.

        Returns:
            `cells`; `visited`, how many of them a query visits; and `recall_percent`, what
            that gave for a sample of the vectors themselves.
        """
        cells = max(1, min(int(CELLS_PER_ROOT * len(vectors) ** 0.5), len(vectors) // 16))
        index = _trained(vectors, metric, cells)
        for start in range(0, len(vectors), CHUNK_ROWS):
            index.add(vectors[start : start + CHUNK_ROWS])
        if file is not None:
            write_faiss(index, file)
        settings = (
            (visited, IvfSearcher(index, len(vectors), metric, visited))
            for visited in _doubled(min(LEAST_VISITED, cells), cells)
        )
        found = enough(settings, vectors, metric)
        return Built(self.name, {"cells": cells, "visited": found["setting"]})

    def open(
        self,
        path: Path | None,
        vectors: Callable[[], Vectors],  # noqa: ARG002  the file holds them
        metric: Metric,
        parameters: Mapping[str, int],
    ) -> Searcher:
        """Map the file into memory; pages are read when a query visits them."""
        if path is None:
            raise ValueError("this kind has a file")
        index = read_faiss(path)
        return IvfSearcher(index, index.ntotal, metric, parameters["visited"])


@dataclass(frozen=True, slots=True)
class IvfSearcher:
    """Search parameters go with each call: inside a FAISS index they would be shared state."""

    index: Any
    rows: int
    metric: Metric
    visited: int

    def search(self, queries: Vectors, k: int, alive: Mask | None) -> tuple[Vectors, Rows]:
        """See `Searcher`. Queries whose cells hold fewer than k rows visit every cell."""
        import numpy as np

        count = self.rows if alive is None else int(alive.sum())
        sought = min(k, count)
        if not sought:
            none = np.full((len(queries), k), -1, np.int64)
            return np.full(none.shape, np.nan, np.float32), none
        values, rows = self._visit(queries, sought, alive, self.visited)
        short = np.flatnonzero(rows[:, -1] < 0)
        if len(short):
            values[short], rows[short] = self._visit(
                queries[short], sought, alive, self.index.nlist
            )
        return best([(self.metric.from_faiss(values), rows)], k, self.metric)

    def within(
        self, queries: Vectors, threshold: float, alive: Mask | None
    ) -> tuple[Rows, Vectors, Rows]:
        """See `Searcher`."""
        return within_growing(self, self.rows, self.metric, queries, threshold, alive)

    def _visit(
        self, queries: Vectors, k: int, alive: Mask | None, cells: int
    ) -> tuple[Vectors, Rows]:
        import faiss
        import numpy as np

        parameters = faiss.SearchParametersIVF()
        parameters.nprobe = cells
        if alive is not None:
            bits = np.packbits(alive, bitorder="little")
            # Python's constructor takes an array; the stub describes the one of C++.
            selector = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
            parameters.sel = selector
        values, rows = self.index.search(queries, k, params=parameters)
        return values, rows


def _trained(vectors: Vectors, metric: Metric, cells: int) -> Any:
    """An empty FAISS index with its cells."""
    import faiss

    dimension = vectors.shape[1]
    centres = faiss.IndexFlat(dimension, metric.faiss_metric)
    index = faiss.IndexIVFFlat(centres, dimension, cells, metric.faiss_metric)
    index.cp.niter = TRAINING_ROUNDS
    index.cp.seed = SEED
    # The sample is drawn here; FAISS warns on stderr about any that it finds small.
    index.cp.min_points_per_centroid = 1
    index.cp.max_points_per_centroid = TRAINING_ROWS_PER_CELL
    index.train(sample(vectors, cells * TRAINING_ROWS_PER_CELL))
    return index


def _doubled(least: int, most: int) -> Iterator[int]:
    while least < most:
        yield least
        least *= 2
    yield most
