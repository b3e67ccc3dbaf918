"""Figure: a measured number with its interval; Evaluation: several of them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Evaluation", "Figure"]


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

    def better_than(self, other: Figure) -> bool:
        """Whether this value is the better one, intervals put aside."""
        if self.smaller_is_better:
            return self.value < other.value
        return self.value > other.value


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
