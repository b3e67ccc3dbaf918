"""Stages: what a run is doing, how long each part took, and how much memory it needed."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Stages", "peak_memory"]


class Stages:
    """Times the stages of a run and tells a progress callback.

    Args:
        progress: called with a stage's name and the share of it done, 0.0 to 1.0.
    """

    def __init__(self, progress: Callable[[str, float], None] | None = None) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress
        self._stage = ""
        self._started = 0.0

    def start(self, stage: str) -> None:
        """End the stage before and start this one."""
        self.finish()
        self._stage, self._started = stage, perf_counter()
        if self._progress is not None:
            self._progress(stage, 0.0)

    def finish(self) -> None:
        """End the last stage."""
        if not self._stage:
            return
        self.seconds[self._stage] = (
            self.seconds.get(self._stage, 0.0) + perf_counter() - self._started
        )
        if self._progress is not None:
            self._progress(self._stage, 1.0)
        self._stage = ""


def peak_memory() -> int:
    """The most memory this process has had resident, in bytes; 0 where nobody can say."""
    try:
        import resource
    except ImportError:  # not a POSIX system
        return 0
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak if sys.platform == "darwin" else peak * 1024)
