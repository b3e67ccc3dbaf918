"""Validate ids, vectors and metadata before anything is written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from simsearch.errors import VectorIndexError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from simsearch.store.engines.engine import Vectors
    from simsearch.store.format.manifest import Settings

__all__ = ["Batch", "as_ids", "as_metadata", "owned", "unfit", "valid_batch", "with_id_type"]

STRING, INTEGER = "string", "integer"


class Batch(NamedTuple):
    """Items to add: n ids, (n, width) prepared vectors, n rows of metadata."""

    ids: pa.Array
    vectors: Vectors
    metadata: pa.Table


def as_ids(ids: Iterable[Any], id_type: str | None) -> pa.Array:
    """Ids as Arrow keeps them: string, or int64.

    Args:
        ids: texts or whole numbers; an Arrow or NumPy array, or any other sequence.
        id_type: `string` or `integer`, what the index has; None to take what they are.

    Raises:
        VectorIndexError: they are neither, mixed, missing, or not what the index has.
    """
    import pyarrow as pa

    found = ids.combine_chunks() if isinstance(ids, pa.ChunkedArray) else ids
    if not isinstance(found, pa.Array):
        found = _converted(ids)
    if found.null_count:
        raise VectorIndexError(f"an id is missing, in place {found.is_null().index(True).as_py()}")
    if not len(found):
        return pa.array([], pa.int64() if id_type == INTEGER else pa.string())
    is_text = pa.types.is_string(found.type) or pa.types.is_large_string(found.type)
    if not is_text and not pa.types.is_integer(found.type):
        raise VectorIndexError(f"ids are texts or whole numbers, not {found.type}")
    if id_type is not None and is_text != (id_type == STRING):
        raise VectorIndexError(
            f"the ids of this index are {'texts' if id_type == STRING else 'whole numbers'}, "
            f"not such as {found[0].as_py()!r:.60}"
        )
    try:
        return found.cast(pa.string() if is_text else pa.int64())
    except pa.ArrowInvalid:
        raise VectorIndexError(
            "an id is too large: whole numbers go from -2**63 to 2**63 - 1, texts to 2 GB together"
        ) from None


def _converted(ids: Iterable[Any]) -> pa.Array:
    import numpy as np
    import pyarrow as pa

    if isinstance(ids, (str, bytes)):
        raise VectorIndexError(f"ids come in a list, not as one text, {ids!r:.60}")
    try:
        return pa.array(ids.copy() if isinstance(ids, np.ndarray) else list(ids))
    except (pa.ArrowException, TypeError, UnicodeError, OverflowError) as error:
        reason = str(error).splitlines()[0]
        raise VectorIndexError(f"ids are all texts or all whole numbers ({reason})") from None


def as_metadata(metadata: Any, rows: int) -> pa.Table:
    """Stored columns as an Arrow table that Parquet can hold.

    Args:
        metadata: None for no columns; an Arrow table or batch, a DataFrame, a mapping of
            columns, or a sequence of dicts, one an item.
        rows: how many there must be.

    Raises:
        VectorIndexError: it is none of these, has another length, or a column that cannot
            be stored.
    """
    import pyarrow as pa

    if metadata is None:
        return pa.table({})
    try:
        table = _table(metadata)
    except (pa.ArrowException, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise VectorIndexError(f"the metadata cannot be stored ({error})") from error
    if table.num_columns and table.num_rows != rows:
        raise VectorIndexError(f"{table.num_rows} rows of metadata for {rows} items")
    if len(set(table.column_names)) < table.num_columns:
        raise VectorIndexError("two columns of the metadata have the same name")
    _check_storable(table)
    return table.combine_chunks()


def _table(metadata: Any) -> pa.Table:
    import pyarrow as pa

    if isinstance(metadata, pa.RecordBatch):
        metadata = pa.Table.from_batches([metadata])
    elif not isinstance(metadata, pa.Table):
        if hasattr(metadata, "to_dict") and hasattr(metadata, "columns"):
            metadata = pa.Table.from_pandas(metadata, preserve_index=False)
        elif hasattr(metadata, "keys"):
            metadata = pa.table(dict(metadata))
        else:
            rows = list(metadata)
            # Arrow itself would take the columns of the first row only.
            names = dict.fromkeys(name for row in rows for name in row.keys())  # noqa: SIM118  no dict, an error
            metadata = pa.table({name: [row.get(name) for row in rows] for name in names})
    return metadata.replace_schema_metadata(None)


def _check_storable(table: pa.Table) -> None:
    """Raise VectorIndexError if Parquet would refuse the columns, now rather than later."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not table.num_columns:
        return
    try:
        with pq.ParquetWriter(pa.BufferOutputStream(), table.schema) as writer:
            writer.write_table(table.slice(0, 1))
    except (pa.ArrowException, TypeError) as error:
        raise VectorIndexError(f"a column cannot be stored as Parquet ({error})") from error


def valid_batch(settings: Settings, ids: Any, vectors: Any, metadata: Any) -> Batch:
    """Items that an index can take.

    Args:
        settings: of the index.
        ids: see `as_ids`; each only once.
        vectors: (n, dimension) numbers, or (n, dimension / 8) bytes for hamming.
        metadata: see `as_metadata`.

    Raises:
        VectorIndexError: something about them is wrong; the text says what and where.
    """
    import pyarrow.compute as pc

    names = as_ids(ids, settings.id_type)
    if reason := unfit(vectors, settings):
        raise VectorIndexError(reason)
    if len(vectors) != len(names):
        raise VectorIndexError(f"{len(vectors)} vectors for {len(names)} ids")
    if pc.count_distinct(names).as_py() < len(names):
        counted = pc.value_counts(names)
        twice = counted.filter(pc.greater(counted.field("counts"), 1))[0]["values"].as_py()
        raise VectorIndexError(f"two of the items have the same id, {twice!r:.60}; ids must differ")
    return Batch(names, settings.metric.prepare(vectors), as_metadata(metadata, len(names)))


def unfit(vectors: Any, settings: Settings) -> str | None:
    """Why an index cannot take vectors, or compare with them; None when it can.

    They are no array of its shape and type, or a number is not finite as float32.
    """
    import numpy as np

    binary = settings.metric.binary
    width = settings.dimension // 8 if binary else settings.dimension
    if not isinstance(vectors, np.ndarray):
        return f"vectors are a NumPy array of {width} columns, not {type(vectors).__name__}"
    if vectors.ndim != 2 or vectors.shape[1] != width:
        return f"vectors have the shape {vectors.shape}; the index takes rows of {width}"
    if binary != (vectors.dtype == np.uint8) or vectors.dtype.kind not in "fiu":
        wanted = "bytes of packed bits (uint8)" if binary else "numbers (float32)"
        return f"vectors are of type {vectors.dtype}; the index takes {wanted}"
    if binary:
        return None
    if vectors.dtype != np.float32:
        with np.errstate(over="ignore"):
            vectors = vectors.astype(np.float32)
    finite = np.isfinite(vectors)
    if np.count_nonzero(finite) == finite.size:  # for one query `all` takes twice as long
        return None
    row = int(np.argmin(finite.all(axis=1))) + 1
    return f"vector {row} of {len(vectors)} holds NaN, infinite or too large numbers"


def owned(batch: Batch) -> Batch:
    """The same items in memory of their own: whoever gave them may change theirs."""
    import numpy as np
    import pyarrow as pa

    rows = pa.array(np.arange(len(batch.ids)))
    table = batch.metadata.take(rows) if batch.metadata.num_columns else batch.metadata
    return Batch(batch.ids.take(rows), batch.vectors.copy(), table)


def with_id_type(settings: Settings, ids: pa.Array) -> Settings:
    """The settings, with ids of the type that the first ones have."""
    import pyarrow as pa

    return replace(settings, id_type=STRING if pa.types.is_string(ids.type) else INTEGER)
