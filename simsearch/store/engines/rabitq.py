"""RaBitQ: one bit a dimension, with a bound on the error; the best are then compared exactly.

Gao and Long, "RaBitQ: Quantizing High-Dimensional Vectors with a Theoretical Error Bound for
Approximate Nearest Neighbor Search" (SIGMOD 2024); FAISS `IndexIVFRaBitQFastScan`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simsearch.store.engines.cells import CellEngine, Plan, centres_of
from simsearch.store.search.rerank import rerankable

if TYPE_CHECKING:
    from simsearch.distance import Metric

__all__ = ["RaBitQ"]


class RaBitQ(CellEngine):
    """Cells of one bit a dimension."""

    name = "rabitq"

    def refusal(self, metric: Metric) -> str | None:
        """See `Engine`. FAISS would abort the process with manhattan distances."""
        if rerankable(metric):
            return None
        return f"its codes hold no {metric} distances; take {'binary' if metric.binary else 'ivf'}"

    def bytes_read(self, dimension: int) -> float:
        """See `CellEngine`: the bits, and two numbers to correct them by."""
        return dimension / 8 + 8

    def empty(self, plan: Plan) -> Any:
        """See `CellEngine`."""
        import faiss

        return faiss.IndexIVFRaBitQFastScan(
            centres_of(plan), plan.dimension, plan.cells, plan.metric.faiss_metric
        )
