"""Fitting the matcher without labels, by EM.

Winkler, "Using the EM Algorithm for Weight Computation in the Fellegi-Sunter Model of Record
Linkage", 1988. u is learned on the candidate pairs, so it is the share among *similar
looking* different things. Left alone EM finds the two likeliest classes of pairs, and they
need not be "same" and "different". Four things hold it to that:

1. It starts from pairs that chance cannot explain (`chance.py`), not from a guess.
2. m starts at, and is pulled towards, what is expected of records of the same thing.
3. Pairs that never agree in two fifths of what same things agree in (`_is_related`) become a
   class of its own among the different: related things. Where nothing is alike enough
   (`Model.match_likeness`), or too few pairs are to learn from, m stays as expected.
4. When a row may have one partner only, pairs compete for it (`assignment.py`) inside EM,
   so that a likeness shared with many rivals does not count as the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simsearch.records.assignment import UNLIMITED, match_probability
from simsearch.records.comparisons import Levels
from simsearch.records.matcher import CERTAIN, Model, agreement, likeness
from simsearch.records.shares import distinct_patterns, level_shares, sigmoid

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from simsearch.records.assignment import Limits
    from simsearch.records.matcher import Shares

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]

__all__ = ["Candidates", "fit"]

# Pairs that the expected shares of levels count for, against those of the data.
_PRIOR_PAIRS = 20.0
# Records of the same thing are at least so alike in what their fields say (`Model.match_likeness`).
_LEAST_LIKENESS = 0.6
# Related things never agree (in a tenth of the pairs at most, and are hardly more alike there
# than strangers) in two fifths of the information in which same things do (in three tenths
# at least): people of one household never share a given name, a date of birth, an e-mail.
_NEVER = 0.1
_HARDLY = 0.25
_TELLING = 0.3
_RELATED = 0.4
_ROUNDS = 60
# EM has settled when a round moves less than this share of the expected matches.
_SETTLED = 1e-3
# Share of a round's probabilities kept in the next: without it two classes can swing.
_INERTIA = 0.3


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of rows in question.

    Attributes:
        left: (pairs,) row numbers, of the left table when linking.
        right: (pairs,) row numbers, of the right table (not stacked) when linking.
        rows: (left rows, right rows); one table twice when it is compared with itself.
        limits: how many partners a row may have.
    """

    left: Rows
    right: Rows
    rows: tuple[int, int]
    limits: Limits = UNLIMITED

    def __len__(self) -> int:
        return len(self.left)


def fit(
    levels: Levels,
    candidates: Candidates,
    chance: Model,
    known: Floats | None = None,
) -> tuple[Model, Floats]:
    """Learn the shares of levels, and how probable each pair is.

    Args:
        levels: of the candidate pairs.
        candidates: the pairs.
        chance: where to start from.
        known: (pairs,) 1.0 or 0.0 where a label says so, NaN elsewhere.

    Returns:
        The model and the (pairs,) probabilities.
    """
    if chance.mostly_same:
        return chance, chance.probability(levels)
    em = _EM(levels, candidates, known)
    best = em.run_unlimited(chance) if not candidates.limits.any else em.run(em.start(chance))
    return best.model, em.per_pair(best.probability)


@dataclass(frozen=True, slots=True)
class _Fitted:
    """One outcome of EM."""

    model: Model
    probability: Floats


class _EM:
    """The data of EM runs.

    Pairs are collapsed to distinct patterns of levels. What EM weighs, its units, are the
    patterns themselves while a pair's probability follows from its levels alone, and single
    pairs where rivals or labels have a say.
    """

    def __init__(self, levels: Levels, candidates: Candidates, known: Floats | None) -> None:
        self.candidates = candidates
        self.comparisons = levels.comparisons
        self.known = known
        self.patterns, self.place = distinct_patterns(levels.values)
        self.alone = not candidates.limits.any and known is None
        if self.alone:
            self.unit = np.arange(len(self.patterns))
            self.weight = np.bincount(self.place, minlength=len(self.patterns)).astype(np.float64)
        else:
            self.unit = self.place
            self.weight = np.ones(len(self.place))

    def start(self, chance: Model) -> Floats:
        """Probability of each unit that chance leaves."""
        return chance.probability(Levels(self.comparisons, self.patterns))[self.unit]

    def per_pair(self, probability: Floats) -> Floats:
        """From one value a unit to one a pair."""
        return probability[self.place] if self.alone else probability

    def run_unlimited(self, chance: Model) -> _Fitted:
        """The fit for rows that may have any number of partners.

        Where they are limited, rivals keep what is merely alike from passing for the same; here
        the class that EM found is looked at. If its pairs are not alike enough, EM goes on from
        the pairs that are as expected, with the rest of that class as a class of its own. If
        related things can be split off what is found, they are.
        """
        start = self.start(chance)
        found = self.run(start)
        if not self._is_sound(found):
            expected = self.run(start, anchored=True)
            rest = found.probability * (1.0 - expected.probability)
            found = self.run(expected.probability, [rest])
            if not self._is_sound(found):
                return expected
        split = self._split(found)
        related = split.model.match_likeness >= _LEAST_LIKENESS and _is_related(split.model)
        return split if related else found

    def _is_sound(self, fitted: _Fitted) -> bool:
        """Whether what was found agrees as the same thing does, and is enough to learn from."""
        learned = float(self.weight @ fitted.probability) >= _PRIOR_PAIRS
        return learned and fitted.model.match_likeness >= _LEAST_LIKENESS

    def _split(self, fitted: _Fitted) -> _Fitted:
        """The fit with the class of same things halved, and EM run on from there.

        The weaker half becomes one more class of different pairs. Of one class of things the halves
        differ a little in every field; if it held related things, the weaker half comes to
        lack some fields altogether.
        """
        ratio = fitted.model.log_ratio(self.patterns)[self.unit]
        middle = _weighted_median(ratio, fitted.probability * self.weight)
        strong = fitted.probability * (ratio > middle)
        classes = fitted.model.class_probability(self.patterns)[1:, self.unit]
        others = [share * (1.0 - fitted.probability) for share in classes]
        return self.run(strong, [*others, fitted.probability - strong])

    def run(
        self, start: Floats, others: Sequence[Floats] = (), *, anchored: bool = False
    ) -> _Fitted:
        """EM until it settles.

        Args:
            start: (units,) probability of being the same thing.
            others: for each class of different pairs beyond the first, (units,) probability
                of being of it.
            anchored: keep m at what is expected.
        """
        probability = start
        first = 1.0 - start - np.sum([np.zeros_like(start), *others], axis=0)
        classes = np.stack([self._per_pattern(share) for share in (first, *others)])
        for _ in range(_ROUNDS):
            model = self._maximise(probability, classes, anchored)
            new = self._expect(model)
            classes = model.class_probability(self.patterns) * self._per_pattern(1.0 - new)
            change = float(self.weight @ np.abs(new - probability))
            probability = _INERTIA * probability + (1.0 - _INERTIA) * new
            if change < _SETTLED * max(float(self.weight @ new), 1.0):
                break
        return _Fitted(self._maximise(probability, classes, anchored), probability)

    def _per_pattern(self, weights: Floats) -> Floats:
        """Sums over the pairs of each pattern; (units,) to (patterns,)."""
        sums = np.bincount(self.unit, weights * self.weight, len(self.patterns))
        return sums.astype(np.float64)

    def _maximise(self, probability: Floats, classes: Floats, anchored: bool) -> Model:
        """M step: shares of levels and the prior, from the pairs' probabilities.

        Args:
            probability: (units,) of being the same thing.
            classes: (classes, patterns) expected number of different pairs of each class.
            anchored: keep m at what is expected.
        """
        same = self._per_pattern(probability)
        different = tuple(
            tuple(
                level_shares(self.patterns[:, i], weights, np.full(c.levels, 0.5 / c.levels))
                for i, c in enumerate(self.comparisons)
            )
            for weights in classes
        )
        if anchored:
            shares = self._expected(different[0])
        else:
            shares = tuple(
                level_shares(self.patterns[:, i], same, _PRIOR_PAIRS * np.array(c.same))
                for i, c in enumerate(self.comparisons)
            )
        sizes = classes.sum(axis=1) + 1e-9
        return Model(
            self.comparisons,
            shares,
            different,
            tuple((sizes / sizes.sum()).tolist()),
            self._prior(float(same.sum())),
            anchored,
        )

    def _expected(self, different: Shares) -> Shares:
        """m as expected of fields; whole records differ too much between tables to say."""
        return tuple(
            np.array(c.same) if c.information > 0.0 else u
            for c, u in zip(self.comparisons, different, strict=True)
        )

    def _prior(self, matches: float) -> float:
        """ln prior odds of a candidate pair; with limited partners, its ln fugacity.

        A matching of `matches` pairs among E candidate edges needs odds f with
        matches = E f (1 - left matched share)(1 - right matched share): an edge is in it
        when it is drawn and both of its ends are free.
        """
        matches, pairs = max(matches, 0.1), max(len(self.candidates), 1)
        limits, (left, right) = self.candidates.limits, self.candidates.rows
        if not limits.any:
            share = min(matches / pairs, 1.0 - 1e-6)
            return float(np.log(share) - np.log1p(-share))
        free_left = 1.0 - min(matches / left, 0.97) if limits.left else 1.0
        free_right = 1.0 - min(matches / right, 0.97) if limits.right else 1.0
        return float(np.log(matches / pairs) - np.log(free_left) - np.log(free_right))

    def _expect(self, model: Model) -> Floats:
        """E step: the units' probabilities under the model."""
        odds = np.clip(model.prior + model.log_ratio(self.patterns), -CERTAIN, CERTAIN)
        if self.alone:
            return sigmoid(odds)
        new = match_probability(
            odds[self.place],
            self.candidates.left,
            self.candidates.right,
            self.candidates.rows,
            self.candidates.limits,
        )
        if self.known is not None:
            new = np.where(np.isnan(self.known), new, self.known)
        return new


def _is_related(model: Model) -> bool:
    """Whether the last class of different pairs never agree in much of what same ones share."""
    strangers, *_, related = model.different
    telling = agreement(model.same) >= _TELLING
    # Names that are all shortened alike are never equal either; but they are alike.
    alike = likeness(strangers) + _HARDLY * (likeness(model.same) - likeness(strangers))
    never = telling & (agreement(related) <= _NEVER) & (likeness(related) <= alike)
    return model.by_information(never) >= _RELATED * model.by_information(telling)


def _weighted_median(values: Floats, weights: Floats) -> float:
    """The value at which half of the weight lies below."""
    order = np.argsort(values)
    below = np.cumsum(weights[order])
    if not len(order):
        return 0.0
    return float(values[order][np.searchsorted(below, below[-1] / 2)])
