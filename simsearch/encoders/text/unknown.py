"""Words that an encoder's vocabulary lacks: alike where they share letters, never by being unknown.

Every word that a vocabulary lacks becomes one token, so that two texts in a script which the
encoder never saw would be the same to it. Their words are compared by their letters instead:
each run of two or three letters stands for a direction drawn by its hash (P. Bojanowski, E. Grave,
A. Joulin, T. Mikolov, Enriching word vectors with subword information, TACL 2017, hash runs of
letters so and learn the directions; these are random, of which any two are nearly at right angles).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from simsearch.encoders.text.letter_grams import counted_grams, directions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt
    from tokenizers import Encoding, Tokenizer

    Floats = npt.NDArray[np.float32]

__all__ = ["UnknownWords", "letter_vectors"]

_LENGTHS = (2, 3)
# Letters that are tried one by one; texts of others are looked at whole.
_COMMON = [chr(code) for code in range(0x20, 0x180) if not 0x7F <= code < 0xA0]
_LONGEST_WORD = 100  # WordPiece takes longer ones for unknown
# Han, kana: written without spaces, and a tokenizer may know each sign as a word.
_SIGNS = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")


class UnknownWords:
    """The words of texts that a tokenizer has no token for.

    A word is unknown if a part of it has no token, or if the tokenizer knows it letter by letter
    alone, which says as little.

    Args:
        tokenizer: without truncation.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer

    def mended(self, texts: Sequence[str], vectors: Floats) -> Floats:
        """Vectors of texts, with what their unknown words look like in place of what they lack.

        Args:
            texts: n of them.
            vectors: (n, dimension), what an encoder makes of them.

        Returns:
            float32 (n, dimension): the row itself where every word is known; else of unit length,
            made of the unit row and of the words' letters, by their shares of the text.
        """
        found = [(row, *each) for row, each in self._found(texts) if each[0]]
        if not found:
            return vectors
        rows = np.array([row for row, _, _ in found])
        share = np.array([share for _, _, share in found], np.float32)[:, None]
        letters = letter_vectors([words for _, words, _ in found], vectors.shape[1])
        out = vectors.copy()
        out[rows] = (1 - share) * _unit(vectors[rows]) + share * letters
        return out

    def share(self, texts: Sequence[str]) -> float:
        """The share of all letters that stand in unknown words, 0 to 1."""
        unknown = sum(len("".join(words)) for _, (words, _) in self._found(texts))
        return unknown / max(1, sum(len("".join(text.split())) for text in texts))

    def _found(self, texts: Sequence[str]) -> Iterator[tuple[int, tuple[list[str], float]]]:
        """Row, unknown words, and their share of the text's letters, where there may be some."""
        if self._unknown is None:
            return
        rows = [row for row, text in enumerate(texts) if self._suspect(text)]
        part = [texts[row] for row in rows]
        for row, text, encoding in zip(
            rows, part, self._tokenizer.encode_batch(part, add_special_tokens=False), strict=True
        ):
            words = self._words(text, encoding)
            letters = len("".join(text.split()))
            yield row, (words, len("".join(words)) / max(1, letters))

    def _suspect(self, text: str) -> bool:
        if not self._known.issuperset(text):
            return True
        return len(text) > _LONGEST_WORD and max(map(len, text.split()), default=0) > _LONGEST_WORD

    @cached_property
    def _unknown(self) -> int | None:
        """The number of the token of what has none; None where there is always one.

        A unigram model shows what has no token as it is written: only the number tells.
        """
        model: Any = self._tokenizer.model
        if hasattr(model, "unk_token"):
            token = model.unk_token
            return None if token is None else self._tokenizer.token_to_id(str(token))
        number = json.loads(self._tokenizer.to_str())["model"].get("unk_id")
        return None if number is None else int(number)

    @cached_property
    def _known(self) -> frozenset[str]:
        """Of the common letters those that have a token at the beginning and inside of a word."""
        tried = [text for letter in _COMMON for text in (letter, f"a{letter}")]
        encoded = self._tokenizer.encode_batch(tried, add_special_tokens=False)
        bad = {place // 2 for place, each in enumerate(encoded) if self._unknown in each.ids}
        return frozenset(letter for place, letter in enumerate(_COMMON) if place not in bad)

    def _words(self, text: str, encoding: Encoding) -> list[str]:
        """The unknown words of a text, as they are written."""
        spans = _spans(text, encoding, self._unknown)
        # A unigram model counts the space before a word to it.
        words = [(text[span.begin : span.end].strip(), span) for span in spans]
        return [w for w, span in words if w and (span.lacking or self._spelled(w, span))]

    def _spelled(self, word: str, span: _Span) -> bool:
        """Whether a word of uncommon letters is known letter by letter alone."""
        alone = span.tokens > 1 and span.longest == 1
        return alone and not self._known.issuperset(word) and not _SIGNS.search(word)


@dataclass(slots=True)
class _Span:
    """A word: where it is, its tokens, letters in the longest of them, and whether one has none."""

    begin: int
    end: int
    tokens: int = 0
    longest: int = 0
    lacking: bool = False


def _spans(text: str, encoding: Encoding, unknown: int | None) -> list[_Span]:
    """The words of a text; adjacent signs of Chinese or Japanese are one word."""
    words: list[_Span] = []
    last = None
    parts = zip(encoding.ids, encoding.offsets, encoding.word_ids, strict=True)
    for token, (begin, end), word in parts:
        if word is None or begin == end:  # a special token
            continue
        signs = bool(words) and begin == words[-1].end and _SIGNS.match(text[begin])
        if word != last and not (signs and _SIGNS.match(text[begin - 1])):
            words.append(_Span(begin, end))
        last, span = word, words[-1]
        span.end = end
        span.tokens += 1
        span.longest = max(span.longest, end - begin)
        span.lacking |= token == unknown
    return words


def letter_vectors(texts: Sequence[Sequence[str]], dimension: int) -> Floats:
    """Texts by the letters of their words, the same for the same words on every machine.

    Args:
        texts: the words of each of n texts.
        dimension: of the vectors.

    Returns:
        float32 (n, dimension) of unit length; zeros where there is no word.
    """
    counts, different = counted_grams(texts, _LENGTHS)
    return _unit(np.asarray(counts @ directions(different, dimension), np.float32))


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), np.float32)
