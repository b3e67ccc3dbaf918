"""Progress of a run: losses, speed and validation figures, reported while it goes on."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simsearch.training.schedule import Schedule

__all__ = ["Log", "Progress", "Reporter"]

_TELL_EVERY = 0.5  # seconds


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress after a step or, with `validation`, after measuring the held-out items.

    Attributes:
        step: steps done.
        done: share of the run, 0 to 1.
        seconds: spent in steps.
        loss: mean since the last time.
        items_per_second: since the last time.
        seconds_left: until the end; None where it is unknown.
        validation: the figure; None at other times.
        parts: loss at each length of a Matryoshka embedding.
    """

    step: int
    done: float
    seconds: float
    loss: float
    items_per_second: float
    seconds_left: float | None
    validation: float | None = None
    parts: dict[int, float] = field(default_factory=dict)


class Log:
    """Keeps all progress, and passes it on to a listener.

    Args:
        tell: the listener; None for none.

    Attributes:
        entries: everything so far.
    """

    def __init__(self, tell: Callable[[Progress], None] | None) -> None:
        self.entries: list[Progress] = []
        self._tell = tell

    def __call__(self, progress: Progress) -> None:
        """Note some progress."""
        self.entries.append(progress)
        if self._tell is not None:
            self._tell(progress)


class Reporter:
    """Reports to a listener, a few times a second at most."""

    def __init__(self, tell: Callable[[Progress], None], schedule: Schedule) -> None:
        self._tell = tell
        self._schedule = schedule
        self._parts: Mapping[int, float] = {}
        self._losses: list[float] = []
        self._items = 0
        self._spent = schedule.spent
        self._told = time.monotonic()
        self._last = math.nan
        self._speed = 0.0

    def step(self, loss: float, items: int, parts: Mapping[int, float]) -> None:
        """A step was done: its loss, the items in it, the loss at each length of an embedding."""
        self._losses.append(loss)
        self._parts = parts
        self._items += items
        if time.monotonic() - self._told >= _TELL_EVERY:
            self._say(None)

    def validated(self, figure: float) -> None:
        """The validation figure was taken."""
        self._say(figure)

    def _say(self, validation: float | None) -> None:
        schedule = self._schedule
        spent = schedule.spent - self._spent
        if self._losses and spent > 0:
            self._last = sum(self._losses) / len(self._losses)
            self._speed = self._items / spent
        self._tell(
            Progress(
                step=schedule.step,
                done=schedule.done,
                seconds=schedule.spent,
                loss=self._last,
                items_per_second=self._speed,
                seconds_left=schedule.seconds_left,
                validation=validation,
                parts=dict(self._parts),
            )
        )
        self._losses, self._items, self._spent = [], 0, schedule.spent
        self._told = time.monotonic()
