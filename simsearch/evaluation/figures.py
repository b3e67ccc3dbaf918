"""Figure: a measured number with its interval; Evaluation: several of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Evaluation", "Figure", "figure_rows"]


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


def figure_rows(evaluations: Sequence[Evaluation]) -> list[list[str]]:
    """Cells of a table: a header of names, then a row for each figure of the first."""
    rows = [["", *(each.name for each in evaluations)]]
    for figure in evaluations[0].figures if evaluations else ():
        found = [each.figure(figure.name) for each in evaluations]
        rows.append([figure.name, *("–" if each is None else str(each) for each in found)])
    return rows
