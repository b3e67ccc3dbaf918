"""The zero-label matcher: how probable it is that two rows are the same thing.

Fellegi & Sunter, "A Theory for Record Linkage", JASA 1969: each comparison adds
ln(m / u), where m is the share of its level among pairs that are the same thing and u the
share among pairs that are not. Both are learned by EM (Winkler, "Using the EM Algorithm
for Weight Computation in the Fellegi-Sunter Model", 1988) on the candidate pairs, so u is
the share among *similar looking* different things. Three departures make it safe without labels:

1. It starts from pairs that chance cannot explain (`chance_start`), not from a guess.
2. m starts at, and is pulled towards, what is expected of records of the same thing.
   Where EM would leave that altogether, m stays there: see `_SAMENESS`.
3. When a row may have only one partner, the pairs compete for it (`assignment.py`) inside
   EM, so a likeness shared with many rivals is not taken for sameness.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.matching.assignment import UNLIMITED, match_probability

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from simsearch.matching.assignment import Limits
    from simsearch.matching.comparisons import Comparison, Levels

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]

__all__ = ["Candidates", "Model", "chance_start", "fit", "log_odds"]

# Pairs that the expected shares of levels count for, against those of the data.
_PRIOR_PAIRS = 20.0
# Records of the same thing agree (equal or nearly) in at least this share of what their
# fields say, weighted by information; a class of pairs below it is likeness.
_SAMENESS = 0.5
_ROUNDS = 60
_SETTLED = 1e-3
# Share of a round's probabilities kept in the next: without it two classes can swing.
_INERTIA = 0.3
# Counts spread over a comparison's levels before random pairs are counted.
_PRIOR_CHANCE = 5.0
_CHANCE_ROUNDS = 10
# Where more random pairs than this are the same thing, most of the table is.
_MOSTLY_SAME = 0.1
# Nats that one field may give against chance: random pairs are too few to show more.
_MOST_A_FIELD = 12.0
# ln odds are cut off here: nothing is more certain than this, whatever the arithmetic says.
_CERTAIN = 30.0


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of rows in question.

    Attributes:
        left: (pairs,) row numbers, of the left table when linking.
        right: (pairs,) row numbers, of the right table (not stacked) when linking.
        rows: (left rows, right rows); one table twice when it is compared with itself.
        limits: how many partners a row may have.
        possible: how many pairs there are to choose from.
    """

    left: Rows
    right: Rows
    rows: tuple[int, int]
    possible: float
    limits: Limits = UNLIMITED

    def __len__(self) -> int:
        return len(self.left)


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted matcher.

    Attributes:
        comparisons: what it looks at.
        same: per comparison, share of each level among pairs that are the same thing (m).
        different: the same among candidate pairs that are not (u).
        prior: ln odds that a candidate pair is the same thing before its levels are seen.
        anchored: the data showed no class of pairs that agree as records of the same thing
            do, so `same` stayed at what is expected.
    """

    comparisons: tuple[Comparison, ...]
    same: tuple[Floats, ...]
    different: tuple[Floats, ...]
    prior: float
    anchored: bool = False

    def evidence(self, levels: Levels) -> Floats:
        """Weighted ln(m / u) of each comparison; shape (pairs, comparisons), NaN if missing."""
        import numpy as np

        out = np.empty(levels.values.shape, dtype=np.float64)
        for place, (c, m, u) in enumerate(
            zip(self.comparisons, self.same, self.different, strict=True)
        ):
            table = np.append(c.weight * (np.log(m) - np.log(u)), np.nan)
            out[:, place] = table[levels.values[:, place]]  # -1 is the last: NaN
        return out


def log_odds(probability: Floats) -> Floats:
    """ln(p / (1 - p)), finite: cut off at +-_CERTAIN."""
    import numpy as np

    least = np.exp(-_CERTAIN)
    p = np.clip(probability, least, 1.0 - 1e-13)
    odds: Floats = np.log(p) - np.log1p(-p)
    return odds


def chance_start(levels: Levels, random: Levels, candidates: Candidates) -> Floats:
    """Probability of each pair before any learning: more alike than chance could make it?

    u comes from random pairs, m from what is expected, and the prior from how many of
    *all* possible pairs come out the same; so a table without duplicates starts at nothing.

    Args:
        levels: of the candidate pairs.
        random: of pairs drawn at random from all possible ones.
        candidates: the candidate pairs.

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
        matches = same_share * candidates.possible
    for _ in range(30):
        share = min(max(matches, 0.5) / max(candidates.possible, 1.0), 0.999)
        probability = _sigmoid(weight + np.log(share) - np.log1p(-share))
        matches = float(probability.sum())
    return probability


def _chance_shares(random: Levels) -> tuple[list[Floats], float]:
    """u of each comparison among random pairs that are not the same thing, and how many are.

    In most tables hardly any random pair is a true one. Where everything is a duplicate
    nearly all are: a few rounds of EM, with m as expected, keep those out of u.
    """
    import numpy as np

    patterns, place = _patterns(random.values)
    counts = np.bincount(place, minlength=len(patterns)).astype(np.float64)
    shares = [_unlike(c.levels) for c in random.comparisons]
    same_share = 0.5
    for _ in range(_CHANCE_ROUNDS):
        weight = np.full(len(patterns), np.log(same_share) - np.log1p(-same_share))
        for i, c in enumerate(random.comparisons):
            if c.information > 0.0:
                weight += np.append(np.log(c.same) - np.log(shares[i]), 0.0)[patterns[:, i]]
        different = counts * (1.0 - _sigmoid(weight))
        same_share = float(np.clip(1.0 - different.sum() / max(counts.sum(), 1.0), 0.01, 0.99))
        shares = [
            _shares(patterns[:, i], different, np.full(c.levels, _PRIOR_CHANCE / c.levels))
            for i, c in enumerate(random.comparisons)
        ]
    return shares, same_share


def _unlike(levels: int) -> Floats:
    """Shares of levels to begin with: two thirds quite unlike, the rest even."""
    import numpy as np

    shares = np.full(levels, 1.0 / (3.0 * (levels - 1)))
    shares[0] = 2.0 / 3.0
    return shares


def fit(
    levels: Levels, candidates: Candidates, start: Floats, known: Floats | None = None
) -> tuple[Model, Floats]:
    """Learn the shares by EM.

    Args:
        levels: of the candidate pairs.
        candidates: the pairs.
        start: (pairs,) probabilities to start from.
        known: (pairs,) 1.0 or 0.0 where a label says so, NaN elsewhere.

    Returns:
        The model and the (pairs,) probabilities.
    """
    em = _EM(levels, candidates, known)
    model, probability = em.run(start, anchored=False)
    # Where partners are limited, rivals already keep likeness from passing for sameness.
    if not candidates.limits.any and em.sameness(model) < _SAMENESS:
        model, probability = em.run(start, anchored=True)
    return model, probability


class _EM:
    """One EM run's data: pairs collapsed to distinct patterns of levels."""

    def __init__(self, levels: Levels, candidates: Candidates, known: Floats | None) -> None:
        import numpy as np

        self.candidates = candidates
        self.comparisons = levels.comparisons
        self.known = known
        patterns, place = _patterns(levels.values)
        self.patterns, self.place = patterns, place
        self.counts = np.bincount(place, minlength=len(patterns)).astype(np.float64)

    def run(self, start: Floats, *, anchored: bool) -> tuple[Model, Floats]:
        """EM from `start` until it settles."""
        import numpy as np

        probability = start
        for _ in range(_ROUNDS):
            model = self._maximise(probability, anchored)
            new = self._expect(model)
            change = float(np.abs(new - probability).max(initial=0.0))
            probability = _INERTIA * probability + (1.0 - _INERTIA) * new
            if change < _SETTLED:
                break
        return self._maximise(probability, anchored), probability

    def sameness(self, model: Model) -> float:
        """Share of information in which the model's matches agree: the two top levels."""
        import numpy as np

        information = np.array([c.information for c in self.comparisons])
        agree = np.array([m[-2:].sum() for m in model.same])
        total = information.sum()
        return float(agree @ information / total) if total > 0 else 1.0

    def _maximise(self, probability: Floats, anchored: bool) -> Model:
        """M step: shares of levels and the prior, from the pairs' probabilities."""
        import numpy as np

        same = np.bincount(self.place, probability, len(self.patterns)).astype(np.float64)
        shares_same, shares_different = [], []
        for place, c in enumerate(self.comparisons):
            levels, expected = self.patterns[:, place], _PRIOR_PAIRS * np.array(c.same)
            shares_same.append(_shares(levels, 0.0 * same if anchored else same, expected))
            even = np.full(c.levels, 0.5 / c.levels)
            shares_different.append(_shares(levels, self.counts - same, even))
        if anchored:  # what is expected of whole records differs too much between tables
            shares_same = [
                m if c.information > 0.0 else u
                for c, m, u in zip(self.comparisons, shares_same, shares_different, strict=True)
            ]
        return Model(
            self.comparisons,
            tuple(shares_same),
            tuple(shares_different),
            self._prior(float(probability.sum())),
            anchored,
        )

    def _prior(self, matches: float) -> float:
        """ln prior odds of a candidate pair; with limited partners, its ln fugacity.

        A matching of `matches` pairs among E candidate edges needs odds f with
        matches = E f (1 - left matched share)(1 - right matched share): an edge is in it
        when it is drawn and both of its ends are free.
        """
        import numpy as np

        matches, pairs = max(matches, 0.1), max(len(self.candidates), 1)
        limits, (left, right) = self.candidates.limits, self.candidates.rows
        if not limits.any:
            share = min(matches / pairs, 1.0 - 1e-6)
            return float(np.log(share) - np.log1p(-share))
        free_left = 1.0 - min(matches / left, 0.97) if limits.left else 1.0
        free_right = 1.0 - min(matches / right, 0.97) if limits.right else 1.0
        return float(np.log(matches / pairs) - np.log(free_left) - np.log(free_right))

    def _expect(self, model: Model) -> Floats:
        """E step: the pairs' probabilities under the model."""
        import numpy as np

        weight = np.full(len(self.patterns), model.prior)
        for place, (c, m, u) in enumerate(
            zip(self.comparisons, model.same, model.different, strict=True)
        ):
            table = np.append(c.weight * (np.log(m) - np.log(u)), 0.0)
            weight += table[self.patterns[:, place]]
        new = match_probability(
            np.clip(weight, -_CERTAIN, _CERTAIN)[self.place],
            self.candidates.left,
            self.candidates.right,
            self.candidates.rows,
            self.candidates.limits,
        )
        if self.known is not None:
            new = np.where(np.isnan(self.known), new, self.known)
        return new


def _patterns(values: npt.NDArray[np.int8]) -> tuple[npt.NDArray[np.int8], Rows]:
    """Distinct rows of levels, and each row's place among them.

    Rows are packed into 64-bit keys, a few comparisons at a time, because sorting numbers
    is far faster than sorting rows.
    """
    import numpy as np

    key = np.zeros(len(values), dtype=np.int64)
    for column in values.T:
        key = np.unique(key * 8 + column + 1, return_inverse=True)[1]
    first = np.unique(key, return_index=True)[1]
    return values[first], key


def _shares(levels: npt.NDArray[np.int8], weights: Floats, prior: Floats) -> Floats:
    """Weighted share of each level, missing ones left out, with prior counts added."""
    import numpy as np

    seen = levels >= 0
    counts = prior + np.bincount(levels[seen], weights=weights[seen], minlength=len(prior))
    shares: Floats = counts / counts.sum()
    return shares


def _sigmoid(x: Floats) -> Floats:
    """1 / (1 + exp(-x)), without overflow."""
    from scipy.special import expit

    out: Floats = expit(x)
    return out
