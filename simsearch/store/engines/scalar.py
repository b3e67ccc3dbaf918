"""Scalar quantisation: each number on its own in a byte (sq8), or in half precision (fp16).

In cells, with a second look at the best. FAISS `IndexIVFScalarQuantizer`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simsearch.store.engines.cells import CellEngine, Plan, centres_of
from simsearch.store.search.rerank import rerankable

if TYPE_CHECKING:
    from simsearch.distance import Metric

__all__ = ["Scalar"]

BYTES = {"sq8": 1.0, "fp16": 2.0}
# FAISS takes so many numbers at once, and all of them one by one where some are left over: six
# times slower.
AT_ONCE = 8


class Scalar(CellEngine):
    """Cells of numbers that are kept less exactly.

    Args:
        name: `sq8` or `fp16`.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def refusal(self, metric: Metric) -> str | None:
        """See `Engine`."""
        if rerankable(metric):
            return None
        return f"FAISS has no {metric} for it; take {'binary' if metric.binary else 'ivf'}"

    def bytes_read(self, dimension: int) -> float:
        """See `CellEngine`."""
        return dimension * BYTES[self.name]

    def empty(self, plan: Plan) -> Any:
        """See `CellEngine`."""
        import faiss

        quantizer = faiss.ScalarQuantizer
        code = quantizer.QT_8bit if self.name == "sq8" else quantizer.QT_fp16
        dimension = -(-plan.dimension // AT_ONCE) * AT_ONCE
        centres = centres_of(plan, dimension)
        return faiss.IndexIVFScalarQuantizer(
            centres, dimension, plan.cells, code, plan.metric.faiss_metric, False
        )
