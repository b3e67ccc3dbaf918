"""Pairs as they are found, in batches, and what is known of the join."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.store.join.part import Pairs
from simsearch.threads import apply_threads

if TYPE_CHECKING:
    from simsearch.store.engines.engine import Rows, Vectors

    Found = tuple[Rows, Rows, Vectors]

__all__ = ["JoinReport", "PairStream", "in_batches"]


@dataclass(frozen=True, slots=True)
class JoinReport:
    """How a join is done and what it finds.

    Attributes:
        rows: rows alive.
        distinct: different vectors among them; duplicates are compared once.
        exact: whether every vector is compared with every other.
        recall: share of the pairs that is found: 1 when exact or when the cells that a row
            visits hold every row that can be so close; else as measured on a sample of rows
            against exact search. Pairs of duplicates are always found and not counted.
        sampled: pairs that the measurement rests on; 0 where there was none.
        cells: how many; 0 when exact.
        visits: how many cells a vector meets on average, its own included; 0 when exact.
    """

    rows: int
    distinct: int
    exact: bool
    recall: float = 1.0
    sampled: int = 0
    cells: int = 0
    visits: float = 0.0


class PairStream(Iterator[Pairs]):
    """Pairs of a join, a batch at a time, in no particular order; can be read once.

    Args:
        report: what is known of the join, before its first batch.
        batches: computes each when it is asked for.
    """

    def __init__(self, report: JoinReport, batches: Iterator[Pairs]) -> None:
        self.report = report
        self._batches = batches

    def __next__(self) -> Pairs:
        apply_threads()  # whichever thread of the caller's reads on
        return next(self._batches)


def in_batches(found: Iterator[Found], size: int) -> Iterator[Pairs]:
    """Pairs gathered into batches of at most `size`, none empty.

    Args:
        found: (left, right, values), at most `size` pairs each; left and right may be swapped.
        size: pairs.
    """
    held: list[Found] = []
    count = 0
    for some in found:
        if held and count + len(some[0]) > size:
            yield _batch(held)
            held, count = [], 0
        if len(some[0]):
            held.append(some)
            count += len(some[0])
    if held:
        yield _batch(held)


def _batch(held: list[Found]) -> Pairs:
    import numpy as np

    one, other, values = (np.concatenate(column) for column in zip(*held, strict=True))
    return Pairs(np.minimum(one, other), np.maximum(one, other), values)
