"""Companies, their legal forms and tax numbers; places and their positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.training.pair_model.tables.people import addresses, ascii_of, phones
from simsearch.training.pair_model.tables.words import objects

if TYPE_CHECKING:
    from simsearch.training.pair_model.tables.world import Columns, Objects, World

__all__ = ["companies", "places"]

TAX_PATTERNS = {
    "de": "DE#########", "fr": "FR###########", "es": "B########", "pl": "##########",
    "tr": "##########", "ru": "77########", "el": "#########", "en": "GB#########",
    "zh": "9131****##########", "ja": "#############", "hi": "##@@@@@####@#Z#",
    "ar": "3##############",
}  # fmt: skip


def companies(count: int, world: World) -> Columns:
    """Companies named after people, places and trades; the same name in two cities happens."""
    names = _names(count, world)
    again = np.flatnonzero(world.some(count, 0.08))
    names[again] = names[world.rng.integers(0, count, len(again))]
    site = objects([f"www.{ascii_of(name, world)[:18]}.example" for name in names])
    return {
        "company": names,
        "legal": world.skewed(tuple(world.language.forms("legal")), count),
        "tax": world.codes(TAX_PATTERNS[world.language.name], count),
        **addresses(count, world),
        "phone": phones(count, world),
        "website": site,
        "category": world.words("trade", count),
        "employees": world.numbers(1, 900, count),
    }


def _names(count: int, world: World) -> Objects:
    """`Becker & Sohn Bau`, `Nordstein Logistik`, `Müller Textil`, or words run together."""
    blank = "" if world.language.joined else " "
    family, other = world.draw("family", count), world.draw("family", count)
    trade, start = world.words("trade", count), world.words("start", count)
    style = world.rng.integers(0, 4, count)
    out = []
    for row in range(count):
        a, b, t, s = family[row], other[row], trade[row], start[row]
        run = f"{s}{b[:4].lower()}" if world.language.is_latin else s + b[:3].lower()
        forms = (f"{a}{blank}{t}", f"{a} & {b}", f"{run}{blank}{t}", f"{run}{t.lower()}")
        out.append(forms[style[row]])
    return objects(out)


def places(count: int, world: World) -> Columns:
    """Inns, schools, stations: a kind and a name, where they lie."""
    kinds = ("hotel", "school", "station", "museum", "cafe", "pharmacy", "church", "library")
    kind = world.skewed(kinds, count)
    where = addresses(count, world)
    name = world.draw("street", count)
    number = world.rng.integers(0, 3, count)
    full = [
        (f"{k.title()} {n}", f"{n} {k.title()}", f"{k.title()} {n} {c}")[i]
        for k, n, c, i in zip(kind, name, where["city"], number, strict=True)
    ]
    centre = world.rng.uniform([-40, -100], [60, 120], (1, 2))
    spot = centre + world.rng.normal(0, 1.5, (count, 2))
    return {
        "place": objects(full),
        "kind": kind,
        **where,
        "phone": phones(count, world),
        "latitude": objects([f"{value:.5f}" for value in spot[:, 0]]),
        "longitude": objects([f"{value:.5f}" for value in spot[:, 1]]),
    }
