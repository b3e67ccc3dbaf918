"""Writes the files of one segment, batch by batch."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from simsearch.errors import VectorIndexError
from simsearch.store.engines.choose import choose
from simsearch.store.format.durable import HashedFile
from simsearch.store.format.layout import FAISS_FILE, IDS_FILE, METADATA_FILE, VECTORS_FILE
from simsearch.store.format.manifest import SegmentRecord
from simsearch.store.format.segment_files import ID, ORDER
from simsearch.store.reading.lookup import order_of

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    import pyarrow.parquet as pq

    from simsearch.files import Disk
    from simsearch.store.engines.engine import Built, SearchTarget, Vectors
    from simsearch.store.format.durable import FileRecord
    from simsearch.store.format.manifest import Settings

__all__ = ["SegmentWriter"]

# Rows that are decoded together when the metadata of one is asked for: about a millisecond.
ROW_GROUP = 2_048


class SegmentWriter:
    """A segment that is being written.

    Args:
        disk: where.
        folder: made here; it must not exist.
        settings: of the index.

    Attributes:
        folder: where it is written.
        rows: items written so far.
        files: what was written, by its name in the folder; complete after `finish`.
    """

    def __init__(self, disk: Disk, folder: Path, settings: Settings) -> None:
        disk.make_folder(folder)
        self.rows = 0
        self.folder = folder
        self.files: dict[str, FileRecord] = {}
        self._disk = disk
        self._settings = settings
        self._vectors = HashedFile(disk.create(folder / VECTORS_FILE))
        self._metadata: tuple[HashedFile, pq.ParquetWriter] | None = None
        self._ids: list[pa.Array] = []

    def write(self, ids: pa.Array, vectors: Vectors, metadata: pa.RecordBatch | pa.Table) -> None:
        """Append items: n ids, (n, width) prepared vectors, n rows of metadata.

        Raises:
            VectorIndexError: the metadata cannot be stored.
            OSError: the disk refuses.
        """
        import numpy as np
        import pyarrow as pa

        table = metadata if isinstance(metadata, pa.Table) else pa.Table.from_batches([metadata])
        try:
            if self._metadata is None and table.num_columns:
                self._metadata = self._parquet(table.schema)
            if self._metadata is not None:
                table = table.replace_schema_metadata(None)
                self._metadata[1].write_table(table, row_group_size=ROW_GROUP)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
            raise VectorIndexError(f"a column cannot be stored as Parquet ({error})") from error
        dtype, _ = self._settings.metric.storage(self._settings.dimension)
        self._vectors.write(np.ascontiguousarray(vectors, dtype).reshape(-1).data)
        self._ids.append(ids)
        self.rows += len(ids)

    def finish(self, name: str, target: SearchTarget) -> SegmentRecord:
        """Complete the files and build the index over the vectors.

        Args:
            name: the folder, relative to the index.
            target: what searching is to reach.
        """
        self._close()
        self._write_ids()
        built = self._build(target)
        how = built.engine, built.parameters
        return SegmentRecord(name, self.rows, *how, measured=built.measured)

    def abandon(self) -> None:
        """Remove what was written."""
        try:
            self._close()
        finally:
            self._disk.remove(self.folder)

    def _build(self, target: SearchTarget) -> Built:
        vectors = self._written()
        metric = self._settings.metric
        engine = choose(self._settings.engine, vectors, metric, target)
        if not engine.has_file:
            return engine.build(vectors, metric, target, None)
        with HashedFile(self._disk.create(self.folder / FAISS_FILE)) as file:
            built = engine.build(vectors, metric, target, file)
        self.files[FAISS_FILE] = file.record
        return built

    def _parquet(self, schema: pa.Schema) -> tuple[HashedFile, pq.ParquetWriter]:
        import pyarrow.parquet as pq

        file = HashedFile(self._disk.create(self.folder / METADATA_FILE))
        # Dictionaries make a small group larger and slower to read.
        plain = schema.remove_metadata()
        try:
            return file, pq.ParquetWriter(file, plain, compression="zstd", use_dictionary=False)
        except BaseException:
            file.close()
            raise

    def _write_ids(self) -> None:
        """One batch, uncompressed: it can be used straight from a memory map."""
        import pyarrow as pa

        ids = pa.concat_arrays(self._ids)
        batch = pa.record_batch({ID: ids, ORDER: pa.array(order_of(ids))})
        with HashedFile(self._disk.create(self.folder / IDS_FILE)) as file:
            with pa.ipc.new_file(file, batch.schema) as writer:
                writer.write_batch(batch)
            file.flush()
        self.files[IDS_FILE] = file.record

    def _written(self) -> Vectors:
        import numpy as np

        dtype, width = self._settings.metric.storage(self._settings.dimension)
        path = self.folder / VECTORS_FILE
        return np.asarray(np.memmap(path, dtype, "r", shape=(self.rows, width)))

    def _close(self) -> None:
        with ExitStack() as files:
            files.callback(self._vectors.close)
            if self._metadata is not None:
                file, writer = self._metadata
                files.callback(file.close)
                writer.close()
        self.files[VECTORS_FILE] = self._vectors.record
        if self._metadata is not None:
            self.files[METADATA_FILE] = file.record
