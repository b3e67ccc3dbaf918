"""Flat: every vector is compared. Exact, nothing to build, and quick while there are few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.store.engines.engine import Built
from simsearch.store.search.exact import nearest, within

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Mask, Rows, Searcher, SearchTarget, Vectors
    from simsearch.store.format.durable import HashedFile

__all__ = ["Flat"]


class Flat:
    """Compares with every vector, straight from the vector file: there is no FAISS file."""

    name: str = "flat"
    has_file: bool = False

    def refusal(self, metric: Metric) -> str | None:  # noqa: ARG002  the contract
        """None: it serves every metric."""
        return None

    def build(
        self,
        vectors: Vectors,  # noqa: ARG002  the contract
        metric: Metric,  # noqa: ARG002  the contract
        target: SearchTarget,  # noqa: ARG002  the contract
        file: HashedFile | None,  # noqa: ARG002  the contract
    ) -> Built:
        """Nothing to write and nothing to choose."""
        return Built(self.name, {})

    def open(
        self,
        path: Path | None,  # noqa: ARG002  the contract
        vectors: Callable[[], Vectors],
        metric: Metric,
        parameters: Mapping[str, int],  # noqa: ARG002  the contract
    ) -> Searcher:
        """A searcher over the vectors themselves."""
        return FlatSearcher(vectors(), metric)


@dataclass(frozen=True, slots=True)
class FlatSearcher:
    """Exact search."""

    vectors: Vectors
    metric: Metric

    def search(self, queries: Vectors, k: int, alive: Mask | None) -> tuple[Vectors, Rows]:
        """See `Searcher`."""
        return nearest(queries, self.vectors, k, self.metric, alive)

    def within(
        self, queries: Vectors, threshold: float, alive: Mask | None
    ) -> tuple[Rows, Vectors, Rows]:
        """See `Searcher`."""
        return within(queries, self.vectors, threshold, self.metric, alive)
