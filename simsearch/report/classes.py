"""Classified items, as a table for people, as JSON or as CSV."""

from __future__ import annotations

import csv
import json
import sys
from math import isfinite
from typing import TYPE_CHECKING, Any

from simsearch.report.cells import cell, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simsearch.search import Classified

__all__ = ["print_classes"]

COLUMNS = ("id", "class", "score", "probability", "runner_up", "runner_up_score")
DIGITS = 6
CELL_WIDTH = 40
GAP = "  "


def print_classes(found: Iterable[Classified], form: str) -> None:
    """Print classified items to standard output, each as it comes.

    Args:
        found: in the order of the items.
        form: table; json: one object a line; csv: with a header.
    """
    rows = (_fields(each) for each in found)
    if form == "json":
        for row in rows:
            print(json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False))
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(map(cell, row) for row in rows)
    else:
        _print_table(list(rows))


def _fields(found: Classified) -> tuple[Any, ...]:
    return (
        found.id,
        found.label,
        _rounded(found.score),
        _rounded(found.probability),
        found.runner_up,
        _rounded(found.runner_up_score),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None or not isfinite(value) else round(value, DIGITS)


def _print_table(rows: Sequence[Sequence[Any]]) -> None:
    """Aligned columns; the probability is left out where nobody knows it."""
    from rich.cells import cell_len

    shown = [
        place for place, _ in enumerate(COLUMNS) if any(row[place] is not None for row in rows)
    ]
    table = [[COLUMNS[place] for place in shown]]
    table += [[_shown(row[place]) for place in shown] for row in rows]
    widths = [max(cell_len(row[place]) for row in table) for place in range(len(shown))]
    for row in table:
        texts = (
            text + " " * (width - cell_len(text)) for text, width in zip(row, widths, strict=True)
        )
        print(GAP.join(texts).rstrip())


def _shown(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else line(value, CELL_WIDTH)
