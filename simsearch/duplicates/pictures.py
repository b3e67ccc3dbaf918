"""Copies of pictures: saved again, scaled, turned, mirrored, in other colours.

Each picture is hashed in its eight orientations (see `encoders.pdq`), and pairs that differ in few
bits are compared. How few is not fixed: different pictures come as close by chance, the more of
them the more there are. How often is known of photos; what the corpus at hand shows at distances
that copies hardly have corrects it, so that scans or drawings, which are more alike, are held to
less. A pair is probably the same where more pairs are that close than chance explains (local false
discovery rate: B. Efron, "Size, power and false discovery rates", Annals of Statistics 35, 2007).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from simsearch.duplicates.tiers import TierPairs
from simsearch.encoders.pdq import BITS, ORIENTATIONS, pdq
from simsearch.records.candidates import PairSet
from simsearch.sources.picture_pixels import resized
from simsearch.store.search.bits import rows_within_bits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt
    import pyarrow as pa

    Bits = npt.NDArray[np.uint8]
    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]

__all__ = ["SAME_PICTURE", "PictureFinder", "log_odds_of_bits"]

SAME_PICTURE = "same picture"
# Side of the squares that pictures are hashed at: the hash samples 64 x 64 points.
_SIDE = 160
# Hashes of pictures with less to see than this say nothing (the paper's own limit).
_LEAST_QUALITY = 50
# Bits beyond which no copy is looked for, and from which on pairs are different pictures.
_MOST_BITS = 72
_BY_CHANCE = (76, 92)
# Of different photos, the share of pairs within 60 bits in any orientation, and how it grows with
# each bit more. benchmarks/near_pictures.py measures both; these are of a larger set, and stricter.
_SHARE_AT_60 = 2.5e-6
_GROWTH = 0.235
# The distance is known to be right to so many bits: counts are taken over a window.
_WINDOW = 4
# Pictures that are asked how many others are close by chance.
_SAMPLE = 2_000
# No pair is surer than this, or less sure.
_SURE = 9.0


class PictureFinder:
    """Finds copies among pictures. See `TierFinder`."""

    tier = SAME_PICTURE
    reading: Mapping[str, Any] = MappingProxyType({"size": (_SIDE, _SIDE), "channels": 3})
    compared = "pictures compared by perceptual hash, in eight orientations"

    def __init__(self) -> None:
        self._bits: list[Bits] = []
        self._seen: list[bool] = []

    def add(self, items: pa.Table) -> None:
        """See `TierFinder`."""
        pixels = items.column("image").combine_chunks().to_numpy_ndarray()
        for picture in resized(pixels, (_SIDE, _SIDE), 3):
            found = pdq(picture)
            self._bits.append(found.bits)
            self._seen.append(found.quality >= _LEAST_QUALITY)

    def find(self, whole: Callable[[int], Any]) -> TierPairs:  # noqa: ARG002
        """See `TierFinder`."""
        rows = np.flatnonzero(self._seen)
        hashes = (
            np.stack([self._bits[row] for row in rows])
            if len(rows)
            else np.empty((0, ORIENTATIONS, BITS // 8), np.uint8)
        )
        left, right, bits, turned = _closest(hashes)
        odds = log_odds_of_bits(bits, len(rows), _chance_factor(hashes))
        orientation = np.where(turned, "turned or mirrored", "").astype(np.str_)
        pairs = PairSet(rows[left], rows[right])
        names = np.full(len(left), SAME_PICTURE)
        return TierPairs(pairs, odds, 1.0 - bits / BITS, names, orientation)


def log_odds_of_bits(bits: Rows, pictures: int, factor: float = 1.0) -> Floats:
    """(pairs,) ln odds that pictures are the same, by how many bits differ.

    Args:
        bits: (pairs,) of all pairs within _MOST_BITS.
        pictures: how many were compared.
        factor: how many times as often as photos different pictures come close here.
    """
    if not len(bits):
        return np.empty(0)
    counts = np.bincount(bits, minlength=_MOST_BITS + 1).astype(np.float64)
    seen = np.convolve(counts, np.ones(2 * _WINDOW + 1), "same")
    places = np.arange(_MOST_BITS + 1)
    all_pairs = pictures * (pictures - 1) / 2
    chance = all_pairs * factor * _SHARE_AT_60 * np.exp(_GROWTH * (places - 60)) * _GROWTH
    expected = np.convolve(chance, np.ones(2 * _WINDOW + 1), "same")
    # At least one pair is there to be explained, wherever it is.
    same = np.maximum(seen - expected, 0.0)
    odds = np.log(np.maximum(same, 1e-9)) - np.log(np.maximum(expected, 1e-9))
    # A pair that is closer is never less probable.
    monotone = np.maximum.accumulate(odds[::-1])[::-1]
    out: Floats = np.clip(monotone, -_SURE, _SURE)[bits]
    return out


def _closest(hashes: Bits) -> tuple[Rows, Rows, Rows, npt.NDArray[np.bool_]]:
    """Pairs within _MOST_BITS in any orientation: rows, bits, and whether one was turned."""
    upright = np.ascontiguousarray(hashes[:, 0])
    keys, bits, turns = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for turn in range(ORIENTATIONS):
        one, other, differ = rows_within_bits(hashes[:, turn], upright, _MOST_BITS)
        apart = one < other
        keys.append((one * len(hashes) + other)[apart])
        bits.append(differ[apart])
        turns.append(np.full(int(apart.sum()), turn, np.int64))
    found = np.stack([np.concatenate(each) for each in (keys, bits, turns)])
    found = found[:, np.lexsort(found[::-1])]  # of each pair the closest orientation first
    first = np.ones(found.shape[1], np.bool_)
    first[1:] = found[0, 1:] != found[0, :-1]
    key, closest, orientation = found[:, first]
    width = max(len(hashes), 1)
    return key // width, key % width, closest, orientation > 0


def _chance_factor(hashes: Bits) -> float:
    """How many times as often as of photos different pictures come close; at least 1."""
    if len(hashes) < 2:
        return 1.0
    low, high = _BY_CHANCE
    chosen = np.random.default_rng(0).permutation(len(hashes))[:_SAMPLE]
    upright, found = np.ascontiguousarray(hashes[:, 0]), 0
    for turn in range(ORIENTATIONS):
        one, other, differ = rows_within_bits(hashes[chosen, turn], upright, high)
        found += int(((differ >= low) & (chosen[one] != other)).sum())
    edges = np.exp(_GROWTH * (np.array([low, high + 1]) - 60.0))
    expected = len(chosen) * (len(hashes) - 1) * _SHARE_AT_60 * float(edges[1] - edges[0])
    # Few pictures show little: a pair more or less must not decide.
    return max(1.0, (found + 1.0) / (expected + 1.0))
