"""PQ: every vector is compared in a short code, the most promising then exactly.

As `ivfpq`, without cells (FAISS `IndexPQFastScan`). Embeddings of records are spread so evenly
that cells lose neighbours (docs/design/store.md has figures); reading everything, but briefly,
loses next to none. Duplicates have the same code and are found together.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

from simsearch.store.engines.cells import CODE_ROWS, learn_less
from simsearch.store.engines.engine import Built
from simsearch.store.engines.faiss_file import read_faiss, write_faiss
from simsearch.store.engines.measure import held_out, measure, recall_of, sample
from simsearch.store.engines.range_search import within_growing
from simsearch.store.engines.selector import Selector
from simsearch.store.engines.tune import DEPTHS, MARGIN
from simsearch.store.search.exact import completed, in_steps, nearest
from simsearch.store.search.rerank import candidates_for, rerank, rerankable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Mask, Rows, Searcher, SearchTarget, Vectors
    from simsearch.store.format.durable import HashedFile

__all__ = ["Pq"]

DIMENSIONS_PER_CODE = 2
CODE_BITS = 4
TRAINING_ROWS = CODE_ROWS << CODE_BITS
# Vectors handed to FAISS at a time: bounds what it copies.
CHUNK_ROWS = 65_536
# Candidates listed at a time: bounds the lists.
LISTED = 1 << 22
# The first format kept a depth of other units: candidates were k * 20 + 300, times `depth`.
OLD_PER_MATCH, OLD_LEAST = 20, 300


class Pq:
    """Approximate only in what it takes a second look at."""

    name: str = "pq"
    has_file: bool = True

    def refusal(self, metric: Metric) -> str | None:
        """See `Engine`. FAISS takes manhattan without a word, and answers by other distances."""
        if rerankable(metric):
            return None
        where = "binary or flat" if metric.binary else "flat or ivf"
        return f"its codes hold no {metric} distances; take {where}"

    def build(
        self, vectors: Vectors, metric: Metric, target: SearchTarget, file: HashedFile | None
    ) -> Built:
        """See `Engine`: learn the codes on a sample, encode every vector, write the file."""
        import faiss
        import numpy as np

        codes = -(-vectors.shape[1] // DIMENSIONS_PER_CODE)
        index = faiss.IndexPQFastScan(
            codes * DIMENSIONS_PER_CODE, codes, CODE_BITS, metric.faiss_metric
        )
        learn_less(index.pq.cp)
        seen = sample(vectors, TRAINING_ROWS)  # FAISS refuses one below 16
        index.train(_even(np.resize(seen, (max(len(seen), 1 << CODE_BITS), seen.shape[1]))))
        for start in range(0, len(vectors), CHUNK_ROWS):
            index.add(_even(vectors[start : start + CHUNK_ROWS]))
        size = write_faiss(index, file)
        searcher = PqSearcher(index, vectors, metric)
        points = held_out(vectors, metric)
        for depth in DEPTHS:
            searcher.depth = depth
            if recall_of(searcher, points, metric) >= min(1.0, target.recall + MARGIN):
                break
        measured = measure(searcher, points, metric, size / len(vectors))
        return Built(self.name, {"candidates": searcher.depth}, measured)

    def open(
        self,
        path: Path | None,
        vectors: Callable[[], Vectors],
        metric: Metric,
        parameters: Mapping[str, int],
    ) -> Searcher:
        """See `Engine`: map the codes and the vectors."""
        searcher = PqSearcher(read_faiss(path), vectors(), metric)
        if "depth" in parameters:
            searcher.old_depth = parameters["depth"]
        else:
            searcher.depth = parameters["candidates"]
        return searcher


class PqSearcher:
    """Codes first, then the vectors of the candidates.

    Args:
        index: of FAISS.
        vectors: (n, d).
        metric: how they are compared.

    Attributes:
        depth: see `rerank.candidates_for`.
        old_depth: as the first format kept it; 0 for none.
    """

    def __init__(self, index: Any, vectors: Vectors, metric: Metric) -> None:
        self.index = index
        self.vectors = vectors
        self.metric = metric
        self.depth = 1
        self.old_depth = 0
        self._selector = Selector()

    def search(self, queries: Vectors, k: int, alive: Mask | None) -> tuple[Vectors, Rows]:
        """See `Searcher`. Queries that are left with fewer than k rows compare all."""
        rows = len(self.vectors)
        sought = candidates_for(k, self.depth, rows)
        if self.old_depth:
            sought = min(rows, (k * OLD_PER_MATCH + OLD_LEAST) * self.old_depth)
        there = self._selector.living(alive, rows)
        # So many that as many living ones are among them as were when it was tuned.
        sought = ceil(sought * rows / max(there, 1))
        if sought >= there:
            return nearest(queries, self.vectors, k, self.metric, alive)
        return completed(
            in_steps(lambda some: self._search(some, k, sought, alive), queries, LISTED // sought),
            min(k, there),
            lambda some: nearest(queries[some], self.vectors, k, self.metric, alive),
        )

    def _search(
        self, queries: Vectors, k: int, sought: int, alive: Mask | None
    ) -> tuple[Vectors, Rows]:
        found = self.index.search(_even(queries), sought)[1]
        if alive is not None:  # FAISS takes no selector here
            found[~alive[found]] = -1
        return rerank(queries, found, self.vectors, k, self.metric)

    def within(
        self, queries: Vectors, threshold: float, alive: Mask | None
    ) -> tuple[Rows, Vectors, Rows]:
        """See `Searcher`."""
        return within_growing(self, len(self.vectors), self.metric, queries, threshold, alive)


def _even(vectors: Vectors) -> Vectors:
    """The vectors with a zero more where their length is odd: it changes no comparison."""
    import numpy as np

    if vectors.shape[1] % DIMENSIONS_PER_CODE == 0:
        return vectors
    return np.pad(vectors, ((0, 0), (0, 1)))
