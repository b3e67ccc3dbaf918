"""Pairs that a run found or only just did not, by row, and what is known of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simsearch.duplicates.item_deduplication import ItemDeduplication
from simsearch.records.deduplication import Deduplication

if TYPE_CHECKING:
    from typing import TypeAlias

    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.duplicates.item_linkage import ItemLinkage
    from simsearch.records.linkage import Linkage
    from simsearch.schema import Records

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]
    Result: TypeAlias = Deduplication | Linkage | ItemLinkage

__all__ = ["ReportPairs", "numbers", "pairs_of", "sides_of"]

# How far below the threshold pairs are looked at, in ln odds.
BELOW = 5.0
# Where a probability of 0 or 1 ends in ln odds.
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class ReportPairs:
    """Pairs of rows.

    Attributes:
        facts: left_id, right_id, probability and what else is known of each pair.
        left: (pairs,) rows of the left table.
        right: (pairs,) rows of the right table, or of the same.
        closeness: (pairs,) how alike: larger is closer.
        doubt: (pairs,) how far from the threshold; 0 is least certain. In ln odds; of items that
            are compared by a score, in its units.
    """

    facts: pa.Table
    left: Rows
    right: Rows
    closeness: Floats
    doubt: Floats

    def __len__(self) -> int:
        return len(self.left)


def sides_of(found: Result) -> tuple[Records, Records]:
    """The tables of the left and the right items; twice the same of a deduplication."""
    if isinstance(found, Deduplication):
        return found.records, found.records
    return found.left, found.right


def pairs_of(found: Result) -> ReportPairs:
    """The pairs that were found, and those that are not far below the threshold.

    Of items that an encoder compared only those that were found: others were never kept.
    """
    import pyarrow.compute as pc

    facts, (left, right) = _facts(found), sides_of(found)
    if isinstance(found, ItemDeduplication):
        scores = _turned(found, numbers(facts, "score"))
        # What has no score was not compared by one: exact duplicates, labelled pairs.
        closeness = np.where(np.isnan(scores), np.inf, scores)
        at = float(np.nan_to_num(_turned(found, np.array([found.threshold]))[0], nan=-np.inf))
    else:
        # Where nobody knows how probable a pair is it is as sure as any.
        known = np.nan_to_num(numbers(facts, "probability"), nan=1.0)
        closeness = _log_odds(known)
        at = float(_log_odds(np.array([found.threshold]))[0])
    return ReportPairs(
        facts,
        pc.index_in(facts["left_id"], value_set=left.ids).to_numpy().astype(np.int64),
        pc.index_in(facts["right_id"], value_set=right.ids).to_numpy().astype(np.int64),
        closeness,
        np.abs(closeness - at),
    )


def _facts(found: Result) -> pa.Table:
    """The pairs that were found, best first, and behind them those not far below the threshold."""
    import pyarrow as pa

    above = found.pairs
    if isinstance(found, ItemDeduplication) or not 0.0 < found.threshold < 1.0:
        return above
    least = 1.0 / (1.0 + np.exp(BELOW - _log_odds(np.array([found.threshold]))[0]))
    more = found.rethreshold(float(least)).pairs
    names = set(zip(*_ids(above), strict=True))
    new = [pair not in names for pair in zip(*_ids(more), strict=True)]
    return pa.concat_tables([above, more.filter(pa.array(new, pa.bool_()))])


def _ids(pairs: pa.Table) -> tuple[list[str], list[str]]:
    return pairs["left_id"].to_pylist(), pairs["right_id"].to_pylist()


def numbers(table: pa.Table, column: str) -> Floats:
    """(rows,) float64, NaN where there is none."""
    import pyarrow as pa

    values = table[column].cast(pa.float64()).to_numpy(zero_copy_only=False)
    return np.asarray(values, np.float64)


def _turned(found: Result, scores: Floats) -> Floats:
    """Scores, or distances turned round, so that the larger is closer."""
    decision = found.decision if isinstance(found, ItemDeduplication) else None
    return scores if decision is None or decision.metric.larger_is_closer else -scores


def _log_odds(probability: Floats) -> Floats:
    inside = np.clip(probability, _LEAST, 1.0 - _LEAST)
    odds: Floats = np.log(inside / (1.0 - inside))
    return odds
