"""Answers of simsearch on a record set, with what the table benchmark measures of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

import simsearch
from benchmarks.datasets import RecordSet
from simsearch.evaluation import group_pairs, grouping_metrics, pair_metrics

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.training.pair_model.tables import GeneratedTable

__all__ = ["Answered", "answered", "grouped_share", "is_right", "made_set"]

F1_WANTED, GROUPED_ALLOWED = 0.9, 0.01


@dataclass(frozen=True)
class Answered:
    """One answer.

    Attributes:
        f1: of the pairs within the groups, or of the links; NaN where nothing is the same.
        grouped: share of the rows in a group of more than one (two tables: of the smaller
            table's rows with a partner).
        right: f1 >= .9, or grouped < .01 where nothing is the same.
        probability: (p,) of every compared pair.
        same: (p,) whether the two are.
    """

    f1: float
    grouped: float
    right: bool
    probability: npt.NDArray[np.float64]
    same: npt.NDArray[np.bool_]


def made_set(made: GeneratedTable, name: str) -> RecordSet:
    """A generated table as a set of the benchmark."""
    left = made.left.to_pandas().astype("str").where(made.left.to_pandas().notna(), None)
    if made.right is None or made.right_entity is None:
        return RecordSet(name, "made", left, None, group_pairs(made.left_entity))
    right = made.right.to_pandas().astype("str").where(made.right.to_pandas().notna(), None)
    equal = made.left_entity[:, None] == made.right_entity[None, :]
    truth = tuple(side.astype(np.int64) for side in np.nonzero(equal))
    return RecordSet(name, "made", left, right, truth)


def answered(records: RecordSet, **options: Any) -> Answered:
    """What simsearch says with its defaults (or with the options given)."""
    if records.right is None:
        return _deduplicated(records, options)
    return _linked(records, options)


def _deduplicated(records: RecordSet, options: dict[str, Any]) -> Answered:
    found = simsearch.dedupe(records.left, **options)
    truth = records.labels(records.truth)
    kept = found.exact.kept
    pairs = found.compared_pairs  # a table of nothing but prose is compared as texts
    same = truth[kept[pairs.left]] == truth[kept[pairs.right]]
    f1 = grouping_metrics(found.group, truth).f1 if len(records.truth[0]) else float("nan")
    share = grouped_share(found.group)
    return Answered(f1, share, is_right(f1, share), found.probability, same)


def _linked(records: RecordSet, options: dict[str, Any]) -> Answered:
    found = simsearch.link(records.left, records.right, **options)
    truth = records.labels(records.truth)
    pairs = found.scored.pairs
    same = truth[pairs.left] == truth[len(records.left) + pairs.right]
    sides = [
        found.pairs.column(name).to_numpy().astype(np.int64) for name in ("left_id", "right_id")
    ]
    figures = pair_metrics((sides[0], sides[1]), records.truth, two_tables=True)
    f1 = figures.f1 if len(records.truth[0]) else float("nan")
    smaller = min(len(records.left), len(records.right))
    share = min(len(np.unique(sides[0])), len(np.unique(sides[1]))) / max(smaller, 1)
    probability = 1.0 / (1.0 + np.exp(-np.clip(found.scored.log_odds, -40, 40)))
    return Answered(f1, share, is_right(f1, share), probability, same)


def is_right(f1: float, grouped: float) -> bool:
    """What counts as a table done right."""
    return grouped < GROUPED_ALLOWED if np.isnan(f1) else f1 >= F1_WANTED


def grouped_share(labels: npt.NDArray[Any]) -> float:
    """Share of the rows that are in a group of more than one."""
    sizes = np.unique(labels, return_counts=True)[1]
    return float(sizes[sizes > 1].sum() / max(len(labels), 1))
