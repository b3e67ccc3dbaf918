"""Capacity: the most that the fields two rows both have could ever tell.

Two rows with only a city each agree in everything they have, and it means nothing. A field
can give at most its information (nats); if the fields present on both sides together cannot
lift the odds from chance (matches among all possible pairs) to even, the pair is left apart.
It is asked only of pairs that have less than half of the table's information in common.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.records.comparisons import Levels

__all__ = ["capacity_log_odds"]

# Pairs with at least this share of the table's information in common are not asked.
_ENOUGH = 0.5


def capacity_log_odds(levels: Levels, possible: float, matches: float) -> npt.NDArray[np.float64]:
    """The greatest ln odds that each pair could reach.

    Args:
        levels: of the pairs.
        possible: how many pairs of rows there are to choose from.
        matches: how many of them are expected to be the same thing.

    Returns:
        (pairs,) ln odds; infinite for pairs with enough in common.
    """
    information = np.array([c.information for c in levels.comparisons])
    shared = (levels.values >= 0).astype(np.float64) @ information
    chance = np.log(max(possible, 1.0)) - np.log(max(matches, 1.0))
    enough = shared >= _ENOUGH * information.sum()
    return np.where(enough, np.inf, shared - chance)
