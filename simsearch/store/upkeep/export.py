"""An index on its way out: as an archive, or as a table of vectors."""

from __future__ import annotations

import shutil
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from simsearch.errors import OutputError
from simsearch.sources.vectors import write_vectors
from simsearch.store.format.history import History
from simsearch.store.upkeep.archive import export_archive, refuse_target
from simsearch.store.writing.merge import living
from simsearch.store.writing.writer import IndexWriter

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pyarrow as pa

    from simsearch.store.engines.engine import Vectors
    from simsearch.store.reading.reader import IndexReader

__all__ = ["export_index", "export_table"]


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
    """Write ids, vectors and stored columns as Parquet; see `sources.vectors.write_vectors`.

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

    types = _types(reader)
    for ids, vectors, table in living(reader.segments, None):
        columns = [_column(table, len(ids), name, kind) for name, kind in types.items()]
        if columns:
            yield ids, vectors, pa.record_batch(columns, names=list(types))
        else:  # it has to have as many rows all the same
            rows = pa.record_batch([pa.nulls(len(ids))], names=["none"])
            yield ids, vectors, rows.select([])


def _types(reader: IndexReader) -> Mapping[str, pa.DataType]:
    """A type for each column that holds what all segments have in it; text where none does."""
    import pyarrow as pa

    found: dict[str, pa.DataType] = {}
    for segment in reader.segments:
        for field in segment.items.schema:
            kinds = [
                pa.schema([("", kind)]) for kind in (field.type, found.get(field.name, field.type))
            ]
            try:
                both = pa.unify_schemas(kinds, promote_options="permissive")
                found[field.name] = both.field(0).type
            except (pa.ArrowInvalid, pa.ArrowTypeError):
                found[field.name] = pa.string()
    return found


def _column(table: pa.Table, rows: int, name: str, kind: pa.DataType) -> pa.Array:
    import pyarrow as pa

    if name not in table.column_names:
        return pa.nulls(rows, kind)
    column = table[name].combine_chunks()
    try:
        return column.cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array([None if value is None else str(value) for value in column.to_pylist()])
