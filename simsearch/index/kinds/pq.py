"""PQ: every vector is compared in a short code, the most promising then exactly.

Product quantisation (Jégou, Douze and Schmid, "Product Quantization for Nearest Neighbor
Search", TPAMI 2011) with two dimensions to a 4-bit code, compared with SIMD lookups (André,
Kermarrec and Le Scouarnec, "Cache Locality Is Not Enough", VLDB 2015; FAISS
`IndexPQFastScan`). The codes take a sixteenth of the vectors. Embeddings of records are spread
so evenly that cells lose neighbours (docs/index.md has figures); reading everything, but
briefly, loses next to none. Copies have the same code and are found together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simsearch.distance import Metric
from simsearch.index.exact import nearest
from simsearch.index.kinds.faiss_file import read_faiss, write_faiss
from simsearch.index.kinds.growing import within_growing
from simsearch.index.kinds.kind import Built
from simsearch.index.kinds.measure import enough, sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from simsearch.index.files import NewFile
    from simsearch.index.kinds.kind import Mask, Rows, Searcher, Target, Vectors

__all__ = ["Pq"]

DIMENSIONS_PER_CODE = 2
CODE_BITS = 4
# k matches are chosen from k * PER_MATCH + LEAST candidates, times `depth`.
PER_MATCH, LEAST = 20, 300
DEPTHS = (1, 2, 4, 8, 16)
TRAINING_ROWS = 4_096
# Vectors handed to FAISS at a time: bounds what it copies.
CHUNK_ROWS = 65_536
# Candidates listed at a time: bounds the lists.
LISTED = 1 << 22


class Pq:
    """Approximate only in what it takes a second look at."""

    name: str = "pq"
    has_file: bool = True

    def refusal(self, metric: Metric) -> str | None:
        """Its codes know no manhattan distance."""
        if metric is Metric.MANHATTAN:
            return "its codes hold no manhattan distances; take flat or ivf"
        return None

    def build(
        self,
        vectors: Vectors,
        metric: Metric,
        target: Target,  # noqa: ARG002  the contract
        file: NewFile | None,
    ) -> Built:
        """Learn the codes on a sample, encode every vector, write the file.

        Returns:
            `depth`, how many candidates get a second look; and `recall_percent`, what that
            gave for a sample of the vectors themselves.
        """
        import faiss
        import numpy as np

        codes = -(-vectors.shape[1] // DIMENSIONS_PER_CODE)
        index = faiss.IndexPQFastScan(
            codes * DIMENSIONS_PER_CODE, codes, CODE_BITS, metric.faiss_metric
        )
        # FAISS warns on stderr about a small sample, and refuses one below 16.
        index.pq.cp.min_points_per_centroid = 1
        seen = sample(vectors, TRAINING_ROWS)
        index.train(_even(np.resize(seen, (max(len(seen), 1 << CODE_BITS), seen.shape[1]))))
        for start in range(0, len(vectors), CHUNK_ROWS):
            index.add(_even(vectors[start : start + CHUNK_ROWS]))
        if file is not None:
            write_faiss(index, file)
        settings = ((depth, PqSearcher(index, vectors, metric, depth)) for depth in DEPTHS)
        found = enough(settings, vectors, metric)
        return Built(self.name, {"depth": found["setting"]})

    def open(
        self,
        path: Path | None,
        vectors: Callable[[], Vectors],
        metric: Metric,
        parameters: Mapping[str, int],
    ) -> Searcher:
        """Load the codes; map the vectors."""
        if path is None:
            raise ValueError("this kind has a file")
        index = read_faiss(path)
        return PqSearcher(index, vectors(), metric, parameters["depth"])


@dataclass(frozen=True, slots=True)
class PqSearcher:
    """Codes first, then the vectors of the candidates."""

    index: Any
    vectors: Vectors
    metric: Metric
    depth: int

    def search(self, queries: Vectors, k: int, alive: Mask | None) -> tuple[Vectors, Rows]:
        """See `Searcher`. Queries that are left with fewer than k rows compare all."""
        import numpy as np

        rows = len(self.vectors)
        sought = min(rows, (k * PER_MATCH + LEAST) * self.depth)
        parts = [(np.empty((0, k), np.float32), np.empty((0, k), np.int64))]
        for chunk in _chunks(len(queries), max(1, LISTED // sought)):
            found = self.index.search(_even(queries[chunk]), sought)[1]
            if alive is not None:
                found[~alive[found]] = -1
            parts.append(self._look_again(queries[chunk], found, k))
        values, found = map(np.concatenate, zip(*parts, strict=True))
        there = rows if alive is None else int(alive.sum())
        short = np.flatnonzero((found >= 0).sum(axis=1) < min(k, there))
        if len(short):
            values[short], found[short] = nearest(
                queries[short], self.vectors, k, self.metric, alive
            )
        return values, found

    def within(
        self, queries: Vectors, threshold: float, alive: Mask | None
    ) -> tuple[Rows, Vectors, Rows]:
        """See `Searcher`."""
        return within_growing(self, len(self.vectors), self.metric, queries, threshold, alive)

    def _look_again(self, queries: Vectors, found: Rows, k: int) -> tuple[Vectors, Rows]:
        """The k best of each query's candidates, compared exactly.

        One query at a time: FAISS then takes differences, and copies are at distance 0.
        """
        import numpy as np

        values = np.full((len(queries), k), np.nan, np.float32)
        rows = np.full((len(queries), k), -1, np.int64)
        for at, query in enumerate(queries):
            candidates = np.sort(found[at][found[at] >= 0])
            values[at], local = nearest(query[None, :], self.vectors[candidates], k, self.metric)
            rows[at] = np.where(local >= 0, candidates[local], -1) if len(candidates) else -1
        return values, rows


def _chunks(count: int, size: int) -> Iterator[slice]:
    return (slice(start, start + size) for start in range(0, count, size))


def _even(vectors: Vectors) -> Vectors:
    """The vectors with a zero more where their length is odd: it changes no comparison."""
    import numpy as np

    if vectors.shape[1] % DIMENSIONS_PER_CODE == 0:
        return vectors
    return np.pad(vectors, ((0, 0), (0, 1)))
