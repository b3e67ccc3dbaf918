"""All pairs of an index that are close: the join of an index with itself."""

from simsearch.index.join.neighbours import neighbour_pairs
from simsearch.index.join.options import JoinOptions
from simsearch.index.join.part import Pairs, Part
from simsearch.index.join.stream import JoinReport, PairStream
from simsearch.index.join.within import pairs_within

__all__ = [
    "JoinOptions",
    "JoinReport",
    "PairStream",
    "Pairs",
    "Part",
    "neighbour_pairs",
    "pairs_within",
]
