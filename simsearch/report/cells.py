"""Values as text for people and for files."""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["cell", "count", "excerpt", "line", "plain", "short", "size"]

# Characters of a value that are worth a look; of a text that is an answer, twice as many.
SHORT, EXCERPT = 40, 80


def count(number: int, noun: str) -> str:
    """A number of things in words: 1 row, 2 rows."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def size(number: float) -> str:
    """A number of bytes as people read it: 512 bytes, 1.5 KiB, 20.3 MiB."""
    if number < 1024:
        return f"{number:,.0f} bytes"
    for unit in ("KiB", "MiB"):
        number /= 1024
        if number < 1024:
            return f"{number:,.1f} {unit}"
    return f"{number / 1024:,.1f} GiB"


def line(value: Any, width: int) -> str:
    """A value on one line of so many characters; what could steer a terminal is left out."""
    text = cell(value)
    shown = "".join(char if char.isprintable() else " " for char in text[: width + 1])
    return shown if len(shown) <= width else f"{shown[: width - 1]}…"


def short(value: Any) -> str:
    """A value on one line, as much of it as is worth a look: a cell may hold megabytes."""
    return line(value, SHORT)


def excerpt(text: str, words: Sequence[str]) -> str:
    """A text on one line, as much of it as answers a query: what stands around the first word.

    Args:
        text: of any length.
        words: that are sought in it in any case, the most telling first.
    """
    lower = text.lower()
    places = (lower.find(word.lower()) for word in words)
    place = next((place for place in places if place >= 0), 0)
    start = (
        0 if len(text) <= EXCERPT else max(0, min(place - EXCERPT // 3, len(text) - EXCERPT + 1))
    )
    return ("…" if start else "") + line(text[start:], EXCERPT - bool(start))


def cell(value: Any) -> str:
    """A value as a cell of a CSV: nothing for a missing one, `true`, `false`, ISO 8601."""
    found = plain(value)
    if isinstance(found, bool):
        return "true" if found else "false"
    return "" if found is None else str(found)


def plain(value: Any) -> Any:
    """A value as JSON can hold it; NaN becomes null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value if value is None or isinstance(value, (str, int)) else _text(value)


def _text(value: Any) -> str:
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)
