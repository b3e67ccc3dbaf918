"""What dedupe gives back for images, texts, vectors and signals: groups and pairs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from simsearch.duplicates.grouped import Grouped, nullable
from simsearch.duplicates.representatives import group_confidence
from simsearch.records.exact import EXACT_PROBABILITY

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.calibration.threshold import DecisionThreshold
    from simsearch.duplicates.near import Near
    from simsearch.duplicates.result import Statistics
    from simsearch.records.exact import ExactDuplicates
    from simsearch.schema import Records

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]

__all__ = ["ItemDeduplication"]

# Stored columns that say how much there is of an item, most telling first: the copy that has
# most is kept. A number, or a text whose length counts.
SIZES = (("width", "height"), ("length",), ("bytes",), ("text",))


@dataclass(frozen=True)
class ItemDeduplication(Grouped):
    """Items with their groups.

    Attributes:
        records: `id` and the stored columns of each item, in order; what was skipped.
        kind: of the items.
        sameness: from which score on two are the same, and how probable that is; None where only
            exact copies were looked for.
        how: what was compared, in a sentence.
        statistics: what the run did.
        near: pairs of the items that were compared; rows are places in `exact.kept`.
        exact: exact copies, set aside before comparing.
    """

    records: Records
    kind: str
    sameness: DecisionThreshold | None
    how: str
    statistics: Statistics
    near: Near
    exact: ExactDuplicates

    @cached_property
    def group(self) -> Rows:
        """(n,) int64 group numbers from 0, in the order of their first items."""
        group: Rows = self.near.group[self.exact.place]
        return group

    @cached_property
    def representative(self) -> npt.NDArray[np.bool_]:
        """(n,) bool: of each group the largest item, or else the first."""
        keys = [_size(self.records.table, names) for names in SIZES]
        order = np.lexsort((np.arange(len(self.group)), *(-k for k in reversed(keys)), self.group))
        first = np.ones(len(order), np.bool_)
        first[1:] = np.diff(self.group[order]) != 0
        chosen = np.zeros(len(order), np.bool_)
        chosen[order[first]] = True
        return chosen

    @cached_property
    def confidence(self) -> Floats:
        """(n,) 0 to 1: how sure it is that the item is in the right group; NaN where unknown."""
        probability = self._probability
        confidence = group_confidence(
            self.near.pairs, np.nan_to_num(probability), self.near.group, self.exact
        )
        unknown = np.zeros(len(self.exact.kept), np.bool_)
        unknown[self.near.pairs.left[np.isnan(probability)]] = True
        unknown[self.near.pairs.right[np.isnan(probability)]] = True
        confidence[unknown[self.exact.place]] = np.nan
        return confidence

    @cached_property
    def pairs(self) -> pa.Table:
        """Pairs that were found: left_id, right_id, probability and score, closest first.

        The probability is null where the encoder is not calibrated, the score where nothing was
        encoded. An exact copy is paired with the first item of its kind.
        """
        import pyarrow as pa

        near, found = self.near, slice(0, self.near.found)
        first = self.exact.kept[self.exact.place]
        copy = np.flatnonzero(first != np.arange(len(first)))
        left = np.concatenate([first[copy], self.exact.kept[near.pairs.left[found]]])
        right = np.concatenate([copy, self.exact.kept[near.pairs.right[found]]])
        sure = np.full(len(copy), EXACT_PROBABILITY)
        probability = np.concatenate([sure, self._probability[found]])
        best = np.nan if self.sameness is None else self.sameness.best
        score = np.concatenate([np.full(len(copy), best), near.scores[found]])
        closeness = score if self.sameness is None or self.sameness.larger_is_closer else -score
        is_copy = np.arange(len(left)) < len(copy)
        order = np.lexsort((right, left, -np.nan_to_num(closeness), ~is_copy))
        ids = self.records.ids
        return pa.table(
            {
                "left_id": ids.take(pa.array(left[order])),
                "right_id": ids.take(pa.array(right[order])),
                "probability": nullable(probability[order]),
                "score": nullable(score[order]),
            }
        )

    @cached_property
    def _probability(self) -> Floats:
        """(pairs,) of `near`; NaN where nobody knows."""
        if self.sameness is None:
            return np.empty(0)
        return self.sameness.probability(self.near.scores)


def _size(table: pa.Table, names: tuple[str, ...]) -> Floats:
    """(n,) the product of some columns, or the length of a text; 0 where there are none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    out = np.ones(table.num_rows)
    for name in names:
        if name not in table.column_names:
            return np.zeros(table.num_rows)
        column = table[name]
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            column = pc.utf8_length(column)
        if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
            return np.zeros(table.num_rows)
        values = pc.fill_null(column.cast(pa.float64()), 0.0)
        out *= np.nan_to_num(values.to_numpy())
    return out
