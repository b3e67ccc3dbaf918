"""Finding ids: a binary search through their sorted order, so a few cost next to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from simsearch.store.engines.engine import Rows

__all__ = ["find", "order_of"]

# More ids than this share of the rows are found quicker by a hash table of all rows.
MANY = 1 / 64


def order_of(ids: pa.Array) -> Rows:
    """(n,) int64: the row numbers, sorted by id."""
    import numpy as np
    import pyarrow.compute as pc

    return np.asarray(pc.array_sort_indices(ids), np.int64)


def find(sought: pa.Array, ids: pa.Array, order: Rows) -> Rows:
    """The row of each id sought, -1 where there is none.

    Args:
        sought: m ids, of the same type as `ids`, none of them null.
        ids: n different ids; n may be 0.
        order: what `order_of` gave.

    Returns:
        (m,) int64.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if not len(ids):
        return np.full(len(sought), -1, np.int64)
    if len(sought) > max(16.0, MANY * len(ids)):
        return np.asarray(pc.index_in(sought, ids).fill_null(-1), np.int64)
    if pa.types.is_integer(ids.type):
        return _find_numbers(sought.to_numpy(), ids.to_numpy(), order)
    low = np.zeros(len(sought), np.int64)
    high = np.full(len(sought), len(ids), np.int64)
    # The least place whose id is not less than the one sought.
    for _ in range(len(ids).bit_length()):
        middle = (low + high) // 2
        inside = np.minimum(middle, len(ids) - 1)
        less = pc.less(ids.take(pa.array(order[inside])), sought).to_numpy(zero_copy_only=False)
        less &= low < high
        low, high = np.where(less, middle + 1, low), np.where(less, high, middle)
    rows = order[np.minimum(low, len(ids) - 1)]
    same = pc.equal(ids.take(pa.array(rows)), sought).to_numpy(zero_copy_only=False)
    return np.where(same, rows, -1)


def _find_numbers(sought: Rows, ids: Rows, order: Rows) -> Rows:
    import numpy as np

    place = np.searchsorted(ids, sought, sorter=order)
    rows = order[np.minimum(place, len(ids) - 1)]
    return np.where(ids[rows] == sought, rows, -1)
