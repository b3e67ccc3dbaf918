"""The ids of a table: one text a row, none missing, none twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.errors import ColumnError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["ids_of"]

ADVICE = "mend the column, or leave the id column out to use row numbers"


def ids_of(table: pa.Table, column: str | None, name: str) -> pa.StringArray:
    """The ids of a table's rows, in order.

    Args:
        table: the table.
        column: the column with the ids; None for 0-based row numbers.
        name: what to call the table in messages.

    Returns:
        n texts. Whole numbers are written without a decimal point.

    Raises:
        ColumnError: an id is missing or there twice, or the column holds no plain values.
    """
    import numpy as np
    import pyarrow as pa

    if column is None:
        return pa.array(np.arange(table.num_rows)).cast(pa.string())
    where = f"{name}: id column {column!r}"
    ids = _text(table[column], where)
    _check_filled(ids, where)
    _check_unique(ids, where)
    return ids


def _text(values: pa.ChunkedArray, where: str) -> pa.StringArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_floating(values.type) and _all_whole(values):
        values = values.cast(pa.int64())
    try:
        text = values.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise ColumnError(f"{where} holds {values.type} values; {ADVICE}") from error
    return pc.fill_null(text.combine_chunks(), "")


def _all_whole(values: pa.ChunkedArray) -> bool:
    import pyarrow.compute as pc

    # Beyond 2**53 a float no longer tells neighbouring whole numbers apart.
    whole = pc.and_(pc.equal(values, pc.floor(values)), pc.less(pc.abs(values), 2.0**53))
    return bool(pc.all(whole, min_count=0).as_py())


def _check_filled(ids: pa.StringArray, where: str) -> None:
    import pyarrow.compute as pc

    at = pc.index(pc.equal(pc.utf8_trim_whitespace(ids), ""), True).as_py()
    if at >= 0:
        raise ColumnError(f"{where} is empty in row {at + 1} of the data; {ADVICE}")


def _check_unique(ids: pa.StringArray, where: str) -> None:
    import numpy as np
    import pyarrow.compute as pc

    codes = ids.dictionary_encode()
    if len(codes.dictionary) == len(ids):
        return
    numbers = codes.indices.to_numpy(zero_copy_only=False)
    repeated = int(np.argmax(np.bincount(numbers) > 1))
    first, second = np.flatnonzero(numbers == repeated)[:2] + 1
    value = pc.utf8_slice_codeunits(codes.dictionary[repeated], 0, 40).as_py()
    raise ColumnError(
        f"{where} holds {value!r} twice, in rows {first} and {second} of the data "
        f"(repeated ids in all: {len(ids) - len(codes.dictionary)}); {ADVICE}"
    )
