"""What dedupe gives back for images, texts, vectors and signals: groups and pairs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from simsearch.calibration.threshold import choose_threshold
from simsearch.duplicates.labelled import labelled_near
from simsearch.duplicates.near import find_near, group_near, nothing_near
from simsearch.errors import OptionError
from simsearch.kinds.kind import kind_named
from simsearch.records.deduplication import Deduplication
from simsearch.records.exact import EXACT_PROBABILITY
from simsearch.records.found_pairs import pair_table
from simsearch.records.representatives import first_of_groups, sizes
from simsearch.records.stages import Stages, Statistics, peak_memory

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.calibration.threshold import DecisionThreshold
    from simsearch.duplicates.near import NearPairs
    from simsearch.records.candidates import PairSet
    from simsearch.records.exact import ExactDuplicates
    from simsearch.records.labels import KnownPairs
    from simsearch.schema import Records

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]
    Vectors = npt.NDArray[np.float32]

__all__ = ["ComparedItems", "ItemDeduplication", "group_items"]


@dataclass(frozen=True, slots=True)
class ComparedItems:
    """Items of a source or an index, read and encoded.

    Attributes:
        kind: of the items.
        records: `id` and the stored columns.
        exact: which of them are exact duplicates.
        vectors: (m, d) float32 of the items `exact.kept`; of none where no pair is to be looked
            for.
        compared: what is compared, in words.
        seed: of samples, where not every pair is compared.
    """

    kind: str
    records: Records
    exact: ExactDuplicates
    vectors: Vectors
    compared: str
    seed: int = 0


@dataclass(frozen=True)
class ItemDeduplication(Deduplication):
    """Items with their groups.

    Attributes:
        records: `id` and the stored columns of each item, in order; what was skipped.
        kind: of the items.
        threshold: score from which, or distance up to which, two items count as the same thing;
            NaN where only exact duplicates were looked for.
        statistics: what the run did.
        exact: exact duplicates, set aside before comparing.
        kept_group: (m,) group numbers of the items `exact.kept`.
        items: what was compared.
        decision: the threshold with its metric and calibration; None where `threshold` is NaN.
        near: pairs that are close; rows are places in `exact.kept`.
        labels: pairs that a person has decided, likewise; None for none.
    """

    records: Records
    kind: str
    threshold: float
    statistics: Statistics
    exact: ExactDuplicates
    kept_group: Rows
    items: ComparedItems
    decision: DecisionThreshold | None
    near: NearPairs
    labels: KnownPairs | None = None

    @property
    def how(self) -> str:
        """What was compared, in a sentence."""
        if self.decision is None:
            return self.items.compared
        return f"{self.items.compared}, pairs of {self.decision.words}"

    @cached_property
    def representative(self) -> npt.NDArray[np.bool_]:
        """(n,) bool: of each group the largest item, or else the first."""
        keys = sizes(self.records, kind_named(self.kind).sizes)
        return first_of_groups(self.group, *keys)

    @property
    def compared_pairs(self) -> PairSet:
        """See `Deduplication`."""
        return self.near.pairs

    @cached_property
    def probability(self) -> Floats:
        """(pairs,) how probable it is that each of `compared_pairs` is the same; NaN: unknown."""
        if self.decision is None:
            found = np.full(len(self.near.pairs), np.nan)
        else:
            found = self.decision.probability(self.near.scores)
        if self.labels is None:
            return found
        known = self.labels.of(self.near.pairs)
        return np.where(np.isnan(known), found, known)

    @cached_property
    def pairs(self) -> pa.Table:
        """Pairs that were found: left_id, right_id, probability and score, closest first.

        The probability is null where the encoder is not calibrated, the score where nothing was
        encoded. An exact duplicate is paired with the first item that it equals.
        """
        first, duplicate = self._exact_pairs
        close, kept = slice(0, self.near.found), self.exact.kept
        left = np.concatenate([first, kept[self.near.pairs.left[close]]])
        right = np.concatenate([duplicate, kept[self.near.pairs.right[close]]])
        sure = np.full(len(first), EXACT_PROBABILITY)
        best = np.nan if self.decision is None else self.decision.best
        columns = {
            "probability": np.concatenate([sure, self.probability[close]]),
            "score": np.concatenate([np.full(len(first), best), self.near.scores[close]]),
        }
        is_exact = np.arange(len(left)) < len(first)
        order = np.lexsort((right, left, -self._closeness(columns["score"]), ~is_exact))
        return pair_table(
            self.records.ids.take(left[order]),
            self.records.ids.take(right[order]),
            {name: values[order] for name, values in columns.items()},
        )

    def _closeness(self, scores: Floats) -> Floats:
        """Scores, or distances turned round, so that the greatest is closest."""
        larger = self.decision is None or self.decision.metric.larger_is_closer
        return np.nan_to_num(scores if larger else -scores)

    def rethreshold(self, threshold: float | str) -> ItemDeduplication:
        """The same items grouped by another threshold; nothing is read or encoded again.

        Args:
            threshold: a score or distance; or the name of a threshold of the calibration.

        Raises:
            OptionError: no such threshold; or only exact duplicates were looked for.
        """
        if self.decision is None:
            raise OptionError(
                f"only exact duplicates were looked for; to find {self.kind}s that are nearly the "
                "same, call dedupe with an encoder or, for vectors, a threshold"
            )
        metric, calibration = self.decision.metric, self.decision.calibration
        stages = Stages()
        stages.start("finding pairs")
        found = group_items(self.items, choose_threshold(metric, calibration, threshold), stages)
        return found if self.labels is None else found._with_known(self.labels)

    def with_labels(self, labels: KnownPairs) -> ItemDeduplication:
        """The same items grouped as labelled pairs say; nothing is read or encoded again.

        Args:
            labels: by rows of `records`.
        """
        known = labels.of_kept(self.exact)
        return self if known is None else self._with_known(known)

    def _with_known(self, known: KnownPairs) -> ItemDeduplication:
        metric = None if self.decision is None else self.decision.metric
        near = labelled_near(self.near, known, self.items.vectors, metric)
        groups = group_near(near, len(self.exact.kept), metric, self.threshold, known)
        return replace(self, near=near, kept_group=groups, labels=known)


def group_items(
    items: ComparedItems, threshold: DecisionThreshold | None, stages: Stages
) -> ItemDeduplication:
    """Find the pairs of items that are close, and the groups that they make.

    Args:
        items: read and encoded.
        threshold: from where on two are the same; None to group exact duplicates alone.
        stages: of the run, the finding of pairs begun.

    Raises:
        OptionError: the threshold takes too many pairs for the same.
    """
    rows = len(items.exact.kept)
    if threshold is None:
        near, groups = nothing_near(), np.arange(rows)
    else:
        near = find_near(items.vectors, threshold.metric, threshold.score, items.seed)
        stages.start("grouping")
        groups = group_near(near, rows, threshold.metric, threshold.score)
    stages.finish()
    return ItemDeduplication(
        records=items.records,
        kind=items.kind,
        threshold=float("nan") if threshold is None else threshold.score,
        statistics=_statistics(items, threshold, near, stages),
        exact=items.exact,
        kept_group=groups,
        items=items,
        decision=threshold,
        near=near,
    )


def _statistics(
    items: ComparedItems, threshold: DecisionThreshold | None, near: NearPairs, stages: Stages
) -> Statistics:
    """What the run did."""
    kept = len(items.exact.kept)
    return Statistics(
        rows=len(items.records),
        candidates=0 if threshold is None else kept * (kept - 1) // 2,
        recall_lost=1.0 - near.recall,
        seconds=dict(stages.seconds),
        peak_memory_bytes=peak_memory(),
        warnings=() if threshold is None else threshold.warnings(kept, near.found),
    )
