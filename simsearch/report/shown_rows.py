"""Rows of a table under a line of a summary: the columns that fit, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simsearch.report.cells import short

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import numpy as np
    import numpy.typing as npt
    from rich.console import Console

    from simsearch.schema import Records

__all__ = ["print_beside", "print_some", "row_of"]

# Spaces before a table, and between its columns.
INDENT = 4
GAP = 2


def row_of(records: Records, identifier: str) -> dict[str, Any]:
    """The cells of a row, by column."""
    import pyarrow.compute as pc

    row = pc.index(records.ids, identifier).as_py()
    cells: dict[str, Any] = records.table.slice(row, 1).to_pylist()[0]
    return cells


def print_some(
    console: Console, records: Records, rows: npt.NDArray[np.int64], redact: Collection[str]
) -> None:
    """Rows as a small table."""
    names = [name for name in records.columns if name not in redact]
    cells = records.table.select(names).take(rows)
    columns = {name: [short(value) for value in cells[name].to_pylist()] for name in names}
    ids = {records.id_column or "row": [short(records.ids[int(row)]) for row in rows]}
    print_beside(console, {**ids, **columns})


def print_beside(console: Console, columns: Mapping[str, list[str]]) -> None:
    """Columns side by side: as many as fit the width, empty ones left out."""
    from rich.padding import Padding
    from rich.table import Table

    shown = _fitting(columns, console.width - INDENT)
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0))
    for name in shown:
        table.add_column(name, no_wrap=True, overflow="ellipsis", header_style="dim")
    for values in zip(*shown.values(), strict=True):
        table.add_row(*values)
    console.print(Padding(table, (0, 0, 0, INDENT), expand=False), soft_wrap=False)


def _fitting(columns: Mapping[str, list[str]], room: int) -> dict[str, list[str]]:
    """The first columns with something in them that fit side by side: two at least."""
    from rich.cells import cell_len

    shown: dict[str, list[str]] = {}
    for name, values in columns.items():
        if not any(values):
            continue
        title = short(name)
        room -= GAP + max(map(cell_len, (title, *values)))
        if room < 0 and len(shown) >= 2:
            break
        shown[title] = values
    return shown
