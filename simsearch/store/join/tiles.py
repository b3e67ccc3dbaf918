"""Which vectors are compared with which, a tile at a time: every pair at most once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simsearch.store.engines.engine import Mask, Rows, Vectors
    from simsearch.store.join.compare import Block, BlockComparison
    from simsearch.store.join.corpus import Corpus
    from simsearch.store.join.options import Sizes

__all__ = ["Owned", "Tile", "Work", "all_tiles", "close", "tiled"]

# Of pairs of vectors that meet in a tile, those that count there and in no other.
Owned = Callable[["Rows", "Rows"], "Mask"]


class Tile(NamedTuple):
    """A tile: every vector of the left with every one of the right."""

    left: Block
    right: Block
    owned: Owned


class Work(NamedTuple):
    """What every step of a join needs."""

    corpus: Corpus
    comparison: BlockComparison
    sizes: Sizes

    def block(self, numbers: Rows) -> Block:
        """Those vectors, ready to be compared."""
        return self.comparison.block(numbers, self.corpus.take(numbers))


def tiled(work: Work, left: Rows, right: Rows, owned: Owned) -> Iterator[Tile]:
    """All of the left with all of the right; each right one is read once a panel of left ones."""
    panel, rows, columns = work.sizes.panel, work.sizes.rows, work.sizes.columns
    for start in range(0, len(left), panel):
        held = left[start : start + panel]
        blocks = [work.block(held[at : at + rows]) for at in range(0, len(held), rows)]
        for at in range(0, len(right), columns):
            other = work.block(right[at : at + columns])
            yield from (Tile(block, other, owned) for block in blocks)


def all_tiles(work: Work) -> Iterator[Tile]:
    """Every vector with every later one."""
    import numpy as np

    count = len(work.corpus)
    for start in range(0, count, work.sizes.panel):
        left = np.arange(start, min(start + work.sizes.panel, count))
        for tile in tiled(work, left, np.arange(start, count), np.less):
            if tile.left.numbers[0] < tile.right.numbers[-1]:
                yield tile


def close(
    work: Work, tile: Tile, scores: Vectors, floors: Vectors
) -> Iterator[tuple[Rows, Rows, Vectors]]:
    """Pairs of a tile whose scores reach the floors, with their exact values.

    Args:
        work: what is joined.
        tile: of m and n vectors.
        scores: (m, n).
        floors: (m,).

    Yields:
        Numbers of the left and right vectors, and scores or distances of the metric.
    """
    import numpy as np

    near = scores >= floors[:, None]
    along = near.flags.c_contiguous  # scores seen from the right lie column by column
    flat = np.flatnonzero(near if along else near.T)
    for start in range(0, len(flat), work.sizes.pairs):
        i, j = np.divmod(flat[start : start + work.sizes.pairs], scores.shape[along])
        i, j = (i, j) if along else (j, i)
        mine = tile.owned(tile.left.numbers[i], tile.right.numbers[j])
        i, j = i[mine], j[mine]
        values = work.comparison.values(scores, tile.left, tile.right, (i, j))
        yield tile.left.numbers[i], tile.right.numbers[j], values
