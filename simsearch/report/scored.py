"""Print classified or ranked items on standard output."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from simsearch.report.rows import print_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simsearch.index.anomalies import Anomaly
    from simsearch.index.classify import Classification

__all__ = ["print_anomalies", "print_classes"]

ANOMALY = ("id", "anomaly", "score", "false_alarms", "nearest")
CLASS = ("id", "class", "score", "probability", "runner_up", "runner_up_score")


def print_anomalies(found: Iterable[Anomaly], form: str) -> None:
    """Print items and how far they are from what is known.

    Args:
        found: in the order to print.
        form: see `print_rows`.
    """
    rows = ((each.id, each.alarm, each.score, each.rate, each.nearest) for each in found)
    print_rows(ANOMALY, rows, form)


def print_classes(found: Iterable[Classification], form: str) -> None:
    """Print items and their classes.

    Args:
        found: in the order of the items.
        form: see `print_rows`.
    """
    print_rows(CLASS, map(_class_of, found), form)


def _class_of(found: Classification) -> tuple[Any, ...]:
    return (
        found.id,
        found.label,
        _known(found.score),
        _known(found.probability),
        found.runner_up,
        _known(found.runner_up_score),
    )


def _known(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None
