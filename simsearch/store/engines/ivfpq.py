"""IVF-PQ: short codes in cells, compared with SIMD look-ups; the best are then compared exactly.

Product quantisation (Jégou, Douze and Schmid, "Product Quantization for Nearest Neighbor
Search", TPAMI 2011) with 4-bit codes (André, Kermarrec and Le Scouarnec, "Cache Locality Is Not
Enough", VLDB 2015; FAISS `IndexIVFPQFastScan`). Two dimensions share a code, more where memory
is short.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simsearch.errors import OptionError
from simsearch.store.engines.cells import CACHED_CELLS, CellEngine, Plan, cells_for, centres_of
from simsearch.store.search.rerank import rerankable

if TYPE_CHECKING:
    from simsearch.distance import Metric

__all__ = ["IvfPq", "bytes_for", "shares_for"]

CODE_BITS = 4
# Dimensions to a code.
SHARES = (2, 4, 8)
ID_BYTES = 8
# FAISS's number for it, with a reservoir of candidates and no heap.
QUERY_BY_QUERY = 11


def shares_for(rows: int, dimension: int, memory: float | None) -> int | None:
    """How many dimensions share a code, the fewest that fit the memory; None when none do."""
    for share in SHARES:
        if memory is None or bytes_for(rows, dimension, share) <= memory:
            return share
    return None


def bytes_for(rows: int, dimension: int, share: int = SHARES[-1]) -> float:
    """What the codes, ids and centres take; with the longest share the least that there is."""
    centres = cells_for(rows) * dimension * 4
    return rows * (-(-dimension // share) / 2 + ID_BYTES) + centres


class IvfPq(CellEngine):
    """Cells of short codes."""

    name = "ivfpq"
    quick = True

    def refusal(self, metric: Metric) -> str | None:
        """See `Engine`."""
        if rerankable(metric):
            return None
        return f"its codes hold no {metric} distances; take {'binary' if metric.binary else 'ivf'}"

    def bytes_read(self, dimension: int) -> float:
        """See `CellEngine`."""
        return dimension / 4

    def bytes_asked(self, dimension: int, sought: int) -> float:
        """See `CellEngine`: a table of 16 distances to each code, and twice the candidates."""
        return dimension / SHARES[0] * (1 << CODE_BITS) + 2 * sought * (2 + ID_BYTES)

    def cells(self, rows: int, dimension: int) -> int:
        """See `CellEngine`: half as many of codes that lie in a cache, as reading them is cheap."""
        most = cells_for(rows)
        return max(1, most // 2) if rows * self.bytes_read(dimension) <= CACHED_CELLS else most

    def for_few(self, index: Any) -> Any:
        """See `CellEngine`: query by query, the nearest cell first, not cell by cell.

        FAISS keeps that choice in the index; so it gets a second one, on the same cells.
        """
        import faiss

        form = index.d, index.nlist, index.pq.M, CODE_BITS, index.metric_type
        few = faiss.IndexIVFPQFastScan(index.quantizer, *form)
        few.pq = index.pq
        few.replace_invlists(index.invlists, False)  # whose they remain
        few.ntotal, few.is_trained = index.ntotal, True
        few.implem = QUERY_BY_QUERY
        return few

    def empty(self, plan: Plan) -> Any:
        """See `CellEngine`."""
        import faiss

        share = shares_for(plan.rows, plan.dimension, plan.memory)
        if share is None:
            raise OptionError(
                f"{plan.rows:,} vectors of {plan.dimension} numbers take at least "
                f"{bytes_for(plan.rows, plan.dimension):,.0f} bytes in memory, more than the "
                f"{plan.memory or 0:,.0f} allowed; allow more, or reduce the dimension"
            )
        codes = -(-plan.dimension // share)
        dimension = codes * share
        centres = centres_of(plan, dimension)
        metric = plan.metric.faiss_metric
        return faiss.IndexIVFPQFastScan(centres, dimension, plan.cells, codes, CODE_BITS, metric)
