"""Options of `dedupe` and `link`, in one place."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

from simsearch.errors import OptionError
from simsearch.sources import RecordOptions

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    import pandas as pd
    import pyarrow as pa

__all__ = ["LinkOptions", "MatchOptions", "options_from"]

Options = TypeVar("Options", bound="MatchOptions")


@dataclass(frozen=True, slots=True)
class MatchOptions:
    """How two rows are judged.

    Attributes:
        id_column: names each row; None for 0-based row numbers.
        columns: compare these only; None for all.
        ignore: compare all but these.
        table: the table to read, when the source is a database.
        sql: the query to read, when the source is a database.
        threshold: probability from which two rows count as the same thing.
        labels: pairs you have judged: left_id, right_id, same.
        encoder: folder of a saved encoder; None fits one to the data.
        seed: makes a run repeatable.
        progress: called with a stage's name and the share of it done, 0 to 1.
    """

    id_column: str | None = None
    columns: Sequence[str] | None = None
    ignore: Sequence[str] | None = None
    table: str | None = None
    sql: str | None = None
    threshold: float = 0.5
    labels: str | os.PathLike[str] | pd.DataFrame | pa.Table | None = None
    encoder: str | os.PathLike[str] | None = None
    seed: int = 0
    progress: Callable[[str, float], None] | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.threshold <= 1.0:
            raise OptionError(f"threshold is {self.threshold}; it is a probability, from 0 to 1")

    def record_options(self, id_column: str | None = None) -> RecordOptions:
        """What to read, with another id column if one is given."""
        return RecordOptions(
            columns=None if self.columns is None else tuple(self.columns),
            ignore=tuple(self.ignore or ()),
            id_column=id_column or self.id_column,
            table=self.table,
            sql=self.sql,
        )


@dataclass(frozen=True, slots=True)
class LinkOptions(MatchOptions):
    """How rows of two tables are judged.

    Attributes:
        left_id: the id column of the left table, where it differs from id_column.
        right_id: the id column of the right table, where it differs from id_column.
        one_to_one: whether a row has one partner at most; None decides it from the data.
    """

    left_id: str | None = None
    right_id: str | None = None
    one_to_one: bool | None = None


def options_from(kind: type[Options], keywords: dict[str, Any]) -> Options:
    """Keyword arguments as options.

    Raises:
        OptionError: an unknown name or a value out of range.
    """
    known = {field.name for field in fields(kind)}
    for name in keywords:
        if name not in known:
            raise OptionError(f"no option {name!r}; there are: {', '.join(sorted(known))}")
    return kind(**keywords)
