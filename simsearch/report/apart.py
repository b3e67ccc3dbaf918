"""Pairs that are kept apart, beside those that were found, for files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from simsearch.records.deduplication import Deduplication

__all__ = ["KEPT_APART", "with_apart"]

# The tier of a pair that is as alike as others and not the same.
KEPT_APART = "kept apart"


def with_apart(pairs: pa.Table, found: Deduplication) -> pa.Table:
    """Pairs with those behind them that a number, a negation or the like keeps apart.

    Their `tier` is `kept apart`, their probability 0, and `differs` says why. Where nothing is
    kept apart so (pictures, records), the pairs as they are.

    Args:
        pairs: that were found; what differs may have been taken out of them.
        found: the run.
    """
    import pyarrow as pa

    apart = found.apart
    if apart is None:
        return pairs
    more = {
        **{name: apart[name] for name in apart.column_names},
        "probability": pa.array([0.0] * len(apart), pa.float64()),
        "tier": pa.array([KEPT_APART] * len(apart), pa.string()),
    }
    chosen = pa.table({name: more[name] for name in pairs.column_names})
    return pa.concat_tables([pairs, chosen.cast(pairs.schema)])
