"""The words of stored texts: which rows have which, and how well they answer a query (BM25).

S. Robertson, H. Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, Foundations and
Trends in Information Retrieval 3(4), 2009. Words are kept as hashes of 64 bits, so that looking
one up reads no text.
"""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simsearch.normalise import MISSING_WORDS, normalise, one_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt
    import pyarrow as pa

    Rows = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float32]

__all__ = ["Postings", "WordIndex", "WordScores", "query_words"]

# Saturation of a word's count and the weight of a text's length: the usual ones.
_K1, _B = 1.2, 0.75
# Letters and digits in one word, or a long number: a code, a version, an order. It stands for one
# thing and has no synonym, so it counts so many times what its rarity says.
_CODE = re.compile(r"(?=.{4})(?=.*\d)(?=.*[^\W\d]).*|\d{5,}")
_CODE_COUNTS = 4.0
# Written without spaces between words: each sign is one.
_SIGNS = r"([\p{Han}\p{Hiragana}\p{Katakana}])"
# `c++`, `c#` and `snake_case` are words.
_NO_WORD = r"[^\pL\pN\pM_+#]+"
_ASCII_SPACE = re.compile(r"[\x00-\x20\x7f]+")
_NO_ASCII_WORD = re.compile(r"[^a-z0-9_+#]+")


class Postings(NamedTuple):
    """Which rows have which words.

    Attributes:
        words: uint64 (w,), hashes of the differing words, sorted.
        starts: int64 (w + 1,): word i is in the rows from starts[i] to starts[i + 1].
        rows: int32 (p,), ascending for each word.
        counts: uint8 (p,), how often the word comes there, 255 at most.
        lengths: int32 (n,), words of each row.
        documents: int32 (n,): rows of one number are passages of one document.
    """

    words: npt.NDArray[np.uint64]
    starts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    counts: npt.NDArray[np.uint8]
    lengths: npt.NDArray[np.int32]
    documents: npt.NDArray[np.int32]

    @classmethod
    def of(cls, texts: pa.ChunkedArray, documents: pa.ChunkedArray | None = None) -> Postings:
        """Of n texts, null where there is none; a document each where nothing else is said."""
        flat, lengths = _words(texts)
        encoded = flat.dictionary_encode()
        hashes = _hashes(encoded.dictionary.to_pylist())
        words, place = np.unique(hashes, return_inverse=True)
        word = place[encoded.indices.to_numpy()] if len(flat) else np.empty(0, np.int64)
        row = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
        keys, counts = np.unique(word * np.int64(max(1, len(lengths))) + row, return_counts=True)
        owner = keys // max(1, len(lengths))
        codes = np.arange(len(lengths))
        if documents is not None and len(documents):
            codes = documents.combine_chunks().dictionary_encode().indices.to_numpy()
        return cls(
            words,
            np.searchsorted(owner, np.arange(len(words) + 1)).astype(np.int64),
            (keys % max(1, len(lengths))).astype(np.int32),
            np.minimum(counts, 255).astype(np.uint8),
            lengths.astype(np.int32),
            np.asarray(codes, np.int32),
        )

    def having(self, word: int) -> slice:
        """Which part of `rows` and `counts` a word has, by its hash."""
        place = int(np.searchsorted(self.words, np.uint64(word)))
        if place == len(self.words) or int(self.words[place]) != word:
            return slice(0, 0)
        return slice(int(self.starts[place]), int(self.starts[place + 1]))

    def holds(self, word: int, row: int) -> bool:
        """Whether a row has a word."""
        rows = self.rows[self.having(word)]
        place = int(np.searchsorted(rows, row))
        return place < len(rows) and int(rows[place]) == row


@dataclass(frozen=True)
class WordScores:
    """How well the words of a query are in the rows of several segments.

    Attributes:
        scores: for each segment float32 (rows,), 0 to 1: 1 where all words of the query are in a
            text of usual length.
        words: of the query, by their hashes, rarest first.
        segments: where the words are.
        documents: for each segment float32 (rows,): the same of the whole document that a row is a
            passage of, above 1 where it has the words often; None where each row is one.
    """

    scores: Sequence[Floats]
    words: Mapping[int, str]
    segments: Sequence[Postings]
    documents: Sequence[Floats] | None = None

    @cached_property
    def found(self) -> list[Rows]:
        """For each segment the rows that have a word of the query."""
        return [np.flatnonzero(scores) for scores in self.scores]

    def common(self, segment: int, row: int) -> tuple[str, ...]:
        """The words of the query that a row has, rarest first."""
        return tuple(
            text for word, text in self.words.items() if self.segments[segment].holds(word, row)
        )


def query_words(text: str) -> dict[int, str]:
    """The differing words of a query, by their hashes, in their order."""
    import pyarrow as pa

    if text.isascii():  # the same, without the time that RE2 takes to prepare for all of Unicode
        plain = text.lower()
        known = " ".join(_ASCII_SPACE.sub(" ", plain).split()) not in MISSING_WORDS
        words = [word for word in _NO_ASCII_WORD.split(plain) if word and known]
    else:
        words = _words(pa.chunked_array([one_text(text)]))[0].to_pylist()
    return dict(zip(_hashes(words).tolist(), words, strict=True))


class WordIndex:
    """The words of several segments, to be asked.

    Args:
        segments: the words of each.
    """

    def __init__(self, segments: Sequence[Postings]) -> None:
        self.segments = segments
        self._texts = sum(len(each.lengths) for each in segments)
        words = sum(int(each.lengths.sum()) for each in segments)
        self._average = max(words / max(1, self._texts), 1e-9)
        self._documents = [_Documents(each) for each in segments]
        self._whole = sum(len(each.lengths) for each in self._documents)
        self._whole_average = max(words / max(1, self._whole), 1e-9)

    @cached_property
    def _saturated(self) -> list[Floats]:
        """What each posting of each segment counts: more for more, less in longer texts."""
        return [self._saturation(each) for each in self.segments]

    def _saturation(self, postings: Postings) -> Floats:
        length = postings.lengths.astype(np.float32) / np.float32(self._average)
        usual = np.float32(_K1) * (np.float32(1 - _B) + np.float32(_B) * length)
        often = postings.counts.astype(np.float32)
        saturated = often * np.float32(_K1 + 1) / (often + usual[postings.rows])
        return np.asarray(saturated, np.float32)

    def scores(self, words: Mapping[int, str]) -> WordScores:
        """How well the texts answer a query by its words, by BM25.

        The score is divided by what a text of usual length gets that has each word once, and cut
        at 1, so that it does not depend on the number of words or of texts.
        """
        parts = {word: [each.having(word) for each in self.segments] for word in words}
        rarity = {word: self._rarity(words[word], held) for word, held in parts.items()}
        whole = np.float32(max(sum(rarity.values()), 1e-9))
        scores = [np.zeros(len(each.lengths), np.float32) for each in self.segments]
        for word, held in parts.items():
            counts = np.float32(rarity[word]) / whole
            for place, (out, part) in enumerate(zip(scores, held, strict=True)):
                out[self.segments[place].rows[part]] += counts * self._saturated[place][part]
        for out in scores:
            np.minimum(out, 1, out=out)
        rarest = sorted(words, key=lambda word: -rarity[word])
        named = {word: words[word] for word in rarest}
        several = self._whole < self._texts
        documents = self._of_documents(words, parts) if several else None
        return WordScores(scores, named, self.segments, documents)

    def _of_documents(
        self, words: Mapping[int, str], parts: Mapping[int, Sequence[slice]]
    ) -> list[Floats]:
        """The same of whole documents, for each of their rows."""
        scores = [np.zeros(len(each.lengths), np.float32) for each in self._documents]
        whole = 1e-9
        for word, held in parts.items():
            counts = [
                each.counts(postings, part)
                for each, postings, part in zip(self._documents, self.segments, held, strict=True)
            ]
            having = sum(int(np.count_nonzero(each)) for each in counts)
            rarity = _rarity(words[word], having, self._whole)
            whole += rarity
            for place, (often, each) in enumerate(zip(counts, self._documents, strict=True)):
                length = each.lengths / np.float32(self._whole_average)
                usual = np.float32(_K1) * (np.float32(1 - _B) + np.float32(_B) * length)
                scores[place] += np.float32(rarity * (_K1 + 1)) * often / (often + usual)
        return [
            np.asarray(out[each.place] / np.float32(whole), np.float32)
            for out, each in zip(scores, self._documents, strict=True)
        ]

    def _rarity(self, word: str, held: Sequence[slice]) -> float:
        having = sum(part.stop - part.start for part in held)
        return _rarity(word, having, self._texts)


class _Documents:
    """The documents of a segment, of which rows are passages.

    Attributes:
        place: (rows,) number of the document of each row.
        lengths: float32 (documents,), words of each.
    """

    def __init__(self, postings: Postings) -> None:
        self.place = postings.documents
        self.lengths = np.bincount(self.place, postings.lengths).astype(np.float32)

    def counts(self, postings: Postings, part: slice) -> Floats:
        """float32 (documents,): how often a word comes in each, by its part of the postings."""
        places, often = self.place[postings.rows[part]], postings.counts[part]
        found = np.bincount(places, often, minlength=len(self.lengths))
        return found.astype(np.float32)


def _rarity(word: str, having: int, texts: int) -> float:
    """What a word counts that so many of the texts have."""
    counts = _CODE_COUNTS if _CODE.fullmatch(word) else 1.0
    return counts * math.log(1 + (texts - having + 0.5) / (having + 0.5))


def _words(texts: pa.ChunkedArray) -> tuple[pa.Array, Rows]:
    """The words of all texts in a row, and how many each text has."""
    import pyarrow.compute as pc

    spaced = pc.replace_substring_regex(normalise(texts), pattern=_SIGNS, replacement=r" \1 ")
    plain = pc.utf8_trim(
        pc.replace_substring_regex(spaced, pattern=_NO_WORD, replacement=" "), characters=" "
    )
    known = pc.fill_null(plain, "")
    parts = pc.split_pattern(known, pattern=" ")
    lengths = pc.list_value_length(parts).to_numpy(zero_copy_only=False).astype(np.int64)
    empty = pc.equal(known, "").to_numpy(zero_copy_only=False)
    flat = pc.list_flatten(parts)
    return flat.filter(pc.not_equal(flat, "")), np.where(empty, 0, lengths)


def _hashes(words: Iterable[str]) -> npt.NDArray[np.uint64]:
    digests = b"".join(hashlib.blake2b(word.encode(), digest_size=8).digest() for word in words)
    return np.frombuffer(digests, "<u8").astype(np.uint64)
