"""Runs of letters within words, by their hashes, and directions drawn by these.

The same for the same letters on every machine: nothing is learned and nothing is stored.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import scipy.sparse as sp

    Floats = npt.NDArray[np.float32]
    Codes = npt.NDArray[np.uint64]

__all__ = ["counted_grams", "directions"]


def counted_grams(
    texts: Sequence[Sequence[str]], lengths: Sequence[int]
) -> tuple[sp.csr_array, Codes]:
    """How often each run of letters stands in each text.

    A word has one space at each end, so that its first and last letters are runs of their own.

    Args:
        texts: the words of each of n texts, in any case.
        lengths: how many letters a run has.

    Returns:
        float32 (n, m) counts, and uint64 (m,) the hashes of the different runs.
    """
    from scipy.sparse import csr_array

    joined = [f" {'  '.join(map(_plain, words))} " if words else "" for words in texts]
    counts = np.array([len(text) for text in joined], np.int64)
    codes = np.frombuffer("".join(joined).encode("utf-32-le"), np.uint32).astype(np.uint64)
    owner = np.repeat(np.arange(len(texts)), counts)
    grams, rows = [], []
    for length in lengths:
        hashes, places = _grams(codes, length)
        grams.append(hashes)
        rows.append(owner[places])
    different, which = np.unique(np.concatenate(grams), return_inverse=True)
    shape = (len(texts), len(different))
    ones = np.ones(len(which), np.float32)
    held = csr_array((ones, (np.concatenate(rows), which)), shape=shape)
    held.sum_duplicates()
    return held, different


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()


def _grams(codes: Codes, length: int) -> tuple[Codes, npt.NDArray[np.int64]]:
    """Hashes of all runs of letters within words, and where each begins.

    A word has one space at each end, so that a space inside of a run is between words.
    """
    count = max(0, len(codes) - length + 1)
    windows = [codes[start : start + count] for start in range(length)]
    space = np.uint64(ord(" "))
    inside = np.ones(count, bool)
    for left, right in pairwise(windows):
        inside &= ~((left == space) & (right == space))
    for middle in windows[1:-1]:
        inside &= middle != space
    places = np.flatnonzero(inside)
    hashes = np.full(len(places), length, np.uint64)
    for window in windows:
        hashes = _mixed(hashes ^ window[places])
    return hashes, places


def directions(hashes: Codes, dimension: int) -> Floats:
    """(n, dimension) of -1 and 1, drawn by each hash."""
    words = -(-dimension // 64)
    steps = np.arange(1, words + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    bits = _mixed(hashes[:, None] + steps).astype("<u8").view(np.uint8)
    return np.unpackbits(bits, axis=1)[:, :dimension].astype(np.float32) * 2 - 1


def _mixed(values: Codes) -> Codes:
    """SplitMix64's finaliser (G. Steele, D. Lea, C. Flood, OOPSLA 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
