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
from simsearch.store.search.codes import as_written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy.typing as npt
    import pyarrow as pa

    Rows = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float32]
    Weigh = Callable[[Sequence[str]], Sequence[float]]
    # Rows in ascending order, and how often each has what is sought.
    _Held = tuple[npt.NDArray[np.int32], Floats]

__all__ = ["Postings", "WordIndex", "WordScores", "query_words"]

# Saturation of a word's count and the weight of a text's length: the usual ones.
_K1, _B = 1.2, 0.75
# Letters and digits in one word, or a long number: a code, a version, an order. It stands for one
# thing and has no synonym, so it counts so many times what its rarity says.
_CODE = re.compile(r"(?=.{4})(?=.*\d)(?=.*[^\W\d]).*|\d{5,}")
_CODE_COUNTS = 4.0
# Letters of a stem.
_STEM = 5
# Written without spaces between words: each sign is one.
_SIGNS = r"([\p{Han}\p{Hiragana}\p{Katakana}])"
# `c++`, `c#` and `snake_case` are words.
_NO_WORD = r"[^\pL\pN\pM_+#]+"
_ASCII_SPACE = re.compile(r"[\x00-\x20\x7f]+")
_NO_ASCII_WORD = re.compile(r"[^a-z0-9_+#]+")
_NOWHERE = (np.empty(0, np.int32), np.empty(0, np.float32))


class Postings(NamedTuple):
    """Which rows have which words.

    Attributes:
        words: uint64 (w,), hashes of the differing words, sorted.
        starts: int64 (w + 1,): word i is in the rows from starts[i] to starts[i + 1].
        rows: int32 (p,), ascending for each word.
        counts: uint8 (p,), how often the word comes there, 255 at most.
        lengths: int32 (n,), words of each row.
        documents: int32 (n,): rows of one number are passages of one document.
        stems: uint64 (w,), hashes of the stems of all words, sorted.
        stem_words: int32 (w,): the word that each of these is the stem of.
    """

    words: npt.NDArray[np.uint64]
    starts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    counts: npt.NDArray[np.uint8]
    lengths: npt.NDArray[np.int32]
    documents: npt.NDArray[np.int32]
    stems: npt.NDArray[np.uint64]
    stem_words: npt.NDArray[np.int32]

    @classmethod
    def of(cls, texts: pa.ChunkedArray, documents: pa.ChunkedArray | None = None) -> Postings:
        """Of n texts, null where there is none; a document each where nothing else is said."""
        flat, lengths = _words(texts)
        encoded = flat.dictionary_encode()
        known = encoded.dictionary.to_pylist()
        words, first, place = np.unique(_hashes(known), return_index=True, return_inverse=True)
        word = place[encoded.indices.to_numpy()] if len(flat) else np.empty(0, np.int64)
        row = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
        keys, counts = np.unique(word * np.int64(max(1, len(lengths))) + row, return_counts=True)
        owner = keys // max(1, len(lengths))
        codes = np.arange(len(lengths))
        if documents is not None and len(documents):
            codes = documents.combine_chunks().dictionary_encode().indices.to_numpy()
        stems = _hashes(_stem(known[each]) for each in first.tolist())
        order = np.argsort(stems, kind="stable")
        return cls(
            words,
            np.searchsorted(owner, np.arange(len(words) + 1)).astype(np.int64),
            (keys % max(1, len(lengths))).astype(np.int32),
            np.minimum(counts, 255).astype(np.uint8),
            lengths.astype(np.int32),
            np.asarray(codes, np.int32),
            stems[order],
            order.astype(np.int32),
        )

    def having(self, word: int) -> _Held:
        """Which rows have a word, by its hash, and how often."""
        place = int(np.searchsorted(self.words, np.uint64(word)))
        if place == len(self.words) or int(self.words[place]) != word:
            return _NOWHERE
        return self._held(place)

    def having_stem(self, stem: int) -> _Held:
        """Which rows have words of a stem, by its hash, and how often together."""
        begin = int(np.searchsorted(self.stems, np.uint64(stem), "left"))
        end = int(np.searchsorted(self.stems, np.uint64(stem), "right"))
        held = [self._held(place) for place in self.stem_words[begin:end].tolist()]
        if len(held) < 2:
            return held[0] if held else _NOWHERE
        rows, often = (np.concatenate(parts) for parts in zip(*held, strict=True))
        return _added_up(rows, often)

    def holds(self, word: int, row: int) -> bool:
        """Whether a row has a word."""
        rows, _ = self.having(word)
        place = int(np.searchsorted(rows, row))
        return place < len(rows) and int(rows[place]) == row

    def _held(self, place: int) -> _Held:
        part = slice(int(self.starts[place]), int(self.starts[place + 1]))
        return self.rows[part], self.counts[part].astype(np.float32)


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
    return _hashed(words)


class WordIndex:
    """The words of several segments, to be asked.

    A word counts half by itself and half by its stem, so that what has another form of it is an
    answer too, and what has the very form the better one.

    Args:
        segments: the words of each.
    """

    def __init__(self, segments: Sequence[Postings]) -> None:
        self.segments = segments
        self._rows = _Texts([each.lengths.astype(np.float32) for each in segments])
        wholes = [np.bincount(each.documents, each.lengths) for each in segments]
        self._documents = _Texts([each.astype(np.float32) for each in wholes])

    def scores(self, words: Mapping[int, str], weigh: Weigh | None = None) -> WordScores:
        """How well the texts answer a query by its words, by BM25.

        Args:
            words: of the query, by their hashes.
            weigh: what words say beside how rare they are here, 0 to 1; None: all as much.

        The score is divided by what a text of usual length gets that has each word once, and cut
        at 1, so that it does not depend on the number of words or of texts. Codes are sought as the
        texts write them, see `as_written`.
        """
        words = _hashed(as_written(list(words.values()), self._has))
        texts = list(words.values())
        counts = map(_counts, texts, [1.0] * len(texts) if weigh is None else weigh(texts))
        told = zip(words, texts, counts, strict=True)
        asked = {word: self._terms(text, count) for word, text, count in told}
        terms = [term for both in asked.values() for term in both]
        scores = [np.minimum(each, 1) for each in self._rows.scores(terms)]
        rarest = sorted(words, key=lambda word: -self._rows.rarity(asked[word][0]))
        named = {word: words[word] for word in rarest}
        if self._documents.number == self._rows.number:
            return WordScores(scores, named, self.segments)
        whole = self._documents.scores([self._of_documents(term) for term in terms])
        places = [each.documents for each in self.segments]
        spread = [found[place] for found, place in zip(whole, places, strict=True)]
        return WordScores(scores, named, self.segments, spread)

    def _has(self, text: str) -> bool:
        word = int(_hashes([text])[0])
        return any(len(segment.having(word)[0]) for segment in self.segments)

    def _terms(self, text: str, counts: float) -> tuple[_Term, _Term]:
        word, stem = _hashes([text, _stem(text)]).tolist()
        return (
            _Term(counts / 2, [each.having(word) for each in self.segments]),
            _Term(counts / 2, [each.having_stem(stem) for each in self.segments]),
        )

    def _of_documents(self, term: _Term) -> _Term:
        """The same with the documents in the place of their passages."""
        held = zip(self.segments, term.held, strict=True)
        return _Term(
            term.counts, [_added_up(s.documents[rows], often) for s, (rows, often) in held]
        )


class _Term(NamedTuple):
    """What is sought: how much it counts, and for each segment which texts have it."""

    counts: float
    held: Sequence[_Held]


class _Texts:
    """Texts that BM25 is of: passages, or the documents that they are of.

    Args:
        lengths: for each segment float32 (n,), words of each.
    """

    def __init__(self, lengths: Sequence[Floats]) -> None:
        self.number = sum(map(len, lengths))
        self._lengths = lengths
        words = sum(float(each.sum(dtype=np.float64)) for each in lengths)
        self._average = max(words / max(1, self.number), 1e-9)

    def rarity(self, term: _Term) -> float:
        """What a term counts, by how many of the texts have it."""
        having = sum(len(rows) for rows, _ in term.held)
        return term.counts * math.log(1 + (self.number - having + 0.5) / (having + 0.5))

    def scores(self, terms: Iterable[_Term]) -> list[Floats]:
        """For each segment float32 (n,): 1 for a text of usual length that has each term once."""
        out, whole = [np.zeros(len(each), np.float32) for each in self._lengths], 1e-9
        for term in terms:
            rarity = self.rarity(term)
            whole += rarity
            for place, (rows, often) in enumerate(term.held):
                out[place][rows] += np.float32(rarity) * self._saturated(place, rows, often)
        return [each / np.float32(whole) for each in out]

    def _saturated(self, place: int, rows: npt.NDArray[np.int32], often: Floats) -> Floats:
        """What a term counts that comes so often: more for more, less in longer texts."""
        length = self._lengths[place][rows] / np.float32(self._average)
        usual = np.float32(_K1) * (np.float32(1 - _B) + np.float32(_B) * length)
        return np.asarray(often * np.float32(_K1 + 1) / (often + usual), np.float32)


def _added_up(rows: npt.NDArray[np.int32], often: Floats) -> _Held:
    """Rows that come several times, each once with the sum of its counts."""
    found = np.bincount(rows, often)
    different = np.flatnonzero(found).astype(np.int32)
    return different, found[different].astype(np.float32)


def _counts(word: str, weight: float) -> float:
    """What a word counts beside others that are as rare."""
    return _CODE_COUNTS if _CODE.fullmatch(word) else weight


def _stem(word: str) -> str:
    """What the forms of a word have in common; of what is not all letters the whole.

    Its first letters (P. McNamee, J. Mayfield, Character N-Gram Tokenization for European Language
    Text Retrieval, Information Retrieval 7, 2004, find that to do as well as stemmers).
    """
    return word[:_STEM] if word.isalpha() else word


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


def _hashed(words: Sequence[str]) -> dict[int, str]:
    return dict(zip(_hashes(words).tolist(), words, strict=True))


def _hashes(words: Iterable[str]) -> npt.NDArray[np.uint64]:
    digests = b"".join(hashlib.blake2b(word.encode(), digest_size=8).digest() for word in words)
    return np.frombuffer(digests, "<u8").astype(np.uint64)
