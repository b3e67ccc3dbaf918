"""Stored columns of several segments as those of one table.

Segments are written at different times, and a column may hold numbers in one and texts in
another: then it is text in all of them, so that a condition means the same everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pyarrow as pa

__all__ = ["as_known", "common_types", "stored_column"]


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


def as_known(table: pa.Table, types: Mapping[str, pa.DataType]) -> pa.Table:
    """New rows with columns of the types that are known, so that all can stand in one segment.

    Whole numbers become fractions, and columns of nulls whatever is known; nothing is changed
    that would lose something, or be another thing: a number stays one where texts are known.

    Args:
        table: of new rows.
        types: of the columns, as `common_types` gives them.
    """
    import pyarrow as pa

    for place, field in enumerate(table.schema):
        known = types.get(field.name, field.type)
        if known != field.type and _widens(field.type, known):
            try:
                column = table[place].cast(known)
            except pa.ArrowInvalid:  # a whole number that is too long for a fraction
                continue
            table = table.set_column(place, field.name, column)
    return table


def _widens(own: pa.DataType, known: pa.DataType) -> bool:
    """Whether the known type is the same sort of thing, and holds all that the own one does."""
    import pyarrow as pa

    alike = pa.types.is_null(own) or _sort(own) == _sort(known) != ""
    return alike and _wider(known, own) == known


def _sort(type_: pa.DataType) -> str:
    import pyarrow as pa

    if pa.types.is_integer(type_) or pa.types.is_floating(type_):
        return "number"
    return "text" if pa.types.is_string(type_) or pa.types.is_large_string(type_) else ""


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
