"""Limits: does a row of one table have one partner at most in the other? The data tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.matching.assignment import ONE_TO_ONE, UNLIMITED, Limits

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from simsearch.matching.model import Candidates

__all__ = ["limits_of"]

# A pair that chance cannot explain, by this probability, is a likely partner.
_LIKELY = 0.9
# A side is limited while at most this share of its rows with a likely partner have several.
_SEVERAL = 0.25


def limits_of(
    candidates: Candidates, probability: npt.NDArray[np.float64], one_to_one: bool | None
) -> Limits:
    """Which side has one partner at most.

    Args:
        candidates: pairs of two tables.
        probability: (pairs,) from `chance_start`, which knows nothing of rivals.
        one_to_one: the user's word; None decides each side from the data: a table that
            lists things once gives few rows of the other table several likely partners.
    """
    if one_to_one is not None:
        return ONE_TO_ONE if one_to_one else UNLIMITED
    likely = probability >= _LIKELY
    return Limits(
        left=_share_with_several(candidates.left[likely]) <= _SEVERAL,
        right=_share_with_several(candidates.right[likely]) <= _SEVERAL,
    )


def _share_with_several(rows: npt.NDArray[np.int64]) -> float:
    """Share of the rows that occur which occur twice or more; 0 of none."""
    import numpy as np

    counts = np.unique(rows, return_counts=True)[1]
    return float((counts > 1).mean()) if len(counts) else 0.0
