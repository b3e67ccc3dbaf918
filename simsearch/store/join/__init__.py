"""All pairs of an index that are close: the join of an index with itself."""

from simsearch.store.join.neighbours import neighbour_pairs
from simsearch.store.join.options import JoinOptions
from simsearch.store.join.part import Pairs, Part
from simsearch.store.join.stream import JoinReport, PairStream
from simsearch.store.join.within import pairs_within

__all__ = [
    "JoinOptions",
    "JoinReport",
    "PairStream",
    "Pairs",
    "Part",
    "neighbour_pairs",
    "pairs_within",
]
