"""Measured numbers with their intervals, those of one encoder, and several side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["Evaluation", "EvaluationResult", "Figure", "figure_rows"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured number.

    Attributes:
        name: what it is, in the words of the report.
        value: what was measured.
        low: lower end of the 95 % interval.
        high: upper end.
        count: how many observations it rests on: pairs, queries or episodes' answers.
        smaller_is_better: true for error rates.
    """

    name: str
    value: float
    low: float
    high: float
    count: int
    smaller_is_better: bool = False

    def __str__(self) -> str:
        return f"{self.value:.4f} [{self.low:.4f}, {self.high:.4f}]"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured of one encoder.

    Attributes:
        name: of what was measured.
        figures: in the order in which they are shown.
        notes: what a reader has to know: what was left out and why, what was resampled.
    """

    name: str
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()

    def figure(self, name: str) -> Figure | None:
        """The figure of that name; None when it was not measured."""
        return next((each for each in self.figures if each.name == name), None)


@dataclass(frozen=True, slots=True)
class EvaluationResult:
    """What was measured, side by side.

    Attributes:
        evaluations: of the encoder first, then of what it is compared with.
        notes: what could not be measured, and why; each once.
    """

    evaluations: tuple[Evaluation, ...]
    notes: tuple[str, ...] = ()

    def frame(self) -> pd.DataFrame:
        """A row a figure of each: evaluation, figure, value, low, high, count."""
        import pandas as pd

        rows = [
            (each.name, figure.name, figure.value, figure.low, figure.high, figure.count)
            for each in self.evaluations
            for figure in each.figures
        ]
        names = ["evaluation", "figure", "value", "low", "high", "count"]
        return pd.DataFrame(rows, columns=names)


def figure_rows(evaluations: Sequence[Evaluation]) -> list[list[str]]:
    """Cells of a table: a header of names, then a row for each figure of the first."""
    rows = [["", *(each.name for each in evaluations)]]
    for figure in evaluations[0].figures if evaluations else ():
        found = [each.figure(figure.name) for each in evaluations]
        rows.append([figure.name, *("–" if each is None else str(each) for each in found)])
    return rows
