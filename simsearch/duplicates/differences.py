"""What differs between two texts, word by word, and whether it makes them say different things.

Words are aligned as a set, so that their order is free: equal ones first, then words that are
written together in one text and apart in the other, then misspelled ones. A word is taken for a
misspelling of another only if one of the two occurs in no other text, or if it is an inflection:
`increasing` and `decreasing` are alike letter by letter, but both are words that others use.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from simsearch.duplicates.opposites import COUNTED, NEGATIONS, OPPOSITE_PREFIXES, OPPOSITES

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Difference", "Vocabulary", "decisive", "reworded"]

# Letters of an ending that may come or go.
_INFLECTION = 3
# Least likeness (1 less the share of letters to change) of a misspelled word, and least length.
_MISSPELLED, _SHORTEST = 0.7, 3
# What is left of a word's weight where it is misspelled.
_KEPT = 0.5
_WORD = re.compile(r"\w+")
# Operators: `==` and `!=`, `>` and `>=`, `+=` and `-=` are two each.
_OPERATOR = re.compile(r"[!*/%&:+-]?[<>=]+|[+]")
_MARKED = re.compile(r"[^\w\s]+")
# Symbols that say nothing: marks of trade, accents that stand alone.
_SILENT = frozenset("®©°^`´¨|<>=+")
# Words that others use, on both sides, and the share of the weight, from which two texts that are
# alike otherwise speak of different things.
_OWN_WORDS, _OWN_SHARE = 2, 0.1
_ROMAN = frozenset(["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"])


class Vocabulary:
    """The words of a corpus of texts, and how telling each is.

    Args:
        texts: normalised; None is an empty text.

    Attributes:
        words: of each text, in order.
        size: how many texts there are.
    """

    def __init__(self, texts: Sequence[str | None]) -> None:
        self._texts = [(text or "").strip() for text in texts]
        self.words = [_WORD.findall(text) for text in self._texts]
        self.size = len(texts)
        self._rows: Counter[str] = Counter()
        for words in self.words:
            self._rows.update(set(words))

    def weight(self, word: str) -> float:
        """ln of one over the share of texts that have the word, in nats; above 0."""
        return float(np.log((1 + self.size) / max(self._rows[word], 1))) + 0.1

    def is_rare(self, word: str) -> bool:
        """Whether no second text has it."""
        return self._rows[word] <= 1

    def compare(self, left: int, right: int) -> Difference:
        """What differs between two of the texts, by their numbers."""
        ours, theirs = Counter(self.words[left]), Counter(self.words[right])
        both = ours & theirs
        found = Difference(
            shared=sum(self.weight(word) * count for word, count in both.items()),
            left=list((ours - theirs).elements()),
            right=list((theirs - ours).elements()),
            begins=_begins(self._texts[left], self._texts[right]),
            symbols=_other_symbols(self._texts[left], self._texts[right]),
        )
        if found.left and found.right:
            self._join(found, found.left, found.right)
            self._join(found, found.right, found.left)
            self._forgive(found)
        found.opposites = any(self._negates(a, b) for a in found.left for b in found.right)
        known = [sum(not self.is_rare(word) for word in side) for side in (found.left, found.right)]
        found.own_words = min(known)
        found.left_weight = sum(map(self.weight, found.left))
        found.right_weight = sum(map(self.weight, found.right))
        return found

    def _negates(self, word: str, other: str) -> bool:
        """Whether one is the other with a prefix that negates, and both are used by others."""
        if self.is_rare(word) or self.is_rare(other):
            return False
        shorter, longer = sorted((word, other), key=len)
        return len(shorter) >= _SHORTEST and any(
            longer == prefix + shorter for prefix in OPPOSITE_PREFIXES
        )

    def _join(self, found: Difference, whole: list[str], parts: list[str]) -> None:
        """Take out words of one text that the other writes as two."""
        for word in list(whole):
            place = next(
                (i for i in range(len(parts) - 1) if parts[i] + parts[i + 1] == word), None
            )
            if place is not None:
                found.shared += self.weight(word)
                whole.remove(word)
                del parts[place : place + 2]

    def _forgive(self, found: Difference) -> None:
        """Take out words that are misspelled or inflected."""
        for word in list(found.left):
            other = self._misspelling(word, found.right)
            if other is not None:
                found.left.remove(word)
                found.right.remove(other)
                found.spelling.append((word, other))
                found.shared += _KEPT * min(self.weight(word), self.weight(other))

    def _misspelling(self, word: str, others: Sequence[str]) -> str | None:
        """The word that is most like one, if it is the same word."""
        from rapidfuzz.distance import DamerauLevenshtein

        if len(word) < _SHORTEST or _is_number(word):
            return None
        alike = [
            (DamerauLevenshtein.normalized_similarity(word, other), other)
            for other in others
            if min(len(word), len(other)) >= _SHORTEST and not _is_number(other)
        ]
        score, other = max(alike, default=(0.0, ""))
        if {word, other} <= COUNTED:
            return None
        if score < _MISSPELLED or (word, other) in OPPOSITES or self._negates(word, other):
            return None
        known = not (self.is_rare(word) or self.is_rare(other))
        return None if known and not _is_inflection(word, other) else other


@dataclass(slots=True)
class Difference:
    """What two texts share and what they do not.

    Attributes:
        shared: weight of the words of both, in nats.
        left: words of the left text alone.
        right: words of the right text alone.
        begins: whether the longer text is the shorter one and something behind a colon, a dash or
            another mark: a title without its subtitle.
        spelling: words that are spelled differently.
        opposites: whether a word of one is a word of the other with a prefix that negates.
        symbols: operators, emoji and other symbols, `-!= +==`, where each has one that the other
            lacks.
        own_words: how many words each has at least that the other lacks and further texts use.
        left_weight: of the words of the left text alone, in nats.
        right_weight: of those of the right one.
    """

    shared: float
    left: list[str]
    right: list[str]
    begins: bool
    spelling: list[tuple[str, str]] = field(default_factory=list)
    opposites: bool = False
    symbols: str = ""
    own_words: int = 0
    left_weight: float = 0.0
    right_weight: float = 0.0

    @property
    def shorter(self) -> float:
        """Share of the weight of the text with less left that the other lacks, 0 to 1."""
        least = min(self.left_weight, self.right_weight)
        return least / max(self.shared + least, 1e-9)

    @property
    def longer(self) -> float:
        """The same of the text with more left."""
        most = max(self.left_weight, self.right_weight)
        return most / max(self.shared + most, 1e-9)

    @property
    def words(self) -> str:
        """What differs, for people: `-colour +color`."""
        spelled = [f"{a}/{b}" for a, b in self.spelling]
        gone = [f"-{word}" for word in self.left]
        return " ".join([*spelled, *gone, *(f"+{word}" for word in self.right)])


def decisive(difference: Difference) -> str | None:
    """Why two texts say different things however alike they are; None where nothing shows it.

    Returns:
        `numbers`, `negation`, `opposites` or `symbols`.
    """
    left, right = difference.left, difference.right
    if difference.begins:  # what stands behind a title does not change it
        return None
    counted = any(word in COUNTED for word in left) and any(word in COUNTED for word in right)
    if counted or any(map(_is_number, (*left, *right))):
        return "numbers"
    if sum(word in NEGATIONS for word in (*left, *right)) % 2:
        return "negation"
    if difference.opposites or any((a, b) in OPPOSITES for a in left for b in right):
        return "opposites"
    if difference.symbols:
        return "symbols"
    return None


def reworded(difference: Difference) -> bool:
    """Whether each of two texts says something in words of its own, that other texts use.

    No copy does: what is misspelled is used by no other. One that says the same in other words
    may, so this is for what compares texts by their letters.
    """
    return difference.own_words >= _OWN_WORDS and difference.shorter >= _OWN_SHARE


def _symbols(text: str) -> frozenset[str]:
    """Operators, emoji, currencies and the like."""
    found: set[str] = set()
    for run in _MARKED.findall(text):
        found.update(_OPERATOR.findall(run))
        found.update(
            letter
            for letter in run
            if unicodedata.category(letter).startswith("S") and letter not in _SILENT
        )
    return frozenset(found)


def _other_symbols(left: str, right: str) -> str:
    """The symbols of either text, where each has one that the other lacks."""
    ours, theirs = _symbols(left), _symbols(right)
    if ours <= theirs or theirs <= ours:
        return ""
    gone, new = sorted(ours - theirs), sorted(theirs - ours)
    return " ".join([*(f"-{each}" for each in gone), *(f"+{each}" for each in new)])


def _begins(left: str, right: str) -> bool:
    shorter, longer = sorted((left, right), key=len)
    rest = longer[len(shorter) :].lstrip()
    return longer.startswith(shorter) and bool(rest) and not rest[0].isalnum()


def _is_number(word: str) -> bool:
    return any(letter.isdigit() for letter in word) or word in _ROMAN


def _is_inflection(word: str, other: str) -> bool:
    shorter, longer = sorted((word, other), key=len)
    return longer.startswith(shorter) and len(longer) - len(shorter) <= _INFLECTION
