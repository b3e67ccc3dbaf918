"""A pair that a person is asked about, in the terminal: field by field, differences coloured.

Coloured is what the matcher compares as different: a date or a number in another spelling is not,
nor is what stands in a column that is not compared.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from simsearch.normalise import MISSING_WORDS
from simsearch.report.cells import line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from simsearch.duplicates.label import AskedPair

__all__ = ["print_pair"]

# Characters of a value that are worth a look.
_WIDTH = 400
# Values that share less than this differ as a whole.
_ALIKE = 0.6
# Differences stand out without colours too.
_DIFFERS, _MISSING = "bold yellow underline", "dim italic"


def print_pair(console: Console, asked: AskedPair) -> None:
    """Print the two side by side; columns in which neither has a value are left out.

    Args:
        console: where to.
        asked: the pair.
    """
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("", style="dim")
    for identifier in (asked.left_id, asked.right_id):
        table.add_column(line(identifier, 60), overflow="fold", ratio=1)
    for name in asked.left:
        one, other = (line(side[name], _WIDTH) for side in (asked.left, asked.right))
        if not (_is_missing(one) and _is_missing(other)):
            equal = asked.differ is not None and name not in asked.differ
            table.add_row(line(name, 40), *_compared(one, other, equal=equal))
    console.print(table, soft_wrap=False)


def _compared(one: str, other: str, *, equal: bool) -> tuple[Text, Text]:
    """Two values with what differs marked; in those that are equal as compared nothing is."""
    from rich.text import Text

    if _is_missing(one) or _is_missing(other):
        return _alone(one), _alone(other)
    if equal or one == other:
        return Text.assemble((one, "dim")), Text.assemble((other, "dim"))
    matcher = SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False)
    same_length = len(one.casefold()) == len(one) and len(other.casefold()) == len(other)
    if not same_length or matcher.ratio() < _ALIKE:
        return Text.assemble((one, _DIFFERS)), Text.assemble((other, _DIFFERS))
    left, right = Text(), Text()
    for sort, begin, end, other_begin, other_end in matcher.get_opcodes():
        style = "" if sort == "equal" else _DIFFERS
        left.append(one[begin:end], style)
        right.append(other[other_begin:other_end], style)
    return left, right


def _is_missing(value: str) -> bool:
    """Whether a value says that there is none, as it is when records are compared."""
    return value.strip().casefold() in MISSING_WORDS


def _alone(value: str) -> Text:
    """A value beside which the other one is missing; or that one."""
    from rich.text import Text

    return (
        Text.assemble((value.strip() or "(empty)", _MISSING)) if _is_missing(value) else Text(value)
    )
