"""Which row is of which thing: no row twice, pairs, groups of ten, hundreds; one table or two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from simsearch.training.pair_model.tables.world import Mask, Rows

__all__ = ["FORMS", "GROUPS", "Shape", "one_table", "two_tables"]

GROUPS = ("pairs", "few", "tens", "large", "one")
# How the rows of a second table go with those of the first.
FORMS = (
    "one_to_one", "many_to_one", "no_partner", "one_much_larger", "overlap_5", "overlap_20",
    "repeated_in_both",
)  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """Rows before they are written.

    Attributes:
        entity: (n,) number of the thing a row is of, from 0 without gaps.
        right: (n,) whether it stands in the second table.
        again: (n,) whether the thing has a row before this one.
    """

    entity: Rows
    right: Mask
    again: Mask

    @property
    def things(self) -> int:
        """How many different ones."""
        return int(self.entity.max(initial=-1)) + 1

    def below(self, things: int) -> Shape:
        """Without the rows of the last things, where fewer can be made than were wanted."""
        kept = self.entity < things
        return Shape(self.entity[kept], self.right[kept], self.again[kept])


def one_table(rows: int, groups: str | None, share: float, rng: np.random.Generator) -> Shape:
    """Rows of one table.

    Args:
        rows: how many, about.
        groups: one of GROUPS; None: no thing twice.
        share: of the things that repeat; groups of ten and more are of a quarter at least.
        rng: the chance.
    """
    if groups is None:
        sizes = np.ones(rows, dtype=np.int64)
    elif groups == "one":
        # All rows but a few are of a single thing.
        sizes = np.append(np.ones(max(1, rows // 50), dtype=np.int64), max(2, rows - rows // 50))
    else:
        sizes = _sizes(rows, groups, share, rng)
    entity = np.repeat(np.arange(len(sizes)), sizes)
    return Shape(entity, np.zeros(len(entity), dtype=np.bool_), _again(entity))


def _sizes(rows: int, groups: str, share: float, rng: np.random.Generator) -> Rows:
    """Rows of each thing until there are enough."""
    made = {
        "pairs": 2 + (rng.random(rows) < 0.08),
        "few": 1 + np.minimum(rng.geometric(0.55, rows), 6),
        "tens": np.maximum(2, rng.poisson(10, rows)),
        "large": rng.integers(20, max(21, rows // 4), rows),
    }[groups]
    if groups in ("tens", "large"):
        share = max(share, 0.25)
    sizes = np.where(rng.random(rows) < share, made, 1)
    enough = int(np.searchsorted(np.cumsum(sizes), rows)) + 1
    sizes = sizes[:enough]
    if sizes.max(initial=1) == 1:  # a table that shall have duplicates has one at least
        sizes[-1] = 2
    return np.asarray(sizes, dtype=np.int64)


def two_tables(rows: int, form: str, rng: np.random.Generator) -> Shape:
    """Rows of two tables together.

    Args:
        rows: how many in both, about.
        form: one of FORMS.
        rng: the chance.
    """
    half = max(2, rows // 2)
    left = np.arange(half)
    if form == "no_partner":
        right = np.arange(half, 2 * half)
    elif form == "one_much_larger":
        left = np.arange(max(2, rows // int(rng.integers(20, 100))))
        right = np.arange(int(len(left) * rng.uniform(0.2, 0.7)), rows)
    elif form == "many_to_one":
        things = max(1, half // 2)
        right = np.concatenate([rng.integers(0, things, half), np.arange(half, half + half // 4)])
    elif form == "repeated_in_both":
        left = np.sort(rng.integers(0, half, half))
        right = np.sort(rng.integers(half // 2, half + half // 2, half))
    else:
        share = {"overlap_5": 0.05, "overlap_20": 0.2}.get(form) or rng.uniform(0.35, 1.0)
        start = half - max(1, int(share * half))
        right = np.arange(start, start + half)
    entity = np.concatenate([left, right])
    _, entity = np.unique(entity, return_inverse=True)
    side = np.arange(len(entity)) >= len(left)
    return Shape(entity.astype(np.int64), side, _again(entity))


def _again(entity: Rows) -> Mask:
    """Rows whose thing stood before."""
    out = np.ones(len(entity), dtype=np.bool_)
    out[np.unique(entity, return_index=True)[1]] = False
    return out
