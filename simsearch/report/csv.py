"""Arrow tables as CSV: UTF-8, a header, a cell quoted only where it must be.

A reader of the CSV gets every text cell back character for character. Arrow's own
writer quotes every text cell, which makes two files hard to compare by eye.
"""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    import pyarrow as pa

__all__ = ["write_csv"]

# Rows formatted at a time: bounds memory, and costs little per batch.
BATCH_ROWS = 16_384
# Digits after the point of a probability, a confidence or a piece of evidence.
DIGITS = 6


def write_csv(file: IO[bytes], table: pa.Table, rounded: Collection[str] = ()) -> None:
    """Write a table.

    Booleans become `true` and `false`, nulls an empty cell, lists and structs JSON; numbers
    keep every digit that they need to be read back the same.

    Args:
        file: where to write, opened for bytes.
        table: any number of rows; column names may repeat.
        rounded: names of float columns to round to 6 digits.
    """
    import pyarrow as pa

    header = [pa.array([name], pa.large_string()) for name in table.column_names]
    file.write(_lines(header))
    for batch in table.to_batches(max_chunksize=BATCH_ROWS):
        pairs = zip(batch.schema.names, batch.columns, strict=True)
        file.write(_lines([_text(column, name in rounded) for name, column in pairs]))


def _text(column: pa.Array, rounded: bool) -> pa.LargeStringArray:
    """The cells as text; null stays null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if rounded:
        column = pc.round(column, DIGITS)
    # 64-bit offsets: a batch of long cells can pass 2 GB.
    kind = pa.large_string()
    if pa.types.is_nested(column.type):
        cells = (_json(value) for value in column.to_pylist())
        return pa.array(cells, kind)
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        return pa.array((None if v is None else v.hex() for v in column.to_pylist()), kind)
    return column.cast(kind)


def _json(value: object) -> str | None:
    if value is None:
        return None
    return json.dumps(value, ensure_ascii=False, default=str)


def _lines(columns: list[pa.LargeStringArray]) -> bytes:
    """One CSV line a row."""
    import pyarrow.compute as pc

    empty = _constant("")
    cells = [pc.fill_null(_quoted(column), empty) for column in columns]
    if len(cells) == 1:  # a reader would take an empty line for no row at all
        cells = [pc.if_else(pc.equal(cells[0], empty), _constant('""'), cells[0])]
    lines = pc.binary_join_element_wise(*cells, _constant(","))
    return _bytes(pc.binary_join_element_wise(lines, empty, _constant("\n")))


def _quoted(column: pa.LargeStringArray) -> pa.LargeStringArray:
    import pyarrow.compute as pc

    special = pc.match_substring_regex(column, '[",\r\n]')
    if not pc.any(special).as_py():
        return column
    doubled = pc.replace_substring(column, '"', '""')
    quote = _constant('"')
    quoted = pc.binary_join_element_wise(quote, doubled, quote, _constant(""))
    return pc.if_else(special, quoted, column)


def _constant(text: str) -> pa.LargeStringScalar:
    import pyarrow as pa

    return pa.scalar(text, pa.large_string())


def _bytes(text: pa.LargeStringArray) -> bytes:
    """All cells, one after another, without a Python object per cell."""
    import numpy as np

    _, offsets, characters = text.buffers()
    if characters is None:
        return b""
    bounds = np.frombuffer(offsets, np.int64, count=text.offset + len(text) + 1)
    return bytes(memoryview(characters)[bounds[text.offset] : bounds[-1]])
