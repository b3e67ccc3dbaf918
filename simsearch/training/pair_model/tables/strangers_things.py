"""Things and rows of the third lot of ordinary tables: regulars, logins, parts of two sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.training.pair_model.tables.goods import CAR_MODELS, MAKES
from simsearch.training.pair_model.tables.people import persons
from simsearch.training.pair_model.tables.words import objects

if TYPE_CHECKING:
    from simsearch.training.pair_model.tables.world import Columns, World

__all__ = ["car_parts", "logins", "regulars"]

PARTS = ("mirror", "door", "wing", "headlamp", "window", "seat", "sill", "mudguard")
BROWSERS = ("Firefox", "Chrome", "Safari", "Edge")
# Rows that somebody has, on average: nobody stands alone.
TIMES = 6


def regulars(count: int, world: World) -> Columns:
    """Visits of people who come often: each row is one, and no visit is there twice."""
    people = persons(max(2, count // TIMES), world)
    who = world.rng.integers(0, len(people["given"]), count)
    return {name: values[who] for name, values in people.items()} | {
        "visited": world.dates("2024-01-01", "2025-12-31", count),
        "amount": objects([f"{value:.2f}" for value in world.rng.lognormal(3, 0.5, count)]),
        "number": world.numbers(1, 40, count),
        "key": objects([str(row) for row in range(count)]),
    }


def logins(count: int, world: World) -> Columns:
    """Who signed in, when and from where."""
    out = regulars(count, world)
    start = np.datetime64("2025-03-01T00:00:00")
    moments = start + world.rng.integers(0, 5_000_000, count).astype("timedelta64[s]")
    return out | {
        "created": objects([str(moment) for moment in moments]),
        "kind": world.skewed(BROWSERS, count),
        "status": world.skewed(("ok", "failed"), count),
    }


def car_parts(count: int, world: World) -> Columns:
    """Parts of cars, a left one and a right one of each."""
    lines = count // 2 + 1
    line = np.arange(count) % lines
    make, model = world.rng.integers(0, len(MAKES), lines), world.rng.integers(0, 10, lines)
    named = zip(
        world.pick(PARTS, lines), make, model, world.rng.integers(1998, 2024, lines), strict=True
    )
    title = objects([f"{part} {MAKES[a]} {CAR_MODELS[b]} {year}" for part, a, b, year in named])
    price = objects([f"{value:.2f}" for value in world.rng.lognormal(4, 0.6, lines)])
    return {
        "title": title[line],
        "kind": objects(("left", "right"))[(np.arange(count) >= lines).astype(np.int64)],
        "price": price[line],
        "status": world.skewed(("new", "used"), lines)[line],
    }
