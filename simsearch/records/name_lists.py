"""Lists of names: where little but a name tells persons apart, all of its words must be alike.

Names that share a given name, or a family name, are more alike than most, so EM takes them for
the same where it sees nothing else. Nobody's name is written with another word in the place of
one of its own, but for those who took another name, and a list of names does not show who did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.records.names import person_words, word_likeness
from simsearch.records.role import Role

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.records.candidates import PairSet
    from simsearch.records.fields import Field, Fields

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]
    Rows = npt.NDArray[np.int64]

__all__ = ["bounded_in_lists_of_names"]

# Share of the table's information that its names have where it is a list of them.
_LIST = 0.5
# Pairs of other names are at most so likely (ln odds).
_APART = -1.0


def bounded_in_lists_of_names(odds: Floats, fields: Fields, pairs: PairSet) -> Floats:
    """ln odds, held down in a list of names where each of two names has a word of its own.

    Args:
        odds: (pairs,) ln odds.
        fields: of the rows, two tables stacked when linking.
        pairs: of them.
    """
    names = _names_of_list(fields)
    if names is None:
        return odds
    right = pairs.right + (fields.left_rows or 0)
    taken = np.flatnonzero(odds > _APART)
    bounded = odds.copy()
    bounded[taken[_are_others(names, pairs.left[taken], right[taken])]] = _APART
    return bounded


def _names_of_list(fields: Fields) -> Field | None:
    """The column of names that most of what a table tells is in; None where it is no such list."""
    total = sum(field.information for field in fields.fields)
    return next(
        (
            field
            for field in fields.fields
            if field.role is Role.FULL_NAME and field.information > _LIST * total
        ),
        None,
    )


def _are_others(names: Field, left: Rows, right: Rows) -> Mask:
    """(pairs,) whether each of two names has a word that is like none of the other's."""
    ends = np.stack([names.codes[left], names.codes[right]]).astype(np.int64)
    found: Mask = np.zeros(len(left), np.bool_)
    differ = np.flatnonzero((ends.min(axis=0) >= 0) & (ends[0] != ends[1]))
    if not len(differ):
        return found
    distinct, place = np.unique(np.sort(ends[:, differ], axis=0), axis=1, return_inverse=True)
    used, codes = np.unique(distinct, return_inverse=True)
    words = [person_words(name) for name in names.values.take(used).to_pylist()]
    others = [_are_two(words[a], words[b]) for a, b in codes.reshape(2, -1).T.tolist()]
    found[differ] = np.array(others)[place.ravel()]
    return found


def _are_two(words: list[str], others: list[str]) -> bool:
    """Whether two names differ in a word of each, and not only in blanks (van der Berg)."""
    alike = "".join(words) == "".join(others)
    return not alike and _has_own(words, others) and _has_own(others, words)


def _has_own(words: list[str], others: list[str]) -> bool:
    """Whether one of some words is like none of some others."""
    return any(not any(word_likeness(word, other) for other in others) for word in words)
