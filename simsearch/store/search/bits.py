"""Pairs of hashes that differ in few bits, by comparing all with all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.threads import apply_threads

if TYPE_CHECKING:
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]
    Bits = npt.NDArray[np.uint8]

__all__ = ["rows_within_bits"]

# Queries answered at a time: bounds the memory of what is found.
QUERIES = 4_096


def rows_within_bits(queries: Bits, corpus: Bits, most: int) -> tuple[Rows, Rows, Rows]:
    """The rows of a corpus that differ from each query in at most so many bits.

    Args:
        queries: (m, bytes) uint8, packed.
        corpus: (n, bytes) uint8, packed.
        most: bits.

    Returns:
        (query row, corpus row, bits that differ), each (found,) int64, query by query.
    """
    import faiss

    apply_threads()
    index = faiss.IndexBinaryFlat(corpus.shape[1] * 8)
    index.add(np.ascontiguousarray(corpus))
    asked, found, differ = [], [], []
    for start in range(0, len(queries), QUERIES):
        part = np.ascontiguousarray(queries[start : start + QUERIES])
        # FAISS finds what is below the radius, and its limits do not fit signed numbers.
        limits, distances, rows = index.range_search(part, most + 1)
        ends = limits.astype(np.int64)
        asked.append(np.repeat(np.arange(start, start + len(part)), ends[1:] - ends[:-1]))
        found.append(rows.astype(np.int64))
        differ.append(distances.astype(np.int64))
    empty = np.empty(0, np.int64)
    return (
        np.concatenate([empty, *asked]),
        np.concatenate([empty, *found]),
        np.concatenate([empty, *differ]),
    )
