"""From a generated table to examples: candidates, raw EM, features, and a sample of the pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.records.column_pairing import pair_columns
from simsearch.records.exact import find_exact_duplicates
from simsearch.records.fields import make_fields
from simsearch.records.scoring import first_look
from simsearch.sources import open_records
from simsearch.training.pair_model.examples import TableExamples

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.records.candidates import PairSet
    from simsearch.records.fields import Fields
    from simsearch.training.pair_model.tables import GeneratedTable

    Flags = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]

__all__ = ["examples_of", "sampled"]

# Pairs taken of one table.
_MOST = 700
# Among those that differ, the most alike fifth makes two thirds of the sample.
_ALIKE, _OF_ALIKE = 0.2, 2 / 3


def examples_of(table: GeneratedTable, seed: int) -> TableExamples | None:
    """Examples of a table, None where no pair or no column is to be compared."""
    fields, left, right = _fields(table)
    if not fields.fields or fields.rows < 2:
        return None
    pairs, levels, scorer = first_look(fields, seed=seed)
    stands = scorer.standing(pairs, levels)
    kept = scorer.worth_reading(stands, levels)
    if not len(kept) or scorer.raw.chance.mostly_same:
        return None
    same = _same(pairs, kept, left, right)
    chosen, weight = sampled(same, stands.odds[kept], np.random.default_rng(seed))
    features = scorer.features(pairs, stands, kept[chosen])
    return TableExamples(table.family, features, same[chosen], weight)


def _fields(table: GeneratedTable) -> tuple[Fields, Rows, Rows]:
    """The fields, and the things of the rows of either side."""
    left = open_records(table.left).read()
    if table.right is None or table.right_entity is None:
        every = make_fields(left.table, left.columns)
        kept = find_exact_duplicates(every).kept
        entity = np.asarray(table.left_entity)[kept]
        return every.take(kept).informative(), entity, entity
    right = open_records(table.right).read()
    columns = pair_columns(left, right)
    fields = make_fields(
        left.table, [a for a, _ in columns], right.table, [b for _, b in columns]
    ).informative()
    return fields, table.left_entity, table.right_entity


def _same(pairs: PairSet, kept: Rows, left: Rows, right: Rows) -> Flags:
    """(kept,) whether both rows are of one thing."""
    found: Flags = left[pairs.left[kept]] == right[pairs.right[kept]]
    return found


def sampled(same: Flags, odds: Floats, rng: np.random.Generator) -> tuple[Rows, Floats]:
    """Places of the pairs to learn from, and how many pairs each stands for.

    Args:
        same: (pairs,) the truth.
        odds: (pairs,) how alike they are to raw EM.
        rng: draws.
    """
    if len(same) <= _MOST:
        return np.arange(len(same)), np.ones(len(same))
    positive, negative = np.flatnonzero(same), np.flatnonzero(~same)
    by_likeness = negative[np.argsort(-odds[negative], kind="stable")]
    border = int(_ALIKE * len(negative))
    few = min(len(positive), _MOST // 2)
    room = _MOST - few
    parts = [
        (positive, few),
        (by_likeness[:border], int(_OF_ALIKE * room)),
        (by_likeness[border:], room - int(_OF_ALIKE * room)),
    ]
    drawn = [rng.choice(part, min(count, len(part)), replace=False) for part, count in parts]
    places = np.concatenate(drawn)
    stand_for = [
        np.full(len(some), len(part) / max(len(some), 1))
        for (part, _), some in zip(parts, drawn, strict=True)
    ]
    order = np.argsort(places)
    return places[order], np.concatenate(stand_for)[order]
