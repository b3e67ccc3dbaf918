"""Single queries of many threads take turns, as many at a time as there are cores.

A query lets go of Python's interpreter lock a few times, for some microseconds each. Every time
a thread that waits for the lock is woken, and the one that let go must wait for it in turn: with
more threads than cores a third of the time went into that (`benchmarks/index_tried.py`). Those
that wait here are not woken by it. Batches hold the lock too seldom to need it.
"""

from __future__ import annotations

from functools import cache
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from simsearch.threads import cores

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["in_turn"]

Found = TypeVar("Found")

# Nobody waits longer, in seconds: a slow query holds up no quick one.
PATIENCE = 0.01


def in_turn(ask: Callable[[], Found]) -> Found:
    """What a query answers, when fewer than there are cores are being answered.

    Args:
        ask: answers it, in a millisecond or less if it is to make others wait.
    """
    places = _places()
    try:
        place = places.get(timeout=PATIENCE)
    except Empty:
        return ask()
    try:
        return ask()
    finally:
        places.put(place)


@cache
def _places() -> SimpleQueue[None]:
    """One for each core, taken while a query is answered."""
    places: SimpleQueue[None] = SimpleQueue()
    for _ in range(cores()):
        places.put(None)
    return places
