"""Scoring: from fields to scored pairs, the part that `dedupe` and `link` share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simsearch.records.assignment import ONE_TO_ONE, UNLIMITED
from simsearch.records.candidates import find_candidates, merge, recall_lost, two_hop
from simsearch.records.capacity import capacity_log_odds
from simsearch.records.chance import chance_model
from simsearch.records.comparisons import Levels, compare
from simsearch.records.em import Candidates, fit
from simsearch.records.limits import limits_shown
from simsearch.records.matcher import log_odds
from simsearch.records.sparse_text import record_text

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.records.assignment import Limits
    from simsearch.records.candidates import PairSet
    from simsearch.records.fields import Fields
    from simsearch.records.labels import KnownPairs
    from simsearch.records.matcher import Model
    from simsearch.records.sparse_text import RecordText
    from simsearch.records.stages import Stages

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]

__all__ = ["ScoredCandidates", "score_pairs"]

# Pairs drawn at random to learn how alike different things are by chance.
_RANDOM_PAIRS = 100_000
# ln odds above which a pair vouches for its neighbours in `two_hop` (p = .9).
_STRONG = 2.2
# Two-hop rounds stop when one adds fewer new pairs than this share, or after so many.
_WORTH_A_ROUND = 0.01
_HOPS = 4


@dataclass(frozen=True, slots=True)
class ScoredCandidates:
    """Pairs and how probable it is that each is the same thing.

    Attributes:
        pairs: the candidates; right rows count within the right table when linking.
        levels: their evidence.
        model: what weighed it.
        log_odds: (pairs,) ln odds, rivals and capacity taken into account.
        limits: which side has one partner at most.
        recall_lost: estimated share of true pairs that are not candidates.
    """

    pairs: PairSet
    levels: Levels
    model: Model
    log_odds: Floats
    limits: Limits
    recall_lost: float


def score_pairs(
    fields: Fields,
    stages: Stages,
    *,
    embeddings: npt.NDArray[np.float32] | None = None,
    known: KnownPairs | None = None,
    one_to_one: bool | None = None,
    seed: int = 0,
) -> ScoredCandidates:
    """Find candidates, compare them and decide, without labels.

    Args:
        fields: n rows, two tables stacked when linking.
        stages: told what is going on.
        embeddings: (n, d) unit rows of the encoder.
        known: pairs that labels have decided.
        one_to_one: for two tables: whether a row has one partner at most; None asks the data.
        seed: for the random pairs.
    """
    stages.start("finding candidates")
    text = record_text(fields)
    pairs = find_candidates(fields, text, embeddings)
    if known is not None:
        pairs = known.added_to(pairs, fields)
    stages.start("comparing")
    comparer = _Comparer(fields, text, known)
    levels = comparer.levels(pairs.left, pairs.right)
    random = comparer.levels(*_random_pairs(fields, seed))
    stages.start("deciding")
    chance = chance_model(levels, random, fields.possible_pairs)
    if fields.left_rows is None:
        fitted = _expand(comparer, comparer.fit(pairs, levels, chance, UNLIMITED), chance)
    else:
        fitted = _within_limits(comparer, pairs, levels, chance, one_to_one)
    return ScoredCandidates(
        fitted.pairs,
        fitted.levels,
        fitted.model,
        comparer.bounded(fitted),
        fitted.limits,
        recall_lost(fitted.pairs, fitted.probability),
    )


@dataclass(frozen=True, slots=True)
class _Fitted:
    """Pairs, and what a fit says of them."""

    pairs: PairSet
    levels: Levels
    limits: Limits
    model: Model
    probability: Floats


@dataclass(frozen=True, slots=True)
class _Comparer:
    """What is needed to compare and score any pair of rows."""

    fields: Fields
    text: RecordText
    known: KnownPairs | None

    def levels(self, left: Rows, right: Rows) -> Levels:
        """Evidence on pairs; right rows are shifted to their place in the stacked table."""
        return compare(self.fields, self.text, left, right + (self.fields.left_rows or 0))

    def fit(self, pairs: PairSet, levels: Levels, chance: Model, limits: Limits) -> _Fitted:
        """Learn from the pairs, their levels and the labels on them."""
        rows, left_rows = self.fields.rows, self.fields.left_rows
        sides = (rows, rows) if left_rows is None else (left_rows, rows - left_rows)
        labels = None if self.known is None else self.known.of(pairs)
        candidates = Candidates(pairs.left, pairs.right, sides, limits)
        return _Fitted(pairs, levels, limits, *fit(levels, candidates, chance, labels))

    def bounded(self, fitted: _Fitted) -> Floats:
        """ln odds, no greater than what the pair has in common allows, and as labels say."""
        matches = float(fitted.probability.sum())
        most = capacity_log_odds(fitted.levels, self.fields.possible_pairs, matches)
        odds = np.minimum(log_odds(fitted.probability), most)
        return odds if self.known is None else self.known.enforced(fitted.pairs, odds)


def _within_limits(
    comparer: _Comparer, pairs: PairSet, levels: Levels, chance: Model, one_to_one: bool | None
) -> _Fitted:
    """The fit for two tables, with as many partners as the user or the data allow."""
    fitted = comparer.fit(pairs, levels, chance, UNLIMITED if one_to_one is False else ONE_TO_ONE)
    if one_to_one is not None:
        return fitted
    evidence = np.nansum(fitted.model.evidence(levels), axis=1)
    limits = limits_shown(pairs, evidence, fitted.probability)
    return fitted if limits == ONE_TO_ONE else comparer.fit(pairs, levels, chance, limits)


def _expand(comparer: _Comparer, fitted: _Fitted, chance: Model) -> _Fitted:
    """Add pairs two strong hops apart and decide again, while that adds many."""
    for _ in range(_HOPS):
        strong = log_odds(fitted.probability) > _STRONG
        more = two_hop(fitted.pairs, strong, comparer.fields.rows)
        if len(more) < max(1.0, _WORTH_A_ROUND * len(fitted.pairs)):
            break
        new = comparer.levels(more.left, more.right)
        levels = replace(new, values=np.concatenate([fitted.levels.values, new.values]))
        fitted = comparer.fit(merge(fitted.pairs, more), levels, chance, UNLIMITED)
    return fitted


def _random_pairs(fields: Fields, seed: int) -> tuple[Rows, Rows]:
    """Distinct pairs drawn at random: at most half of all, so that few are the same thing."""
    rng = np.random.default_rng(seed)
    rows = fields.rows
    left_rows = rows if fields.left_rows is None else fields.left_rows
    right_rows = rows if fields.left_rows is None else rows - left_rows
    wanted = int(min(_RANDOM_PAIRS, fields.possible_pairs // 2))
    left = rng.integers(max(left_rows, 1), size=2 * wanted)
    right = rng.integers(max(right_rows, 1), size=2 * wanted)
    if fields.left_rows is None:
        left, right = np.minimum(left, right), np.maximum(left, right)
        left, right = left[left < right], right[left < right]
    key = rng.permutation(np.unique(left * max(right_rows, 1) + right))[:wanted]
    return key // max(right_rows, 1), key % max(right_rows, 1)
