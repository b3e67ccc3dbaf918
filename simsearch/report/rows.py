"""Rows of answers on standard output: a table for people, JSON or CSV."""

from __future__ import annotations

import csv
import json
import sys
from typing import TYPE_CHECKING, Any

from simsearch.report.cells import cell, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["print_rows"]

DIGITS = 6
CELL_WIDTH = 40
GAP = "  "


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: str) -> None:
    """Print rows; as JSON and CSV each as it comes.

    Args:
        columns: their names.
        rows: a value for each column; None where nobody knows.
        form: table: aligned, without columns that hold nothing; json: one object a line; csv: with
            a header.
    """
    rounded = (tuple(map(_rounded, row)) for row in rows)
    if form == "json":
        for row in rounded:
            print(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False))
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(map(cell, row) for row in rounded)
    else:
        _print_table(columns, list(rounded))


def _rounded(value: Any) -> Any:
    return round(value, DIGITS) if isinstance(value, float) else value


def _print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    from rich.cells import cell_len

    shown = [at for at in range(len(columns)) if any(row[at] is not None for row in rows)]
    table = [[columns[at] for at in shown], *([_shown(row[at]) for at in shown] for row in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = zip(row, widths, strict=True)
        print(GAP.join(text + " " * (width - cell_len(text)) for text, width in cells).rstrip())


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else line(value, CELL_WIDTH)
