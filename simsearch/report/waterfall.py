"""An explanation of a pair as a waterfall: each bar begins where the one above it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from simsearch.report.cells import line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simsearch.records.explain import Explanation

__all__ = ["print_explanation"]

# Characters of a name, and of the bars at least and at most.
_NAME, _LEAST, _MOST = 28, 16, 72
_SPOKEN = {"whole_record": "the whole record", "rarest_shared_word": "the rarest shared word"}


class _Bar(NamedTuple):
    """A bar of the waterfall, in ln odds."""

    name: str
    begin: float
    end: float

    @property
    def value(self) -> float:
        return self.end - self.begin


def print_explanation(found: Explanation) -> None:
    """Print why a pair is as probable as it is.

    Args:
        found: see `explain`.
    """
    from rich.console import Console
    from rich.text import Text

    console = Console(markup=False, highlight=False, emoji=False, soft_wrap=True)
    sure = "" if found.probability is None else f": probability {found.probability:.6f}"
    ends = f"{line(found.left_id, 60)} and {line(found.right_id, 60)}"
    console.print(Text(ends + sure, style="bold"))
    for name, value in found.facts.items():
        console.print(f"  {line(name, 40)}: {line(value, 300)}")
    known = {name: value for name, value in found.contributions.items() if value is not None}
    if not known:
        if found.contributions:
            console.print("  equal in all that is compared: no column says anything beside that")
        return
    console.print("\n  in ln odds: +2.3 makes the pair ten times as likely, -2.3 ten times less\n")
    for text, style in _lines(found, console.width):
        console.print(Text(text, style=style))
    missing = [name for name, value in found.contributions.items() if value is None]
    if missing:
        shown = ", ".join(line(name, _NAME) for name in missing)
        console.print(f"\n  says nothing, as a value is missing: {shown}")


def _lines(found: Explanation, width: int) -> Iterator[tuple[str, str]]:
    """(line, style) of each bar, and of the sum."""
    from rich.cells import cell_len

    bars = list(_bars(found))
    room = max(_LEAST, min(_MOST, width - _NAME - 14))
    low = min(0.0, *(min(bar.begin, bar.end) for bar in bars))
    high = max(0.0, *(max(bar.begin, bar.end) for bar in bars))
    scale = (room - 1) / max(high - low, 1e-9)
    total = _Bar("together", 0.0, found.log_odds)
    for bar in (*bars, total):
        begin, end = (round((each - low) * scale) for each in sorted((bar.begin, bar.end)))
        drawn = [" "] * room
        drawn[round(-low * scale)] = "│"
        drawn[begin : max(end, begin + 1)] = "█" * max(end - begin, 1)
        name = line(_SPOKEN.get(bar.name, bar.name), _NAME)
        padded = name + " " * (_NAME - cell_len(name))
        style = "bold" if bar is total else "blue" if bar.value >= 0 else "red"
        yield f"  {padded} {bar.value:+7.2f}  {''.join(drawn).rstrip()}", style


def _bars(found: Explanation) -> Iterator[_Bar]:
    """What is expected beforehand first, then the columns, the most telling first."""
    at = 0.0
    contributions = {"everything else": found.rest, **found.contributions}
    for name, value in contributions.items():
        if value is not None:
            yield _Bar(name, at, at + value)
            at += value
