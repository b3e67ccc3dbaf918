"""The contract that every engine keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from simsearch.distance import Metric
    from simsearch.store.format.durable import HashedFile

    # float32; for hamming uint8, which only FAISS and `Metric.storage` need to tell apart.
    Vectors = npt.NDArray[Any]
    Rows = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

__all__ = ["Built", "Engine", "Measured", "SearchTarget", "Searcher"]


@dataclass(frozen=True, slots=True)
class SearchTarget:
    """What searching some vectors is to reach.

    Attributes:
        recall: share of the 10 nearest that is to be found, on average.
        memory: bytes that the searcher may keep in memory; None for no limit. The vectors
            themselves stay on disk and do not count.
    """

    recall: float = 0.95
    memory: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """What an engine finds and takes, measured on points of the corpus that were held out.

    Attributes:
        recall: share of the 10 nearest that was found.
        range_recall: share of what is within the median distance of the 10th neighbour.
        latency_ms: milliseconds a query, one at a time, on one thread; the median.
        bytes_per_vector: what is kept beside the vectors.
        queries: how many points were asked about.
    """

    recall: float
    range_recall: float
    latency_ms: float
    bytes_per_vector: float
    queries: int


@dataclass(frozen=True, slots=True)
class Built:
    """What an engine made of some vectors.

    Attributes:
        engine: its name.
        parameters: whole numbers: what it was built with and is searched with.
        measured: None where every vector is compared.
    """

    engine: str
    parameters: Mapping[str, int]
    measured: Measured | None = None


class Searcher(Protocol):
    """The vectors of one segment, open for searching."""

    def search(self, queries: Vectors, k: int, alive: Mask | None) -> tuple[Vectors, Rows]:
        """The rows nearest to each query.

        Args:
            queries: (m, d) float32, prepared by the metric.
            k: how many, at least 1.
            alive: (n,) bool, False for rows that must not be found; None for all.

        Returns:
            Scores or distances of the metric, (m, k) float32, nearest first, and row numbers,
            (m, k) int64; NaN and -1 where there are fewer than k rows alive.
        """

    def within(
        self, queries: Vectors, threshold: float, alive: Mask | None
    ) -> tuple[Rows, Vectors, Rows]:
        """The rows as close to each query as a threshold.

        Args:
            queries: (m, d) float32, prepared by the metric.
            threshold: the least score, or the greatest distance.
            alive: as for `search`.

        Returns:
            limits (m + 1,) int64: what belongs to query i stands from limits[i] to
            limits[i + 1]; scores or distances, float32, nearest first; row numbers, int64.
        """


class Engine(Protocol):
    """A way to search vectors. It holds no state: everything it needs is in its arguments.

    Attributes:
        name: what manifests and options call it.
        has_file: whether it writes a FAISS file; the vectors alone will do where it does not.
    """

    name: str
    has_file: bool

    def refusal(self, metric: Metric) -> str | None:
        """Why it cannot serve a metric, and what can; None when it can."""

    def build(
        self, vectors: Vectors, metric: Metric, target: SearchTarget, file: HashedFile | None
    ) -> Built:
        """Write the file, if the engine has one, and choose how to search it.

        The same vectors always give the same file: it can be made again.

        Args:
            vectors: (n, d) float32, n >= 1, prepared by the metric; may be a memory map.
            metric: one that it does not refuse.
            target: what searching is to reach.
            file: where to write; None for an engine without a file.

        Raises:
            OSError: it cannot be written.
        """

    def open(
        self,
        path: Path | None,
        vectors: Callable[[], Vectors],
        metric: Metric,
        parameters: Mapping[str, int],
    ) -> Searcher:
        """Open what `build` wrote, without reading all of it.

        Args:
            path: the file, its content verified; None for an engine without one.
            vectors: gives what it was built from, for an engine that needs it.
            metric: as for `build`.
            parameters: what `build` gave.
        """
