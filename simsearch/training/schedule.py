"""How long a run is, and what the learning rate is at each moment of it."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass

from simsearch.errors import OptionError

__all__ = ["Schedule", "parse_budget"]

# Share of the run in which the rate rises to its full value.
WARM_UP = 0.1
_UNITS = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}


@dataclass
class Schedule:
    """A run of fixed steps, or of a time budget.

    The learning rate rises in a line and then falls as half a cosine (I. Loshchilov, F. Hutter,
    SGDR, ICLR 2017), to nothing at the end of the run, however the end is given.

    Attributes:
        steps: in all; None when a budget says.
        budget: seconds of training, without validation; None when steps say.
        spent: seconds of training so far.
        step: steps done so far.
    """

    steps: int | None
    budget: float | None
    spent: float = 0.0
    step: int = 0

    def __post_init__(self) -> None:
        if (self.steps is None) == (self.budget is None):
            raise OptionError("a run is of so many steps, or of a time budget: give one of them")
        if (self.steps or self.budget or 0) <= 0:
            raise OptionError("a run takes at least one step, or more than no time")

    @property
    def done(self) -> float:
        """Share of the run that is behind us, 0 to 1."""
        if self.steps is not None:
            return min(1.0, self.step / self.steps)
        return min(1.0, self.spent / (self.budget or 1.0))

    @property
    def finished(self) -> bool:
        """Whether the run is over."""
        return self.done >= 1.0

    @property
    def rate(self) -> float:
        """Factor of the learning rate at this step, 0 to 1."""
        done = self.done
        if done < WARM_UP:
            # The first step must move too.
            return max(done, 0.01) / WARM_UP
        return 0.5 * (1.0 + math.cos(math.pi * (done - WARM_UP) / (1.0 - WARM_UP)))

    def count(self, began: float) -> None:
        """One step more, which began at that `time.perf_counter()`."""
        self.step += 1
        self.spent += time.perf_counter() - began

    @property
    def seconds_left(self) -> float | None:
        """Until the end, as far as it is known."""
        if self.budget is not None:
            return max(0.0, self.budget - self.spent)
        if not self.step or self.steps is None:
            return None
        return self.spent / self.step * (self.steps - self.step)


def parse_budget(text: str) -> float:
    """Seconds, from `90`, `90s`, `5m` or `1h`.

    Raises:
        OptionError: it is none of these, or nothing.
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(s|m|min|h)?\s*", text)
    seconds = float(found[1]) * _UNITS[found[2] or "s"] if found else 0.0
    if seconds <= 0:
        raise OptionError(f"a time budget is written as 90s, 5m or 1h, not {text!r}")
    return seconds
