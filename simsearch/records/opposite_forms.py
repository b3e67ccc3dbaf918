"""Things that come in a few forms: left and right, black and white, for Europe and for America.

What a table takes for the same is then equal letter by letter and differs in the form each time,
far oftener than two rows do by chance: a form that were no part of the thing would agree now and
then. Two writers of one list behave the same when both copy it: a column that is called a source
is none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from simsearch.records.agreement import word_for_word
from simsearch.records.header import name_in_words

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.records.candidates import PairSet
    from simsearch.records.comparisons import Levels
    from simsearch.records.fields import Field, Fields

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]

__all__ = ["bounded_by_opposite_forms"]

# Forms that there are at most, and share of the rows that have one.
_MOST_FORMS, _FILLED = 12, 0.95
# Share of the joined pairs that may agree, and probability that so few do by chance.
_AGREEING, _BY_CHANCE = 0.05, 1e-4
# Pairs of two forms are at most so likely (ln odds): unsure, and apart.
_APART = -1.0
# What a column of writers is called, or a part of its name.
_WRITER = re.compile(
    r"\b(?:sources?|origins?|systems?|shops?|stores?|portals?|lists?|files?|imports?|feeds?|"
    r"providers?|platforms?|sites?|vendors?|sellers?|market(?:place)?s?|databases?|registers?|"
    r"quelle|herkunft|liste|datei|anbieter|fuente|origen|archivo|fichier|zrodlo|kaynak)\b"
)


def bounded_by_opposite_forms(
    odds: Floats, levels: Levels, fields: Fields, pairs: PairSet
) -> Floats:
    """(pairs,) ln odds, held down where two rows of one table are two forms of one thing.

    Args:
        odds: (pairs,) ln odds.
        levels: of the pairs.
        fields: of the rows.
        pairs: of them.
    """
    joined = np.flatnonzero(odds > 0.0)
    parting = [field for field in fields.fields if _parts(field, pairs, joined)]
    if not parting or not word_for_word(levels, joined):
        return odds
    apart = np.zeros(len(odds), np.bool_)
    for field in parting:
        a, b = field.codes[pairs.left], field.codes[pairs.right]
        apart |= (a >= 0) & (b >= 0) & (a != b)
    return np.where(apart, np.minimum(odds, _APART), odds)


def _parts(field: Field, pairs: PairSet, joined: Rows) -> bool:
    """Whether joined rows differ in a column of few values far oftener than any two rows."""
    from scipy.special import bdtr  # scipy.stats takes a third of a second to import

    present = field.codes[field.codes >= 0]
    count = np.bincount(present)
    if not 2 <= int((count > 0).sum()) <= _MOST_FORMS or _WRITER.search(name_in_words(field.name)):
        return False
    if len(present) < _FILLED * len(field.codes):
        return False
    a, b = field.codes[pairs.left[joined]], field.codes[pairs.right[joined]]
    seen = (a >= 0) & (b >= 0)
    found, agree = int(seen.sum()), int((seen & (a == b)).sum())
    chance = float(((count / len(present)) ** 2).sum())
    return agree <= _AGREEING * found and bool(bdtr(agree, found, chance) < _BY_CHANCE)
