"""The files of one segment, open for reading. Written once, never changed."""

from __future__ import annotations

import os
import warnings
from functools import cached_property
from typing import TYPE_CHECKING, Any

from simsearch.errors import IndexCorruptError, IndexDamagedWarning
from simsearch.store.engines import ENGINES
from simsearch.store.format.checked import check_once
from simsearch.store.format.layout import (
    FAISS_FILE,
    IDS_FILE,
    METADATA_FILE,
    VECTORS_FILE,
    WORDS_FILE,
    inside,
)
from simsearch.store.format.row_groups import RowGroups
from simsearch.store.reading.lookup import find, order_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from simsearch.store.engines.engine import Rows, Searcher, Vectors
    from simsearch.store.format.durable import FileRecord
    from simsearch.store.format.manifest import SegmentRecord, Settings
    from simsearch.store.search.words import Postings

__all__ = ["ID", "ORDER", "StoredItems"]

# Columns of the id file: the ids, and the row numbers sorted by id.
ID, ORDER = "id", "order"


class StoredItems:
    """See `Items`. Nothing is read before it is needed.

    A file's content is compared with its hash on first use, unless it was since it last changed, so
    neither FAISS nor Arrow gets a damaged one.

    Args:
        folder: of the index.
        record: what the manifest says of the segment.
        settings: of the index.
        files: size and hash of every file, by name.
    """

    def __init__(
        self,
        folder: Path,
        record: SegmentRecord,
        settings: Settings,
        files: Mapping[str, FileRecord],
    ) -> None:
        self.record = record
        self.rows = record.rows
        self._folder = folder
        self._settings = settings
        self._files = files

    @cached_property
    def vectors(self) -> Vectors:
        """See `Items`; a memory map, not to be written."""
        import numpy as np

        path = self._verified(VECTORS_FILE)
        dtype, width = self._settings.metric.storage(self._settings.dimension)
        if path.stat().st_size != self.rows * width * dtype.itemsize:
            raise IndexCorruptError(f"{path} does not hold {self.rows} vectors of {width}")
        # A plain array over the map: FAISS takes no subclass.
        return np.asarray(np.memmap(path, dtype, "r", shape=(self.rows, width)))

    @property
    def ids(self) -> pa.Array:
        """See `Items`; mapped into memory."""
        return self._id_columns[0]

    def find(self, sought: pa.Array) -> Rows:
        """See `Items`."""
        return find(sought, *self._id_columns)

    @cached_property
    def _id_columns(self) -> tuple[pa.Array, Rows]:
        """The ids and their order. The first format keeps no order: it is made anew."""
        import numpy as np
        import pyarrow as pa

        path = self._verified(IDS_FILE)
        try:
            with pa.memory_map(os.fsencode(path)) as file:
                table = pa.ipc.open_file(file).read_all().combine_chunks()
            ids = table[ID].chunk(0)
        except (pa.ArrowException, KeyError, IndexError) as error:
            raise IndexCorruptError(f"{path} cannot be read ({error})") from error
        if len(ids) != self.rows:
            raise IndexCorruptError(f"{path} holds {len(ids)} ids for {self.rows} rows")
        if ORDER not in table.column_names:
            return ids, order_of(ids)
        # `to_numpy` imports pandas, which takes longer than a query.
        return ids, np.asarray(np.from_dlpack(table[ORDER].chunk(0)), np.int64)

    @cached_property
    def schema(self) -> pa.Schema:
        """See `Items`."""
        import pyarrow as pa

        return self._groups.schema if self._groups else pa.schema([])

    def metadata(self, rows: Rows) -> list[dict[str, Any]]:
        """See `Items`."""
        return [{} for _ in rows] if self._groups is None else self._groups.rows(rows)

    def tables(self, columns: Sequence[str]) -> Iterator[tuple[int, pa.Table]]:
        """See `Items`."""
        import pyarrow as pa

        if self._groups is None:
            return iter([(self.rows, pa.table({}))])
        return self._groups.tables(columns)

    @cached_property
    def searcher(self) -> Searcher:
        """See `Items`. When the FAISS file is damaged, all vectors are compared instead."""
        engine = ENGINES[self.record.engine]
        metric = self._settings.metric
        if not engine.has_file:
            return engine.open(None, lambda: self.vectors, metric, self.record.parameters)
        try:
            path = self._verified(FAISS_FILE)
        except IndexCorruptError as error:
            advice = f"mend it: `check({self._folder.name!r}, repair=True)`"
            text = f"{error}; every vector is compared instead, which is slow; {advice}"
            warnings.warn(text, IndexDamagedWarning, stacklevel=2)
            return ENGINES["flat"].open(None, lambda: self.vectors, metric, {})
        return engine.open(path, lambda: self.vectors, metric, self.record.parameters)

    @cached_property
    def words(self) -> Postings:
        """See `Items`."""
        from simsearch.store.reading.words import kept_words

        return kept_words(self, inside(self._folder, f"{self.record.folder}/{WORDS_FILE}"))

    @cached_property
    def _groups(self) -> RowGroups | None:
        """The file of stored columns; None where there are none."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        if f"{self.record.folder}/{METADATA_FILE}" not in self._files:
            return None
        path = self._verified(METADATA_FILE)
        try:
            file = pq.ParquetFile(pa.memory_map(os.fsencode(path)))
        except (pa.ArrowInvalid, OSError) as error:
            raise IndexCorruptError(f"{path} cannot be read ({error})") from error
        if file.metadata.num_rows != self.rows:
            raise IndexCorruptError(
                f"{path} holds {file.metadata.num_rows} rows instead of {self.rows}"
            )
        return RowGroups(file)

    def _verified(self, file: str) -> Path:
        """A file of the segment, its content compared with what was written."""
        name = f"{self.record.folder}/{file}"
        path = inside(self._folder, name)
        if name not in self._files:
            raise IndexCorruptError(f"{path} is not in the manifest")
        check_once(path, self._files[name])
        return path
