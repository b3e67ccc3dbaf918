"""A Parquet file that any number of threads may read: one by one, and a row at a time too.

Arrow's own reader is for one thread: two that read at once end the process. Of what is read row
by row, the last is kept, unpacked, up to some size.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa
    import pyarrow.parquet as pq

    from simsearch.store.engines.engine import Rows

__all__ = ["RowGroups"]

# Unpacking a row group takes longer than the query whose answers lie in it, and the next query's
# answers lie in others: so many bytes of them are kept.
KEPT_BYTES = 1 << 25
# Row groups that are read together where all are.
TOGETHER = 32


class RowGroups:
    """The row groups of a file, any number of threads may ask.

    Args:
        file: open, and read by nobody else; its columns have different names.
        kept_bytes: what was read is kept up to this size; the last group in any case.
    """

    def __init__(self, file: pq.ParquetFile, kept_bytes: int = KEPT_BYTES) -> None:
        import numpy as np

        self._file = file
        self._names = file.schema_arrow.names
        sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
        self._starts = np.cumsum([0, *sizes])
        self._most = kept_bytes
        self._kept: OrderedDict[int, Sequence[pa.Array | pa.ChunkedArray]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()
        self._reading = Lock()

    @property
    def schema(self) -> pa.Schema:
        """The columns and their types."""
        return self._file.schema_arrow

    def tables(self, columns: Sequence[str]) -> Iterator[tuple[int, pa.Table]]:
        """All rows of some columns, in parts: how many rows, and a table of them."""
        for first in range(0, len(self._starts) - 1, TOGETHER):
            after = min(first + TOGETHER, len(self._starts) - 1)
            rows = int(self._starts[after] - self._starts[first])
            with self._reading:
                table = self._file.read_row_groups(range(first, after), columns=list(columns))
            yield rows, table

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

    def _columns(self, group: int) -> Sequence[pa.Array | pa.ChunkedArray]:
        with self._lock:
            kept = self._kept.get(group)
            if kept is not None:
                self._kept.move_to_end(group)
                return kept
        with self._reading:
            table = self._file.read_row_group(group, use_threads=False).combine_chunks()
        # A column of very long texts stays in several parts.
        columns = [each.chunk(0) if each.num_chunks == 1 else each for each in table.columns]
        with self._lock:
            if group not in self._kept:
                self._kept[group] = columns
                self._bytes += _size(columns)
            while self._bytes > self._most and len(self._kept) > 1:
                self._bytes -= _size(self._kept.popitem(last=False)[1])
        return columns


def _size(columns: Sequence[pa.Array | pa.ChunkedArray]) -> int:
    return sum(column.nbytes for column in columns)
