"""What a run did to a base: the new rows with their groups, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simsearch.records.shares import sigmoid

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.duplicates.base_change import GroupChange
    from simsearch.schema import Records

    Rows = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]

__all__ = ["Added", "grouped_rows"]


@dataclass(frozen=True, slots=True)
class Added:
    """What a run did to a base.

    Attributes:
        run: its number, by which it can be undone.
        table: the new rows, untouched and in order, with `duplicate_group`, `is_known` (whether
            that group was there before) and `group_confidence`.
        log: what changed, see `RecordBase.log`.
        candidates: pairs compared.
    """

    run: int
    table: pa.Table
    log: pa.Table
    candidates: int


def grouped_rows(
    records: Records, pairs: tuple[Rows, Rows, Floats, Floats], change: GroupChange
) -> pa.Table:
    """The new rows with their groups."""
    import pyarrow as pa

    start = change.start
    best = np.zeros(len(records))
    probability = sigmoid(pairs[2])
    np.maximum.at(best, pairs[1] - start, probability)
    among = pairs[0] >= start
    np.maximum.at(best, pairs[0][among] - start, probability[among])
    sizes = np.unique(change.group, return_inverse=True, return_counts=True)
    joined = change.known | (sizes[2][sizes[1]] > 1)
    table = records.table.append_column("duplicate_group", pa.array(change.group))
    table = table.append_column("is_known", pa.array(change.known))
    return table.append_column("group_confidence", pa.array(np.where(joined, best, 1.0 - best)))
