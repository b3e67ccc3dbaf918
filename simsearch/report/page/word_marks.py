"""Which words of two texts differ, by where they stand in them, see `duplicates.differences`."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from simsearch.duplicates.differences import Vocabulary
from simsearch.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyarrow as pa

    from simsearch.records.exact import ExactDuplicates

    Marks = list[tuple[int, int, int]]

__all__ = ["ALONE", "SPELLED", "WordMarks"]

# What is said of a word: the other text lacks it; the other text spells it otherwise.
ALONE, SPELLED = 1, 2
# With marks that are part of a name: C++, Disney+.
_WORD = re.compile(r"\w+(?:[+#]+(?!\w))?")


class WordMarks:
    """The words that differ between texts of a corpus.

    Args:
        texts: (n,) as they were given. How telling a word is, and so what may be a misspelling of
            what, follows from all of them.
        exact: which of them are equal: these count once.
    """

    def __init__(self, texts: pa.ChunkedArray, exact: ExactDuplicates) -> None:
        import pyarrow as pa

        self._vocabulary = Vocabulary(normalise(texts.take(pa.array(exact.kept))).to_pylist())
        self._place = exact.place
        self._plain: dict[str, str | None] = {}

    def learn(self, texts: Iterable[str]) -> None:
        """Normalise the words of texts that will be shown, all at once: one by one takes long."""
        import pyarrow as pa

        words = list({word[0] for text in texts for word in _WORD.finditer(text)})
        plain = normalise(pa.array(words, pa.string()))
        self._plain |= dict(zip(words, plain.to_pylist(), strict=True))

    def of(self, left: int, right: int, shown: tuple[str, str]) -> tuple[Marks, Marks]:
        """(begin, end, ALONE or SPELLED) of words in either text, in UTF-16 units as in browsers.

        The texts must have been learned.

        Args:
            left: row of a text.
            right: row of the other.
            shown: the two texts as they are shown, which may be cut short.
        """
        found = self._vocabulary.compare(int(self._place[left]), int(self._place[right]))
        spelled = [word for word, _ in found.spelling], [word for _, word in found.spelling]
        return (
            self._marks(shown[0], found.left, spelled[0]),
            self._marks(shown[1], found.right, spelled[1]),
        )

    def _marks(self, text: str, alone: Sequence[str], spelled: Sequence[str]) -> Marks:
        """Where words stand in a text, each as often as it is named."""
        if not alone and not spelled:
            return []
        left = {ALONE: Counter(alone), SPELLED: Counter(spelled)}
        marks, units = [], _units(text)
        for word in _WORD.finditer(text):
            # What is one word here may be more of them when normalised.
            parts = _WORD.findall(self._plain.get(word[0]) or word[0].casefold())
            for mark, counts in left.items():
                if parts and all(counts[part] for part in parts):
                    counts.subtract(parts)
                    marks.append((units[word.start()], units[word.end()], mark))
                    break
        return marks


def _units(text: str) -> Sequence[int]:
    """Of each place in a text its place in UTF-16."""
    if text.isascii():
        return range(len(text) + 1)
    places = [0]
    for letter in text:
        places.append(places[-1] + (2 if ord(letter) > 0xFFFF else 1))
    return places
