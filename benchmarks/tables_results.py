"""What the table benchmark measured, for its page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.tables_cases import Verdict
    from benchmarks.tables_changes import Changed
    from benchmarks.tables_run import Answered
    from benchmarks.tables_scoring import Scoring

__all__ = ["Results"]


@dataclass
class Results:
    """What was measured.

    Attributes:
        ordinary: (family, seed) -> the answer.
        peer: (family, seed) -> (F1 or NaN, share grouped, whether right) of GoldenMatch; a run
            that failed has found nothing.
        failed: what the peer said when it failed.
        real: name of a record set -> the answer.
        scoring: what a pair took; none when not measured.
        faded: cost of a second-best column that fades, one each.
        cases: one verdict each.
        changes: one cost each.
    """

    ordinary: dict[tuple[str, int], Answered] = field(default_factory=dict)
    peer: dict[tuple[str, int], tuple[float, float, bool]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    real: dict[str, Answered] = field(default_factory=dict)
    scoring: Scoring | None = None
    faded: list[Changed] = field(default_factory=list)
    cases: list[Verdict] = field(default_factory=list)
    changes: list[Changed] = field(default_factory=list)
