"""What the columns of a table are taken for, printed."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from simsearch.report.cells import count, line, plain
from simsearch.report.csv import write_csv

if TYPE_CHECKING:
    from simsearch.records.understood import UnderstoodColumn, UnderstoodTable

__all__ = ["print_columns"]

# Characters of an example and of a reason that are worth a look.
_EXAMPLE, _REASON = 24, 60
_FLOATS = {"confidence", "filled"}


def print_columns(found: UnderstoodTable, form: str) -> None:
    """Print a line a column.

    Args:
        found: the table.
        form: `table`, `json` or `csv`.
    """
    if form == "json":
        print(json.dumps([plain(row) for row in found.table().to_pylist()], ensure_ascii=False))
    elif form == "csv":
        write_csv(sys.stdout.buffer, found.table(), _FLOATS)
    else:
        _print_table(found)


def _print_table(found: UnderstoodTable) -> None:
    records = found.records
    print(f"{records.name}: {count(len(records), 'row')}, {count(len(found.columns), 'column')}")
    for note in records.notes:
        print(f"  {note}")
    if records.skipped:
        first = records.skipped[0]
        lost = count(len(records.skipped), "row")
        print(f"  {lost} left out; the first: line {first.row}, {first.reason}")
    head = ("column", "role", "sure", "filled", "distinct", "example", "compared")
    rows = [head, *map(_cells, found.columns)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(head) - 1)]
    print()
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        print("  ".join([*cells, row[-1]]).rstrip())
    if any(column.compared and column.if_it_tells for column in found.columns):
        print(
            "\nWhat is compared if it tells is left out by dedupe and link where the most similar"
        )
        print("rows agree in it as any two do; they say so.")
    print("\nWhy")
    for column in found.columns:
        print(f"  {column.name}: {line(column.because, _REASON)}")


def _cells(column: UnderstoodColumn) -> tuple[str, ...]:
    compared = "yes, if it tells" if column.if_it_tells else "yes"
    if not column.compared:
        compared = f"no: {line(column.left_out, _REASON)}"
    sure = f"{column.confidence:.0%}" if column.confidence else ""
    return (
        line(column.name, _EXAMPLE),
        column.role.value,
        sure,
        f"{column.filled:.0%}",
        f"{column.distinct:,}",
        line(column.example, _EXAMPLE),
        compared,
    )
