"""Search segments in parallel where one query leaves a core idle."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from simsearch.threads import threads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["each_segment"]

Part = TypeVar("Part")
Found = TypeVar("Found")

# From so many queries on, FAISS keeps every core busy within one segment.
MANY_QUERIES = 32


def each_segment(ask: Callable[[Part], Found], parts: Sequence[Part], queries: int) -> list[Found]:
    """What each part answers, in order.

    Args:
        ask: gives up the interpreter lock while it computes, as FAISS and NumPy do.
        parts: segments, with what belongs to them.
        queries: how many are asked at once.
    """
    if len(parts) < 2 or queries >= MANY_QUERIES or threads() < 2:
        return [ask(part) for part in parts]
    return list(_pool(threads()).map(ask, parts))


@cache
def _pool(workers: int) -> ThreadPoolExecutor:
    """Threads that wait for queries; each has one core to itself."""
    return ThreadPoolExecutor(workers, "simsearch-segment", initializer=_alone)


def _alone() -> None:
    import faiss

    faiss.omp_set_num_threads(1)  # of this thread
