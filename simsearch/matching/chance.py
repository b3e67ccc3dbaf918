"""Chance: which pairs are more alike than two different things ever come out by accident?

Nothing is learned from likeness here. How alike different things are is read off random
pairs, how alike the same things are is what is expected of them, and the prior is how many
of *all* possible pairs come out the same; so a table without duplicates finds none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.matching.shares import distinct_patterns, level_shares, sigmoid

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from simsearch.matching.comparisons import Levels

    Floats = npt.NDArray[np.float64]

__all__ = ["chance_start"]

# Counts spread over a comparison's levels before random pairs are counted.
_PRIOR_CHANCE = 5.0
_ROUNDS = 10
# Where more random pairs than this are the same thing, most of the table is.
_MOSTLY_SAME = 0.1
# Nats that one field may give against chance: random pairs are too few to show more.
_MOST_A_FIELD = 12.0


def chance_start(levels: Levels, random: Levels, possible: float) -> Floats:
    """Probability of each pair before any learning: more alike than chance could make it?

    Args:
        levels: of the candidate pairs.
        random: of pairs drawn at random from all possible ones.
        possible: how many pairs of rows there are to choose from.

    Returns:
        (pairs,) probabilities.
    """
    import numpy as np

    weight = np.zeros(len(levels))
    chance, same_share = _chance_shares(random)
    for place, c in enumerate(levels.comparisons):
        if c.information == 0.0:  # the whole record repeats its fields
            continue
        table = np.append(np.minimum(np.log(c.same) - np.log(chance[place]), _MOST_A_FIELD), 0.0)
        weight += table[levels.values[:, place]]
    matches = 1e-3 * len(levels)
    if same_share > _MOSTLY_SAME:
        matches = same_share * possible
    for _ in range(30):
        share = min(max(matches, 0.5) / max(possible, 1.0), 0.999)
        probability = sigmoid(weight + np.log(share) - np.log1p(-share))
        matches = float(probability.sum())
    return probability


def _chance_shares(random: Levels) -> tuple[list[Floats], float]:
    """u of each comparison among random pairs that are not the same thing, and how many are.

    In most tables hardly any random pair is a true one. Where everything is a duplicate
    nearly all are: a few rounds of EM, with m as expected, keep those out of u.
    """
    import numpy as np

    patterns, place = distinct_patterns(random.values)
    counts = np.bincount(place, minlength=len(patterns)).astype(np.float64)
    shares = [_unlike(c.levels) for c in random.comparisons]
    same_share = 0.5
    for _ in range(_ROUNDS):
        weight = np.full(len(patterns), np.log(same_share) - np.log1p(-same_share))
        for i, c in enumerate(random.comparisons):
            if c.information > 0.0:
                weight += np.append(np.log(c.same) - np.log(shares[i]), 0.0)[patterns[:, i]]
        different = counts * (1.0 - sigmoid(weight))
        same_share = float(np.clip(1.0 - different.sum() / max(counts.sum(), 1.0), 0.01, 0.99))
        shares = [
            level_shares(patterns[:, i], different, np.full(c.levels, _PRIOR_CHANCE / c.levels))
            for i, c in enumerate(random.comparisons)
        ]
    return shares, same_share


def _unlike(levels: int) -> Floats:
    """Shares of levels to begin with: two thirds quite unlike, the rest even."""
    import numpy as np

    shares = np.full(levels, 1.0 / (3.0 * (levels - 1)))
    shares[0] = 2.0 / 3.0
    return shares
