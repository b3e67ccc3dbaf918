"""What a run found, printed for a person: plain text that a terminal may colour."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from math import isnan
from typing import TYPE_CHECKING, Any

from simsearch.duplicates.linked_items import ItemLinkage
from simsearch.kinds import kind_named
from simsearch.report.look_alikes import agreement, foremost, how_read, telling_columns
from simsearch.report.redact import text_column

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
    from rich.console import Console

    from simsearch.records.deduplication import Deduplication
    from simsearch.records.linkage import Linkage
    from simsearch.records.look_alikes import LookAlikes
    from simsearch.records.stages import Statistics
    from simsearch.report.sql_table import SqlTable
    from simsearch.schema import Records, SkippedRow

__all__ = ["Run", "print_deduplication", "print_linkage"]

SHOWN_GROUPS = 5
SHOWN_ROWS = 4
SHOWN_PAIRS = 5
SHOWN_SKIPPED = 10
# Characters of a cell that are worth a look; a cell may hold megabytes.
CELL_WIDTH = 40
# The same for a line of text: a reason, a list of columns.
LINE_WIDTH = 300
# Spaces before a table, and between its columns.
INDENT = 4
GAP = 2


@dataclass(frozen=True, slots=True)
class Run:
    """What the command line knows about a run beside its result.

    Attributes:
        seconds: wall time from the command's start to the last file written.
        saved: what was written -> where; None where the user asked for none.
        quiet: warnings alone, unless nothing was written.
        to_stderr: standard output carries a result.
        redact: columns whose values are not to be told.
    """

    seconds: float
    saved: Mapping[str, Path | SqlTable | None] = field(default_factory=dict)
    quiet: bool = False
    to_stderr: bool = False
    redact: Collection[str] = ()

    @property
    def files(self) -> dict[str, Path | SqlTable]:
        """What was written, without what was not asked for."""
        return {what: path for what, path in self.saved.items() if path is not None}


def print_deduplication(found: Deduplication, run: Run) -> None:
    """Print what `dedupe` found: counts, the largest groups, what was skipped, what next."""
    _print_warnings(found.statistics.warnings)
    if run.quiet and run.files:
        _warn_of_skipped(len(found.records.skipped))
        return
    console = _console(run.to_stderr)
    _print_counts(console, found)
    _print_left_out(console, found.statistics)
    _print_look_alikes(console, found.look_alikes, _Pairs(found.records, found.records), run.redact)
    _print_groups(console, found, run.redact)
    _print_notes(console, found.records)
    kind = kind_named(found.kind)
    _print_skipped(console, found.records.skipped, item="" if kind.takes_table else kind.noun)
    _print_cost(console, found.statistics, run)
    _print_files(console, run)
    if not run.files:
        console.print("Nothing was saved. To save the result, add: -o deduped.csv")
    elif "the pairs and their evidence" not in run.files:
        console.print("Next: add --pairs pairs.csv to see why rows were grouped.")


def print_linkage(found: Linkage | ItemLinkage, run: Run, saving: str) -> None:
    """Print what `link` found: counts, the least certain pairs, what was skipped.

    Args:
        found: the pairs.
        run: of the command.
        saving: the option that saves them, with an example.
    """
    _print_warnings(found.statistics.warnings)
    if run.quiet and run.files:
        _warn_of_skipped(sum(len(records.skipped) for records in found.sources))
        return
    console = _console(run.to_stderr)
    if isinstance(found, ItemLinkage):
        _print_linked_items(console, found, run.redact)
    else:
        _print_linked_rows(console, found, run)
    for records in found.sources:
        _print_notes(console, records)
        item = kind_named(found.kind) if isinstance(found, ItemLinkage) else None
        noun = item.noun if item is not None and not item.takes_table else ""
        _print_skipped(console, records.skipped, records.name, noun)
    _print_cost(console, found.statistics, run)
    _print_files(console, run)
    if not run.files:
        console.print(f"Nothing was saved. To save the pairs, add: {saving}")


def _console(to_stderr: bool) -> Console:
    """Plain printing: a cell is never taken for markup, and long lines are left to the terminal."""
    from rich.console import Console

    return Console(stderr=to_stderr, markup=False, highlight=False, emoji=False, soft_wrap=True)


def _print_warnings(warnings: Sequence[str]) -> None:
    for warning in warnings:
        print(f"Warning: {warning}", file=sys.stderr)


def _warn_of_skipped(count: int) -> None:
    """Rows that are lost are never passed over in silence."""
    if count:
        verb = "is" if count == 1 else "are"
        text = f"{_count(count, 'row')} could not be read and {verb} left out"
        _print_warnings([f"{text}; without --quiet they are listed"])


def _print_counts(console: Console, found: Deduplication) -> None:
    rows, noun = len(found.records), kind_named(found.kind).noun
    duplicated = found.surplus_rows + found.group_count
    console.print(f"{found.records.name}: {_count(rows, noun)}")
    if not found.group_count:
        apart = sum(kind.pairs for kind in found.look_alikes)
        alike = f"{_count(apart, 'pair')} of look-alikes kept apart, nothing taken for the same"
        console.print(f"  {alike if apart else 'no duplicates found'}")
    else:
        groups = _count(found.group_count, "duplicate group")
        surplus = f"{_count(found.surplus_rows, noun)} surplus ({found.surplus_rows / rows:.1%})"
        console.print(f"  {groups}, {_count(duplicated, noun)} in them; {surplus}")
    console.print(f"  {found.how}")
    if found.estimates_recall:
        _print_lost(console, found.statistics)


def _print_lost(console: Console, statistics: Statistics) -> None:
    console.print(f"  true pairs never compared: {statistics.recall_lost:.1%} at least (estimate)")
    for told in statistics.told:
        console.print(f"  {told}")


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Where the rows of pairs are.

    Attributes:
        left: the table of the left rows.
        right: the table of the right rows.
        theirs: names of its columns, by those of the left one; the same where none is said.
    """

    left: Records
    right: Records
    theirs: Mapping[str, str] = field(default_factory=dict)

    def cells(self, ids: tuple[str, str], names: Sequence[str]) -> dict[str, list[str]]:
        """Two rows, by column."""
        left, right = _row_of(self.left, ids[0]), _row_of(self.right, ids[1])
        return {
            name: [_cell(left[name]), _cell(right[self.theirs.get(name, name)])] for name in names
        }


def _print_look_alikes(
    console: Console, kinds: Sequence[LookAlikes], pairs: _Pairs, redact: Collection[str]
) -> None:
    """The largest kinds of look-alikes, with an example each."""
    shown = foremost(kinds)
    if shown:
        console.print("\nLook-alikes", style="bold")
    for kind in shown:
        console.print(f"\n  {agreement(kind)}:")
        console.print(f"    {how_read(kind)}")
        told = [
            name
            for name in telling_columns(kind)
            if name not in redact and pairs.theirs.get(name) not in redact
        ]
        ids = {pairs.left.id_column or "row": [_cell(each) for each in kind.example]}
        _print_columns(console, {**ids, **pairs.cells(kind.example, told)})
    if len(shown) < len(kinds):
        console.print(f"\n  … and {_count(len(kinds) - len(shown), 'more kind')}")


def _row_of(records: Records, identifier: str) -> dict[str, Any]:
    """The cells of a row, by column."""
    import pyarrow.compute as pc

    row = pc.index(records.ids, identifier).as_py()
    cells: dict[str, Any] = records.table.slice(row, 1).to_pylist()[0]
    return cells


def _print_groups(console: Console, found: Deduplication, redact: Collection[str]) -> None:
    """The largest groups, a few rows of each."""
    groups = _largest(found.group, SHOWN_GROUPS)
    if groups:
        name = "The largest group" if len(groups) == 1 else f"The {len(groups)} largest groups"
        console.print(f"\n{name}", style="bold")
    for rows in groups:
        confidence = float(found.confidence[rows[0]])
        number = int(found.group[rows[0]])
        # Without a calibration nobody knows how sure a group is.
        sure = "" if isnan(confidence) else f", confidence {confidence:.2f}"
        console.print(f"\n  group {number}: {len(rows)} rows{sure}")
        _print_rows(console, found.records, rows[:SHOWN_ROWS], redact)
        if len(rows) > SHOWN_ROWS:
            console.print(f"    … and {len(rows) - SHOWN_ROWS} more")
        worst = found.worst_pair(number)
        if worst is not None and "id" not in redact:
            left, right, probability = worst
            console.print(f"    worst pair: {_cell(left)} and {_cell(right)}, {probability:.2f}")


def _largest(group: npt.NDArray[np.int64], count: int) -> list[npt.NDArray[np.int64]]:
    """Row positions of the largest groups of two or more, largest first, then first seen."""
    import numpy as np

    sizes = np.bincount(group)
    order = np.argsort(-sizes, kind="stable")[:count]
    return [np.flatnonzero(group == number) for number in order if sizes[number] > 1]


def _print_rows(
    console: Console, records: Records, rows: npt.NDArray[np.int64], redact: Collection[str]
) -> None:
    """Rows as a small table."""
    names = [name for name in records.columns if name not in redact]
    cells = records.table.select(names).take(rows)
    columns = {name: [_cell(value) for value in cells[name].to_pylist()] for name in names}
    ids = {records.id_column or "row": [_cell(records.ids[int(row)]) for row in rows]}
    _print_columns(console, {**ids, **columns})


def _print_columns(console: Console, columns: Mapping[str, list[str]]) -> None:
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
        title = _cell(name)
        room -= GAP + max(map(cell_len, (title, *values)))
        if room < 0 and len(shown) >= 2:
            break
        shown[title] = values
    return shown


def _cell(value: Any, width: int = CELL_WIDTH) -> str:
    """A value on one line; what could steer the terminal is left out."""
    text = "" if value is None else str(value)
    shown = "".join(char if char.isprintable() else " " for char in text[: width + 1])
    return shown if len(shown) <= width else f"{shown[: width - 1]}…"


def _print_linked_rows(console: Console, found: Linkage, run: Run) -> None:
    _print_linkage_counts(console, found)
    _print_left_out(console, found.statistics)
    sides = _Pairs(found.left, found.right, dict(found.column_pairs))
    _print_look_alikes(console, found.look_alikes, sides, run.redact)
    _print_least_certain(console, found, run.redact)


def _print_linked_items(console: Console, found: ItemLinkage, redact: Collection[str]) -> None:
    """Counts, and the least certain pairs: which items they are, and what differs."""
    import numpy as np

    noun = kind_named(found.kind).noun
    for name, size, rows in zip(found.names, found.sizes, found.rows, strict=True):
        linked = len(np.unique(rows))
        share = f", {linked:,} of them ({linked / size:.1%}) in a pair" if size else ""
        console.print(f"{name}: {_count(size, noun)}{share}")
    console.print(f"  {_count(found.pairs.num_rows, 'pair')} found")
    console.print(f"  {found.how}")
    last = found.pairs.slice(max(0, found.pairs.num_rows - SHOWN_PAIRS)).to_pylist()
    if last:
        console.print("\nThe least certain pairs", style="bold")
    hidden = text_column(found) in redact
    for pair in last:
        differs = f"; {pair['differs']}" if pair["differs"] and not hidden else ""
        console.print(f"\n  {_sureness(pair)}, {pair['tier']}{differs}")
        for identifier, text in zip(*found.told(pair), strict=True):
            shown = "" if hidden else _cell(text, LINE_WIDTH)
            console.print(f"    {_cell(identifier)}  {shown}".rstrip())


def _sureness(pair: Mapping[str, Any]) -> str:
    """The probability of a pair, or its score where none is known."""
    if pair["probability"] is None:
        return f"score {pair['score']:.3f}"
    return f"probability {pair['probability']:.2f}"


def _print_linkage_counts(console: Console, found: Linkage) -> None:
    left, right = found.left, found.right
    console.print(f"{left.name}: {_count(len(left), 'row')}")
    console.print(f"{right.name}: {_count(len(right), 'row')}")
    columns = ", ".join(a if a == b else f"{a} = {b}" for a, b in found.column_pairs)
    console.print(f"  compared: {_cell(columns, LINE_WIDTH)}")
    rule = "each row at most once" if found.one_to_one else "a row may have several partners"
    console.print(f"  {_count(found.pairs.num_rows, 'pair')} found, {rule}")
    console.print(f"  {found.statistics.compared}")
    _print_lost(console, found.statistics)


def _print_least_certain(console: Console, found: Linkage, redact: Collection[str]) -> None:
    """The pairs nearest to the threshold: where a second look pays."""
    last = found.pairs.slice(max(0, found.pairs.num_rows - SHOWN_PAIRS))
    if not last.num_rows:
        return
    console.print("\nThe least certain pairs", style="bold")
    for pair in last.to_pylist():
        console.print(f"\n  probability {pair['probability']:.2f}")
        for records, identifier in ((found.left, pair["left_id"]), (found.right, pair["right_id"])):
            _print_one(console, records, identifier, redact)


def _print_one(
    console: Console, records: Records, identifier: str, redact: Collection[str]
) -> None:
    row = _row_of(records, identifier)
    cells = [row[name] for name in records.columns if name not in redact]
    text = " | ".join(_cell(value) for value in cells if value not in (None, ""))
    console.print(
        f"    {_cell(identifier)}  {text}", no_wrap=True, overflow="ellipsis", soft_wrap=False
    )


def _print_left_out(console: Console, statistics: Statistics) -> None:
    """Columns that were not compared, and why."""
    for column in statistics.left_out:
        text = f"not compared: {column.name}, {column.because}"
        console.print(f"  {_cell(text, LINE_WIDTH)}")


def _print_notes(console: Console, records: Records) -> None:
    """What was done to read a source, which its owner should know."""
    if records.notes:
        console.print(f"\nReading {records.name}", style="bold")
    for note in records.notes[:SHOWN_SKIPPED]:
        console.print(f"  {_cell(note, LINE_WIDTH)}")
    if len(records.notes) > SHOWN_SKIPPED:
        console.print(f"  … and {len(records.notes) - SHOWN_SKIPPED} more")


def _print_skipped(
    console: Console, skipped: Sequence[SkippedRow], name: str = "", item: str = ""
) -> None:
    """What could not be read.

    Args:
        console: where to.
        skipped: rows, or items that are a file each.
        name: of the source, where there are two.
        item: what one is called that is a file; empty for rows of a table.
    """
    if not skipped:
        return
    where = f" of {name}" if name else ""
    title = f"Skipped: {_count(len(skipped), item or 'row')}{where} that could not be read"
    console.print(f"\n{title}; no result holds them", style="bold")
    for row in skipped[:SHOWN_SKIPPED]:
        line = "" if item else f"line {row.row}: "
        console.print(f"  {line}{_cell(row.reason, LINE_WIDTH)}")
    if len(skipped) > SHOWN_SKIPPED:
        console.print(f"  … and {len(skipped) - SHOWN_SKIPPED} more")


def _print_cost(console: Console, statistics: Statistics, run: Run) -> None:
    memory = statistics.peak_memory_bytes / 2**20
    console.print(f"\nTook {run.seconds:.1f} s and {memory:,.0f} MiB of memory at its peak")


def _print_files(console: Console, run: Run) -> None:
    for what, path in run.files.items():
        where = "to standard output" if str(path) == "-" else str(path)
        console.print(f"Wrote {where}: {what}")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
