"""A segment: items that were added together. Written once, never changed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from simsearch.errors import IndexCorruptError
from simsearch.index.exact import nearest
from simsearch.index.files import check_content
from simsearch.index.filter import ID
from simsearch.index.kinds import KINDS
from simsearch.index.layout import IDS_FILE, METADATA_FILE, VECTORS_FILE, inside

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyarrow as pa
    import pyarrow.parquet as pq

    from simsearch.index.filter import Filter
    from simsearch.index.kinds.kind import Mask, Rows, Searcher, Vectors
    from simsearch.index.manifest import Manifest, SegmentRecord

__all__ = ["DELETED_TYPE", "Segment"]

# Row numbers in a file of deletions, and numbers in a vector file: little-endian.
DELETED_TYPE = "<i8"
VECTOR_TYPE = "<f4"
# Row groups of metadata that a condition is evaluated on at a time.
FILTERED_GROUPS = 32


class Segment:
    """A segment of a generation that is open for reading.

    Nothing is read before it is needed. A file's content is compared with its hash on first
    use, so FAISS never gets a damaged one.

    Args:
        folder: of the index.
        record: what the manifest says of the segment.
        manifest: the generation.
    """

    def __init__(self, folder: Path, record: SegmentRecord, manifest: Manifest) -> None:
        self.record = record
        self.rows = record.rows
        self._folder = folder
        self._manifest = manifest

    @cached_property
    def vectors(self) -> Vectors:
        """(rows, dimension) float32, prepared by the metric; a memory map, not to be written."""
        import numpy as np

        path = self._verified(f"{self.record.folder}/{VECTORS_FILE}")
        shape = (self.rows, self._manifest.settings.dimension)
        if path.stat().st_size != shape[0] * shape[1] * np.dtype(VECTOR_TYPE).itemsize:
            raise IndexCorruptError(f"{path} does not hold {shape[0]} vectors of {shape[1]}")
        # A plain array over the map: FAISS takes no subclass.
        return np.asarray(np.memmap(path, VECTOR_TYPE, "r", shape=shape))

    @cached_property
    def ids(self) -> pa.StringArray:
        """The ids, one text a row; mapped into memory."""
        import pyarrow as pa

        path = self._verified(f"{self.record.folder}/{IDS_FILE}")
        with pa.memory_map(str(path)) as file:
            ids = pa.ipc.open_file(file).read_all()[ID]
        if len(ids) != self.rows:
            raise IndexCorruptError(f"{path} holds {len(ids)} ids for {self.rows} rows")
        return ids.combine_chunks() if ids.num_chunks != 1 else ids.chunk(0)

    @cached_property
    def alive(self) -> Mask | None:
        """(rows,) bool, False where a row was deleted; None when none was."""
        import numpy as np

        if self.record.deleted is None:
            return None
        path = self._verified(self.record.deleted)
        deleted = np.fromfile(path, DELETED_TYPE)
        if len(deleted) and not 0 <= deleted.min() <= deleted.max() < self.rows:
            raise IndexCorruptError(f"{path} names rows that are not there")
        mask = np.ones(self.rows, bool)
        mask[deleted] = False
        return mask

    def __len__(self) -> int:
        """Items that are not deleted."""
        return self.rows if self.alive is None else int(self.alive.sum())

    @cached_property
    def schema(self) -> pa.Schema:
        """The stored columns and their types."""
        return self._metadata.schema_arrow

    def row_of(self, identifier: str) -> int | None:
        """The row of an item that is not deleted; None when it is not here."""
        import numpy as np
        import pyarrow.compute as pc

        rows = np.flatnonzero(pc.equal(self.ids, identifier).to_numpy(zero_copy_only=False))
        living = rows if self.alive is None else rows[self.alive[rows]]
        return int(living[0]) if len(living) else None

    def metadata(self, rows: Rows) -> list[dict[str, Any]]:
        """The stored columns of some rows, as Python values, in the order of `rows`."""
        import numpy as np

        unique, places = np.unique(rows, return_inverse=True)
        file = self._metadata
        sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
        starts = np.cumsum([0, *sizes])
        groups = np.searchsorted(starts, unique, side="right") - 1
        found: list[dict[str, Any]] = []
        for group in np.unique(groups):
            wanted = unique[groups == group] - starts[group]
            found += file.read_row_group(int(group), use_threads=False).take(wanted).to_pylist()
        return [found[place] for place in places]

    def matches(self, condition: Filter, types: Mapping[str, pa.DataType]) -> Mask:
        """Which rows fulfil a condition.

        Args:
            condition: on stored columns.
            types: of every column that the index stores: one that is not stored here is null.

        Returns:
            (rows,) bool; False for a row that is deleted.
        """
        import numpy as np

        stored = [name for name in condition.columns if name in self.schema.names]
        parts = [np.zeros(0, bool)]
        start = 0
        groups = range(self._metadata.num_row_groups)
        # Some groups at a time: memory stays bounded, whatever the size of the segment.
        for first in groups[::FILTERED_GROUPS]:
            some = groups[first : first + FILTERED_GROUPS]
            rows = sum(self._metadata.metadata.row_group(group).num_rows for group in some)
            table = self._metadata.read_row_groups(list(some), columns=stored)
            whole = self._completed(
                table, {name: types.get(name) for name in condition.columns}, start
            )
            parts.append(condition.matches(whole))
            start += rows
        mask = np.concatenate(parts)
        return mask if self.alive is None else mask & self.alive

    def _completed(
        self, table: pa.Table, types: Mapping[str, pa.DataType | None], start: int
    ) -> pa.Table:
        """A table with the columns of a condition: the ids, and nulls for what is not stored.

        Args:
            table: those that are stored, some rows of them.
            types: the columns, and what they are in other segments; None for the ids.
            start: number of the first row.
        """
        import pyarrow as pa

        rows = table.num_rows
        whole = {name: table[name] for name in table.column_names}
        for name, kind in types.items():
            if name not in whole:
                whole[name] = self._some_ids(start, rows) if kind is None else pa.nulls(rows, kind)
        # A condition such as 1 = 1 is on no column at all.
        return pa.table(whole or {ID: self._some_ids(start, rows)})

    def _some_ids(self, start: int, rows: int) -> pa.StringArray:
        return self.ids.slice(start, rows)

    def search(self, queries: Vectors, k: int, wanted: Mask | None) -> tuple[Vectors, Rows]:
        """The k rows nearest to each query.

        Args:
            queries: (m, d) float32, prepared by the metric.
            k: how many.
            wanted: (rows,) bool: compare each of these and no other (exact, whatever the
                kind); None to search all that are not deleted, as the kind does.

        Returns:
            As `kinds.kind.Searcher.search`.
        """
        if wanted is not None:
            return nearest(queries, self.vectors, k, self._manifest.settings.metric, wanted)
        return self._searcher.search(queries, k, self.alive)

    @cached_property
    def _searcher(self) -> Searcher:
        kind = KINDS[self.record.kind]
        path = self._verified(f"{self.record.folder}/{kind.file}") if kind.file else None
        metric = self._manifest.settings.metric
        return kind.open(path, lambda: self.vectors, metric, self.record.parameters)

    @cached_property
    def _metadata(self) -> pq.ParquetFile:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = self._verified(f"{self.record.folder}/{METADATA_FILE}")
        try:
            file = pq.ParquetFile(path, memory_map=True)
        except (pa.ArrowInvalid, OSError) as error:
            raise IndexCorruptError(f"{path} cannot be read ({error})") from error
        if file.metadata.num_rows != self.rows:
            raise IndexCorruptError(
                f"{path} holds {file.metadata.num_rows} rows instead of {self.rows}"
            )
        return file

    def _verified(self, name: str) -> Path:
        path = inside(self._folder, name)
        check_content(path, self._manifest.files[name])
        return path
