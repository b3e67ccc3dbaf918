"""Pairs whose two items each have a nearer copy: what these are to each other counts as well.

Where one item is the same as a nearer one, and the other as another nearer one, then the two are
the same only if the nearer ones are. So such a pair is no surer than that of its partners. Two
photos of one subject with a copy each are close to each other, and to the other's copy; their own
copies are closer, and the copies of the two need not be close. It is evidence beside that of the
distances, which are measured for each item alone (E. Pizzi et al., "A self-supervised descriptor
for image copy detection", CVPR 2022, normalise scores so).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]

__all__ = ["with_nearer_partners"]


def with_nearer_partners(
    left: Rows, right: Rows, distance: Floats, log_odds: Floats, items: int
) -> Floats:
    """(pairs,) ln odds that pairs are the same, by those of the nearest partners of both ends too.

    Args:
        left: (pairs,) of n items; left < right, no pair twice.
        right: (pairs,)
        distance: (pairs,) of any kind that grows with unlikeness.
        log_odds: (pairs,) by each pair alone; partners are those above 0.
        items: n.
    """
    likely = np.flatnonzero(log_odds > 0)
    partner = _nearest_partners(left[likely], right[likely], distance[likely], items)
    ours, theirs = partner[left[likely]], partner[right[likely]]
    # Where one end is the nearest of the other, or both have one nearest, nothing is nearer.
    apart = (ours != right[likely]) & (theirs != left[likely]) & (ours != theirs)
    places = likely[apart]
    low = np.minimum(ours[apart], theirs[apart])
    high = np.maximum(ours[apart], theirs[apart])
    out = log_odds.copy()
    out[places] = np.minimum(out[places], _odds_of(low, high, left, right, log_odds, items))
    return out


def _nearest_partners(left: Rows, right: Rows, distance: Floats, items: int) -> Rows:
    """(items,) of each the nearest that it has a pair with, the first of several; -1: none."""
    ends, others = np.concatenate([left, right]), np.concatenate([right, left])
    order = np.lexsort((others, np.concatenate([distance, distance]), ends))
    owner, first = np.unique(ends[order], return_index=True)
    partner = np.full(items, -1, np.int64)
    partner[owner] = others[order][first]
    return partner


def _odds_of(
    low: Rows, high: Rows, left: Rows, right: Rows, log_odds: Floats, items: int
) -> Floats:
    """Of pairs by their ends; the least of all for those that are not there."""
    keys, wanted = left * items + right, low * items + high
    order = np.argsort(keys)
    place = np.minimum(np.searchsorted(keys[order], wanted), max(len(keys) - 1, 0))
    there = keys[order][place] == wanted
    least = float(log_odds.min(initial=0.0))
    return np.where(there, log_odds[order][place], min(least, -9.0))
