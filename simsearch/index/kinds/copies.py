"""Exact copies as one: a graph of neighbours falls apart where many vectors are the same.

With groups of 200 copies an HNSW graph misses most of them, and a tenth of the points miss
themselves (docs/index.md). So the graph holds each vector once, and this says which rows it
stands for.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from simsearch.index.files import NewFile
    from simsearch.index.kinds.kind import Mask, Rows, Vectors

__all__ = ["Copies"]

# Behind the FAISS index in its file: rows, limits, then how long each is.
TAIL = struct.Struct("<2Q")


@dataclass(frozen=True, slots=True)
class Copies:
    """Which rows are the same vector.

    Attributes:
        rows: (n,) int64: all row numbers, those of the same vector side by side, ascending.
        limits: (u + 1,) int64: the rows of distinct vector i stand from limits[i] to
            limits[i + 1].
    """

    rows: Rows
    limits: Rows

    @classmethod
    def of(cls, vectors: Vectors) -> Copies:
        """Those of (n, d) vectors: the same in every byte, with zero as one number."""
        import numpy as np

        # 0.0 and -0.0 are the same number in other bytes; adding 0.0 leaves the first.
        plain = np.ascontiguousarray(vectors) + vectors.dtype.type(0)
        keys = plain.view(np.dtype((np.void, plain.dtype.itemsize * plain.shape[1]))).ravel()
        _, first, same = np.unique(keys, return_index=True, return_inverse=True)
        place = np.empty(len(first), np.int64)
        place[np.argsort(first)] = np.arange(len(first))
        home = place[same]
        rows = np.argsort(home, kind="stable")
        return cls(rows, np.concatenate([[0], np.cumsum(np.bincount(home))]))

    def reordered(self, order: Rows) -> Copies:
        """The distinct vectors in another order: (u,) int64, which comes where."""
        import numpy as np

        parts = [self.rows[self.limits[each] : self.limits[each + 1]] for each in order]
        sizes = np.diff(self.limits)[order]
        return Copies(np.concatenate(parts), np.concatenate([[0], np.cumsum(sizes)]))

    @property
    def first(self) -> Rows:
        """(u,) int64: the first row of each distinct vector."""
        return self.rows[self.limits[:-1]]

    def alive(self, alive: Mask | None) -> Mask | None:
        """(u,) bool: which distinct vectors have a row that is alive; None for all."""
        import numpy as np

        if alive is None:
            return None
        living: Mask = np.add.reduceat(alive[self.rows].astype(np.int64), self.limits[:-1]) > 0
        return living

    def expanded(
        self, values: Vectors, found: Rows, k: int, alive: Mask | None
    ) -> tuple[Vectors, Rows]:
        """Answers in distinct vectors as answers in rows.

        Args:
            values, found: (m, any), nearest first, -1 for none.
            k: rows to give for each query.
            alive: (n,) bool; None for all.

        Returns:
            As `Searcher.search`: (m, k).
        """
        import numpy as np

        out = np.full((len(found), k), np.nan, np.float32)
        rows = np.full((len(found), k), -1, np.int64)
        for query, (near, distinct) in enumerate(zip(values, found, strict=True)):
            there = distinct >= 0
            sizes = np.diff(self.limits)[distinct[there]]
            spread = [
                self.rows[self.limits[each] : self.limits[each + 1]] for each in distinct[there]
            ]
            all_rows = np.concatenate([np.empty(0, np.int64), *spread])
            all_values = np.repeat(near[there], sizes)
            if alive is not None:
                all_values, all_rows = all_values[alive[all_rows]], all_rows[alive[all_rows]]
            count = min(k, len(all_rows))
            out[query, :count], rows[query, :count] = all_values[:count], all_rows[:count]
        return out, rows

    def write(self, file: NewFile) -> None:
        """Append to a file."""
        file.write(self.rows.astype("<i8").tobytes())
        file.write(self.limits.astype("<i8").tobytes())
        file.write(TAIL.pack(len(self.rows), len(self.limits)))

    @classmethod
    def read(cls, path: Path) -> Copies:
        """What `write` appended."""
        import numpy as np

        size = path.stat().st_size
        with path.open("rb") as file:
            file.seek(size - TAIL.size)
            rows, limits = TAIL.unpack(file.read())
        start = size - TAIL.size - 8 * (rows + limits)
        both = np.memmap(path, "<i8", "r", start, (rows + limits,)) if start >= 0 else np.zeros(0)
        return cls(np.asarray(both[:rows]), np.asarray(both[rows:]))
