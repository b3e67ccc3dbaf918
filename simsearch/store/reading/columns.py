"""Stored columns of several segments as those of one table.

Segments are written at different times, and a column may hold numbers in one and texts in
another: then it is text in all of them, so that a condition means the same everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

__all__ = ["common_types", "stored_column"]


def common_types(schemas: Iterable[pa.Schema]) -> dict[str, pa.DataType]:
    """Every column, and a type that holds what all schemas have in it; text where none does."""
    found: dict[str, pa.DataType] = {}
    for schema in schemas:
        for field in schema:
            known = found.get(field.name, field.type)
            found[field.name] = known if known == field.type else _wider(known, field.type)
    return found


def _wider(one: pa.DataType, other: pa.DataType) -> pa.DataType:
    import pyarrow as pa

    schemas = [pa.schema([("", type_)]) for type_ in (one, other)]
    try:
        return pa.unify_schemas(schemas, promote_options="permissive").field(0).type
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.string()


def stored_column(
    table: pa.Table | pa.RecordBatch, rows: int, name: str, type_: pa.DataType
) -> pa.Array:
    """A column as one of the types that `common_types` gives.

    Args:
        table: of a segment.
        rows: that the table has: without columns it does not tell.
        name: of the column; null where the table has none of that name.
        type_: what all segments can be had as.
    """
    import pyarrow as pa

    if name not in table.column_names:
        return pa.nulls(rows, type_)
    column = table[name]
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if column.type == type_:
        return column
    try:
        # Of a whole number that is too long for a fraction the last digits go.
        return column.cast(type_, safe=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
        return pa.array([None if value is None else str(value) for value in column.to_pylist()])
