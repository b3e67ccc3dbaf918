"""Augment texts: drop spans, exchange words, make typing errors."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from simsearch.augmentations.records import Corruption, corrupt
from simsearch.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

__all__ = ["TextAugment"]

_SLIPS = Corruption(slip=1, words=0, missing=0, swapped=0)
# A text of one word, but longer than most words are, is of a script without spaces.
_LONGEST_WORD = 30


@dataclass(frozen=True, slots=True)
class TextAugment:
    """How texts are changed, 0 (off) to 1; each text draws its own amounts.

    A text in a script without spaces is taken as a row of characters instead of words. Synonyms are
    not exchanged: that needs a dictionary of the language.

    Attributes:
        drop: share of the words that a dropped run may have; some words always stay.
        swap: chance that a word changes places with another, at most three words on.
        typo: chance that a word gets a slip: a letter doubled, lost, exchanged with the next
            or hit beside, one read for another, the word shortened (see `Corruption`).

    Raises:
        OptionError: a strength is not from 0 to 1.
    """

    drop: float = 0.3
    swap: float = 0.05
    typo: float = 0.05

    def __post_init__(self) -> None:
        for strength in fields(self):
            value = getattr(self, strength.name)
            if not 0.0 <= value <= 1.0:
                raise OptionError(f"{strength.name} is from 0 to 1, not {value}")

    def __call__(self, texts: Sequence[str], rng: np.random.Generator) -> list[str]:
        """One view of each text.

        Args:
            texts: n texts; an empty one stays so.
            rng: where all chance comes from; the same state gives the same views.

        Returns:
            n texts. Where anything changed, words are parted by one space.
        """
        parted = [_parts(text) for text in texts]
        rows = [parts for parts, _ in parted]
        changed = [self._rearranged(parts, rng) for parts in rows]
        if self.typo:
            _mistype(changed, [joint for _, joint in parted], self.typo, rng)
        return [
            text if after == before else joint.join(after)
            for text, (before, joint), after in zip(texts, parted, changed, strict=True)
        ]

    def _rearranged(self, parts: list[str], rng: np.random.Generator) -> list[str]:
        """A copy with a run dropped and words exchanged."""
        count = len(parts)
        # All draws are made whatever the text, so that one text does not decide about the next.
        share, place = rng.random(2)
        dropped = min(round(share * self.drop * count), count - 1) if count else 0
        start = int(place * (count - dropped + 1))
        kept = parts[:start] + parts[start + dropped :]
        if self.swap and len(kept) > 1:
            _swap(kept, self.swap, rng)
        return kept


def _parts(text: str) -> tuple[list[str], str]:
    """The words of a text, or its characters, and what joins them again."""
    words = text.split()
    if len(words) == 1 and len(words[0]) > _LONGEST_WORD:
        return list(words[0]), ""
    return words, " "


def _swap(words: list[str], share: float, rng: np.random.Generator) -> None:
    """Exchange that share of the words with one at most three places on."""
    chosen = (rng.random(len(words)) < share).nonzero()[0]
    steps = rng.integers(1, 4, len(chosen))
    for place, step in zip(chosen.tolist(), steps.tolist(), strict=True):
        other = min(place + step, len(words) - 1)
        words[place], words[other] = words[other], words[place]


def _mistype(
    rows: list[list[str]], joints: list[str], share: float, rng: np.random.Generator
) -> None:
    """Give that share of the words a slip each, in place; single characters get none."""
    import pyarrow as pa

    places = [
        (row, place)
        for row, parts in enumerate(rows)
        if joints[row]
        for place in (rng.random(len(parts)) < share).nonzero()[0].tolist()
    ]
    words = pa.table({"word": pa.array([rows[row][place] for row, place in places], pa.string())})
    slipped = corrupt(words, corruption=_SLIPS, seed=int(rng.integers(2**63)))
    for (row, place), word in zip(places, slipped["word"].to_pylist(), strict=True):
        rows[row][place] = word
