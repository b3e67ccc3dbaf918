"""IVF-flat: whole vectors in cells. What a query meets is compared exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simsearch.store.engines.cells import CellEngine, Plan, centres_of

if TYPE_CHECKING:
    from simsearch.distance import Metric

__all__ = ["Ivf"]


class Ivf(CellEngine):
    """Cells of whole vectors."""

    name = "ivf"
    exact = True

    def refusal(self, metric: Metric) -> str | None:
        """See `Engine`: it serves every metric of numbers."""
        return "its vectors are numbers, not bits; take binary or flat" if metric.binary else None

    def bytes_read(self, dimension: int) -> float:
        """See `CellEngine`."""
        return 4.0 * dimension

    def empty(self, plan: Plan) -> Any:
        """See `CellEngine`."""
        import faiss

        return faiss.IndexIVFFlat(
            centres_of(plan), plan.dimension, plan.cells, plan.metric.faiss_metric
        )
