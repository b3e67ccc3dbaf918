"""The contract that every kind of index keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from simsearch.distance import Metric

    Vectors = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

__all__ = ["Kind", "Searcher"]


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


class Kind(Protocol):
    """A way to search vectors. It holds no state: everything it needs is in its arguments.

    Attributes:
        name: what manifests and options call it.
        file: the FAISS file that it writes; None when the vectors alone will do.
    """

    name: str
    file: str | None

    def refusal(self, metric: Metric) -> str | None:
        """Why it cannot serve a metric, and what can; None when it can."""

    def build(self, vectors: Vectors, metric: Metric, path: Path) -> dict[str, int]:
        """Write the file, if the kind has one. It can always be made again.

        Args:
            vectors: (n, d) float32, n >= 1, prepared by the metric; may be a memory map.
            metric: one that it does not refuse.
            path: where to write.

        Returns:
            What it was built with and is to be searched with, for the manifest.

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
            path: the file, its content verified; None for a kind without one.
            vectors: gives what it was built from, for a kind that needs it.
            metric: as for `build`.
            parameters: what `build` gave.
        """
