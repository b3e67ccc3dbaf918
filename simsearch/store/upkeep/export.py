"""Export an index as an archive, or its vectors as a table."""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

from simsearch.errors import OptionError, OutputError
from simsearch.files import replacing
from simsearch.store.format.history import History
from simsearch.store.reading.columns import stored_column
from simsearch.store.upkeep.archive import export_archive, refuse_target
from simsearch.store.writing.merge import living
from simsearch.store.writing.writer import IndexWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    import numpy.typing as npt
    import pyarrow as pa
    import pyarrow.parquet as pq

    from simsearch.store.engines.engine import Vectors
    from simsearch.store.reading.reader import IndexReader

    Array = npt.NDArray[Any]
    Batch = tuple[pa.Array, Array, pa.RecordBatch]

__all__ = ["export_index", "export_table", "write_vectors"]

ID, VECTOR = "id", "vector"


def export_index(reader: IndexReader, target: Path, *, mend: bool = False) -> int:
    """Write a version as one file; see `archive.export_archive`.

    Args:
        reader: of the version.
        target: what is there is replaced.
        mend: the version is what was salvaged, and its files are not those that its manifest
            names. It is written anew first, beside the target.

    Returns:
        The size of the file, in bytes.

    Raises:
        OutputError: the file cannot be written.
        IndexCorruptError: a file of the index is missing or damaged.
        IndexNotFoundError: the version was given up in the meantime.
    """
    if not mend:
        return export_archive(reader.folder, reader.generation, target).size
    refuse_target(reader.folder, target)
    try:
        with TemporaryDirectory(prefix=".simsearch-", dir=target.parent) as folder:
            mended = target.parent / folder / "index"
            _rescue(reader, mended)
            return export_archive(mended, History(mended).newest(), target).size
    except OSError as error:
        where = error.filename or target
        raise OutputError(f"cannot write {target}: {where}: {error.strerror or error}") from error


def _rescue(reader: IndexReader, folder: Path) -> None:
    """Make an index of its own of what a reader can read."""
    with IndexWriter(folder, mend=True) as writer:
        writer.rescue(reader)
    encoder = reader.settings.encoder_folder
    if encoder:
        shutil.copytree(reader.folder / encoder, folder / encoder, dirs_exist_ok=True)


def export_table(reader: IndexReader, path: str | os.PathLike[str]) -> int:
    """Write ids, vectors and stored columns as Parquet; see `write_vectors`.

    Returns:
        How many items were written.

    Raises:
        OutputError: the file cannot be written.
        IndexCorruptError: a file of the index is damaged.
    """
    return write_vectors(path, _batches(reader), reader.settings.dimension)


def _batches(reader: IndexReader) -> Iterator[tuple[pa.Array, Vectors, pa.RecordBatch]]:
    """The items that are not deleted, all of them with the same columns."""
    import pyarrow as pa

    types = reader.types
    for ids, vectors, table in living(reader.segments, None):
        columns = [stored_column(table, len(ids), name, type_) for name, type_ in types.items()]
        if columns:
            yield ids, vectors, pa.record_batch(columns, names=list(types))
        else:  # it has to have as many rows all the same
            rows = pa.record_batch([pa.nulls(len(ids))], names=["none"])
            yield ids, vectors, rows.select([])


def write_vectors(path: str | os.PathLike[str], batches: Iterable[Batch], dimension: int) -> int:
    """Write vectors as Parquet: all of the file is there, or nothing of it.

    The columns are `id`, `vector` (a list of fixed size, float32; uint8 for bits) and those of
    the metadata. A column of the metadata that has one of the two names gets a `_` behind it.

    Args:
        path: what is there is replaced.
        batches: ids (n,), vectors (n, dimension) float32 or (n, dimension / 8) uint8, and n rows
            of metadata, all of the same types.
        dimension: of the vectors; bits, where they are bits.

    Returns:
        How many were written.

    Raises:
        OutputError: the file cannot be written.
        OptionError: batches do not fit together.
    """
    rows = 0
    with _result(Path(os.path.realpath(path))) as file, ExitStack() as stack:
        writer: pq.ParquetWriter | None = None
        for ids, vectors, metadata in batches:
            table = _table(ids, vectors, metadata, dimension)
            writer = writer or stack.enter_context(_writer(file, table.schema))
            _write(writer, table)
            rows += len(ids)
        if writer is None:
            stack.enter_context(_writer(file, _schema_of_none(dimension)))
    return rows


def _table(ids: pa.Array, vectors: Array, metadata: pa.RecordBatch, dimension: int) -> pa.Table:
    """One batch as it is written."""
    import pyarrow as pa

    width = dimension // 8 if vectors.dtype == "u1" else dimension
    if vectors.shape != (len(ids), width) or metadata.num_rows != len(ids):
        raise OptionError(
            f"{len(ids)} ids, vectors of the shape {vectors.shape} and {metadata.num_rows} rows of "
            f"metadata do not fit together for the dimension {dimension}"
        )
    column = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), width)
    taken = {ID, VECTOR, *metadata.schema.names}
    names = [_free(name, taken) if name in (ID, VECTOR) else name for name in metadata.schema.names]
    return pa.table([ids, column, *metadata.columns], names=[ID, VECTOR, *names])


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _writer(file: IO[bytes], schema: pa.Schema) -> pq.ParquetWriter:
    import pyarrow.parquet as pq

    # Vectors do not compress, and dictionaries of them would only cost time.
    packed = {name: "zstd" for name in schema.names if name != VECTOR}
    return pq.ParquetWriter(file, schema, compression=packed or "none", use_dictionary=False)


def _schema_of_none(dimension: int) -> pa.Schema:
    import pyarrow as pa

    return pa.schema([(ID, pa.string()), (VECTOR, pa.list_(pa.float32(), dimension))])


def _write(writer: pq.ParquetWriter, table: pa.Table) -> None:
    import pyarrow as pa

    try:
        writer.write_table(table)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise OptionError(f"these vectors cannot be written as Parquet ({reason})") from error


@contextmanager
def _result(target: Path) -> Iterator[BinaryIO]:
    """A file that takes the target's place once everything is in it."""
    if target.is_dir():
        raise OutputError(f"{target} is a folder; name a file in it")
    try:
        with replacing(target) as file:
            yield file
    except OSError as error:
        raise OutputError(f"{target}: cannot be written ({error.strerror or error})") from error
