"""Store equal vectors once: a graph of neighbours falls apart where many are the same.

With groups of 200 duplicates an HNSW graph misses most of them, and a tenth of the points miss
themselves (docs/design/store.md). So the graph holds each vector once, and this says which rows it
stands for.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from simsearch.store.engines.engine import Mask, Rows, Vectors
    from simsearch.store.format.durable import HashedFile

__all__ = ["Duplicates"]

# Behind the FAISS index in its file: rows, limits, then how long each is.
TAIL = struct.Struct("<2Q")
# Vectors looked at together: bounds what is copied of them.
CHUNK_ROWS = 16_384
SEED = 1234


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Which rows are the same vector.

    Attributes:
        rows: (n,) int64: all row numbers, those of the same vector side by side, ascending.
        limits: (u + 1,) int64: the rows of distinct vector i stand from limits[i] to
            limits[i + 1].
    """

    rows: Rows
    limits: Rows

    @classmethod
    def of(cls, vectors: Vectors) -> Duplicates:
        """Those of (n, d) vectors: the same in every byte, with zero as one number."""
        import numpy as np

        hashes = _hashes(vectors)
        order = np.argsort(hashes, kind="stable")
        new = np.diff(hashes[order], prepend=~hashes[order[:1]]) != 0
        leader = order[np.flatnonzero(new)[np.cumsum(new) - 1]]
        if not _same(vectors, order, leader):  # two vectors with the same hash
            return cls._compared(vectors)
        # The rows of a hash are ascending, and its first one stands for them.
        home = np.empty(len(vectors), np.int64)
        home[order] = leader
        return cls._grouped(home)

    @classmethod
    def _compared(cls, vectors: Vectors) -> Duplicates:
        """As `of`, without hashes: takes a copy of the vectors, and longer."""
        import numpy as np

        plain = _plain(vectors)
        keys = plain.view(np.dtype((np.void, plain.dtype.itemsize * plain.shape[1]))).ravel()
        _, first, same = np.unique(keys, return_index=True, return_inverse=True)
        return cls._grouped(first[same])

    @classmethod
    def _grouped(cls, home: Rows) -> Duplicates:
        """From the first row that is the same as each row, (n,)."""
        import numpy as np

        rows = np.argsort(home, kind="stable")
        starts = np.flatnonzero(np.diff(home[rows], prepend=-1))
        return cls(rows, np.append(starts, len(rows)))

    def reordered(self, order: Rows) -> Duplicates:
        """The distinct vectors in another order: (u,) int64, which comes where."""
        import numpy as np

        sizes = self.sizes[order]
        limits = np.append(0, np.cumsum(sizes))
        within = np.arange(limits[-1]) - np.repeat(limits[:-1], sizes)
        return Duplicates(self.rows[np.repeat(self.limits[order], sizes) + within], limits)

    @property
    def first(self) -> Rows:
        """(u,) int64: the first row of each distinct vector."""
        return self.rows[self.limits[:-1]]

    @property
    def sizes(self) -> Rows:
        """(u,) int64: how many rows each distinct vector has."""
        import numpy as np

        return np.diff(self.limits)

    def living(self, alive: Mask) -> Duplicates:
        """The same vectors with those of their rows that are alive, (n,) bool; perhaps none."""
        import numpy as np

        kept = alive[self.rows]
        return Duplicates(self.rows[kept], np.append(0, np.cumsum(kept))[self.limits])

    def expanded(self, values: Vectors, found: Rows, k: int) -> tuple[Vectors, Rows]:
        """Answers in distinct vectors as answers in rows.

        Args:
            values, found: (m, any), nearest first, -1 for none.
            k: rows to give for each query.

        Returns:
            As `Searcher.search`: (m, k).
        """
        import numpy as np

        # Not `sizes`, which would be computed for all the vectors.
        sizes = np.where(found >= 0, self.limits[found + 1] - self.limits[found], 0)
        before = np.cumsum(sizes, axis=1) - sizes
        taken = np.clip(k - before, 0, sizes)
        out = np.full((len(found), k), np.nan, np.float32)
        rows = np.full((len(found), k), -1, np.int64)
        count = taken.ravel()
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        query = np.repeat(np.arange(len(found)), taken.sum(axis=1))
        column = np.repeat(before.ravel(), count) + within
        out[query, column] = np.repeat(values.ravel(), count)
        rows[query, column] = self.rows[np.repeat(self.limits[found].ravel(), count) + within]
        return out, rows

    def write(self, file: HashedFile) -> None:
        """Append to a file."""
        file.write(self.rows.astype("<i8").tobytes())
        file.write(self.limits.astype("<i8").tobytes())
        file.write(TAIL.pack(len(self.rows), len(self.limits)))

    @classmethod
    def read(cls, path: Path) -> Duplicates:
        """What `write` appended."""
        import numpy as np

        size = path.stat().st_size
        with path.open("rb") as file:
            file.seek(size - TAIL.size)
            rows, limits = TAIL.unpack(file.read())
        start = size - TAIL.size - 8 * (rows + limits)
        both = np.memmap(path, "<i8", "r", start, (rows + limits,)) if start >= 0 else np.zeros(0)
        return cls(np.asarray(both[:rows]), np.asarray(both[rows:]))


def _plain(vectors: Vectors) -> Vectors:
    """With zero as one number: 0.0 and -0.0 are the same in other bytes."""
    import numpy as np

    plain: Vectors = np.ascontiguousarray(vectors) + vectors.dtype.type(0)
    return plain


def _hashes(vectors: Vectors) -> npt.NDArray[np.uint64]:
    """(n,) a number for each vector: its words, each times an odd number drawn for its place."""
    import numpy as np

    rng = np.random.default_rng(SEED)
    factors = rng.integers(1 << 63, size=vectors.shape[1], dtype=np.uint64) * 2 + 1
    out = np.empty(len(vectors), np.uint64)
    for start in range(0, len(vectors), CHUNK_ROWS):
        plain = _plain(vectors[start : start + CHUNK_ROWS])
        words = plain.view(np.dtype(f"u{plain.itemsize}")).astype(np.uint64)
        out[start : start + CHUNK_ROWS] = words @ factors
    return out


def _same(vectors: Vectors, rows: Rows, others: Rows) -> bool:
    """Whether rows are the same vectors as others, one by one."""
    import numpy as np

    differ = rows != others
    rows, others = rows[differ], others[differ]
    return all(
        np.array_equal(vectors[rows[i : i + CHUNK_ROWS]], vectors[others[i : i + CHUNK_ROWS]])
        for i in range(0, len(rows), CHUNK_ROWS)
    )
