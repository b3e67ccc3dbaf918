"""Parts: consecutive slices of long arrays, worked on in several threads.

Memory is then that of the parts in hand and not of the whole, and both cores have work: NumPy,
Arrow and rapidfuzz let other threads run while they compute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from simsearch.threads import threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Made = TypeVar("Made")

__all__ = ["in_parts", "parts_of"]


def parts_of(length: int, size: int) -> list[slice]:
    """Consecutive slices of at most `size` that cover `length`; one empty one of nothing.

    Args:
        length: of what is divided, 0 or more.
        size: of a part, 1 or more.
    """
    return [slice(at, min(at + size, length)) for at in range(0, max(length, 1), size)]


def in_parts(
    work: Callable[[slice], Made],
    length: int,
    size: int,
    report: Callable[[float], None] | None = None,
) -> Iterator[Made]:
    """What `work` makes of each part, in the order of the parts.

    At most as many parts are in hand as there are threads, and one that waits to be taken.

    Args:
        work: called with a slice, in another thread where there are several parts; it may write
            to its own part of an array.
        length: of what is divided.
        size: of a part.
        report: told the share that is done, 0 to 1.
    """
    from collections import deque
    from concurrent.futures import ThreadPoolExecutor

    parts, workers = parts_of(length, size), threads()
    if len(parts) == 1 or workers == 1:
        for done, part in enumerate(parts, 1):
            yield work(part)
            if report is not None:
                report(done / len(parts))
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting = deque(pool.submit(work, part) for part in parts[: workers + 1])
        try:
            for done in range(1, len(parts) + 1):
                yield waiting.popleft().result()
                if done + workers < len(parts):
                    waiting.append(pool.submit(work, parts[done + workers]))
                if report is not None:
                    report(done / len(parts))
        finally:
            pool.shutdown(cancel_futures=True)
