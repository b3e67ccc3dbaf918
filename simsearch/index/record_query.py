"""A record that is asked about: as the table that an encoder takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simsearch.errors import QueryError, nearest_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

__all__ = ["as_record", "record_table"]

SHOWN = 60


def as_record(item: Any) -> Mapping[str, Any]:
    """A record as a mapping of column names to values.

    Args:
        item: a mapping, or anything with `to_dict` or `_asdict`: a row of a DataFrame.

    Raises:
        QueryError: it is nothing of the kind.
    """
    for name in ("to_dict", "_asdict"):
        if not isinstance(item, Mapping) and hasattr(item, name):
            item = getattr(item, name)()
    if isinstance(item, Mapping):
        return {str(key): value for key, value in item.items()}
    raise QueryError(f"a query is a record (a dict) or a text, not {type(item).__name__}")


def record_table(
    record: Mapping[str, Any], compared: Sequence[str], stored: Sequence[str]
) -> pa.Table:
    """A record as a table of one row, as an encoder takes it.

    Args:
        record: values by column name.
        compared: columns that the encoder sees.
        stored: further columns that a record may have; they are left out.

    Raises:
        QueryError: a column is unknown, none is compared, or a value is no single value.
    """
    import pyarrow as pa

    known = list(dict.fromkeys([*compared, *stored]))
    for name in record:
        if name not in known:
            raise QueryError(f"the index has no column {name!r}; {nearest_names(name, known)}")
    values = {name: _cell(name, record[name]) for name in compared if name in record}
    if not values:
        names = ", ".join(map(repr, compared))
        raise QueryError(f"the record has none of the columns that are compared: {names:.400}")
    return pa.table(values)


def _cell(name: str, value: Any) -> pa.Array:
    """One value as a column; what stands for a missing value in pandas is null."""
    import pyarrow as pa

    if isinstance(value, (Mapping, list, tuple, set)):
        text = f"{value!r:.{SHOWN}}"
        raise QueryError(f"column {name!r} of the record holds {text}; give a single value")
    try:
        return pa.array([value], from_pandas=True)
    except (pa.ArrowException, OverflowError, UnicodeError):
        return pa.array([_text(name, value)])


def _text(name: str, value: Any) -> str:
    text = str(value)
    try:
        text.encode()
    except UnicodeError:
        raise QueryError(f"column {name!r} of the record holds text that is no Unicode") from None
    return text
