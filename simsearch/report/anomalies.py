"""Anomalies, strangest first, on standard output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.report.rows import print_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simsearch.index.index import Anomaly

__all__ = ["print_anomalies"]

COLUMNS = ("id", "anomaly", "score", "false_alarms", "nearest")


def print_anomalies(found: Sequence[Anomaly], form: str) -> None:
    """Print items and how strange they are.

    Args:
        found: in the order to print.
        form: see `print_rows`.
    """
    rows = ((each.id, each.alarm, each.score, each.rate, each.nearest) for each in found)
    print_rows(COLUMNS, rows, form)
