"""What a command says on stderr beside its results: rows left out, scores that are approximate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simsearch.index.index import Index
    from simsearch.schema import SkippedRow

__all__ = ["note_of_alignment", "warn_of_skipped"]

SHOWN_SKIPPED = 10
OF_FILES = ("image", "signal")


def note_of_alignment(index: Index) -> None:
    """Say that scores are approximate, where vectors were aligned with another encoder."""
    alignment = index.vectors.settings.alignment
    if alignment is not None:
        from simsearch.report.indexes import told_of_alignment

        click.echo(f"Note: {told_of_alignment(alignment)}", err=True)


def warn_of_skipped(skipped: Sequence[SkippedRow], kind: str, source: str = "") -> None:
    """Name the items that could not be read.

    Args:
        skipped: all of them; the first ten are shown.
        kind: of the items.
        source: what they are of, where that is not plain.
    """
    from simsearch.report.cells import count, line

    if not skipped:
        return
    noun, where = ("item", "item") if kind in OF_FILES else ("row", "line")
    left_out = "is left out" if len(skipped) == 1 else "are left out"
    told = f"{count(len(skipped), noun)}{f' of {source}' if source else ''}"
    click.echo(f"Warning: {told} could not be read and {left_out}", err=True)
    for row in skipped[:SHOWN_SKIPPED]:
        click.echo(f"  {where} {row.row}: {line(row.reason, 300)}", err=True)
    if len(skipped) > SHOWN_SKIPPED:
        click.echo(f"  … and {len(skipped) - SHOWN_SKIPPED} more", err=True)
