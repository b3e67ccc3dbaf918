"""Rows of results on standard output: a table for people, JSON or CSV."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from typing import TYPE_CHECKING, Any

from simsearch.report.cells import cell, short

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "DIGITS",
    "FORMATS",
    "print_columns",
    "print_csv",
    "print_json",
    "print_rows",
]

FORMATS = ("table", "json", "csv")
# Digits after the point, for programs.
DIGITS = 6
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
            print_json(dict(zip(columns, row, strict=True)))
    elif form == "csv":
        print_csv(columns, ([cell(value) for value in row] for row in rounded))
    else:
        table = list(rounded)
        shown = [at for at in range(len(columns)) if any(row[at] is not None for row in table)]
        texts = [[_shown(row[at]) for row in table] for at in shown]
        print_columns([columns[at] for at in shown], texts)


def print_json(content: Any) -> None:
    """Print an object on a line of its own."""
    print(json.dumps(content, ensure_ascii=False))


def print_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows of cells under a header, each as it comes."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)


def print_columns(headers: Sequence[str], columns: Sequence[Sequence[str]]) -> None:
    """Print aligned columns; on a terminal as many as fit, two at least.

    Args:
        headers: of the columns.
        columns: of texts, all of one length.
    """
    import click
    from rich.cells import cell_len

    # Not by a console of rich's: to import one takes longer than to answer a query.
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize
    shown: list[list[str]] = []
    for header, values in zip(headers, columns, strict=True):
        width = max(map(cell_len, (header, *values)))
        room -= width + len(GAP)
        if room < -len(GAP) and len(shown) > 2:
            break
        shown.append([text + " " * (width - cell_len(text)) for text in (header, *values)])
    head, *rows = (GAP.join(texts).rstrip() for texts in zip(*shown, strict=True))
    click.secho(head, bold=True)
    for row in rows:
        click.echo(row)


def _rounded(value: Any) -> Any:
    return round(value, DIGITS) if isinstance(value, float) else value


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else short(value)
