"""Vectors in a column of a Parquet file: a list of numbers a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simsearch.errors import ColumnError, EmptySourceError, SourceError, nearest_names
from simsearch.sources.columns import refuse_repeated
from simsearch.sources.ids import keys_of
from simsearch.sources.parquet import ParquetReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.sources.inputs import Input

    Array = npt.NDArray[Any]

__all__ = ["ParquetVectors"]

LEAVE_OUT = "leave such rows out"


class ParquetVectors:
    """Reads the column of vectors, and the others as metadata. See `VectorReader`."""

    def __init__(self, reader: ParquetReader, column: str, id_column: str | None) -> None:
        import pyarrow as pa

        self.name = reader.name
        self.rows = reader.rows
        self.id_column = id_column
        kept = [field for field in reader.schema if field.name not in (column, id_column)]
        self.schema = pa.schema(kept)
        self._reader = reader
        self._column = column
        self.width = self._first_width()

    @classmethod
    def from_file(
        cls, file: Input, column: str | None, id_column: str | None, binary: bool
    ) -> ParquetVectors:
        """Find the column.

        Raises:
            SourceError: the file is damaged, or its first row has no vector.
            ColumnError: a column that is named is not there or holds no vectors; or none is
                named, and not exactly one holds vectors.
        """
        reader = ParquetReader.open(file)
        name, schema = reader.name, reader.schema
        refuse_repeated(name, schema.names)
        for given in (column, id_column):
            if given is not None and given not in schema.names:
                raise ColumnError(
                    f"{name} has no column {given!r}; {nearest_names(given, schema.names)}"
                )
        if not reader.rows:
            raise EmptySourceError(f"{name} has no rows, only columns; add a row")
        return cls(reader, _vector_column(name, schema, column, id_column, binary), id_column)

    def ids(self) -> pa.Array:
        """See `VectorReader`."""
        import numpy as np
        import pyarrow as pa

        if self.id_column is None:
            return pa.array(np.arange(self.rows))
        batches = list(self._reader.batches(1 << 16, [self.id_column]))
        where = f"{self.name}: id column {self.id_column!r}"
        return keys_of(pa.Table.from_batches(batches)[self.id_column], where)

    def batches(self, rows: int) -> Iterator[tuple[Array, pa.RecordBatch]]:
        """See `VectorReader`."""
        first = 0
        for batch in self._reader.batches(rows):
            if batch.num_rows:
                yield self._matrix(batch[self._column], first), batch.select(self.schema.names)
                first += batch.num_rows

    def _first_width(self) -> int:
        """Numbers in the vector of the first row."""
        for batch in self._reader.batches(1, [self._column]):
            column = batch[self._column]
            if column.null_count:
                raise self._missing(0)
            width = len(column[0].as_py())
            if width:
                return width
            break
        raise SourceError(f"{self.name}: the vector of row 1 has no numbers; {LEAVE_OUT}")

    def _matrix(self, column: pa.Array, first: int) -> Array:
        """(n, width) of a column's numbers, whose first row is number `first` of the file."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        if column.null_count:
            raise self._missing(first + pc.index(column.is_null(), True).as_py())
        if pa.types.is_fixed_size_binary(column.type):
            data = np.frombuffer(column.buffers()[1], np.uint8)
            start = column.offset * self.width
            return data[start : start + len(column) * self.width].reshape(-1, self.width)
        self._check_widths(column, first)
        numbers = column.flatten()
        if numbers.null_count:
            row = first + pc.index(numbers.is_null(), True).as_py() // self.width + 1
            raise SourceError(
                f"{self.name}: the vector of row {row} lacks a number (null); {LEAVE_OUT}"
            )
        array: Array = numbers.to_numpy(zero_copy_only=False).reshape(-1, self.width)
        return array

    def _check_widths(self, column: pa.Array, first: int) -> None:
        import pyarrow.compute as pc

        widths = pc.list_value_length(column)
        at = pc.index(pc.equal(widths, self.width), False).as_py()
        if at >= 0:
            raise SourceError(
                f"{self.name}: the vector of row {first + at + 1} has {widths[at]} numbers, and "
                f"that of row 1 {self.width}; make all of one length"
            )

    def _missing(self, row: int) -> SourceError:
        return SourceError(
            f"{self.name}: row {row + 1} has no vector in column {self._column!r}; {LEAVE_OUT}"
        )


def _vector_column(
    name: str, schema: pa.Schema, column: str | None, id_column: str | None, binary: bool
) -> str:
    """The column that is named, or the only one that holds vectors."""
    wanted = "uint8, eight bits to a byte" if binary else "numbers"
    if column is not None:
        if column == id_column:
            raise ColumnError(f"{name}: {column!r} cannot hold both the ids and the vectors")
        if not _holds_vectors(schema.field(column).type, binary):
            kind = schema.field(column).type
            raise ColumnError(f"{name}: column {column!r} holds {kind}, not lists of {wanted}")
        return column
    found: list[str] = [
        field.name
        for field in schema
        if field.name != id_column and _holds_vectors(field.type, binary)
    ]
    if not found:
        raise ColumnError(
            f"{name}: no column holds vectors; one has to be a list of {wanted} in each row"
        )
    if len(found) > 1:
        names = ", ".join(map(repr, found[:5]))
        raise ColumnError(f"{name}: several columns hold vectors ({names}); say which one to take")
    return found[0]


def _holds_vectors(kind: pa.DataType, binary: bool) -> bool:
    from pyarrow import types

    if binary and types.is_fixed_size_binary(kind):
        return True
    if not (types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)):
        return False
    number = kind.value_type
    if binary:
        return bool(types.is_uint8(number))
    return bool(types.is_integer(number) or types.is_floating(number))
