"""What dedupe and link give back: groups and pairs, with the evidence that made them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from simsearch.duplicates.grouped import ADDED_COLUMNS, Grouped
from simsearch.duplicates.representatives import group_confidence, representatives
from simsearch.errors import OptionError
from simsearch.records.assignment import best_partners
from simsearch.records.exact import EXACT_PROBABILITY
from simsearch.records.groups import group_rows
from simsearch.records.matcher import log_odds

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from simsearch.records.exact import ExactDuplicates
    from simsearch.records.scoring import ScoredPairs
    from simsearch.schema import Records

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]

__all__ = ["ADDED_COLUMNS", "Deduplication", "Linkage", "Statistics"]


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a run did.

    Attributes:
        rows: rows read, of both tables when linking.
        candidates: pairs compared.
        recall_lost: estimated share of true pairs that were never compared, 0 to 1.
        seconds: by stage.
        peak_memory_bytes: the most memory the process had resident.
        warnings: what the user should know before trusting the result.
    """

    rows: int
    candidates: int
    recall_lost: float
    seconds: dict[str, float]
    peak_memory_bytes: int
    warnings: tuple[str, ...] = ()

    @property
    def candidates_per_row(self) -> float:
        """Pairs compared for each row."""
        return self.candidates / self.rows if self.rows else 0.0


@dataclass(frozen=True)
class Deduplication(Grouped):
    """One table with its groups.

    Attributes:
        records: the table, untouched.
        threshold: probability from which two rows count as the same thing.
        statistics: what the run did.
        scored: every candidate pair with its evidence; rows are places in `exact.kept`.
        exact: exact copies, set aside before comparing.
    """

    records: Records
    threshold: float
    statistics: Statistics
    scored: ScoredPairs
    exact: ExactDuplicates

    @cached_property
    def group(self) -> Rows:
        """(n,) int64 group numbers from 0, in the order of their first rows."""
        return self._kept_group[self.exact.place]

    @cached_property
    def representative(self) -> npt.NDArray[np.bool_]:
        """(n,) bool: the most complete row of each group."""
        return representatives(self.records.table, self.records.columns, self.group)

    @cached_property
    def confidence(self) -> Floats:
        """(n,) 0 to 1: how sure it is that the row is in the right group."""
        probability = _probability(self.scored.log_odds)
        return group_confidence(self.scored.pairs, probability, self._kept_group, self.exact)

    def compared(self, left: Rows, right: Rows) -> npt.NDArray[np.bool_]:
        """Whether the pairs of rows given were candidates; exact copies count as compared."""
        a, b = self.exact.place[left], self.exact.place[right]
        found = _are_candidates(self.scored, np.minimum(a, b), np.maximum(a, b))
        found[a == b] = True
        return found

    @cached_property
    def pairs(self) -> pa.Table:
        """Pairs at or above the threshold: ids, probability and the evidence of each field.

        Sorted by falling probability, then by rows. `evidence_<field>` is in ln odds, null
        where a value is missing. An exact copy is paired with the first row of its kind.
        """
        kept = np.flatnonzero(_probability(self.scored.log_odds) >= self.threshold)
        first, copy = self._copied
        left = np.concatenate([self.exact.kept[self.scored.pairs.left], first])
        right = np.concatenate([self.exact.kept[self.scored.pairs.right], copy])
        chosen = np.concatenate([kept, np.arange(len(first)) + len(self.scored.pairs)])
        probability = np.concatenate(
            [_probability(self.scored.log_odds)[kept], np.full(len(first), EXACT_PROBABILITY)]
        )
        evidence = _evidence(self.scored, kept, extra=len(first))
        rows = (left[chosen], right[chosen])
        return _pair_table((self.records.ids, self.records.ids), rows, probability, evidence)

    def rethreshold(self, threshold: float) -> Deduplication:
        """The same pairs grouped at another probability; nothing is compared again.

        Raises:
            OptionError: not between 0 and 1.
        """
        return replace(self, threshold=_probable(threshold))

    @cached_property
    def _kept_group(self) -> Rows:
        """Groups of the kept rows."""
        pairs = self.scored.pairs
        threshold = float(log_odds(_one(self.threshold))[0])
        return group_rows(
            len(self.exact.kept), pairs.left, pairs.right, self.scored.log_odds, threshold
        )

    @cached_property
    def _copied(self) -> tuple[Rows, Rows]:
        """(first row, copy) of every exact copy."""
        first = self.exact.kept[self.exact.place]
        copy = np.flatnonzero(first != np.arange(len(first)))
        return first[copy], copy


@dataclass(frozen=True)
class Linkage:
    """Two tables with the pairs of rows that are the same thing.

    Attributes:
        left: the left table, untouched.
        right: the right table, untouched.
        threshold: probability from which two rows count as the same thing.
        column_pairs: (left column, right column) that were compared.
        statistics: what the run did.
        scored: every candidate pair with its evidence.
    """

    left: Records
    right: Records
    threshold: float
    column_pairs: tuple[tuple[str, str], ...]
    statistics: Statistics
    scored: ScoredPairs

    @property
    def one_to_one(self) -> bool:
        """Whether a row of either table has one partner at most."""
        return self.scored.limits.left and self.scored.limits.right

    def compared(self, left: Rows, right: Rows) -> npt.NDArray[np.bool_]:
        """Whether the pairs of a left and a right row given were candidates."""
        return _are_candidates(self.scored, left, right)

    @cached_property
    def rows(self) -> tuple[Rows, Rows]:
        """(left row, right row) of every pair that was found, in the order of `pairs`."""
        kept = self._kept
        return self.scored.pairs.left[kept], self.scored.pairs.right[kept]

    @cached_property
    def pairs(self) -> pa.Table:
        """Pairs that were found: ids, probability, evidence (as in Deduplication.pairs)."""
        probability = _probability(self.scored.log_odds)[self._kept]
        evidence = _evidence(self.scored, self._kept)
        return _pair_table((self.left.ids, self.right.ids), self.rows, probability, evidence)

    def frame(self) -> pd.DataFrame:
        """`pairs` as pandas."""
        frame: pd.DataFrame = self.pairs.to_pandas()
        return frame

    def rethreshold(self, threshold: float) -> Linkage:
        """The same pairs cut at another probability; nothing is compared again.

        Raises:
            OptionError: not between 0 and 1.
        """
        return replace(self, threshold=_probable(threshold))

    @cached_property
    def _kept(self) -> Rows:
        """Places of the pairs that were found, best first."""
        odds, pairs = self.scored.log_odds, self.scored.pairs
        above = np.flatnonzero(_probability(odds) >= self.threshold)
        left, right = pairs.left[above], pairs.right[above]
        if self.scored.limits.any:
            above = above[best_partners(odds[above], left, right, self.scored.limits)]
        return above[np.lexsort((pairs.right[above], pairs.left[above], -odds[above]))]


def _probable(threshold: float) -> float:
    """The threshold, if it is a probability.

    Raises:
        OptionError: it is not.
    """
    if not 0.0 <= threshold <= 1.0:
        raise OptionError(f"threshold is {threshold}; it is a probability, from 0 to 1")
    return float(threshold)


def _one(value: float) -> Floats:
    """The value as an array of one."""
    return np.array([value], dtype=np.float64)


def _are_candidates(scored: ScoredPairs, left: Rows, right: Rows) -> npt.NDArray[np.bool_]:
    """Whether pairs of rows are among the scored ones."""
    width = int(max(scored.pairs.right.max(initial=0), right.max(initial=0))) + 1
    known = scored.pairs.left * width + scored.pairs.right
    found: npt.NDArray[np.bool_] = np.isin(left * width + right, known)
    return found


def _probability(odds: Floats) -> Floats:
    """1 / (1 + exp(-ln odds))."""
    from scipy.special import expit

    out: Floats = expit(odds)
    return out


def _evidence(scored: ScoredPairs, kept: Rows, extra: int = 0) -> dict[str, Floats]:
    """`evidence_<name>` of some pairs, then `extra` rows without (exact copies)."""
    levels = replace(scored.levels, values=scored.levels.values[kept])
    values = scored.model.evidence(levels)
    values = np.concatenate([values, np.full((extra, values.shape[1]), np.nan)])
    names = [f"evidence_{c.name}" for c in scored.model.comparisons]
    return {name: values[:, place] for place, name in enumerate(names)}


def _pair_table(
    ids: tuple[pa.StringArray, pa.StringArray],
    rows: tuple[Rows, Rows],
    probability: Floats,
    evidence: dict[str, Floats],
) -> pa.Table:
    """A table of pairs, best first."""
    import pyarrow as pa

    left, right = rows
    order = np.lexsort((right, left, -probability))
    columns = {
        "left_id": ids[0].take(pa.array(left[order])),
        "right_id": ids[1].take(pa.array(right[order])),
        "probability": pa.array(probability[order]),
    }
    for name, values in evidence.items():
        columns[name] = pa.array(values[order], mask=np.isnan(values[order]))
    return pa.table(columns)
