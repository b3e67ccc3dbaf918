"""HNSW: a graph of neighbours in layers, followed from far to near.

Malkov and Yashunin, "Efficient and Robust Approximate Nearest Neighbor Search Using
Hierarchical Navigable Small World Graphs" (TPAMI 2020); FAISS `IndexHNSWFlat`. Slow to build;
each vector is held once, as duplicates tear the graph apart (`duplicates.py`). By inner product no
path
leads to short vectors among long ones, whatever the effort: so the graph is asked for many
neighbours only where it was seen to find them.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import TYPE_CHECKING, Any

from simsearch.store.engines.duplicates import Duplicates
from simsearch.store.engines.engine import Built
from simsearch.store.engines.faiss_file import read_faiss, required, write_faiss
from simsearch.store.engines.measure import asking, drawn, measure, recall_of
from simsearch.store.engines.range_search import FIRST, within_growing
from simsearch.store.engines.selector import Selector
from simsearch.store.engines.tune import MARGIN, wider
from simsearch.store.search.exact import completed, nearest, within

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Mask, Rows, Searcher, SearchTarget, Vectors
    from simsearch.store.engines.measure import HeldOut
    from simsearch.store.format.durable import HashedFile

__all__ = ["Hnsw"]

NEIGHBOURS = 32
BUILD_EFFORT = 80
EFFORTS = (16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1_024, 2_048)
CHUNK_ROWS = 65_536
# Points that measure the graph.
QUERIES_HELD = 500
# So many of them ask for many neighbours, and what may be missed of these more than of few.
FAR_HELD, FAR, FAR_LOSS = 100, (100, 1_000), 0.05
# Queries in one call. FAISS computes what a range search may take from their number, and
# aborts the process when it is too much; searches for neighbours are kept far below as well.
QUERIES = 4_096
# Answers in one call: bounds the lists.
LISTED = 1 << 22
# Vectors compared for each place remembered, roughly: where so many are not alive, comparing
# those that are is quicker, and exact.
COMPARED = 16


class Hnsw:
    """A graph over the distinct vectors."""

    name: str = "hnsw"
    has_file: bool = True

    def refusal(self, metric: Metric) -> str | None:
        """See `Engine`."""
        return "its vectors are numbers, not bits; take binary or flat" if metric.binary else None

    def build(
        self, vectors: Vectors, metric: Metric, target: SearchTarget, file: HashedFile | None
    ) -> Built:
        """See `Engine`: link the vectors one after the other, and choose how far to look.

        A point that is in the graph finds its neighbours more easily than one that is not. So
        the points that measure the graph are linked last, when it has been measured.
        """
        import faiss
        import numpy as np

        file = required(file)
        duplicates = Duplicates.of(vectors)
        held = drawn(len(duplicates.first), min(QUERIES_HELD, len(duplicates.first) // 2))
        rest = np.setdiff1d(np.arange(len(duplicates.first)), held)
        duplicates = duplicates.reordered(np.concatenate([rest, held]))
        index = faiss.IndexHNSWFlat(vectors.shape[1], NEIGHBOURS, metric.faiss_metric)
        index.hnsw.efConstruction = BUILD_EFFORT
        first = duplicates.first
        _link(index, vectors, first[: len(rest)])
        searcher = HnswSearcher(index, duplicates, vectors, metric)
        inside = np.zeros(len(vectors), bool)
        inside[duplicates.rows[: duplicates.limits[len(rest)]]] = True
        points = asking(vectors, first[len(rest) :], metric, inside)
        for effort in EFFORTS:
            searcher.effort = effort
            if recall_of(searcher, points, metric) >= min(1.0, target.recall + MARGIN):
                break
        searcher.reach = _reach(searcher, points, inside, target.recall)
        measured = measure(searcher, points, metric, 0.0)
        _link(index, vectors, first[len(rest) :])
        write_faiss(index, file)
        duplicates.write(file)
        kept = round(file.tell() / len(vectors), 2)
        parameters = {"effort": searcher.effort, "reach": searcher.reach}
        return Built(self.name, parameters, replace(measured, bytes_per_vector=kept))

    def open(
        self,
        path: Path | None,
        vectors: Callable[[], Vectors],
        metric: Metric,
        parameters: Mapping[str, int],
    ) -> Searcher:
        """See `Engine`."""
        path = required(path)
        searcher = HnswSearcher(read_faiss(path), Duplicates.read(path), vectors(), metric)
        searcher.effort = parameters["effort"]
        searcher.reach = parameters.get("reach", searcher.reach)
        return searcher


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


def _reach(searcher: HnswSearcher, points: HeldOut, inside: Mask, recall: float) -> int:
    """The most neighbours that the graph may be asked for.

    Args:
        searcher: with the effort that was chosen.
        points: that measured it.
        inside: (n,) bool, the rows that are in the graph.
        recall: that was asked for.
    """
    import numpy as np

    some, metric = points.every(FAR_HELD), searcher.metric
    if not len(some.own):
        return len(inside)
    reach = int(points.rows.shape[1]) + 1
    for k in FAR:
        if 2 * k > np.count_nonzero(inside):
            break
        true, rows = nearest(some.queries, searcher.vectors, k, metric, inside)
        if recall_of(searcher, replace(some, rows=rows, values=true), metric) < recall - FAR_LOSS:
            return reach
        reach = k
    return len(inside)


class HnswSearcher:
    """Follows the graph, and gives every duplicate of what it finds.

    Args:
        index: of FAISS, over the distinct vectors.
        duplicates: which rows they stand for.
        vectors: (n, d), for queries that the graph leaves short.
        metric: how vectors are compared.

    Attributes:
        effort: places that are remembered on the way (efSearch).
        reach: for more neighbours than this all are compared.
    """

    def __init__(
        self, index: Any, duplicates: Duplicates, vectors: Vectors, metric: Metric
    ) -> None:
        self.index = index
        self.duplicates = duplicates
        self.vectors = vectors
        self.metric = metric
        self.effort = EFFORTS[0]
        self.reach = len(vectors)
        self._selector = Selector()
        self._visible = Selector()
        self._living: tuple[Mask, Duplicates, Mask] | None = None

    def search(self, queries: Vectors, k: int, alive: Mask | None) -> tuple[Vectors, Rows]:
        """See `Searcher`. Queries that are left with fewer than k rows compare all."""
        import numpy as np

        rows = len(self.vectors)
        there = self._selector.living(alive, rows)
        effort = self._effort(k, there)
        if k > self.reach or (alive is not None and effort * COMPARED >= there):
            return nearest(queries, self.vectors, k, self.metric, alive)
        values = np.full((len(queries), k), np.nan, np.float32)
        found = np.full((len(queries), k), -1, np.int64)
        step = max(1, min(QUERIES, LISTED // max(k, 1)))
        for start in range(0, len(queries), step):
            part = slice(start, start + step)
            values[part], found[part] = self._search(queries[part], k, effort, alive)
        return completed(
            (values, found),
            min(k, there),
            lambda some: nearest(queries[some], self.vectors, k, self.metric, alive),
        )

    def _effort(self, k: int, there: int) -> int:
        """More for more neighbours, and where few rows are alive: the dead take places too."""
        rarity = len(self.vectors) / max(there, 1)
        return max(k, ceil(self.effort * wider(k) * rarity))

    def _search(
        self, queries: Vectors, k: int, effort: int, alive: Mask | None
    ) -> tuple[Vectors, Rows]:
        import faiss

        # FAISS's stubs leave it out.
        parameters = faiss.SearchParametersHNSW()  # type: ignore[attr-defined]
        parameters.efSearch = effort
        duplicates, distinct = self._of(alive)
        selector = self._visible.of(distinct)
        if selector is not None:
            parameters.sel = selector
        sought = min(k, self.index.ntotal)
        values, found = self.index.search(queries, sought, params=parameters)
        return duplicates.expanded(self.metric.from_faiss(values), found, k)

    def _of(self, alive: Mask | None) -> tuple[Duplicates, Mask | None]:
        """The duplicates that are alive, and which vectors have one; the last answer is kept."""
        if alive is None:
            return self.duplicates, None
        last = self._living  # another thread may ask with another mask
        if last is None or last[0] is not alive:
            living = self.duplicates.living(alive)
            last = self._living = alive, living, living.sizes > 0
        return last[1:]

    def within(
        self, queries: Vectors, threshold: float, alive: Mask | None
    ) -> tuple[Rows, Vectors, Rows]:
        """See `Searcher`."""
        if self.reach < FIRST:
            return within(queries, self.vectors, threshold, self.metric, alive)
        return within_growing(self, len(self.vectors), self.metric, queries, threshold, alive)
