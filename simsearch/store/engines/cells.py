"""Vectors in cells around k-means centres; a query visits the nearest cells (IVF).

Sivic and Zisserman, "Video Google" (ICCV 2003); in FAISS `IndexIVF` (Douze et al. 2024,
arXiv:2401.08281). Good where vectors lie in clusters. Exact duplicates fall into one cell and are
found together, while they tear a graph apart (docs/design/store.md has figures).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, frexp
from typing import TYPE_CHECKING, Any, NamedTuple

from simsearch.store.engines.centres import learnt_centres
from simsearch.store.engines.engine import Built
from simsearch.store.engines.faiss_file import read_faiss, write_faiss
from simsearch.store.engines.measure import measure, sample
from simsearch.store.engines.range_search import within_growing
from simsearch.store.engines.selector import Selector
from simsearch.store.engines.tune import Costs, tuned, wider
from simsearch.store.search.exact import completed, in_steps, nearest
from simsearch.store.search.rerank import SecondLook, candidates_for, padded
from simsearch.threads import threads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Mask, Rows, Searcher, SearchTarget, Vectors
    from simsearch.store.format.durable import HashedFile

__all__ = [
    "CACHED_CELLS",
    "CODE_ROWS",
    "CellEngine",
    "CellSearcher",
    "Plan",
    "cells_for",
    "centres_of",
    "learn_less",
]

# Cells grow with the square root of the rows: a query then reads about as many centres as vectors.
CELLS_PER_ROOT = 1
LEAST_ROWS_PER_CELL = 32
TRAINING_ROWS_PER_CELL = 64
# Codes of so many values each learn from so many rows a value, in so many rounds: more of both find
# no more (`benchmarks/index_tried.py`).
CODE_ROWS, CODE_ROUNDS = 128, 5
# Vectors handed to FAISS at a time: bounds what it copies.
CHUNK_ROWS = 65_536
# Candidates listed at a time: bounds the lists.
LISTED = 1 << 22
# What the queries of one thread keep at a time: it is to stay in a core's own cache. Of cells
# that lie in no cache more is gained where more queries share what is read: so many times as many.
CACHE_BYTES, CACHED_CELLS, SHARED = 1 << 20, 1 << 24, 4
# Up to so many queries at a time are few (`benchmarks/index_tried.py`).
FEW = 8
# Numbers up to 2 to this power, and down to its inverse, are coded as they are.
SHIFT_FROM = 6
# The cells visited hold at least so many times as many rows as are asked for.
ROOM = 3


def cells_for(rows: int) -> int:
    """How many cells for so many rows, at most."""
    return max(1, min(int(CELLS_PER_ROOT * rows**0.5), rows // LEAST_ROWS_PER_CELL))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a FAISS index is to be made for.

    Attributes:
        rows: vectors.
        dimension: of a vector.
        cells: how many.
        metric: how vectors are compared.
        memory: bytes that the codes may take; None for no limit.
    """

    rows: int
    dimension: int
    cells: int
    metric: Metric
    memory: float | None


class CellEngine:
    """An engine that visits some cells only; exact when it visits all and keeps whole vectors.

    Attributes:
        name, has_file: see `Engine`.
        exact: whether what it keeps are the vectors themselves.
        quick: whether reading its codes takes a small part of the time that comparing takes.
    """

    name: str = ""
    has_file: bool = True
    exact: bool = False
    quick: bool = False

    def refusal(self, metric: Metric) -> str | None:
        """See `Engine`."""
        raise NotImplementedError

    def empty(self, plan: Plan) -> Any:
        """A FAISS index that is not trained yet.

        Its dimension may be larger than that of the vectors: zeros are added to them.

        Raises:
            OptionError: it would not fit the memory.
        """
        raise NotImplementedError

    def bytes_read(self, dimension: int) -> float:
        """What is read of a vector when its cell is visited."""
        raise NotImplementedError

    def cells(self, rows: int, dimension: int) -> int:  # noqa: ARG002  the contract
        """Into how many cells so many vectors are put."""
        return cells_for(rows)

    def for_few(self, index: Any) -> Any:
        """The same cells as they are best asked by few queries at a time."""
        return index

    def bytes_asked(self, dimension: int, sought: int) -> float:  # noqa: ARG002  the contract
        """What a query keeps while many are answered list by list; 0 where each is on its own."""
        return 0.0

    def build(
        self, vectors: Vectors, metric: Metric, target: SearchTarget, file: HashedFile | None
    ) -> Built:
        """See `Engine`: find the centres on a sample, put every vector into its cell."""
        rows, dimension = vectors.shape
        cells = self.cells(rows, dimension)
        learnt = sample(vectors, cells * TRAINING_ROWS_PER_CELL)
        shift = 0 if self.exact else shift_of(learnt)
        plan = Plan(rows, dimension, cells, metric, target.memory)
        index = self._trained(coded(learnt, shift, dimension), plan)
        for start in range(0, rows, CHUNK_ROWS):
            index.add(coded(vectors[start : start + CHUNK_ROWS], shift, index.d))
        size = write_faiss(index, file)
        searcher = CellSearcher(index, vectors, metric, self)
        searcher.shift = shift
        read = self.bytes_read(dimension)
        costs = Costs(cells, dimension, read, looks=not self.exact, quick=self.quick)
        parameters, points, found = tuned(searcher, vectors, metric, target.recall, costs)
        measured = measure(searcher, points, metric, size / rows, found)
        if shift:
            parameters["shift"] = shift
        return Built(self.name, {"cells": cells, **parameters}, measured)

    def open(
        self,
        path: Path | None,
        vectors: Callable[[], Vectors],
        metric: Metric,
        parameters: Mapping[str, int],
    ) -> Searcher:
        """See `Engine`: map the file into memory; pages are read when a query visits them."""
        searcher = CellSearcher(read_faiss(path), vectors(), metric, self)
        searcher.visited = parameters["visited"]
        searcher.depth = parameters.get("depth", 1)
        searcher.shift = parameters.get("shift", 0)
        return searcher

    def _trained(self, vectors: Vectors, plan: Plan) -> Any:
        """A FAISS index with its cells, learnt from a sample, and nothing in them."""
        import numpy as np

        index = self.empty(plan)
        learnt = coded(vectors, 0, index.d)
        index.quantizer.add(learnt_centres(learnt, plan.cells, plan.metric))
        if hasattr(index, "pq"):
            learn_less(index.pq.cp)
        # FAISS finds the centres there; codes refuse a sample below 16.
        index.train(np.resize(learnt, (max(len(learnt), 16), index.d)))
        return index


def learn_less(codes: Any) -> None:
    """Let FAISS learn codes without waste, and without a word about small samples."""
    codes.niter, codes.max_points_per_centroid = CODE_ROUNDS, CODE_ROWS
    codes.min_points_per_centroid = 1


def centres_of(plan: Plan, dimension: int | None = None) -> Any:
    """Where FAISS will keep the centres: compared one by one."""
    import faiss

    return faiss.IndexFlat(dimension or plan.dimension, plan.metric.faiss_metric)


def shift_of(vectors: Vectors) -> int:
    """The power of 2 to multiply vectors by so that their largest number is about 1.

    Codes have limits of their own: those of 16 bits end at 65,504, and RaBitQ takes very short
    vectors for zero. Lengths of about 1 are left as they are.
    """
    import numpy as np

    _, exponent = frexp(float(np.abs(vectors).max(initial=0.0)))
    return 0 if abs(exponent) <= SHIFT_FROM else -exponent


def coded(vectors: Vectors, shift: int, dimension: int) -> Vectors:
    """(n, dimension): multiplied by 2 ** shift, with zeros added: it changes no order."""
    import numpy as np

    if shift:
        vectors = np.ldexp(vectors, shift)
    more = dimension - vectors.shape[1]
    return np.pad(vectors, ((0, 0), (0, more))) if more else vectors


def _parameters(visited: int, selector: Any) -> Any:
    """How many cells FAISS is to visit, and which rows it may find there."""
    import faiss

    parameters = faiss.SearchParametersIVF()
    parameters.nprobe = visited
    if selector is not None:
        parameters.sel = selector
    return parameters


class _Asked(NamedTuple):
    """How some neighbours are sought.

    Attributes:
        k: how many.
        alive: among which rows.
        settings: `visited` and `depth` of the searcher.
        sought: candidates, or neighbours where what is kept are the vectors.
        parameters: of FAISS: cells to visit, and the rows as a selector.
        there: how many rows there are.
        together: how many queries FAISS is given at a time.
    """

    k: int
    alive: Mask | None
    settings: tuple[int, int]
    sought: int
    parameters: Any
    there: int
    together: int


class CellSearcher:
    """Visits the nearest cells, and looks again at the best candidates of codes.

    Search parameters go with each call: inside a FAISS index they would be shared state.

    Args:
        index: of FAISS.
        vectors: (n, d), for the second look.
        metric: how they are compared.
        engine: what is kept in the cells.

    Attributes:
        visited: how many cells a query visits.
        depth: see `candidates_for`.
        shift: see `shift_of`.
    """

    def __init__(self, index: Any, vectors: Vectors, metric: Metric, engine: CellEngine) -> None:
        import faiss

        self.index = index
        self.vectors = vectors
        self.metric = metric
        self.engine = engine
        self.visited = 1
        self.depth = 1
        self.shift = 0
        self._selector = Selector()
        self._cells = int(index.nlist)
        self._look = None if engine.exact else SecondLook(vectors, metric)
        self._for_few = engine.for_few(index)
        self._pointer = faiss.swig_ptr
        self._last: _Asked | None = None

    def search(self, queries: Vectors, k: int, alive: Mask | None) -> tuple[Vectors, Rows]:
        """See `Searcher`. Queries whose cells hold fewer than k rows compare all."""
        how = self._asked(k, alive)
        return completed(
            in_steps(lambda some: self._search(some, k, how), queries, how.together),
            min(k, how.there),
            lambda some: nearest(queries[some], self.vectors, k, self.metric, alive),
        )

    def _search(self, queries: Vectors, k: int, how: _Asked) -> tuple[Vectors, Rows]:
        import numpy as np

        values, found = self._found(queries, how.sought, how.parameters)
        if self._look is not None:
            return self._look.best(queries, found, k)
        values = np.where(found >= 0, self.metric.from_faiss(values), np.nan)
        return padded(values.astype(np.float32), found, k)

    def _asked(self, k: int, alive: Mask | None) -> _Asked:
        """How k neighbours are sought. The last answer is kept, as it is seldom another."""
        last, settings = self._last, (self.visited, self.depth)
        if last is None or last.k != k or last.alive is not alive or last.settings != settings:
            rows = len(self.vectors)
            sought = min(k, rows) if self.engine.exact else candidates_for(k, self.depth, rows)
            parameters = _parameters(self._visits(k, alive), self._selector.of(alive))
            there = self._selector.living(alive, rows)
            together = self._together(sought)
            last = _Asked(k, alive, settings, sought, parameters, there, together)
            self._last = last
        return last

    def _together(self, sought: int) -> int:
        """How many queries FAISS is given at a time."""
        each = self.engine.bytes_asked(self.index.d, sought)
        listed = LISTED // max(sought, 1)
        if not each:
            return listed
        codes = len(self.vectors) * self.engine.bytes_read(self.index.d)
        room = CACHE_BYTES * (1 if codes <= CACHED_CELLS else SHARED)
        return min(listed, threads() * max(1, int(room // each)))

    def _visits(self, k: int, alive: Mask | None) -> int:
        """How many cells: more for more neighbours, as they lie farther apart.

        And so many that as many living rows are met as were when it was tuned.
        """
        rows, cells = len(self.vectors), self._cells
        share = max(self._selector.living(alive, rows), 1) / rows
        visits = max(self.visited * wider(k), ROOM * k * cells / rows)
        return min(cells, ceil(visits / share))

    def candidates(self, queries: Vectors, count: int, visited: int) -> tuple[Vectors, Rows]:
        """The best by what the cells keep, (m, count), in that order; -1 for none."""
        return self._found(queries, count, _parameters(visited, None))

    def _found(self, queries: Vectors, count: int, parameters: Any) -> tuple[Vectors, Rows]:
        """What FAISS's own wrapper gives, without what it checks again at every call."""
        import numpy as np

        asked = self._coded(queries)
        values = np.empty((len(asked), count), np.float32)
        found = np.empty((len(asked), count), np.int64)
        pointer = self._pointer
        index = self._for_few if len(asked) <= FEW else self.index
        index.search_c(
            len(asked), pointer(asked), count, pointer(values), pointer(found), parameters
        )
        return values, found

    def cell_ranks(self, queries: Vectors) -> Rows:
        """(m, cells) int64: how many cells a query must visit to come to each."""
        import numpy as np

        cells = self._cells
        order = self.index.quantizer.search(self._coded(queries), cells)[1]
        ranks: Rows = np.empty_like(order)
        np.put_along_axis(ranks, order, np.arange(1, cells + 1)[None, :], 1)
        return ranks

    def homes(self) -> Rows:
        """(n,) int64: the cell of each row."""
        import faiss
        import numpy as np

        homes = np.empty(len(self.vectors), np.int64)
        lists = self.index.invlists
        for cell in range(self._cells):
            if size := lists.list_size(cell):
                homes[faiss.rev_swig_ptr(lists.get_ids(cell), size)] = cell
        return homes

    def _coded(self, vectors: Vectors) -> Vectors:
        return coded(vectors, self.shift, self.index.d)

    def within(
        self, queries: Vectors, threshold: float, alive: Mask | None
    ) -> tuple[Rows, Vectors, Rows]:
        """See `Searcher`."""
        return within_growing(self, len(self.vectors), self.metric, queries, threshold, alive)
