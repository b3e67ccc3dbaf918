"""Rows that leave a base: what is written of them; all others keep their groups and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simsearch.duplicates.base_run import NOTHING, edge_arrays, group_arrays, postings_arrays
from simsearch.errors import SourceError
from simsearch.records.postings import InvertedLists

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.duplicates.base_run import BaseEntries

    Rows = npt.NDArray[np.int64]

__all__ = ["Removal", "removal_of"]

# Ids that an error names.
_SHOWN = 5


class Removal(NamedTuple):
    """The files of a run that removes rows."""

    arrays: dict[str, npt.NDArray[Any]]
    tables: dict[str, pa.Table]


def removal_of(
    known: BaseEntries, ids: Collection[str], run: int, fields: int, name: str
) -> Removal:
    """What a run writes that removes all rows of some ids.

    Args:
        known: the entries of the base.
        ids: of the rows.
        run: its number.
        fields: how many columns are compared.
        name: of the base, for an error.

    Raises:
        SourceError: there is no row of one of the ids.
    """
    import pyarrow as pa

    found, removed, entries = _rows_of(known, ids)
    missing = sorted(set(ids) - set(found))
    if missing:
        shown = ", ".join(f"{id_!r:.80}" for id_ in missing[:_SHOWN])
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        raise SourceError(f"{name} has no row with the id {shown}{more}; nothing was removed")
    none = InvertedLists(NOTHING.astype(np.int32), np.zeros(1, np.int64), *_no_entries())
    arrays = {
        **group_arrays(NOTHING),
        **edge_arrays(NOTHING, NOTHING, np.zeros(0)),
        **postings_arrays("token", none),
        **postings_arrays("word", none),
        "moved": np.zeros((0, 3), np.int64),
        "removed_rows": removed,
        "removed_entries": _left_empty(known, np.unique(entries), removed),
    }
    empty = pa.array([], pa.string())
    tables = {
        "values": pa.table({str(place): empty for place in range(fields)}),
        "rows": pa.table({"id": empty, "entry": pa.array(NOTHING)}),
        "log": _log(run, found, known.groups_of(entries)),
    }
    return Removal(arrays, tables)


def _no_entries() -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    return np.zeros(0, np.int32), np.zeros(0, np.float32)


def _rows_of(known: BaseEntries, ids: Collection[str]) -> tuple[list[str], Rows, Rows]:
    """Ids, numbers and entries of the rows that have one of some ids."""
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = pa.array(sorted(set(ids)), pa.string())
    found: list[str] = []
    numbers, entries = [NOTHING], [NOTHING]
    for rows, own in known.row_tables():
        mine = np.flatnonzero(pc.is_in(rows.column("id"), wanted).to_numpy())
        found += rows.column("id").take(pa.array(mine)).to_pylist()
        numbers.append(own[mine])
        entries.append(rows.column("entry").to_numpy()[mine].astype(np.int64))
    return found, np.concatenate(numbers), np.concatenate(entries)


def _left_empty(known: BaseEntries, entries: Rows, removed: Rows) -> Rows:
    """Those of some entries that have no row but the removed ones."""
    left = [NOTHING]
    for rows, numbers in known.row_tables():
        own = rows.column("entry").to_numpy()
        left.append(own[np.isin(own, entries) & ~np.isin(numbers, removed)])
    return np.setdiff1d(entries, np.concatenate(left)).astype(np.int64)


def _log(run: int, ids: list[str], groups: Rows) -> pa.Table:
    """A line for each row that goes: the group that it was in."""
    import pyarrow as pa

    return pa.table(
        {
            "run": pa.array([run] * len(ids), pa.int64()),
            "action": pa.array(["remove"] * len(ids), pa.string()),
            "id": pa.array(ids, pa.string()),
            "group": pa.nulls(len(ids), pa.int64()),
            "before": pa.array(groups, pa.int64()),
        }
    )
