"""Tiers: without an encoder, pairs are found by what shows in the items themselves.

A tier names how two items are the same: `identical`, `near copy` … A finder of a kind sees each
content once, while the source is read, and gives the pairs of its tiers when all is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from simsearch.distance import Metric
from simsearch.duplicates.exact import ExactDuplicateFinder
from simsearch.duplicates.gathered import GatheredItems
from simsearch.errors import OptionError
from simsearch.kinds.encoding import Encoding
from simsearch.kinds.kind import kind_named
from simsearch.kinds.pipeline import Pipeline
from simsearch.records.deduplication import Deduplication
from simsearch.records.exact import EXACT_PROBABILITY
from simsearch.records.found_pairs import pair_table
from simsearch.records.groups import group_rows
from simsearch.records.representatives import first_of_groups, sizes
from simsearch.records.stages import Statistics, peak_memory

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.kinds.pipeline import EncodedBatch
    from simsearch.records.candidates import PairSet
    from simsearch.records.exact import ExactDuplicates
    from simsearch.records.stages import Stages
    from simsearch.schema import ItemSource, Records

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]

__all__ = [
    "IDENTICAL",
    "TierFinder",
    "TierPairs",
    "TieredDeduplication",
    "dedupe_by_tiers",
    "grouped_by_tiers",
]

IDENTICAL = "identical"
# In ln odds: between a probability and what it is computed from.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class TierPairs:
    """Pairs that a finder compared.

    Attributes:
        pairs: of contents, in the order in which the finder saw them.
        log_odds: (pairs,) ln odds that the two are the same.
        score: (pairs,) how alike they are, 0 to 1.
        tier: (pairs,) the name of the tier.
        differs: (pairs,) what differs, in words; empty where nothing does.
    """

    pairs: PairSet
    log_odds: Floats
    score: Floats
    tier: npt.NDArray[np.str_]
    differs: npt.NDArray[np.str_]


class TierFinder(Protocol):
    """Finds the pairs of a kind of item that are the same, without an encoder of the user's.

    Attributes:
        reading: how items are to be read for it, see `Encoder.reading`.
        compared: what it compares, in words.
        threshold: the probability from which a pair is the same where the user says nothing.
    """

    reading: Mapping[str, Any]
    compared: str
    threshold: float

    def add(self, batch: EncodedBatch, new: Rows) -> None:
        """See the contents of a batch that were not there before, by their rows."""

    def find(self) -> TierPairs:
        """The pairs among all that it saw that may be the same."""


@dataclass(frozen=True)
class TieredDeduplication(Deduplication):
    """Items with their groups, by tiers.

    Attributes:
        records: `id` and the stored columns of each item, in order; what was skipped.
        kind: of the items.
        threshold: probability from which two items count as the same thing.
        statistics: what the run did.
        exact: exact duplicates, set aside before comparing.
        kept_group: (m,) group numbers of the items `exact.kept`.
        found: the pairs that were compared.
        compared: what was compared, in words.
    """

    records: Records
    kind: str
    threshold: float
    statistics: Statistics
    exact: ExactDuplicates
    kept_group: Rows
    found: TierPairs = field(repr=False)
    compared: str

    @property
    def how(self) -> str:
        """What was compared, and how many pairs each tier found."""
        counts = {IDENTICAL: len(self._exact_pairs[0])}
        for name in self.found.tier[self._same]:
            counts[str(name)] = counts.get(str(name), 0) + 1
        found = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
        return f"{self.compared}; pairs found: {found or 'none'}"

    @cached_property
    def representative(self) -> npt.NDArray[np.bool_]:
        """(n,) bool: of each group the largest item, or else the first."""
        keys = sizes(self.records.table, kind_named(self.kind).sizes)
        return first_of_groups(self.group, *keys)

    @property
    def compared_pairs(self) -> PairSet:
        """See `Deduplication`."""
        return self.found.pairs

    @cached_property
    def probability(self) -> Floats:
        """(pairs,) how probable it is that each of `compared_pairs` is the same."""
        likely: Floats = 1.0 / (1.0 + np.exp(-self.found.log_odds))
        return likely

    @cached_property
    def pairs(self) -> pa.Table:
        """Pairs that were found, surest first: ids, probability, score, tier, and what differs.

        An exact duplicate is paired with the first item that it equals.
        """
        import pyarrow as pa

        first, duplicate = self._exact_pairs
        chosen = np.flatnonzero(self._same)
        chosen = chosen[np.argsort(-self.probability[chosen], kind="stable")]
        kept, pairs = self.exact.kept, self.found.pairs
        exact = len(first)
        left = np.concatenate([first, kept[pairs.left[chosen]]])
        right = np.concatenate([duplicate, kept[pairs.right[chosen]]])
        sure = np.full(exact, EXACT_PROBABILITY)
        table = pair_table(
            self.records.ids.take(left),
            self.records.ids.take(right),
            {
                "probability": np.concatenate([sure, self.probability[chosen]]),
                "score": np.concatenate([np.ones(exact), self.found.score[chosen]]),
            },
        )
        tiers = [IDENTICAL] * exact + self.found.tier[chosen].tolist()
        differs = [""] * exact + self.found.differs[chosen].tolist()
        return table.append_column("tier", pa.array(tiers, pa.string())).append_column(
            "differs", pa.array(differs, pa.string())
        )

    def rethreshold(self, threshold: float) -> TieredDeduplication:
        """The same items grouped by another probability; nothing is read or compared again.

        Raises:
            OptionError: not between 0 and 1.
        """
        groups = _groups(self.found, len(self.exact.kept), _log_odds(threshold))
        return replace(self, threshold=threshold, kept_group=groups)

    @property
    def _same(self) -> npt.NDArray[np.bool_]:
        """(pairs,) bool: those that are the same by the threshold."""
        odds = _log_odds(self.threshold) - ROUNDING
        same: npt.NDArray[np.bool_] = self.found.log_odds > odds
        return same


def dedupe_by_tiers(
    source: ItemSource, finder: TierFinder, threshold: float | str | None, stages: Stages
) -> TieredDeduplication:
    """Find the items of a source that are the same thing, without an encoder of the user's.

    Args:
        source: that is open.
        finder: of the kind of item.
        threshold: probability from which two are the same; None for the finder's.
        stages: of the run, reading begun.

    Raises:
        OptionError: the threshold is no probability.
        EmptySourceError, SourceError: nothing can be read, or not to its end.
    """
    exact, gathered = ExactDuplicateFinder(), GatheredItems(source)
    pipeline = Pipeline(source, Encoding(None, Metric.COSINE, 0))
    for batch in pipeline.batches():
        finder.add(batch, exact.add(batch.keys()))
        stages.report(pipeline.share_done(gathered.add(batch)))
    if not gathered.count:
        raise pipeline.nothing_read()
    stages.start("finding pairs")
    found, records = finder.find(), gathered.records()
    return grouped_by_tiers(records, source.kind, exact.found, finder, found, threshold, stages)


def grouped_by_tiers(
    records: Records,
    kind: str,
    exact: ExactDuplicates,
    finder: TierFinder,
    found: TierPairs,
    threshold: float | str | None,
    stages: Stages,
) -> TieredDeduplication:
    """The groups that pairs make.

    Args:
        records: the items.
        kind: of the items.
        exact: which of them are exact duplicates.
        finder: that compared the others.
        found: what it found.
        threshold: probability from which two are the same; None for the finder's.
        stages: of the run.

    Raises:
        OptionError: the threshold is no probability.
    """
    odds = _log_odds(finder.threshold if threshold is None else threshold)
    stages.start("grouping")
    groups = _groups(found, len(exact.kept), odds)
    stages.finish()
    return TieredDeduplication(
        records=records,
        kind=kind,
        threshold=float(1.0 / (1.0 + np.exp(-odds))),
        statistics=_statistics(len(records), found, stages),
        exact=exact,
        kept_group=groups,
        found=found,
        compared=finder.compared,
    )


def _statistics(items: int, found: TierPairs, stages: Stages) -> Statistics:
    return Statistics(
        rows=items,
        candidates=len(found.pairs),
        recall_lost=0.0,
        seconds=dict(stages.seconds),
        peak_memory_bytes=peak_memory(),
    )


def _log_odds(threshold: float | str) -> float:
    """Of a probability.

    Raises:
        OptionError: it is none.
    """
    if isinstance(threshold, str):
        raise OptionError(
            f"`threshold` {threshold!r} is of an encoder, and there is none; without one it is a "
            "probability"
        )
    if not 0.0 < threshold < 1.0:
        raise OptionError(f"`threshold` is a probability between 0 and 1, not {threshold}")
    return float(np.log(threshold / (1.0 - threshold)))


def _groups(found: TierPairs, rows: int, log_odds: float) -> Rows:
    """(rows,) group numbers of contents; a pair that is just as probable as asked is the same."""
    left, right = found.pairs.left, found.pairs.right
    return group_rows(rows, left, right, found.log_odds, log_odds - ROUNDING)
