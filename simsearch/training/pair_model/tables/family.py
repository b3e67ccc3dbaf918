"""A family of tables: which things, which columns, and how often each thing is there."""

# ruff: noqa: ARG001  every change has the same door
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from simsearch.training.pair_model.tables.shape import FORMS
from simsearch.training.pair_model.tables.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from simsearch.training.pair_model.tables.world import Columns, Mask, World

    Maker: TypeAlias = Callable[[int, World], Columns]
    Change: TypeAlias = Callable[[Columns, Mask, World], Columns]

__all__ = ["Family", "unchanged"]


def unchanged(atoms: Columns, again: Mask, world: World) -> Columns:
    """Nothing differs between two rows of one thing but how they are written."""
    return atoms


@dataclass(frozen=True)
class Family:
    """Tables of one kind.

    Attributes:
        name: of the family.
        topic: families of one topic are left out together when a model is tested on one of them.
        make: that many different things, as parts.
        layouts: sets of columns, one taken by chance; `?` marks those a table may lack, and
            `serial=imei` a column of serial numbers with that header.
        change: what differs between rows of one thing, and the columns of a row rather than of
            its thing; takes the parts of every row and which rows are not the first of theirs.
        key: parts of which no two things have all the same.
        groups: how many rows a thing has, where things repeat: of shape.GROUPS.
        shares: share of the things that repeat, one taken by chance.
        duplicates: whether things may repeat (True), may not (False), or either (None).
        tables: in how many tables things stand, 1 or 2, one taken by chance.
        forms: how two tables go together, one of these taken by chance.
        sources: fewest and most sources that write a table.
        rows: fewest and most rows.
        care: how carefully, of source.CARE.
        languages: of its words.
        noise: most noise columns.
        gaps: how much of a source's gaps its columns have.
    """

    name: str
    topic: str
    make: Maker
    layouts: tuple[str, ...]
    change: Change = unchanged
    key: tuple[str, ...] = ()
    groups: tuple[str, ...] = ("pairs", "pairs", "few")
    shares: tuple[float, ...] = (0.03, 0.1, 0.25, 0.5, 0.9)
    duplicates: bool | None = None
    tables: tuple[int, ...] = (1, 1, 2)
    forms: tuple[str, ...] = FORMS
    sources: tuple[int, int] = (1, 3)
    rows: tuple[int, int] = (300, 2000)
    care: tuple[str, ...] = ("clean", "usual", "usual", "careless")
    languages: tuple[str, ...] = field(default=LANGUAGES)
    noise: int = 4
    gaps: float = 1.0
