"""Squares are found where they were moved to."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simsearch.duplicates.squares import SIDE, inked, looked_for, squares_of

REACH, WIDE = 3, 64


@given(st.integers(-REACH, REACH), st.integers(-REACH, REACH), st.integers(0, 2**16))
def test_moved_squares(down: int, across: int, seed: int) -> None:
    picture = np.random.default_rng(seed).normal(0, 50, (WIDE, WIDE)).astype(np.float32)
    moved = np.roll(picture, (down, across), (0, 1))
    found = looked_for(picture, moved, squares_of(WIDE, REACH), REACH)
    inside = found.alike > 0.999
    assert inside.all()
    assert (found.down == down).all()
    assert (found.across == across).all()


def test_squares_of_nothing_have_no_ink() -> None:
    picture = np.zeros((WIDE, WIDE), np.float32)
    picture[:SIDE, :SIDE] = np.random.default_rng(0).normal(0, 50, (SIDE, SIDE))
    squares = squares_of(WIDE, 0)
    shown = inked(picture, squares, 0.5)
    assert shown[0]
    assert not shown[(squares.down >= SIDE) | (squares.across >= SIDE)].any()
