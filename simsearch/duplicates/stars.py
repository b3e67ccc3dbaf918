"""Groups around a middle: every member is the same as one item, so nothing chains.

The copies of a picture are each close to it, and need not be close to each other: one is grey, one
is cut. Average linkage splits such groups, and connected components chain from copy to copy. Here
the items with most and surest pairs become middles, and every other one joins the middle that it is
surest to be the same as. Aslam, Pelekhov & Rus, "The Star Clustering Algorithm for Static and
Dynamic Information Organization", Journal of Graph Algorithms and Applications 8, 2004.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]

__all__ = ["group_stars"]


def group_stars(
    rows: int, left: Rows, right: Rows, log_odds: Floats, threshold: float = 0.0
) -> Rows:
    """Group numbers of rows.

    Args:
        rows: n.
        left: (pairs,) row numbers.
        right: (pairs,) row numbers; no pair twice.
        log_odds: (pairs,) ln odds that the two are the same thing.
        threshold: ln odds above which a pair counts.

    Returns:
        (n,) int64: groups numbered in the order of their first rows. The same input gives the
        same groups, whatever the order of the pairs.
    """
    found = log_odds > threshold
    ends = np.concatenate([left[found], right[found]])
    others = np.concatenate([right[found], left[found]])
    odds = np.concatenate([log_odds[found], log_odds[found]])
    order = np.lexsort((others, -odds, ends))
    ends, others, odds = ends[order], others[order], odds[order]
    starts = np.searchsorted(ends, np.arange(rows + 1))
    weight = np.zeros(rows)
    # Summed in one order, so that no last bit depends on that of the pairs.
    np.add.at(weight, ends, odds - threshold)
    middle = np.zeros(rows, np.bool_)
    covered = np.zeros(rows, np.bool_)
    for row in np.lexsort((np.arange(rows), -weight)).tolist():
        if not covered[row]:
            middle[row] = covered[row] = True
            covered[others[starts[row] : starts[row + 1]]] = True
    group = np.arange(rows, dtype=np.int64)
    to_middle = middle[others] & ~middle[ends]
    joined, first = np.unique(ends[to_middle], return_index=True)
    group[joined] = others[to_middle][first]
    # A group is told by its middle; its number follows from its first row.
    _, first_row, place = np.unique(group, return_index=True, return_inverse=True)
    number: Rows = np.argsort(np.argsort(first_row))[place].astype(np.int64)
    return number
