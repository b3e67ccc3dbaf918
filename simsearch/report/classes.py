"""Classified items on standard output."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from simsearch.report.rows import print_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simsearch.index.index import Classification

__all__ = ["print_classes"]

COLUMNS = ("id", "class", "score", "probability", "runner_up", "runner_up_score")


def print_classes(found: Iterable[Classification], form: str) -> None:
    """Print classified items.

    Args:
        found: in the order of the items.
        form: see `print_rows`.
    """
    print_rows(COLUMNS, map(_fields, found), form)


def _fields(found: Classification) -> tuple[Any, ...]:
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
