"""Writes the files of one segment, batch by batch."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from simsearch.errors import VectorIndexError
from simsearch.index.filter import ID
from simsearch.index.kinds import kind_for
from simsearch.index.layout import IDS_FILE, METADATA_FILE, VECTORS_FILE
from simsearch.index.manifest import SegmentRecord
from simsearch.index.segment import VECTOR_TYPE

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    import pyarrow.parquet as pq

    from simsearch.distance import Metric
    from simsearch.index.kinds.kind import Vectors

__all__ = ["SegmentWriter"]

# Rows that are decoded together when the metadata of one is asked for: about a millisecond.
ROW_GROUP = 2_048


class SegmentWriter:
    """A segment that is being written.

    Args:
        folder: made here; it must not exist.
        dimension: length of a vector.

    Attributes:
        folder: where it is written.
        rows: items written so far.
    """

    def __init__(self, folder: Path, dimension: int) -> None:
        folder.mkdir(parents=True)
        self.rows = 0
        self.folder = folder
        self._dimension = dimension
        self._vectors = (folder / VECTORS_FILE).open("xb")
        self._metadata: pq.ParquetWriter | None = None
        self._ids: list[pa.Array] = []

    def write(self, ids: pa.StringArray, vectors: Vectors, metadata: pa.RecordBatch) -> None:
        """Append items: n ids, (n, dimension) prepared vectors, n rows of metadata.

        Raises:
            VectorIndexError: the metadata cannot be stored.
            OSError: the disk refuses.
        """
        import pyarrow as pa

        try:
            if self._metadata is None:
                self._metadata = self._parquet(metadata.schema)
            table = pa.Table.from_batches([metadata.replace_schema_metadata(None)])
            self._metadata.write_table(table, row_group_size=ROW_GROUP)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
            raise VectorIndexError(f"a column cannot be stored as Parquet ({error})") from error
        self._vectors.write(vectors.astype(VECTOR_TYPE, copy=False).tobytes())
        self._ids.append(ids)
        self.rows += len(ids)

    def finish(self, kind: str, metric: Metric, folder: str) -> SegmentRecord:
        """Complete the files and build the index over the vectors.

        Args:
            kind: a name in `kinds.KINDS`, or `auto`.
            metric: what the vectors were prepared for.
            folder: the segment's, relative to the index.
        """
        self._close()
        self._write_ids()
        chosen = kind_for(kind, self.rows, self._dimension, metric)
        path = self.folder / (chosen.file or "")
        parameters = chosen.build(self._written(), metric, path)
        return SegmentRecord(folder, self.rows, chosen.name, parameters)

    def abandon(self) -> None:
        """Remove what was written."""
        try:
            self._close()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _parquet(self, schema: pa.Schema) -> pq.ParquetWriter:
        import pyarrow.parquet as pq

        path = self.folder / METADATA_FILE
        # Dictionaries make a small group larger and slower to read.
        return pq.ParquetWriter(
            path, schema.remove_metadata(), compression="zstd", use_dictionary=False
        )

    def _write_ids(self) -> None:
        """One batch, uncompressed: it can be used straight from a memory map."""
        import pyarrow as pa

        batch = pa.record_batch({ID: pa.concat_arrays(self._ids)})
        path = str(self.folder / IDS_FILE)
        with pa.OSFile(path, "wb") as file, pa.ipc.new_file(file, batch.schema) as writer:
            writer.write_batch(batch)

    def _written(self) -> Vectors:
        import numpy as np

        shape = (self.rows, self._dimension)
        return np.asarray(np.memmap(self.folder / VECTORS_FILE, VECTOR_TYPE, "r", shape=shape))

    def _close(self) -> None:
        self._vectors.close()
        if self._metadata is not None:
            self._metadata.close()
