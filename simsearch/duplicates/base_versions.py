"""Earlier versions: rows of a base whose ids come again, as in a file that is exported each month.

A row that is equal in all that is compared is there already. One that is like the row of its id
takes that row's place: it moved, or was corrected. One that is not like it is another thing with
the same id, as of a second system that numbers by itself, and stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.duplicates.base_run import BaseEntries

    Bools = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]

__all__ = ["EarlierVersions"]


@dataclass(frozen=True, slots=True)
class EarlierVersions:
    """What a base has under the ids of new rows.

    Attributes:
        row: (n,) number of the row that has the id, -1 for none.
        entry: (n,) its entry, -1 for none.
        equal: (n,) whether it is equal in all that is compared.
    """

    row: Rows
    entry: Rows
    equal: Bools

    @classmethod
    def none(cls, rows: int) -> Self:
        """Of rows whose ids are no names: they are counted anew in each file."""
        return cls(np.full(rows, -1), np.full(rows, -1), np.zeros(rows, np.bool_))

    @classmethod
    def of(cls, known: BaseEntries, ids: Sequence[str], values: Sequence[pa.StringArray]) -> Self:
        """By the ids of new rows; of several rows of the base the latest.

        Args:
            known: the entries of the base.
            ids: of the new rows.
            values: of the new rows, as they are compared.
        """
        out = cls.none(len(ids))
        found, numbers, entries = known.rows_with(ids)
        latest = dict(zip(found, zip(numbers.tolist(), entries.tolist(), strict=True), strict=True))
        there = [place for place, id_ in enumerate(ids) if id_ in latest]
        for place in there:
            out.row[place], out.entry[place] = latest[ids[place]]
        stored = known.values(out.entry[there], len(values))
        own = [column.take(np.array(there, np.int64)) for column in values]
        out.equal[there] = _equal(own, stored, len(there))
        return out

    def take(self, rows: Rows) -> Self:
        """Those of some of the new rows."""
        return type(self)(self.row[rows], self.entry[rows], self.equal[rows])

    def replaced(self, pairs: tuple[Rows, Rows, Floats], start: int, least: float) -> Rows:
        """Places of the new rows that are like their earlier versions, ascending.

        Args:
            pairs: left and right entries and ln odds; the new rows count from `start`.
            start: the first new entry.
            least: ln odds from which two are the same thing.
        """
        left, right, odds = pairs
        mine = right >= start
        own = np.full(len(right), -1, np.int64)
        own[mine] = self.entry[right[mine] - start]
        like = mine & (own == left) & (odds > least)
        return np.unique(right[like] - start)

    def removed(self, known: BaseEntries, replaced: Rows) -> dict[str, npt.NDArray[Any]]:
        """The rows that go for new versions, as a run names them; nothing where there are none."""
        if not len(replaced):
            return {}
        rows = np.sort(self.row[replaced])
        entries = known.left_empty(np.unique(self.entry[replaced]), rows)
        return {"removed_rows": rows, "removed_entries": entries}


def _equal(ours: Sequence[pa.StringArray], theirs: Sequence[pa.StringArray], rows: int) -> Bools:
    """(rows,) whether rows are equal in every column; two missing values are."""
    import pyarrow.compute as pc

    equal = np.ones(rows, np.bool_)
    for one, other in zip(ours, theirs, strict=True):
        same = pc.fill_null(pc.equal(one, other), False)
        same = pc.or_(same, pc.and_(pc.is_null(one), pc.is_null(other)))
        equal &= same.to_numpy(zero_copy_only=False)
    return equal
