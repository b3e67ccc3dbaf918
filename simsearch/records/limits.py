"""Limits: find from the data whether a row has at most one partner in the other table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.records.assignment import ONE_TO_ONE, Limits

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.records.candidates import PairSet

    Floats = npt.NDArray[np.float64]

__all__ = ["limits_shown"]

# A pair, and a row's pairs together, are likely from here; pairs of a row are equal that reach
# this share of its best one's probability.
_LIKELY, _EQUAL = 0.5, 0.9
# A pair is as good as most partners when its evidence reaches this quantile of theirs.
_AS_GOOD = 0.5
# A side is limited while at most this share of its rows with one such pair have several.
_SEVERAL = 0.33
# Look-alikes that are no partners rival on both sides about as often; several rows of one thing
# on one. A side with several then is one with more than this share, the other a fifth of it.
_SEVERAL_ON_ONE, _OTHER_SIDE = 0.15, 0.2


def limits_shown(pairs: PairSet, evidence: Floats, probability: Floats) -> Limits:
    """Which side has one partner at most, by a fit that gave both sides the limit.

    Where the limit is true, the rivals that a partner beat are worse than partners are.
    Where it is not, they are as good.

    Args:
        pairs: of two tables.
        evidence: (pairs,) summed ln(m / u), without prior and rivals.
        probability: (pairs,) from the fit.
    """
    partners = evidence[_partners(pairs, probability)]
    if not len(partners):
        return ONE_TO_ONE
    as_good = evidence >= np.quantile(partners, _AS_GOOD)
    left = _share_with_several(pairs.left[as_good])
    right = _share_with_several(pairs.right[as_good])
    return Limits(left=_is_limited(left, right), right=_is_limited(right, left))


def _partners(pairs: PairSet, probability: Floats) -> npt.NDArray[np.bool_]:
    """The pairs that rival with no other; where more rows have several equal ones, those.

    Four bills of one supplier share what he can give: none of them is likely alone.
    """
    sure, shared = probability >= _LIKELY, np.zeros(len(probability), np.bool_)
    sharing = 0
    for rows in (pairs.left, pairs.right):
        expected = np.bincount(rows, probability)
        best = np.zeros(len(expected))
        np.maximum.at(best, rows, probability)
        several = (expected >= _LIKELY) & (best < _LIKELY)
        sharing = max(sharing, int(several.sum()))
        shared |= several[rows] & (probability >= _EQUAL * best[rows])
    return shared if sharing > int(sure.sum()) else sure


def _is_limited(share: float, other: float) -> bool:
    """Whether a side has one partner at most, by the shares with several of both."""
    alone = other <= _OTHER_SIDE * share
    return share <= (_SEVERAL_ON_ONE if alone else _SEVERAL)


def _share_with_several(rows: npt.NDArray[np.int64]) -> float:
    """Share of the rows that occur which occur twice or more; 0 of none."""
    counts = np.unique(rows, return_counts=True)[1]
    return float((counts > 1).mean()) if len(counts) else 0.0
