"""Edited copies of pictures: cropped, framed, captioned, turned a little, in a screenshot.

Pictures are embedded by the encoder that comes along, and a pair's cosine is compared with how
close the two come to others: the cosine of each with its eleventh nearest neighbour, among the
pictures at hand and a bank of pictures that comes with the encoder, is taken off (score
normalisation: E. Pizzi et al., "A self-supervised descriptor for image copy detection", CVPR 2022).
Ten copies of a picture do not hide it; in a folder of fewer than 33 a third of it would. What is
left of the pairs of different pictures falls off alike in folders of any size and subject; a pair
is probably a copy where more pairs are that close than this explains (local false discovery rate:
B. Efron, "Size, power and false discovery rates", Annals of Statistics 35, 2007).
"""

from __future__ import annotations

from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from simsearch.distance import Metric
from simsearch.duplicates.drawings import less_other_drawings, may_be_drawing
from simsearch.duplicates.tiers import TierPairs
from simsearch.encoders.pdq import LEAST_QUALITY, quality_of
from simsearch.errors import EncoderError
from simsearch.kinds.loading import load_encoder
from simsearch.records.candidates import PairSet
from simsearch.sources.picture_pixels import resized
from simsearch.store.join import Part, neighbour_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.encoders.lite import LiteEncoder

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]
    Vectors = npt.NDArray[np.float32]

__all__ = ["EDITED_COPY", "EditedCopyFinder", "log_odds_of_scores", "normalised"]

EDITED_COPY = "edited copy"
# Of the squares that the encoder sees.
_SIDE = 160
# A point whose neighbours differ by no more of 255 levels is plain. Photos, framed and in
# screenshots too, have some plain points; logos and diagrams, of which the encoder knows nothing,
# have hardly others.
_LEVELS, _PLAIN = 2, 0.85
# The neighbour that is near by chance: before it there is room for copies.
_NEIGHBOURS = 11
# In small folders it is an earlier one: of so many parts of the pictures one may be copies.
_LEAST_PLACE, _PARTS = 3, 3
# Pairs that are looked at, for each picture.
_NEAREST = 20
# Pairs of different pictures above a normalised score of .2, for each picture, and the score over
# which they become e times fewer. benchmarks/images.py measures both.
_AT, _ABOVE, _SCALE = 0.2, 0.15, 0.06
# Scores that copies hardly have, by which a folder shows that its pictures are more alike.
_BY_CHANCE = (0.15, 0.2)
_BINS, _WINDOW = 200, 3
# No pair is surer than this, or less sure.
_SURE = 9.0
# Pictures that are compared with the bank at a time.
_BLOCK = 4_096


class EditedCopyFinder:
    """Finds edited copies among pictures. See `TierFinder`."""

    tier = EDITED_COPY
    reading: Mapping[str, Any] = MappingProxyType({"size": (_SIDE, _SIDE), "channels": 3})
    compared = "pictures compared by their embeddings"

    def __init__(self) -> None:
        self._vectors: list[Vectors] = []
        self._seen: list[bool] = []
        self._drawn: list[bool] = []

    @cached_property
    def _encoder(self) -> LiteEncoder:
        from simsearch.encoders.lite import LiteEncoder

        encoder = load_encoder("lite-copies")
        if not isinstance(encoder, LiteEncoder):
            raise EncoderError("lite-copies is another encoder than the one that comes along")
        return encoder

    def add(self, items: pa.Table) -> None:
        """See `TierFinder`."""
        import pyarrow as pa

        if not len(items):
            return
        given = items.column("image").combine_chunks().to_numpy_ndarray()
        pixels = resized(given, (_SIDE, _SIDE), 3)
        seen = [_is_photo(picture) for picture in pixels]
        self._seen += seen
        self._drawn += [may_be_drawing(picture) for picture in pixels]
        if any(seen):
            fitting = pa.FixedShapeTensorArray.from_numpy_ndarray(pixels[seen])
            self._vectors.append(self._encoder.encode_table(pa.table({"image": fitting})))

    def find(self, whole: Callable[..., Iterator[Any]]) -> TierPairs:
        """See `TierFinder`."""
        rows = np.flatnonzero(self._seen)
        if len(rows) < 2:
            none, words = np.empty(0, np.int64), np.empty(0, np.str_)
            return TierPairs(PairSet(none, none), np.empty(0), np.empty(0), words, words)
        vectors = np.concatenate(self._vectors)
        self._vectors = [vectors]  # all there is, once
        left, right, cosine = _near(vectors)
        score = normalised(left, right, cosine, _nearest_of(vectors, self._encoder.bank))
        likely = np.flatnonzero(score > _BY_CHANCE[0])
        odds = log_odds_of_scores(score, len(rows))[likely]
        names = np.full(len(likely), EDITED_COPY)
        pairs = PairSet(rows[left[likely]], rows[right[likely]])
        # The encoder knows photos: codes and pages of one form are all alike to it.
        odds = less_other_drawings(
            odds, pairs, np.array(self._drawn), lambda small, _: small, whole
        )
        shown = np.clip(cosine[likely].astype(np.float64), 0.0, 1.0)
        return TierPairs(pairs, odds, shown, names, np.full(len(likely), ""))


def _is_photo(picture: npt.NDArray[np.uint8]) -> bool:
    """Whether there is enough to see in a picture, (height, width, 3), and it is no drawing."""
    # Channel by channel: a maximum over three neighbours in memory takes ten times as long.
    same = np.ones((picture.shape[0] - 1, picture.shape[1] - 1), np.bool_)
    for channel in np.moveaxis(picture, 2, 0):
        here, below, beside = channel[:-1, :-1], channel[1:, :-1], channel[:-1, 1:]
        for other in (below, beside):
            same &= np.maximum(here, other) - np.minimum(here, other) <= _LEVELS
    plain = float(same.mean())
    return plain < _PLAIN and quality_of(picture) >= LEAST_QUALITY


def _nearest_of(vectors: Vectors, bank: Vectors) -> Vectors:
    """(n, at most 11) the greatest cosines of each with the pictures of a bank."""
    kept = min(_NEIGHBOURS, len(bank))
    out = np.empty((len(vectors), kept), np.float32)
    for start in range(0, len(vectors) if kept else 0, _BLOCK):
        cosine = vectors[start : start + _BLOCK] @ bank.T
        cosine.partition(len(bank) - kept, axis=1)
        out[start : start + _BLOCK] = cosine[:, len(bank) - kept :]
    return out


def _near(vectors: Vectors) -> tuple[Rows, Rows, Vectors]:
    """Pairs of which one is among the nearest of the other, left before right; and their cosine."""
    stream = neighbour_pairs([Part(vectors)], Metric.COSINE, min(_NEAREST, len(vectors) - 1))
    parts = [(some.left, some.right, some.values) for some in stream]
    one, other, cosine = (np.concatenate(each) for each in zip(*parts, strict=True))
    left, right = np.minimum(one, other).astype(np.int64), np.maximum(one, other).astype(np.int64)
    order = np.lexsort((right, left))
    return left[order], right[order], cosine[order]


def normalised(left: Rows, right: Rows, cosine: Vectors, to_bank: Vectors) -> Floats:
    """(pairs,) cosines less what is near to the two by chance.

    Args:
        left, right: (pairs,) of n pictures; each has its nearest among them.
        cosine: (pairs,).
        to_bank: (n, b) cosines of each with the pictures of a bank, of none where b is 0.
    """
    rows = len(to_bank)
    kept = min(_NEIGHBOURS, to_bank.shape[1])
    best = -np.partition(-to_bank, kept - 1, axis=1)[:, :kept] if kept else to_bank
    both, value = np.concatenate([left, right]), np.concatenate([cosine, cosine])
    # Where few pictures are at hand, the bank may hold none of their sort: they are not all copies.
    few = min(_NEIGHBOURS, max(_LEAST_PLACE, -(-rows // _PARTS)))
    own = _at_place(both, value, rows, few)
    owner = np.concatenate([both, np.repeat(np.arange(rows), kept)])
    among_all = _at_place(owner, np.concatenate([value, best.ravel()]), rows, _NEIGHBOURS)
    by_chance = np.maximum(own, among_all)
    out: Floats = cosine - (by_chance[left] + by_chance[right]) / 2
    return out


def _at_place(owner: Rows, value: Vectors, rows: int, place: int) -> Floats:
    """(rows,) the value in that place among the greatest of each; -1 where there are fewer."""
    order = np.lexsort((-value, owner))
    begins = np.searchsorted(owner[order], np.arange(rows))
    counts = np.diff(np.append(begins, len(owner)))
    found = np.full(rows, -1.0)
    enough = counts >= place
    found[enough] = value[order][begins[enough] + place - 1]
    return found


def log_odds_of_scores(score: Floats, pictures: int) -> Floats:
    """(pairs,) ln odds that pictures are the same, by their normalised scores.

    Args:
        score: (pairs,) of all pairs above the least of `_BY_CHANCE`, others among them or not.
        pictures: how many were compared.
    """
    edges = np.linspace(_BY_CHANCE[0], 1.5, _BINS + 1)
    counts = np.histogram(score, edges)[0].astype(np.float64)
    above = pictures * _ABOVE * np.exp(-(edges - _AT) / _SCALE)
    chance = (above[:-1] - above[1:]) * _factor(score, pictures)
    window = np.ones(2 * _WINDOW + 1)
    seen, expected = np.convolve(counts, window, "same"), np.convolve(chance, window, "same")
    # At least one pair is there to be explained, wherever it is.
    same = np.maximum(np.maximum(seen, 1.0) - expected, 1e-9)
    odds = np.maximum.accumulate(np.log(same) - np.log(np.maximum(expected, 1e-9)))
    place = np.clip(np.searchsorted(edges, score, "right") - 1, 0, _BINS - 1)
    out: Floats = np.clip(odds, -_SURE, _SURE)[place]
    return np.where(score < edges[0], -_SURE, out)


def _factor(score: Floats, pictures: int) -> float:
    """How many times as many different pictures are alike here as elsewhere; at least 1."""
    low, high = _BY_CHANCE
    found = int(((score >= low) & (score < high)).sum())
    above = pictures * _ABOVE * np.exp(-(np.array([low, high]) - _AT) / _SCALE)
    # Few pictures show little: a pair more or less must not decide.
    return max(1.0, (found + 1.0) / (float(above[0] - above[1]) + 1.0))
