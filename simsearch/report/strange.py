"""Anomalies, strangest first, as a table for people, as JSON or as CSV."""

from __future__ import annotations

import csv
import json
import sys
from typing import TYPE_CHECKING, Any

from simsearch.report.cells import cell, line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simsearch.search import Strange

__all__ = ["print_strange"]

COLUMNS = ("id", "anomaly", "score", "false_alarms", "nearest")
DIGITS = 6
CELL_WIDTH = 40
GAP = "  "


def print_strange(found: Sequence[Strange], form: str) -> None:
    """Print items and how strange they are to standard output.

    Args:
        found: in the order to print.
        form: table; json: one object a line; csv: with a header.
    """
    rows = [
        (each.id, each.alarm, round(each.score, DIGITS), round(each.rate, DIGITS), each.nearest)
        for each in found
    ]
    if form == "json":
        for row in rows:
            print(json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False))
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(map(cell, row) for row in rows)
    else:
        _print_table(rows)


def _print_table(rows: Sequence[Sequence[Any]]) -> None:
    from rich.cells import cell_len

    table = [list(COLUMNS), *([_shown(value) for value in row] for row in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = zip(row, widths, strict=True)
        print(GAP.join(text + " " * (width - cell_len(text)) for text, width in cells).rstrip())


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else line(value, CELL_WIDTH)
