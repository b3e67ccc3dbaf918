"""Progress bars on stderr, where someone is there to see them."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import TaskID

__all__ = ["progress_bars"]


@contextmanager
def progress_bars(quiet: bool) -> Iterator[Callable[[str, float], None] | None]:
    """A callback that draws one bar for each stage, with the time that is left of it.

    Args:
        quiet: draw nothing.

    Yields:
        A function of the stage's name and the share done, 0 to 1; None when stderr is no
        terminal. The bars vanish at the end.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        # What is left of the stage; of one that is done, what it took.
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:

        def show(stage: str, done: float) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=1.0)
            bars.update(tasks[stage], completed=done)

        yield show
