"""A source: the habits and the care with which one office, shop or person writes things down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simsearch.training.pair_model.tables.world import World

__all__ = ["CARE", "Care", "Source", "some_source"]

DATE_FORMATS = ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%Y%m%d", "%d-%b-%Y", "%d %B %Y", "%Y/%m/%d")
TITLE_ORDERS = (
    ("brand", "model", "adjective", "noun", "size", "colour"),
    ("brand", "noun", "model", "adjective", "colour"),
    ("noun", "adjective", "brand", "model", "size"),
    ("adjective", "noun", "size", "brand", "model", "colour"),
    ("model", "noun", "brand", "size"),
)


@dataclass(frozen=True)
class Care:
    """How carefully values are written.

    Attributes:
        slips: share of values with a slip of the keyboard, the eye or the ear.
        words: share with a word lost, moved or shortened.
        gaps: share of values missing in a column that has gaps.
        forms: share with a nickname, an initial, or another form of a word.
    """

    slips: float
    words: float
    gaps: float
    forms: float


CARE = {
    "clean": Care(0.0, 0.0, 0.03, 0.0),
    "usual": Care(0.05, 0.02, 0.08, 0.04),
    "careless": Care(0.15, 0.08, 0.15, 0.12),
    "damaged": Care(0.35, 0.15, 0.3, 0.35),
}


@dataclass(frozen=True)
class Source:
    """One source's ways of writing.

    Attributes:
        care: how carefully.
        date_format: of dates, as for `strftime`.
        name_style: which of six ways a full name is written.
        phone_style: which of six ways a number is written.
        legal_style: `short`, `long`, `none` or `mixed`.
        short_kinds: whether `Street` is written `St`.
        short_venues: whether a conference is named by its initials.
        decimal_comma: whether 1.50 is written 1,50.
        letters: `as is`, `upper` or `lower`.
        plain: whether accents are left off.
        latin: whether names are written in Latin letters.
        title_order: parts of a product's title.
        initials: whether first names of authors are initials.
        flat_style: which of three ways a flat is written.
        joined_units: whether `18 V` is written `18V`.
        widest: characters that fit into a field of names or addresses; 0: all.
    """

    care: Care
    date_format: str
    name_style: int
    phone_style: int
    legal_style: str
    short_kinds: bool
    short_venues: bool
    decimal_comma: bool
    letters: str
    plain: bool
    latin: bool
    title_order: tuple[str, ...]
    initials: bool
    flat_style: int
    joined_units: bool
    widest: int


def some_source(world: World, care: str, *, foreign: float = 0.15) -> Source:
    """A source with habits by chance.

    Args:
        world: the language and the chance.
        care: a key of CARE.
        foreign: how likely it is that names of another script are written in Latin letters.
    """
    rng = world.rng
    own = world.language.line("date")
    dates = (own, "%Y-%m-%d", *DATE_FORMATS)
    weights = [0.35, 0.4] + [0.25 / len(DATE_FORMATS)] * len(DATE_FORMATS)
    return Source(
        care=CARE[care],
        date_format=dates[int(rng.choice(len(dates), p=weights))],
        name_style=int(rng.choice(6, p=[0.5, 0.15, 0.1, 0.1, 0.05, 0.1])),
        phone_style=int(rng.integers(0, 6)),
        legal_style=str(rng.choice(["short", "long", "none", "mixed"], p=[0.5, 0.1, 0.1, 0.3])),
        short_kinds=bool(rng.random() < 0.35),
        short_venues=bool(rng.random() < 0.4),
        decimal_comma=bool(rng.random() < (0.05 if world.language.name == "en" else 0.3)),
        letters=str(rng.choice(["as is", "upper", "lower"], p=[0.82, 0.1, 0.08])),
        plain=bool(rng.random() < 0.2),
        latin=not world.language.is_latin and bool(rng.random() < foreign),
        title_order=TITLE_ORDERS[int(rng.integers(0, len(TITLE_ORDERS)))],
        initials=bool(rng.random() < 0.4),
        flat_style=int(rng.integers(0, 3)),
        joined_units=bool(rng.random() < 0.3),
        widest=int(rng.choice([0, 12, 16, 20, 30], p=[0.92, 0.02, 0.02, 0.02, 0.02])),
    )
