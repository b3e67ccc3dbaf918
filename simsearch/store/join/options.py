"""How a join is to be done, checked once."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from operator import index
from typing import TYPE_CHECKING, SupportsFloat, SupportsIndex

from simsearch.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simsearch.distance import Metric
    from simsearch.store.join.part import Part

__all__ = [
    "JoinOptions",
    "Sizes",
    "check_k",
    "check_parts",
    "check_threshold",
    "given_options",
]

LEAST_MEMORY = 16 * 2**20
# So many pairs at once are enough to make the cost of a batch vanish beside that of its pairs.
MOST_PAIRS = 262_144
# The shape of a tile: large enough for a matrix product at full speed.
TILE_ROWS, TILE_CELLS = 1_024, 4_194_304
# A cell of a tile takes at most so many bytes: its score from both sides, whether it is close,
# and its number in the list of those that are.
CELL_BYTES = 17
# A pair takes so many bytes while it is compared and spread over duplicates.
PAIR_BYTES = 96


@dataclass(frozen=True, slots=True)
class JoinOptions:
    """How to join.

    Attributes:
        exact: True compares every row with every other; False only within cells, unless cells
            would not fit the memory; None compares all while that is quick or cells save little.
        recall: share of the pairs that cells are to find, above 0 and at most 1.
        memory: bytes to work in, at least 16 MiB. Beside them there are some 60 bytes a row.
        seed: of samples and cells.

    Raises:
        OptionError: a value is outside what is allowed.
    """

    exact: bool | None = None
    recall: float = 0.99
    memory: int = 512 * 2**20
    seed: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.recall, SupportsFloat) or not 0 < self.recall <= 1:
            raise OptionError(f"recall is {self.recall!r:.60}; give a number above 0, at most 1")
        if not isinstance(self.memory, SupportsIndex) or self.memory < LEAST_MEMORY:
            raise OptionError(
                f"a join needs at least {LEAST_MEMORY} bytes of memory, not {self.memory!r:.60}"
            )


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is held at once, so that the memory is kept.

    Attributes:
        panel: rows on the left that are held while all others pass by.
        rows: rows on the left of a tile.
        columns: rows on the right of a tile.
        pairs: pairs in a batch, and pairs compared at once.
    """

    panel: int
    rows: int
    columns: int
    pairs: int

    @classmethod
    def within(cls, memory: int, row_bytes: int) -> Sizes:
        """Sizes for so many bytes; a row takes `row_bytes`, with what is computed of it."""
        cells = min(TILE_CELLS, memory // 4 // CELL_BYTES)
        rows = min(TILE_ROWS, max(64, math.isqrt(cells // 4)))
        columns = max(64, min(cells // rows, memory // 8 // row_bytes))
        pairs = min(MOST_PAIRS, memory // 4 // (PAIR_BYTES + 2 * row_bytes))
        return cls(max(64, memory // 4 // row_bytes), rows, columns, max(256, pairs))


def check_parts(parts: Sequence[Part], metric: Metric) -> None:
    """Refuse parts that do not go together.

    Raises:
        OptionError: vectors are not those of the metric, differ in width, or a mask in length.
    """
    dtype = metric.storage(8)[0]
    widths = {part.vectors.shape[1:] for part in parts}
    if len(widths) > 1:
        shown = " and ".join(str(width) for width in sorted(widths))
        raise OptionError(f"parts to join have vectors of shapes {shown}; they must be the same")
    for number, part in enumerate(parts):
        if part.vectors.ndim != 2 or part.vectors.dtype != dtype:
            raise OptionError(
                f"part {number} holds {part.vectors.dtype} of {part.vectors.ndim} axes; "
                f"{metric} joins rows of {dtype}"
            )
        if part.alive is not None and part.alive.shape != (len(part.vectors),):
            raise OptionError(
                f"part {number} has {len(part.vectors)} rows and a mask of {part.alive.shape}"
            )
    spans = sorted(
        (part.start, part.start + len(part.vectors)) for part in parts if len(part.vectors)
    )
    for (_, end), (start, _) in itertools.pairwise(spans):
        if start < end:
            raise OptionError(f"two parts to join both hold position {start}")


def given_options(options: object) -> JoinOptions:
    """What was given; the defaults for None.

    Raises:
        OptionError: it is neither.
    """
    if options is None:
        return JoinOptions()
    if not isinstance(options, JoinOptions):
        raise OptionError(f"options of a join are JoinOptions(...), not a {type(options).__name__}")
    return options


def check_threshold(threshold: float) -> None:
    """Refuse what is no number.

    Raises:
        OptionError: the threshold is NaN or infinite.
    """
    if not isinstance(threshold, SupportsFloat) or not math.isfinite(threshold):
        raise OptionError(f"threshold is {threshold!r:.60}; give a finite number")


def check_k(k: int) -> None:
    """Refuse what is no number of neighbours.

    Raises:
        OptionError: k is no whole number of at least 1.
    """
    if isinstance(k, bool) or not isinstance(k, SupportsIndex) or index(k) < 1:
        raise OptionError(f"k is {k!r:.60}; ask for at least 1 neighbour, in whole numbers")
