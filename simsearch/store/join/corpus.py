"""The rows of all parts as one, without those that are dead and with duplicates collapsed.

A *row* here is a number from 0 on, in order of position, of what is alive. A *vector* is a number
from 0 on of the different vectors among them, in order of their first rows. Only first rows are
ever read for comparing, so that a group of g duplicates costs one comparison and not g².
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simsearch.store.engines.engine import Rows, Vectors
    from simsearch.store.join.part import Part
    from simsearch.store.join.stream import Found

__all__ = ["Corpus"]

# Bytes of vectors that are hashed or compared at once.
CHUNK_BYTES = 4 * 2**20


@dataclass(frozen=True)
class Corpus:
    """What is joined.

    Attributes:
        parts: in order of position.
        positions: (rows,) int64, ascending.
        rows: (rows,) int64, grouped by vector, ascending within a group.
        limits: (vectors + 1,) int64, where each vector's rows begin in `rows`.
    """

    parts: tuple[Part, ...]
    positions: Rows
    rows: Rows
    limits: Rows

    @classmethod
    def of(cls, parts: Sequence[Part]) -> Corpus:
        """Read all parts once, and find duplicates."""
        import numpy as np

        filled = [part for part in parts if len(part.vectors)]
        ordered = tuple(sorted(filled, key=lambda part: part.start))
        alive = [
            part.start
            + (np.arange(len(part.vectors)) if part.alive is None else np.flatnonzero(part.alive))
            for part in ordered
        ]
        positions = np.concatenate([np.empty(0, np.int64), *alive]).astype(np.int64, copy=False)
        vector = _duplicates(ordered, positions)
        rows = np.argsort(vector, kind="stable")
        count = int(vector.max()) + 1 if len(vector) else 0
        limits = np.searchsorted(vector[rows], np.arange(count + 1))
        return cls(ordered, positions, rows, limits.astype(np.int64, copy=False))

    def __len__(self) -> int:
        """How many different vectors."""
        return len(self.limits) - 1

    @cached_property
    def firsts(self) -> Rows:
        """(vectors,) int64, the position of each vector's first row."""
        firsts: Rows = self.positions[self.rows[self.limits[:-1]]]
        return firsts

    @cached_property
    def sizes(self) -> Rows:
        """(vectors,) int64, how many rows each vector has."""
        import numpy as np

        return np.diff(self.limits)

    @cached_property
    def vector_of(self) -> Rows:
        """(rows,) int64, the vector of each row."""
        import numpy as np

        out = np.empty(len(self.rows), np.int64)
        out[self.rows] = np.repeat(np.arange(len(self)), self.sizes)
        return out

    @property
    def row_bytes(self) -> int:
        """Bytes of a vector as it is stored."""
        return sum(part.vectors[:1].nbytes for part in self.parts[:1]) if len(self) else 1

    def take(self, vectors: Rows) -> Vectors:
        """Those vectors, (n, width), copied out of the parts."""
        return _gathered(self.parts, self.firsts[vectors])

    def spread(self, left: Rows, right: Rows, values: Vectors, size: int) -> Iterator[Found]:
        """Pairs of different vectors as pairs of positions.

        Args:
            left, right: (pairs,) vectors.
            values: (pairs,) float32.
            size: the most pairs to give at once.
        """
        import numpy as np

        if len(self) == len(self.rows):
            yield self.firsts[left], self.firsts[right], values
            return
        width = self.sizes[right]
        ends = np.cumsum(self.sizes[left] * width)
        for low in range(0, int(ends[-1]) if len(ends) else 0, size):
            number = np.arange(low, min(low + size, int(ends[-1])))
            pair = np.searchsorted(ends, number, side="right")
            number -= np.concatenate([[0], ends])[pair]
            one = self.rows[self.limits[left[pair]] + number // width[pair]]
            other = self.rows[self.limits[right[pair]] + number % width[pair]]
            yield self.positions[one], self.positions[other], values[pair]

    def duplicates(self, vectors: Rows, values: Vectors, size: int) -> Iterator[Found]:
        """Pairs of positions whose vectors are the same.

        Args:
            vectors: (n,) which vectors.
            values: (n,) float32, how close each is to itself.
            size: the most pairs to give at once.
        """
        import numpy as np

        count = self.sizes[vectors]
        ends = np.cumsum(count * (count - 1) // 2)
        for low in range(0, int(ends[-1]) if len(ends) else 0, size):
            number = np.arange(low, min(low + size, int(ends[-1])))
            which = np.searchsorted(ends, number, side="right")
            upper, lower = _triangle(number - np.concatenate([[0], ends])[which])
            begin = self.limits[vectors[which]]
            one, other = self.rows[begin + lower], self.rows[begin + upper]
            yield self.positions[one], self.positions[other], values[which]


def _triangle(number: Rows) -> tuple[Rows, Rows]:
    """Row i and column j < i of an entry below the diagonal, numbered row by row."""
    import numpy as np

    row = ((1 + np.sqrt(1 + 8 * number.astype(np.float64))) / 2).astype(np.int64)
    # The root of so large a number may be rounded to the next row or the one before.
    row -= row * (row - 1) // 2 > number
    row += row * (row + 1) // 2 <= number
    return row, number - row * (row - 1) // 2


def _gathered(parts: tuple[Part, ...], positions: Rows) -> Vectors:
    """The vectors at some positions."""
    import numpy as np

    if len(parts) == 1:
        return np.asarray(parts[0].vectors[positions - parts[0].start])
    part_of = np.searchsorted([part.start for part in parts], positions, side="right") - 1
    first = parts[0].vectors
    out = np.empty((len(positions), first.shape[1]), first.dtype)
    for number in np.unique(part_of):
        here = part_of == number
        out[here] = parts[number].vectors[positions[here] - parts[number].start]
    return out


def _duplicates(parts: tuple[Part, ...], positions: Rows) -> Rows:
    """(rows,) int64, the vector of each row: the same number for the same bytes."""
    import numpy as np

    if not len(positions):
        return np.empty(0, np.int64)
    hashes = np.concatenate([_hashes(_bytes(chunk)) for chunk in _chunks(parts, positions)])
    order = np.argsort(hashes, kind="stable")
    begins = np.concatenate([[True], np.diff(hashes[order]) != 0])
    first = np.empty(len(order), np.int64)  # the first row with the same hash
    first[order] = order[begins][np.cumsum(begins) - 1]
    _part_collisions(parts, positions, first)
    is_first = first == np.arange(len(first))
    vector: Rows = (np.cumsum(is_first) - 1)[first]
    return vector


def _chunks(parts: tuple[Part, ...], positions: Rows) -> Iterator[Vectors]:
    size = max(1, CHUNK_BYTES // max(1, parts[0].vectors[:1].nbytes))
    for start in range(0, len(positions), size):
        yield _gathered(parts, positions[start : start + size])


def _bytes(vectors: Vectors) -> Vectors:
    """Rows as whole numbers of 32 bits, filled up with zeros."""
    import numpy as np

    if vectors.dtype.kind == "f":
        vectors = vectors + np.zeros(1, vectors.dtype)  # -0 becomes 0: the same number
    raw = np.ascontiguousarray(vectors).view(np.uint8)
    short = -raw.shape[1] % 4
    if short:
        raw = np.pad(raw, ((0, 0), (0, short)))
    return raw.view(np.uint32)


def _hashes(words: Vectors) -> Vectors:
    """A hash of each row, uint64: its words times random odd numbers, summed modulo 2^64.

    (Multilinear hashing: Lemire and Kaser, Strongly universal string hashing is fast, 2014.)
    """
    import numpy as np

    odd = np.random.default_rng(0).integers(0, 2**63, words.shape[1], np.uint64) * 2 + 1
    hashes: Vectors = np.einsum("ij,j->i", words, odd.astype(np.uint64))
    return hashes


def _part_collisions(parts: tuple[Part, ...], positions: Rows, first: Rows) -> None:
    """Give rows of the same hash and different bytes a first row of their own, in place."""
    import numpy as np

    same = np.flatnonzero(first != np.arange(len(first)))
    differ = []
    size = max(1, CHUNK_BYTES // max(1, parts[0].vectors[:1].nbytes))
    for start in range(0, len(same), size):
        rows = same[start : start + size]
        here = _bytes(_gathered(parts, positions[rows]))
        there = _bytes(_gathered(parts, positions[first[rows]]))
        differ.append(rows[(here != there).any(axis=1)])
    rows = np.concatenate([np.empty(0, np.int64), *differ])
    known: dict[bytes, int] = {}
    # Hardly ever any: two of a billion different vectors have the same hash of 64 bits.
    for row in rows.tolist():
        key = _bytes(_gathered(parts, positions[row : row + 1])).tobytes()
        first[row] = known.setdefault(key, row)
