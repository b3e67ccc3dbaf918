"""A page of the table benchmark of which only some parts were run: the others stay as they were."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["merged"]

_HEADING = re.compile(r"^## .*$", re.MULTILINE)
_MARK = re.compile(r"^\| (?P<mark>.*?) \| .* \| (?P<verdict>pass|\*\*FAIL\*\*) \|$", re.MULTILINE)
_REACHED = re.compile(r"\*\*Marks reached: .*\*\*")
_MEASURED = "Measured "


@dataclass(frozen=True)
class _Page:
    """A page taken apart.

    Attributes:
        head: what stands above the first heading.
        sections: the text below each heading.
    """

    head: str
    sections: dict[str, str]

    @classmethod
    def of(cls, text: str) -> _Page:
        """Sections say themselves when they were measured, as the head says of a whole run."""
        starts = [found.start() for found in _HEADING.finditer(text)] or [len(text)]
        head = text[: starts[0]]
        when = next(
            (line for line in head.splitlines() if re.match(r"\d{4}-\d\d-\d\d; ", line)), ""
        )
        sections = {}
        for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
            heading, _, body = text[start:end].partition("\n")
            body = body.strip("\n")
            said = body.startswith(_MEASURED)
            sections[heading] = body if said or not when else f"{_MEASURED}{when}\n\n{body}"
        return cls(head.replace(f"{when}\n\n", "", 1) if when else head, sections)


def merged(before: str, now: str) -> str:
    """The page of a run, with the parts of an earlier page that were not run this time.

    Args:
        before: the earlier page; empty for none.
        now: the page of this run.
    """
    old, new = _Page.of(before), _Page.of(now)
    order = [*(name for name in old.sections if name.strip()), *new.sections]
    sections = {name: new.sections.get(name, old.sections.get(name, "")) for name in order}
    marks = {_named(row): row for row in _rows(old.head)} | {
        _named(row): row for row in _rows(new.head)
    }
    parts = [f"{name}\n\n{body}\n" for name, body in sections.items() if name]
    head = _with_marks(new.head, list(marks.values())).rstrip("\n")
    return "\n".join([f"{head}\n", *parts])


def _rows(head: str) -> list[str]:
    return [found.group() for found in _MARK.finditer(head)]


def _named(row: str) -> str:
    """What a mark is about, without the numbers in it."""
    found = _MARK.match(row)
    return re.sub(r"[\d.,]+", "", found["mark"]) if found else row


def _with_marks(head: str, rows: list[str]) -> str:
    """The head with all marks in its table."""
    own = _rows(head)
    passed = sum("pass |" in row for row in rows)
    told = f"**Marks reached: {passed} of {len(rows)}.**"
    head = _REACHED.sub(lambda _: told, head, count=1)
    for row in own[1:]:
        head = head.replace(row + "\n", "", 1)
    return head.replace(own[0], "\n".join(rows), 1) if own else head
