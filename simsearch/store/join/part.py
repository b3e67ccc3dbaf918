"""Input and output of a join: parts of an index, and batches of pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simsearch.store.engines.engine import Mask, Rows, Vectors

__all__ = ["Pairs", "Part"]


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of an index.

    Attributes:
        vectors: (n, width), prepared by the metric; may be a memory map.
        alive: (n,) bool, the rows to join; None for all.
        start: position of the first row in the index.
    """

    vectors: Vectors
    alive: Mask | None = None
    start: int = 0


@dataclass(frozen=True, slots=True)
class Pairs:
    """A batch of pairs.

    Attributes:
        left: (pairs,) int64, positions in the index.
        right: (pairs,) int64, each greater than its left.
        values: (pairs,) float32, scores or distances of the metric.
    """

    left: Rows
    right: Rows
    values: Vectors

    def __len__(self) -> int:
        return len(self.left)
