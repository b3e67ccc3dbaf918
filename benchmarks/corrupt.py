"""Corruption of text columns, whole columns at a time: typos and missing values.

A column is a NumPy array of `U` (fixed-width text); an edit is a gather on its matrix of
code points, so 200,000 values cost milliseconds and every row has its own edit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Text = npt.NDArray[np.str_]

__all__ = ["blank", "chosen", "typo", "typos"]

LETTERS = np.array([ord(letter) for letter in "etaoinshrdlucmfwypvbgkjqxz"], dtype=np.uint32)
DIGITS = np.arange(ord("0"), ord("9") + 1, dtype=np.uint32)


def chosen(rows: int, share: float, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """A mask (rows,) that is true with probability `share`."""
    return rng.random(rows) < share


def blank(column: Text, share: float, rng: np.random.Generator) -> Text:
    """The column with that share of its values made empty."""
    return np.where(chosen(len(column), share, rng), "", column)


def typo(column: Text, rng: np.random.Generator) -> Text:
    """The column with one random edit in each non-empty value.

    The edit is an insertion, a deletion, a substitution or a swap of neighbours, equally
    likely (the four of F. Damerau, CACM 7(3), 1964). A digit is replaced by a digit, a letter
    by a letter.
    """
    if len(column) == 0:
        return column
    width = column.dtype.itemsize // 4 + 1
    codes = column.astype(f"<U{width}").view("<u4").reshape(len(column), width)
    lengths = np.count_nonzero(codes, axis=1)
    at = (rng.random(len(column)) * np.maximum(lengths, 1)).astype(np.int64)[:, None]
    kind = rng.integers(0, 4, len(column))[:, None]
    kind[lengths < 2] = 2  # a value of one character is only ever substituted
    where = np.broadcast_to(np.arange(width), codes.shape)
    source = _source(where, at, kind, lengths)
    edited = np.take_along_axis(codes, np.clip(source, 0, width - 1), axis=1)
    fresh = ((kind == 0) | (kind == 2)) & (where == at)
    edited = np.where(fresh, _replacement(codes, at, rng), edited)
    edited[lengths == 0] = 0
    return np.ascontiguousarray(edited.astype("<u4")).view(f"<U{width}").ravel()


def _source(
    where: npt.NDArray[np.int64],
    at: npt.NDArray[np.int64],
    kind: npt.NDArray[np.int64],
    lengths: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """For each place of the edited text, the place of the old text it comes from."""
    at_swap = np.minimum(at, lengths[:, None] - 2)
    swapped = where + (where == at_swap).astype(np.int64) - (where == at_swap + 1)
    inserted = where - (where > at)
    deleted = where + (where >= at)
    return np.select([kind == 0, kind == 1, kind == 3], [inserted, deleted, swapped], where)


def _replacement(
    codes: npt.NDArray[np.uint32], at: npt.NDArray[np.int64], rng: np.random.Generator
) -> npt.NDArray[np.uint32]:
    """A random character (n, 1) of the same sort as the one at `at`."""
    old = np.take_along_axis(codes, at, axis=1)
    is_digit = (old >= DIGITS[0]) & (old <= DIGITS[-1])
    letter = rng.choice(LETTERS, (len(codes), 1))
    return np.where(is_digit, rng.choice(DIGITS, (len(codes), 1)), letter)


def typos(column: Text, share: float, rng: np.random.Generator, *, more: float = 0.25) -> Text:
    """The column with a typo in that share of its values, and in `more` of those a second one."""
    hit = chosen(len(column), share, rng)
    out = column.astype(f"<U{column.dtype.itemsize // 4 + 2}")
    out[hit] = typo(column[hit], rng)
    again = hit & chosen(len(column), more, rng)
    out[again] = typo(out[again], rng)
    return out
