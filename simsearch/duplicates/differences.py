"""What differs between two texts, word by word, and whether it makes them say different things.

Words are aligned as a set, so that their order is free: equal ones first, then words that are
written together in one text and apart in the other, then other spellings (`colour`, `color`) and
misspelled ones. A word is taken for a misspelling of another only if one of the two occurs in no
other text and is no word that is known, or if it is an inflection: `increasing` and `decreasing`
are alike letter by letter, but both are words. What changes places is looked at last.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from simsearch.duplicates.known_words import FUNCTION_WORDS, known_words
from simsearch.duplicates.opposites import (
    COUNTED,
    NEGATIONS,
    OPPOSITE_PREFIXES,
    OPPOSITES,
)
from simsearch.duplicates.spellings import same_word
from simsearch.duplicates.text_words import NAME_MARKS, uncontracted, words_of
from simsearch.duplicates.units import other_units, unit_of
from simsearch.duplicates.word_forms import (
    in_pairs,
    is_inflection,
    is_number,
    is_slip,
    likeness,
    negates_any,
    other_ending,
    stands_for,
)
from simsearch.duplicates.word_order import swapped
from simsearch.records.names import is_given_name

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Difference", "Vocabulary", "decisive", "reworded"]

# Least likeness (1 less the share of letters to change) of a misspelled word, and least length.
_MISSPELLED, _SHORTEST = 0.7, 3
# Words of a text of few: names, labels, cities.
_FEW = 3
# What is left of a word's weight where it is misspelled.
_KEPT = 0.5
# Operators: `==` and `!=`, `>` and `>=`, `+=` and `-=` are two each.
_OPERATOR = re.compile(r"[!*/%&:+-]?[<>=]+|[+]")
_MARKED = re.compile(r"[^\w\s]+")
# Symbols that say nothing: marks of trade, accents that stand alone.
_SILENT = frozenset("®©°^`´¨|<>=+")
# Words of its own, on both sides, and the share of the weight, from which two texts that are alike
# otherwise speak of different things.
_OWN_WORDS, _OWN_SHARE = 1, 0.04
# Two words that are less alike than this are no spellings of one, whether they are known or not.
_UNLIKE = 0.4
# Texts that lack a larger share of each other are not looked at any closer.
_ALIKE = 0.5


class Vocabulary:
    """The words of a corpus of texts, and how telling each is.

    Args:
        texts: normalised; None is an empty text.

    Attributes:
        words: of each text, in order.
        size: how many texts there are.
    """

    def __init__(self, texts: Sequence[str | None]) -> None:
        self._texts = [uncontracted((text or "").strip()) for text in texts]
        self.words = [words_of(text) for text in self._texts]
        self.size = len(texts)
        self._rows: Counter[str] = Counter()
        for words in self.words:
            self._rows.update(set(words))

    def weight(self, word: str) -> float:
        """ln of one over the share of texts that have the word, in nats; above 0."""
        return float(np.log((1 + self.size) / max(self._rows[word], 1))) + 0.1

    def is_word(self, word: str) -> bool:
        """Whether a second text has it, or others are known to."""
        return self._rows[word] > 1 or word in known_words()

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
            self._forgive(found, min(len(self.words[left]), len(self.words[right])) <= _FEW)
        found.opposites = any(self._negates(a, b) for a in found.left for b in found.right)
        found.left_weight = sum(map(self.weight, found.left))
        found.right_weight = sum(map(self.weight, found.right))
        if found.shorter <= _ALIKE:
            self._look_closer(found, left, right)
        return found

    def _look_closer(self, found: Difference, left: int, right: int) -> None:
        """What two texts that are alike may say differently."""
        ours = sum(self._is_own(word, found.right) for word in found.left)
        found.own_words = min(ours, sum(self._is_own(word, found.left) for word in found.right))
        if self.words[left] != self.words[right]:
            same = {other: word for word, other in found.spelling}
            found.order = swapped(self._texts[left], self._texts[right], same)

    def _is_own(self, word: str, others: Sequence[str]) -> bool:
        """Whether a word says something that no other word may be meant to say."""
        if len(word) == 1:  # plan a and plan b, though `a` is a word such as `the` elsewhere
            return any(len(other) == 1 for other in others)
        if word in FUNCTION_WORDS:
            return False
        others = [other for other in others if not self._are_two(word, other)]
        if any(stands_for(word, other) for other in others):
            return False
        alike = max((likeness(word, other) for other in others), default=0.0)
        return alike < (_MISSPELLED if self.is_word(word) else _UNLIKE)

    def _negates(self, word: str, other: str) -> bool:
        """Whether one is the other with a prefix that negates, and both are words."""
        if word[-_SHORTEST:] != other[-_SHORTEST:]:  # what a prefix stands before is the same
            return False
        if in_pairs(word, other) or negates_any(word, other):
            return True
        if not (self.is_word(word) and self.is_word(other)):
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

    def _forgive(self, found: Difference, few: bool) -> None:
        """Take out words that are spelled otherwise, misspelled or inflected."""
        misspelling = partial(self._misspelling, few=few)
        for likest, kept in ((self._variant, 1.0), (misspelling, _KEPT)):
            for word in list(found.left):
                other = likest(word, found.right)
                if other is not None:
                    found.left.remove(word)
                    found.right.remove(other)
                    found.spelling.append((word, other))
                    found.shared += kept * min(self.weight(word), self.weight(other))

    def _variant(self, word: str, others: Sequence[str]) -> str | None:
        """Another spelling of a word."""
        unit = unit_of(word)
        return next(
            (
                other
                for other in others
                if (unit is not None and unit == unit_of(other)) or same_word(word, other)
            ),
            None,
        )

    def _misspelling(self, word: str, others: Sequence[str], *, few: bool) -> str | None:
        """The word that is most like one, if it is the same word."""
        slip = next((other for other in others if is_slip(word, other, few=few)), None)
        if slip is not None:
            return slip
        if len(word) < _SHORTEST or is_number(word):
            return None
        alike = [
            (likeness(word, other), other)
            for other in others
            if min(len(word), len(other)) >= _SHORTEST
            and not is_number(other)
            # Hardly anyone errs in the first letter; names that differ in it are many.
            and not (few and word[0] != other[0])
        ]
        score, other = max(alike, default=(0.0, ""))
        if score < _MISSPELLED or self._are_two(word, other):
            return None
        known = self.is_word(word) and self.is_word(other)
        return None if known and not is_inflection(word, other) else other

    def _are_two(self, word: str, other: str) -> bool:
        """Whether two words that are alike are known to be different."""
        return (
            {word, other} <= COUNTED
            or other_units([word], [other])
            or word.endswith(NAME_MARKS) != other.endswith(NAME_MARKS)
            or (word in NEGATIONS) != (other in NEGATIONS)
            or (word, other) in OPPOSITES
            or (is_given_name(word) and is_given_name(other))
            or other_ending(word, other)
            or self._negates(word, other)
        )


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
        own_words: how many words each has at least that the other says nothing like.
        order: what changes places, so that something else is said; None for nothing.
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
    order: tuple[str, str] | None = None
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
        """What differs, for people: `colour/color -red +green`."""
        spelled = [f"{a}/{b}" for a, b in self.spelling]
        gone = [f"-{word}" for word in self.left]
        return " ".join([*spelled, *gone, *(f"+{word}" for word in self.right)])

    def told(self, reason: str) -> str:
        """Why they are kept apart and what differs, for people: `numbers: -12345 +12346`.

        Args:
            reason: see `decisive`; or `words`.
        """
        if reason == "symbols" and self.symbols:
            return f"{reason}: {self.symbols}"
        if reason == "order" and self.order is not None:
            return f"{reason}: {' <-> '.join(self.order)}"
        return f"{reason}: {self.words}"


def decisive(difference: Difference) -> str | None:
    """Why two texts say different things however alike they are; None where nothing shows it.

    Returns:
        `numbers`, `units`, `negation`, `opposites`, `symbols` or `order`.
    """
    left, right = difference.left, difference.right
    if difference.begins:  # what stands behind a title does not change it
        return None
    counted = _counted(left, right)
    if counted is not None:
        return counted
    if sum(word in NEGATIONS for word in (*left, *right)) % 2:
        return "negation"
    if difference.opposites or any((a, b) in OPPOSITES for a in left for b in right):
        return "opposites"
    if difference.symbols or any(word.endswith(NAME_MARKS) for word in (*left, *right)):
        return "symbols"
    return "order" if difference.order else None


def _counted(left: Sequence[str], right: Sequence[str]) -> str | None:
    """Whether two texts count other things: `numbers` or `units`."""
    counted = any(word in COUNTED for word in left) and any(word in COUNTED for word in right)
    if counted or any(map(is_number, (*left, *right))):
        return "numbers"
    return "units" if other_units(left, right) else None


def reworded(difference: Difference) -> bool:
    """Whether each of two texts says something in words of its own.

    No copy does: what is misspelled is still like what was meant. One that says the same in other
    words may, so this is for what compares texts by their letters.
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
    return longer.startswith(shorter) and bool(rest) and not _is_of_name(rest[0])


def _is_of_name(letter: str) -> bool:
    return letter.isalnum() or letter in NAME_MARKS
