"""Choose the columns to compare, and refuse wrong names."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from simsearch.errors import ColumnError, nearest_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simsearch.sources.reader import Reader

__all__ = ["chosen", "refuse_repeated"]


def refuse_repeated(name: str, columns: Sequence[str]) -> None:
    """Raise ColumnError if two columns have the same name."""
    times = Counter(columns)
    repeated = [column for column in times if times[column] > 1]
    if repeated:
        places = [at for at, column in enumerate(columns, 1) if column == repeated[0]]
        raise ColumnError(
            f"{name}: columns {_and(places)} are all named {repeated[0]!r}; rename all but one"
        )


def chosen(
    reader: Reader,
    columns: Sequence[str] | None,
    ignore: Sequence[str],
    id_column: str | None,
) -> tuple[str, ...]:
    """The columns to compare, without the id column.

    Raises:
        ColumnError: a name is unknown, or nothing is left.
    """
    known = reader.schema.names
    for column in (*(columns or ()), *ignore, *([id_column] if id_column is not None else [])):
        if column not in known:
            raise ColumnError(
                f"{reader.name} has no column {column!r}; {nearest_names(column, known)}"
            )
    wanted = dict.fromkeys(known if columns is None else columns)
    left = tuple(name for name in wanted if name not in ignore and name != id_column)
    if not left:
        raise ColumnError(f"{reader.name}: no column is left to compare; choose at least one")
    return left


def _and(numbers: Sequence[int]) -> str:
    *most, last = map(str, numbers)
    return f"{', '.join(most)} and {last}"
