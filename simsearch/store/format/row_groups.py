"""A Parquet file that any number of threads may read: one by one, and a row at a time too.

Arrow's own reader is for one thread: two that read at once end the process. Of what is read row
by row, and of whole columns, the last is kept, unpacked, up to some size.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from simsearch.store.format.kept import KEPT_BYTES, KeptValues

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa
    import pyarrow.parquet as pq

    from simsearch.store.engines.engine import Rows

__all__ = ["RowGroups"]

# Row groups that are read together where all are, and about how many bytes of them: a condition on
# a column takes as long to prepare as to compare with 100,000 rows.
TOGETHER, TOGETHER_BYTES = 128, 1 << 25


class RowGroups:
    """The row groups of a file, any number of threads may ask.

    Args:
        file: open, and read by nobody else; its columns have different names.
        kept_bytes: of rows, and of columns, what was read is kept up to this size, and the last in
            any case: unpacking takes longer than the query that needs it.
    """

    def __init__(self, file: pq.ParquetFile, kept_bytes: int = KEPT_BYTES) -> None:
        import numpy as np

        self._file = file
        self._names = file.schema_arrow.names
        sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
        self._starts = np.cumsum([0, *sizes])
        self._groups: KeptValues[Sequence[pa.Array | pa.ChunkedArray]] = KeptValues(kept_bytes)
        self._tables: KeptValues[pa.Table] = KeptValues(kept_bytes)
        self._reading = Lock()

    @property
    def schema(self) -> pa.Schema:
        """The columns and their types."""
        return self._file.schema_arrow

    def tables(self, columns: Sequence[str]) -> Iterator[tuple[int, pa.Table]]:
        """All rows of some columns, in parts: how many rows, and a table of them."""
        step = max(1, min(TOGETHER, int(TOGETHER_BYTES / self._group_bytes(len(columns)))))
        for first in range(0, len(self._starts) - 1, step):
            after = min(first + step, len(self._starts) - 1)
            rows = int(self._starts[after] - self._starts[first])
            yield rows, self._table(range(first, after), tuple(columns))

    def rows(self, rows: Rows) -> list[dict[str, Any]]:
        """Every column of some rows, as Python values, in the order of `rows`, (n,) int64."""
        import numpy as np

        groups = np.searchsorted(self._starts, rows, side="right") - 1
        inside = (rows - self._starts[groups]).tolist()
        places: dict[int, list[int]] = {}
        for place, group in enumerate(groups.tolist()):
            places.setdefault(group, []).append(place)
        found: list[dict[str, Any]] = [{} for _ in inside]
        for group, those in places.items():
            columns = self._columns(group)
            for place in those:
                row = inside[place]
                values = [column[row].as_py() for column in columns]
                found[place] = dict(zip(self._names, values, strict=True))
        return found

    def _group_bytes(self, columns: int) -> float:
        """About what so many columns of a group take, unpacked."""
        if len(self._starts) == 1:
            return 1.0
        whole: int = self._file.metadata.row_group(0).total_byte_size
        return max(whole * columns / max(len(self._names), 1), 1.0)

    def _table(self, groups: range, columns: tuple[str, ...]) -> pa.Table:
        kept = self._tables.get((groups.start, columns))
        if kept is not None:
            return kept
        with self._reading:
            table = self._file.read_row_groups(groups, columns=list(columns))
        return self._tables.keep((groups.start, columns), table, table.nbytes)

    def _columns(self, group: int) -> Sequence[pa.Array | pa.ChunkedArray]:
        kept = self._groups.get(group)
        if kept is not None:
            return kept
        with self._reading:
            table = self._file.read_row_group(group, use_threads=False).combine_chunks()
        # A column of very long texts stays in several parts.
        columns = [each.chunk(0) if each.num_chunks == 1 else each for each in table.columns]
        return self._groups.keep(group, columns, sum(column.nbytes for column in columns))
