"""Show the progress of training: a live table on a terminal, else a line a validation."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simsearch.training.progress import Progress

__all__ = ["Table", "training_table"]

_HEAD = ("step", "loss", "validation", "items/s", "time left")
# Rows of the live table, the latest; older ones scroll out of it.
_ROWS = 12


class Table(Protocol):
    """Where a run reports its progress."""

    def tell(self, progress: Progress) -> None:
        """After a step or a validation."""

    def say(self, stage: str) -> None:
        """A stage begins."""


@contextmanager
def training_table(quiet: bool) -> Iterator[Table]:
    """The table that suits where it is shown, on stderr."""
    if quiet:
        yield _Silence()
    elif not sys.stderr.isatty():
        yield _Lines()
    else:
        with _Live() as table:
            yield table


class _Silence:
    def tell(self, progress: Progress) -> None:
        """Show nothing."""

    def say(self, stage: str) -> None:
        """Show nothing."""


class _Lines:
    """A line a validation."""

    def __init__(self) -> None:
        self._begun = False

    def tell(self, progress: Progress) -> None:
        """Print a validation; steps between are left out."""
        if not self._begun:
            click.echo("{:>8} {:>9} {:>11} {:>9} {:>10}".format(*_HEAD), err=True)
            self._begun = True
        if progress.validation is not None:
            click.echo("{:>8} {:>9} {:>11} {:>9} {:>10}".format(*_cells(progress)), err=True)

    def say(self, stage: str) -> None:
        """Print the stage."""
        click.echo(f"{stage} …", err=True)


class _Live:
    """A table that grows by a row a validation, with the latest step below them."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.live import Live

        self._rows: list[Progress] = []
        self._now: Progress | None = None
        self._stage = ""
        # Four times a second: a table that flickers cannot be read.
        self._live = Live(console=Console(stderr=True), refresh_per_second=4)

    def __enter__(self) -> _Live:
        self._live.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._now = None
        self._live.update(self._drawn())
        self._live.__exit__(*error)

    def tell(self, progress: Progress) -> None:
        """Show a step, or keep a validation."""
        self._now = progress
        if progress.validation is not None:
            self._rows.append(progress)
        self._live.update(self._drawn())

    def say(self, stage: str) -> None:
        """Show the stage."""
        self._stage = stage
        self._live.update(self._drawn())

    def _drawn(self) -> Any:
        from rich.table import Table as Drawn

        drawn = Drawn(title=f"{self._stage} …", title_justify="left", box=None)
        if self._rows or self._now is not None:
            for name in _HEAD:
                drawn.add_column(name, justify="right")
        for each in self._rows[-_ROWS:]:
            drawn.add_row(*_cells(each))
        if self._now is not None and self._now.validation is None:
            drawn.add_row(*_cells(self._now), style="dim")
        return drawn


def _cells(progress: Progress) -> tuple[str, ...]:
    left = progress.seconds_left
    return (
        f"{progress.step:,}",
        f"{progress.loss:.4f}",
        "" if progress.validation is None else f"{progress.validation:.4f}",
        f"{progress.items_per_second:,.0f}",
        "" if left is None else f"{left:,.0f} s",
    )
