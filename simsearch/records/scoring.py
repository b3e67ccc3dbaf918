"""Scoring: from fields to scored pairs, the part that `dedupe` and `link` share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from simsearch.records.adapt import (
    NETWORK_SHARE,
    NETWORK_SHARE_BETWEEN,
    adapt,
    adapt_between,
    befriended,
    bounded_by_sparseness,
    doubted,
    network_share,
    settled,
)
from simsearch.records.assignment import ONE_TO_ONE, UNLIMITED
from simsearch.records.candidates import find_candidates, merge, recall_lost, two_hop
from simsearch.records.chance import chance_model, random_pairs
from simsearch.records.checkpoint import IN_MEMORY
from simsearch.records.comparisons import Levels, compare, followed_by
from simsearch.records.em import Candidates, fit
from simsearch.records.events import Events, events_of
from simsearch.records.lifelong import bounded_by_what_is_kept
from simsearch.records.limits import limits_shown
from simsearch.records.opposite_forms import bounded_by_opposite_forms
from simsearch.records.own_numbers import bounded_by_own_numbers
from simsearch.records.pair_scorer import PairScorer, RawFit, Said
from simsearch.records.partners import fitted_to_partners
from simsearch.records.row_numbers import row_numbers
from simsearch.records.shares import sigmoid
from simsearch.records.silent_columns import silent_columns
from simsearch.records.source_columns import leave_out, source_columns
from simsearch.records.sparse_text import record_text
from simsearch.records.stages import Stages
from simsearch.records.strangers import HeldDown, Links, Strangers, bounded_by_strangers
from simsearch.records.taught import taught_odds
from simsearch.records.unrelated_columns import unrelated_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import numpy.typing as npt

    from simsearch.records.assignment import Limits
    from simsearch.records.candidates import PairSet
    from simsearch.records.checkpoint import RunCheckpoint
    from simsearch.records.choices import LeftOut
    from simsearch.records.fields import Fields
    from simsearch.records.labelled_trees import HeldOutScores
    from simsearch.records.labels import KnownPairs
    from simsearch.records.matcher import Model, Shares
    from simsearch.records.sparse_text import RecordText

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]
    Pairs = tuple[Rows, Rows]
    Evidence = Callable[[Rows, Rows], Floats]

__all__ = ["ScoredCandidates", "score_pairs"]

# Rows of a table that are looked at as strangers to each other, about.
_STRANGERS = 20_000
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
        model: what EM learned of this table.
        log_odds: (pairs,) ln odds, rivals and common partners taken into account.
        limits: which side has one partner at most.
        recall_lost: estimated share of true pairs that are not candidates.
        said: the network's contributions, (pairs, fields) in ln odds; None where it was not
            asked, as nearly all rows are one thing.
        network_share: share of the network in the mixture with EM.
        chance: of each comparison, the shares of its levels among random pairs.
        events: why rows of one person are no copies of each other; None where they may be.
        taught: how trees fitted to the labels did on labels held out; None without labels, or
            where they are too few.
        known: pairs that labels have decided.
        left_out: the fields that were not compared after all, with the reason.
        held_down: links of two tables that strangers have, too; None where there are none.
    """

    pairs: PairSet
    levels: Levels
    model: Model
    log_odds: Floats
    limits: Limits
    recall_lost: float
    said: npt.NDArray[np.float16] | None = None
    network_share: float = 0.0
    chance: Shares = ()
    events: Events | None = None
    taught: HeldOutScores | None = None
    known: KnownPairs | None = None
    left_out: tuple[LeftOut, ...] = ()
    held_down: HeldDown | None = None

    @property
    def told(self) -> tuple[str, ...]:
        """What the rows were taken for, what was held down, what labels taught, in words."""
        found = (self.events, self.held_down, self.taught)
        return tuple(each.told for each in found if each is not None)

    def evidence(self, chosen: Rows) -> dict[str, Floats]:
        """`evidence_<column>` of some pairs in ln odds, NaN where a value is missing.

        With `evidence_rest` (what is expected beforehand, the pair as a whole, rivals, common
        partners) they add up to the ln odds.

        Args:
            chosen: (n,) places among the pairs.
        """
        values = self.model.evidence(self.levels.values[chosen])
        if self.said is not None:
            values *= 1.0 - self.network_share
            values[:, : self.said.shape[1]] += self.network_share * self.said[chosen]
        names = [f"evidence_{c.name}" for c in self.model.comparisons]
        out = {name: values[:, place] for place, name in enumerate(names)}
        out["evidence_rest"] = self.log_odds[chosen] - np.nansum(values, axis=1)
        return out


def score_pairs(
    fields: Fields,
    stages: Stages,
    *,
    near: Pairs | None = None,
    known: KnownPairs | None = None,
    one_to_one: bool | None = None,
    obeyed: Collection[str] = (),
    seed: int = 0,
    checkpoint: RunCheckpoint = IN_MEMORY,
) -> ScoredCandidates:
    """Find candidates, compare them and decide, without labels.

    Args:
        fields: n rows, two tables stacked when linking.
        stages: told what is going on.
        near: pairs of rows with near embeddings, see `near_embeddings`.
        known: pairs that labels have decided.
        one_to_one: for two tables: whether a row has one partner at most; None asks the data.
        obeyed: fields that are compared whatever the rows show of them.
        seed: for the random pairs.
        checkpoint: of the run.
    """
    limits = UNLIMITED if fields.left_rows is None or one_to_one is False else ONE_TO_ONE
    look = partial(
        first_look, stages=stages, near=near, known=known, limits=limits, seed=seed,
        checkpoint=checkpoint,
    )  # fmt: skip
    first = look(fields)
    sources = tuple(s for s in source_columns(fields, *first[:2]) if s.name not in obeyed)
    if sources:
        fields = leave_out(fields, sources)
        first = look(fields)
    numbers = row_numbers(fields, first[1], first[2].raw.chance, obeyed)
    if numbers:
        fields = leave_out(fields, numbers)
        first = look(fields)
    silent = silent_columns(fields, *first[:2], first[2].raw.model, obeyed)
    told = {*obeyed, *(column.name for column in silent)}
    silent = (*silent, *unrelated_columns(fields, *first[:2], first[2].random, told))
    if silent:
        fields = leave_out(fields, silent)
        first = look(fields)
    del near, look  # an eighth of a gigabyte for each million rows
    scored = _scored(first, stages, known, limits, one_to_one, seed, checkpoint)
    return replace(scored, known=known, left_out=(*sources, *numbers, *silent))


def _scored(
    first: tuple[PairSet, Levels, PairScorer],
    stages: Stages,
    known: KnownPairs | None,
    limits: Limits,
    one_to_one: bool | None,
    seed: int,
    checkpoint: RunCheckpoint,
) -> ScoredCandidates:
    """Decide on the candidates of the first look, and on those found on the way."""
    from threadpoolctl import threadpool_limits

    pairs, levels, scorer = first
    comparer = _Comparer(scorer.fields, scorer.text, known, checkpoint)
    if scorer.raw.chance.mostly_same or not scorer.fields.fields:
        return _of_one_thing(comparer, scorer, pairs, levels, limits)
    stages.start("deciding")
    # Threads of many small sums and products mostly wait for each other on a busy machine.
    with threadpool_limits(limits=1, user_api="blas"):
        said = scorer.said(pairs, levels, report=stages.report, checkpoint=checkpoint)
        asked = _Asked(pairs, levels, said)
        judge = _Judge(comparer, scorer)
        if known is None:
            return judge.decided(asked, limits, one_to_one)
        without = _Judge(replace(comparer, known=None), scorer).decided(asked, limits, one_to_one)
        judge = replace(judge, unlabelled=without.model)
        stages.start("learning from labels")
        taught = judge.taught(without, known, one_to_one, seed)
        if taught.taught is not None and taught.taught.chosen:
            return taught
        return replace(judge.decided(asked, limits, one_to_one), taught=taught.taught)


def first_look(
    fields: Fields,
    stages: Stages | None = None,
    *,
    near: Pairs | None = None,
    known: KnownPairs | None = None,
    limits: Limits | None = None,
    seed: int = 0,
    checkpoint: RunCheckpoint = IN_MEMORY,
) -> tuple[PairSet, Levels, PairScorer]:
    """The first candidates, and what it takes to score any pair of the table.

    Args:
        fields: n rows, two tables stacked when linking.
        stages: told what is going on.
        near: pairs of rows with near embeddings, see `near_embeddings`.
        known: pairs that labels have decided.
        limits: how many partners a row may have to raw EM; None: one, of another table.
        seed: for the random pairs.
        checkpoint: of the run.
    """
    from threadpoolctl import threadpool_limits

    stages = stages or Stages()
    if limits is None:
        limits = UNLIMITED if fields.left_rows is None else ONE_TO_ONE
    stages.start("finding candidates")
    text = record_text(fields)
    pairs = find_candidates(fields, text, near, report=stages.report, checkpoint=checkpoint)
    if known is not None:
        pairs = known.added_to(pairs, fields)
    stages.start("comparing")
    comparer = _Comparer(fields, text, known, checkpoint)
    levels = comparer.levels(pairs.left, pairs.right, stages.report)
    random = replace(comparer, checkpoint=IN_MEMORY).levels(*random_pairs(fields, seed))
    stages.start("looking at columns")
    chance = chance_model(levels, random, fields.possible_pairs)
    with threadpool_limits(limits=1, user_api="blas"):
        candidates = comparer.candidates(pairs, limits)
        found = fit(levels, candidates, chance, None)
        raw = RawFit(chance, *fitted_to_partners(levels, candidates, *found))
    return pairs, levels, PairScorer(fields, text, levels, random, raw, seed)


def strangers_of(fields: Fields, model: Model) -> list[Strangers]:
    """How alike the rows of each of two tables are to each other, by a model of their links."""
    left_rows = fields.left_rows or 0
    out = []
    for start, end in ((0, left_rows), (left_rows, fields.rows)):
        own = fields.take(np.arange(start, end)[:: 1 + (end - start) // _STRANGERS])
        pairs, levels, scorer = first_look(own, limits=UNLIMITED)
        z = scorer.said(pairs, levels).log_odds.astype(np.float64)
        scale = fields.possible_pairs / max(own.possible_pairs, 1.0)
        out.append(Strangers(model.summed_evidence(levels), sigmoid(-z), scale))
    return out


@dataclass(frozen=True, slots=True)
class _Comparer:
    """What is needed to compare any pair of rows."""

    fields: Fields
    text: RecordText
    known: KnownPairs | None
    checkpoint: RunCheckpoint = IN_MEMORY

    def levels(
        self, left: Rows, right: Rows, report: Callable[[float], None] | None = None
    ) -> Levels:
        """Evidence on pairs; right rows are shifted to their place in the stacked table."""
        right = right + (self.fields.left_rows or 0)
        return compare(self.fields, self.text, left, right, report, self.checkpoint)

    def within(self, model: Model) -> tuple[Evidence, Evidence]:
        """The evidence of pairs of rows of the left table, and of the right."""
        return partial(self._evidence, model, 0), partial(
            self._evidence, model, self.fields.left_rows or 0
        )

    def _evidence(self, model: Model, shift: int, one: Rows, other: Rows) -> Floats:
        """(pairs,) evidence of pairs of rows of one table, which begins at `shift`."""
        return model.summed_evidence(compare(self.fields, self.text, one + shift, other + shift))

    def candidates(self, pairs: PairSet, limits: Limits) -> Candidates:
        """The pairs, as EM takes them."""
        rows, left_rows = self.fields.rows, self.fields.left_rows
        sides = (rows, rows) if left_rows is None else (left_rows, rows - left_rows)
        return Candidates(pairs.left, pairs.right, sides, limits)

    def labels(self, pairs: PairSet) -> Floats | None:
        """(pairs,) 1.0 or 0.0 where a label says so, NaN elsewhere; None without labels."""
        return None if self.known is None else self.known.of(pairs)

    def enforced(self, pairs: PairSet, odds: Floats) -> Floats:
        """The ln odds as labels say."""
        return odds if self.known is None else self.known.enforced(pairs, odds)


def _of_one_thing(
    comparer: _Comparer, scorer: PairScorer, pairs: PairSet, levels: Levels, limits: Limits
) -> ScoredCandidates:
    """What the network alone says: of a table that seems nearly all one thing.

    EM has no different things to learn from. Whether it is one thing indeed, or a household or
    a range of models, the network knows. A group may outgrow the lists of neighbours, so pairs
    two strong hops apart are added.
    """
    judge = _Judge(comparer, scorer)
    asked = _Asked(pairs, levels, scorer.said(pairs, levels, checkpoint=comparer.checkpoint))
    lost = recall_lost(pairs, sigmoid(asked.odds))
    for _ in range(_HOPS if comparer.fields.left_rows is None else 0):
        more = two_hop(asked.pairs, asked.odds > _STRONG, comparer.fields.rows)
        if len(more) < max(1.0, _WORTH_A_ROUND * len(asked.pairs)):
            break
        asked = judge.with_more(asked, more)
    raw, odds = scorer.raw, asked.odds
    odds = bounded_by_what_is_kept(odds, odds, asked.levels, comparer.fields, asked.pairs)
    return ScoredCandidates(
        asked.pairs,
        asked.levels,
        raw.model,
        comparer.enforced(asked.pairs, odds),
        limits,
        lost,
        asked.said.fields,
        1.0,
        raw.chance.different[0],
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """Pairs, their levels, and what the network says of them."""

    pairs: PairSet
    levels: Levels
    said: Said

    @property
    def odds(self) -> Floats:
        """(pairs,) ln odds of the network."""
        return doubted(self.said.log_odds.astype(np.float64), self.levels)


@dataclass(frozen=True, slots=True)
class _Judge:
    """The network and EM on one table, or on two.

    Attributes:
        comparer: compares pairs.
        scorer: asks the network.
        unlabelled: EM's model without labels, which says what a sparse pair lacks: a few labels,
            of pairs that are hard, would tip whole kinds of pairs; None where there are none.
    """

    comparer: _Comparer
    scorer: PairScorer
    unlabelled: Model | None = None

    def decided(self, asked: _Asked, limits: Limits, one_to_one: bool | None) -> ScoredCandidates:
        """The pairs judged, with those two hops away, or within the limits that the data show."""
        found = self.judged(asked, limits)
        if self.comparer.fields.left_rows is None:
            return self.expanded(asked, found)
        if one_to_one is None:
            found = self.within_limits_shown(asked, found)
        return self.beyond_strangers(asked, found)

    def taught(
        self, without: ScoredCandidates, known: KnownPairs, one_to_one: bool | None, seed: int
    ) -> ScoredCandidates:
        """What was found without labels as trees fitted to the labels see it."""
        pairs, limits = without.pairs, without.limits
        odds, told = taught_odds(pairs, without.levels, without.log_odds, self.scorer, known, seed)
        if one_to_one is None:
            limits = limits.allowing(known.left, known.right, known.same)
        odds = self.comparer.enforced(pairs, odds)
        odds = settled(odds, self.comparer.candidates(pairs, limits))
        odds = self.comparer.enforced(pairs, odds)
        return replace(without, log_odds=odds, limits=limits, taught=told)

    def judged(self, asked: _Asked, limits: Limits) -> ScoredCandidates:
        """The network adapted to the table."""
        pairs, levels = asked.pairs, asked.levels
        candidates = self.comparer.candidates(pairs, limits)
        z = asked.odds
        raw = self.scorer.raw_probability(levels)
        one_table = self.comparer.fields.left_rows is None
        adapted = adapt if one_table else adapt_between
        model, odds = adapted(levels, candidates, raw, z, self.comparer.labels(pairs))
        self.comparer.checkpoint.let_go()
        odds = bounded_by_sparseness(
            odds, z, levels, self.unlabelled or model, self.comparer.fields
        )
        odds = bounded_by_what_is_kept(odds, z, levels, self.comparer.fields, pairs)
        odds = bounded_by_own_numbers(odds, self.comparer.fields, pairs)
        if one_table:
            odds = befriended(odds, candidates)
        odds = settled(odds, candidates)
        lost = recall_lost(pairs, sigmoid(odds))
        events = None
        if one_table:
            odds = bounded_by_opposite_forms(odds, levels, self.comparer.fields, pairs)
            events = events_of(odds, levels, self.comparer.fields, pairs)
            odds = odds if events is None else events.bounded(odds)
        odds = self.comparer.enforced(pairs, odds)
        share = network_share(len(levels), NETWORK_SHARE if one_table else NETWORK_SHARE_BETWEEN)
        chance = self.scorer.raw.chance.different[0]
        return ScoredCandidates(
            pairs, levels, model, odds, limits, lost, asked.said.fields, share, chance, events
        )

    def beyond_strangers(self, asked: _Asked, found: ScoredCandidates) -> ScoredCandidates:
        """Links held down that are no more than what two tables of strangers have."""
        candidates = self.comparer.candidates(found.pairs, found.limits)
        evidence = found.model.summed_evidence(found.levels)
        links = Links(candidates, evidence, found.log_odds, asked.odds)
        odds = bounded_by_strangers(links, partial(strangers_of, self.comparer.fields, found.model))
        held = HeldDown(int(((found.log_odds > 0.0) & (odds <= 0.0)).sum()))
        odds = self.comparer.enforced(found.pairs, odds)
        return replace(found, log_odds=odds, held_down=held if held.links else None)

    def within_limits_shown(self, asked: _Asked, found: ScoredCandidates) -> ScoredCandidates:
        """Judged again where the data allow several partners."""
        evidence = found.model.summed_evidence(found.levels)
        within = self.comparer.within(found.model)
        limits = limits_shown(found.pairs, evidence, sigmoid(found.log_odds), within)
        if limits == found.limits:
            return found
        return self.judged(asked, limits)

    def expanded(self, asked: _Asked, found: ScoredCandidates) -> ScoredCandidates:
        """Add pairs two strong hops apart and judge again, while that adds many."""
        for _ in range(_HOPS):
            more = two_hop(found.pairs, found.log_odds > _STRONG, self.comparer.fields.rows)
            if len(more) < max(1.0, _WORTH_A_ROUND * len(found.pairs)):
                break
            asked = self.with_more(asked, more)
            found = self.judged(asked, found.limits)
        return found

    def with_more(self, asked: _Asked, more: PairSet) -> _Asked:
        """New pairs beside those that were asked of already."""
        levels = followed_by(asked.levels, self.comparer.levels(more.left, more.right))
        pairs = merge(asked.pairs, more)
        checkpoint = self.comparer.checkpoint
        said = self.scorer.said(pairs, levels, since=len(asked.pairs), checkpoint=checkpoint)
        return _Asked(pairs, levels, asked.said.followed_by(said))
