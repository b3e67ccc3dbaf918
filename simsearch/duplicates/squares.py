"""Squares of one picture looked for on another: which are there, and how far off they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.int64]

__all__ = ["SIDE", "Placed", "Squares", "inked", "looked_for", "squares_of"]

# Points of a side.
SIDE = 16
# Squares are laid out so many points apart.
_STEP = 8


class Squares(NamedTuple):
    """Where squares begin: (n,) rows and columns of their first points."""

    down: Rows
    across: Rows

    def only(self, which: Bools) -> Squares:
        """Some of them."""
        return Squares(self.down[which], self.across[which])


class Placed(NamedTuple):
    """Where squares lie best on another picture.

    Attributes:
        alike: (n,) the correlation there.
        down, across: (n,) how far off, in points.
    """

    alike: Floats
    down: Rows
    across: Rows


def squares_of(side: int, reach: int) -> Squares:
    """Squares of a picture of a side that stay within it when they are moved by a reach."""
    down, across = np.meshgrid(*[np.arange(reach, side - SIDE - reach, _STEP)] * 2, indexing="ij")
    return Squares(down.ravel(), across.ravel())


def inked(picture: Floats, squares: Squares, share: float) -> Bools:
    """(n,) which squares vary by a share of how much the picture, (side, side), does."""
    spread = _spreads(picture)[squares] / SIDE
    return np.asarray(spread >= share * max(float(picture.std()), 1.0))


def looked_for(one: Floats, other: Floats, squares: Squares, reach: int) -> Placed:
    """Where squares of one picture lie best on another, no farther off than a reach.

    Args:
        one, other: (side, side).
        squares: of the first.
        reach: in points.
    """
    ours = sliding_window_view(one, (SIDE, SIDE))[squares].reshape(-1, SIDE * SIDE)
    ours = ours - ours.mean(axis=1, keepdims=True)
    ours /= np.maximum(np.linalg.norm(ours, axis=1, keepdims=True), 1e-6)
    windows, spreads = sliding_window_view(other, (SIDE, SIDE)), _spreads(other)
    alike = np.full(len(ours), -1.0, np.float32)
    off = np.zeros((2, len(ours)), np.int64)
    steps = sorted(range(-reach, reach + 1), key=abs)
    for down in steps:
        for across in steps:
            place = squares.down + down, squares.across + across
            theirs = windows[place].reshape(-1, SIDE * SIDE)
            both = np.einsum("ij,ij->i", ours, theirs) / spreads[place]
            better = both > alike
            alike[better], off[0, better], off[1, better] = both[better], down, across
    return Placed(alike, off[0], off[1])


def _spreads(picture: Floats) -> Floats:
    """Of the square that begins at each point: the root of its sum of squares about its mean."""
    middle = picture - picture.mean(dtype=np.float64)  # so that little is lost by the difference
    totals = [_totals(each) for each in (middle, middle * middle)]
    return np.sqrt(np.maximum(totals[1] - totals[0] ** 2 / SIDE**2, 1e-3)).astype(np.float32)


def _totals(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The sum over the square that begins at each point, by sums from the first on."""
    sums = np.pad(values.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    return np.asarray(
        sums[SIDE:, SIDE:] - sums[:-SIDE, SIDE:] - sums[SIDE:, :-SIDE] + sums[:-SIDE, :-SIDE]
    )
