"""Codes of a query as the texts write them: `HI10151B` is `HI-10151B`, and `M6 x 40` is `M6x40`."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["as_written"]

# Words that one code may be written in.
_MOST = 4
# Between letters and digits.
_JOINT = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


def as_written(words: Sequence[str], known: Callable[[str], bool]) -> list[str]:
    """The words of a query, with its codes as texts have them.

    A word of letters and digits that no text has is given in two or more that they have; adjacent
    words, one with a digit, that the texts have as one word stand beside that.

    Args:
        words: of a query, in their order.
        known: whether a text has a word.
    """
    parted = [part for word in words for part in _parted(word, known)]
    return [*parted, *_joined(words, known)]


def _parted(word: str, known: Callable[[str], bool]) -> list[str]:
    places = [found.start() for found in _JOINT.finditer(word)]
    if not places or known(word):
        return [word]
    for some in [*([place] for place in places), places]:
        parts = _cut(word, some)
        if all(map(known, parts)):
            return parts
    return [word]


def _cut(word: str, places: Sequence[int]) -> list[str]:
    ends = [0, *places, len(word)]
    return [word[begin:end] for begin, end in pairwise(ends)]


def _joined(words: Sequence[str], known: Callable[[str], bool]) -> Iterator[str]:
    for begin in range(len(words)):
        for end in range(begin + 2, min(begin + _MOST, len(words)) + 1):
            word = "".join(words[begin:end])
            if _JOINT.search(word) and known(word):
                yield word
