"""The items of a page: their values as text, each once, by a number that pairs name them by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from simsearch.records.deduplication import Deduplication
from simsearch.report.cells import cell
from simsearch.report.redact import text_column

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pyarrow as pa

    from simsearch.report.page.found_pairs import Result
    from simsearch.schema import Records

__all__ = ["Column", "PageItems", "columns_of", "text_place"]

# Characters of a value that are worth a look.
MOST_CHARACTERS, MOST_OF_A_TEXT = 600, 4_000
# Stored columns of items that tell a person nothing.
_HIDDEN = frozenset({"sha256"})


class Column(NamedTuple):
    """A column as the page shows it.

    Attributes:
        name: for people; of two tables both names, where they differ.
        left: its name in the left table; None where that has none.
        right: the same of the right table.
        compared: whether it counted.
        redacted: whether its values are kept out.
    """

    name: str
    left: str | None
    right: str | None
    compared: bool
    redacted: bool


def columns_of(found: Result, redact: Collection[str]) -> list[Column]:
    """The columns of a page: of two tables those that were compared with each other first."""
    if isinstance(found, Deduplication):
        records = found.records
        left_out = {each.name for each in found.statistics.left_out}
        compared = set(records.columns) - left_out
        return [
            Column(name, name, name, name in compared, name in redact)
            for name in records.table.column_names
            if name != records.id_column and not (found.kind != "record" and name in _HIDDEN)
        ]
    shown = [
        Column(
            one if one == other else f"{one} = {other}",
            one, other, True, one in redact or other in redact,
        )
        for one, other in found.column_pairs
    ]  # fmt: skip
    paired = [{pair[side] for pair in found.column_pairs} for side in (0, 1)]
    for side, records in enumerate((found.left, found.right)):
        for name in records.table.column_names:
            if name not in paired[side] and name != records.id_column:
                left, right = (name, None) if side == 0 else (None, name)
                shown.append(Column(name, left, right, False, name in redact))
    return shown


def text_place(found: Result, columns: Sequence[Column]) -> int | None:
    """The place of the column that holds the texts, where the items are texts; None elsewhere."""
    name = text_column(found)
    return next((at for at, each in enumerate(columns) if name and each.left == name), None)


class PageItems:
    """Items that a page shows.

    Args:
        sides: the left and the right table; twice the same where there is one.
        columns: that are shown.
        long: which of them holds texts; None for none.
    """

    def __init__(
        self, sides: tuple[Records, Records], columns: Sequence[Column], long: int | None
    ) -> None:
        self._sides, self._columns, self._long = sides, columns, long
        self._numbers: dict[tuple[int, int], int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, side: int, row: int) -> int:
        """Of an item; it is shown from now on.

        Args:
            side: 0 for the left table, 1 for the right.
            row: of the table.
        """
        side = side if self._sides[0] is not self._sides[1] else 0
        return self._numbers.setdefault((side, row), len(self._numbers))

    def ids(self, of: int | None = None) -> list[str]:
        """Of the items, by number; of one side alone if it is given."""
        return [
            self._sides[side].ids[row].as_py()
            for side, row in self._numbers
            if of is None or side == of
        ]

    def keys(self) -> list[str]:
        """Of the items, by number: no two sides have the same."""
        return [self.key(side, self._sides[side].ids[row].as_py()) for side, row in self._numbers]

    def key(self, side: int, identifier: str) -> str:
        """Of an item by its id: the id itself where there is one table."""
        return identifier if self._sides[0] is self._sides[1] else f"{side}:{identifier}"

    def values(self) -> list[list[str | None]]:
        """The cells of the items, by number; None for a missing value or one that is kept out."""
        out: list[list[str | None]] = [[None] * len(self._columns) for _ in self._numbers]
        for side in (0, 1):
            rows = [row for which, row in self._numbers if which == side]
            numbers = [self._numbers[side, row] for row in rows]
            if not rows:
                continue
            table = self._sides[side].table
            for place, column in enumerate(self._columns):
                name = column.left if side == 0 else column.right
                if name is None or column.redacted:
                    continue
                most = MOST_OF_A_TEXT if place == self._long else MOST_CHARACTERS
                for number, value in zip(numbers, _taken(table, name, rows), strict=True):
                    out[number][place] = _shown(value, most)
        return out


def _taken(table: pa.Table, name: str, rows: Sequence[int]) -> list[Any]:
    import pyarrow as pa

    return table[name].take(pa.array(rows, pa.int64())).to_pylist()  # type: ignore[no-any-return]


def _shown(value: Any, most: int) -> str | None:
    if value is None:
        return None
    text = cell(value)
    return text if len(text) <= most else f"{text[:most]}…"
