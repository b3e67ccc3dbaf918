"""The engines of the index benchmark, all through one door: build, save, open, search, change.

An engine lives in a process of its own (`index_worker.py`) and holds one index. Rows are numbered
from 0 for the harness; an engine that has ids translates outside what is timed.
"""

# ruff: noqa: ARG002  every engine has the same door
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from benchmarks.vectors import Rows, Vectors

__all__ = ["ENGINES", "Engine"]

NEIGHBOURS = 10
POINTS_BY_DEFAULT = 256  # that FAISS trains on, for each cell


class Engine:
    """One index.

    Args:
        folder: where it is kept; it exists.
        options: what is built, see the engines.

    Attributes:
        index: of the library; None before `build` or `open`.
    """

    def __init__(self, folder: Path, options: Mapping[str, Any]) -> None:
        self.folder = folder
        self.options = options
        self.index: Any = None
        self.load_library()

    def load_library(self) -> None:
        """Import what is needed, so that no timing holds it. ImportError when it is not there."""

    def build(self, vectors: Vectors, threads: int) -> None:
        """Make an index of (n, d) vectors."""
        raise NotImplementedError

    def save(self) -> None:
        """Put it on disk; nothing where `build` and `add` do."""

    def open(self, dimension: int) -> None:
        """Read it from disk."""
        raise NotImplementedError

    def search(self, queries: Vectors, threads: int, settings: Mapping[str, int]) -> Any:
        """The 10 nearest, as the library gives them."""
        raise NotImplementedError

    def rows(self, answer: Any) -> Rows:
        """(m, 10) int64: the rows that `search` found, -1 for none."""
        return np.asarray(answer, np.int64)

    def add(self, vectors: Vectors, threads: int) -> None:
        """Append vectors."""
        raise NotImplementedError

    def remove(self, rows: Rows) -> None:
        """Delete rows. NotImplementedError or RuntimeError when the index cannot."""
        raise NotImplementedError

    def details(self) -> dict[str, Any]:
        """What the index says of itself."""
        return {}


class Faiss(Engine):
    """FAISS used directly: no ids of the user's, no filters, nothing on disk until it is saved.

    `factory` is what `faiss.index_factory` takes; `points`, for each cell to train on.
    """

    @property
    def path(self) -> str:
        return str(self.folder / "index.faiss")

    def load_library(self) -> None:
        import faiss

        self.faiss = faiss

    def build(self, vectors: Vectors, threads: int) -> None:
        self.faiss.omp_set_num_threads(threads)
        self.index = self.faiss.index_factory(vectors.shape[1], self.options["factory"])
        if "IVF" in self.options["factory"]:
            cells = self._inner().cp
            cells.max_points_per_centroid = self.options.get("points", POINTS_BY_DEFAULT)
        self.index.train(vectors)
        self.index.add(vectors)

    def save(self) -> None:
        self.faiss.write_index(self.index, self.path)

    def open(self, dimension: int) -> None:
        self.index = None
        self.index = self.faiss.read_index(self.path)

    def search(self, queries: Vectors, threads: int, settings: Mapping[str, int]) -> Any:
        self.faiss.omp_set_num_threads(threads)
        return self.index.search(queries, NEIGHBOURS, params=self._parameters(settings))[1]

    def add(self, vectors: Vectors, threads: int) -> None:
        self.faiss.omp_set_num_threads(threads)
        self.index.add(vectors)

    def remove(self, rows: Rows) -> None:
        before = self.index.ntotal
        self.index.remove_ids(self.faiss.IDSelectorBatch(rows))
        if self.options["factory"] == "Flat":  # the rows behind a removed one move up
            self._left = np.setdiff1d(np.arange(before), rows)

    def rows(self, answer: Any) -> Rows:
        rows = super().rows(answer)
        left: Rows | None = getattr(self, "_left", None)
        return rows if left is None else left[rows]

    def _inner(self) -> Any:
        """The index under a re-ranking one."""
        base = getattr(self.index, "base_index", None)
        return self.index if base is None else self.faiss.downcast_index(base)

    def _parameters(self, settings: Mapping[str, int]) -> Any:
        if "efSearch" in settings:
            return self.faiss.SearchParametersHNSW(efSearch=settings["efSearch"])
        cells = None
        if "nprobe" in settings:
            cells = self.faiss.SearchParametersIVF(nprobe=settings["nprobe"])
        if "k_factor" not in settings:
            return cells
        return self.faiss.IndexRefineSearchParameters(
            k_factor=float(settings["k_factor"]), base_index_params=cells
        )


class Hnswlib(Engine):
    """hnswlib: a graph of 16 links a vector (32 on its floor), built with ef 200."""

    @property
    def path(self) -> str:
        return str(self.folder / "index.hnswlib")

    def load_library(self) -> None:
        import hnswlib

        self.hnswlib = hnswlib

    def build(self, vectors: Vectors, threads: int) -> None:
        self.index = self.hnswlib.Index("l2", vectors.shape[1])
        self.index.init_index(len(vectors), M=16, ef_construction=200)
        self.index.add_items(vectors, num_threads=threads)

    def save(self) -> None:
        self.index.save_index(self.path)

    def open(self, dimension: int) -> None:
        self.index = self.hnswlib.Index("l2", dimension)
        self.index.load_index(self.path)

    def search(self, queries: Vectors, threads: int, settings: Mapping[str, int]) -> Any:
        self.index.set_ef(settings["ef"])
        return self.index.knn_query(queries, NEIGHBOURS, num_threads=threads)[0]

    def add(self, vectors: Vectors, threads: int) -> None:
        rows = self.index.element_count
        self.index.resize_index(rows + len(vectors))
        self.index.add_items(vectors, np.arange(rows, rows + len(vectors)), num_threads=threads)

    def remove(self, rows: Rows) -> None:
        for row in rows.tolist():
            self.index.mark_deleted(row)


class Usearch(Engine):
    """usearch: a graph of 16 links a vector (32 on its floor), float32, built as it comes."""

    @property
    def path(self) -> str:
        return str(self.folder / "index.usearch")

    def load_library(self) -> None:
        from usearch.index import Index

        self.make = Index

    def build(self, vectors: Vectors, threads: int) -> None:
        self.index = self._empty(vectors.shape[1])
        self.index.add(np.arange(len(vectors)), vectors, threads=threads)

    def save(self) -> None:
        self.index.save(self.path)

    def open(self, dimension: int) -> None:
        self.index = self._empty(dimension)
        self.index.load(self.path)

    def search(self, queries: Vectors, threads: int, settings: Mapping[str, int]) -> Any:
        self.index.expansion_search = settings["expansion"]
        return self.index.search(queries, NEIGHBOURS, threads=threads).keys

    def rows(self, answer: Any) -> Rows:
        return np.asarray(answer).reshape(-1, NEIGHBOURS).astype(np.int64)

    def add(self, vectors: Vectors, threads: int) -> None:
        rows = len(self.index)
        start = max(rows, self.options["rows"])  # it may be smaller by what was deleted
        self.index.add(np.arange(start, start + len(vectors)), vectors, threads=threads)

    def remove(self, rows: Rows) -> None:
        self.index.remove(rows)

    def _empty(self, dimension: int) -> Any:
        return self.make(ndim=dimension, metric="l2sq", dtype="f32", connectivity=16)


class Simsearch(Engine):
    """The public VectorIndex with a recall asked for, ids that are no row numbers, and a column.

    What it builds, adds and removes is on disk when the call returns.
    """

    FIRST_ID, STEP = 1_000_003, 7
    _items: Any = None

    def load_library(self) -> None:
        import faiss  # noqa: F401
        import pyarrow.compute
        import pyarrow.ipc
        import pyarrow.parquet  # noqa: F401

        from simsearch.index.index import Index
        from simsearch.store.options import IndexOptions
        from simsearch.store.vector_index import VectorIndex
        from simsearch.threads import set_threads

        self.make, self.make_options, self.set_threads = VectorIndex, IndexOptions, set_threads
        self.make_items = Index

    def build(self, vectors: Vectors, threads: int) -> None:
        self._use(threads)
        self.index = self.make.create(
            self.folder / "index",
            vectors.shape[1],
            metric="euclidean",
            options=self.make_options(
                recall=self.options["recall"], memory=self.options.get("memory")
            ),
        )
        self._append(vectors, 0)

    def open(self, dimension: int) -> None:
        self.index = self.make.open(self.folder / "index")

    def search(self, queries: Vectors, threads: int, settings: Mapping[str, int]) -> Any:
        self._use(threads)
        return self.index.search(queries, NEIGHBOURS)

    def search_items(self, query: Vectors) -> Any:
        """The 10 nearest of one vector, with their stored columns, as `Index.query` gives them."""
        if self._items is None:
            self._items = self.make_items.open("index", indexes=self.folder)
        return self._items.query(query, NEIGHBOURS)

    def rows(self, answer: Any) -> Rows:
        ids = np.asarray(answer.ids, np.int64)
        return np.where(ids < 0, -1, (ids - self.FIRST_ID) // self.STEP)

    def add(self, vectors: Vectors, threads: int) -> None:
        self._use(threads)
        self._append(vectors, self.options["rows"])

    def remove(self, rows: Rows) -> None:
        self.index.remove(self._ids(rows))

    def details(self) -> dict[str, Any]:
        segments = self.index.info().segments
        return {
            "segments": [
                {
                    "kind": segment.engine,
                    "rows": segment.rows,
                    "parameters": dict(segment.parameters),
                    # Where every vector is compared there is nothing to measure.
                    "recall": segment.measured.recall if segment.measured else 1.0,
                }
                for segment in segments
            ]
        }

    def _append(self, vectors: Vectors, first: int) -> None:
        rows = np.arange(first, first + len(vectors))
        self.index.add(self._ids(rows), vectors, {"part": rows % 100})

    def _ids(self, rows: Rows) -> Rows:
        return np.asarray(rows * self.STEP + self.FIRST_ID, np.int64)

    def _use(self, threads: int) -> None:
        if getattr(self, "_threads", 0) != threads:
            self._threads = threads
            self.set_threads(threads)


ENGINES = {
    "faiss": Faiss,
    "hnswlib": Hnswlib,
    "usearch": Usearch,
    "simsearch": Simsearch,
}
