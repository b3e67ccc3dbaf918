"""What differs between two rows of one thing, and columns that belong to the row alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.training.pair_model.tables.people import moved
from simsearch.training.pair_model.tables.words import objects

if TYPE_CHECKING:
    from simsearch.training.pair_model.tables.world import Columns, Mask, World

__all__ = [
    "driven", "keyed", "moved_room", "numbered", "ordered", "other_price", "registered", "released",
    "relocated", "visited",
]  # fmt: skip

STATUS = ("open", "paid", "shipped", "returned")
REASONS = ("check-up", "x-ray", "surgery", "eyes", "teeth", "vaccination", "skin")
EVENTS = ("Data Days", "Summer School", "Open House", "City Run", "Jazz Night", "Book Fair")


def relocated(atoms: Columns, again: Mask, world: World) -> Columns:
    """Some people live elsewhere by the time they are written down again."""
    elsewhere = moved(atoms, world, 0.12)
    return {name: np.where(again, elsewhere[name], values) for name, values in atoms.items()}


def numbered(atoms: Columns, again: Mask, world: World) -> Columns:
    """Every row has a number of its own."""
    return atoms | {"key": world.codes("#######", len(again))}


def keyed(atoms: Columns, again: Mask, world: World) -> Columns:
    """Every row has a key and time stamps of its own: the same customer was entered twice."""
    count = len(again)
    out = relocated(atoms, again, world)
    pattern = ("C######", "#######", "********-****", "K-####-####")[int(world.rng.integers(0, 4))]
    out["key"] = world.codes(pattern, count)
    out["created"] = world.dates("2012-01-01", "2025-06-01", count)
    out["modified"] = world.dates("2020-01-01", "2025-12-31", count)
    return out


def ordered(atoms: Columns, again: Mask, world: World) -> Columns:
    """A row is an order: what was bought, when, for how much."""
    count = len(again)
    goods = world.words("noun", max(4, count // 25)).tolist()
    kinds = world.pick(("S", "M", "L", "XL"), count)
    return atoms | {
        "ordered": world.dates("2023-01-01", "2025-12-31", count),
        "item": objects(
            [f"{a} {b}" for a, b in zip(world.skewed(goods, count), kinds, strict=True)]
        ),
        "quantity": world.numbers(1, 10, count),
        "amount": objects([f"{value:.2f}" for value in world.rng.lognormal(4.5, 1, count)]),
        "status": world.skewed(STATUS, count),
        "key": world.codes("A-#######", count),
    }


def visited(atoms: Columns, again: Mask, world: World) -> Columns:
    """A row is a visit to a practice."""
    count = len(again)
    doctors = world.draw("family", 6).tolist()
    return atoms | {
        "visited": world.dates("2022-01-01", "2025-12-31", count),
        "reason": world.skewed(REASONS, count),
        "doctor": world.skewed(doctors, count),
        "amount": objects([f"{value:.2f}" for value in world.rng.lognormal(4, 0.6, count)]),
    }


def registered(atoms: Columns, again: Mask, world: World) -> Columns:
    """A row is a ticket to an event."""
    count = len(again)
    return atoms | {
        "event": world.skewed(EVENTS, count),
        "ordered": world.dates("2024-01-01", "2025-12-31", count),
        "amount": world.pick(("0", "15", "25", "49", "120"), count),
        "status": world.skewed(("confirmed", "waiting", "cancelled"), count),
        "key": world.codes("T########", count),
    }


def other_price(atoms: Columns, again: Mask, world: World) -> Columns:
    """Each shop asks another price."""
    factor = np.where(world.some(len(again), 0.25), 1.0, world.rng.normal(1.0, 0.08, len(again)))
    asked = [f"{float(p) * abs(f):.2f}" for p, f in zip(atoms["price"], factor, strict=True)]
    pattern = ("#####", "P-#####", "********")[int(world.rng.integers(0, 3))]
    return atoms | {
        "price": objects(asked),
        "key": world.codes(pattern, len(again)),
        "listed": world.dates("2024-01-01", "2025-12-31", len(again)),
    }


def moved_room(atoms: Columns, again: Mask, world: World) -> Columns:
    """A device that is counted again may stand in another room."""
    elsewhere = again & world.some(len(again), 0.4)
    rooms = world.rng.permutation(atoms["room"])
    return atoms | {"room": np.where(elsewhere, rooms, atoms["room"])}


def driven(atoms: Columns, again: Mask, world: World) -> Columns:
    """A car that is seen again has gone further."""
    more = world.rng.integers(0, 30_000, len(again)) * again
    miles = [str(int(a) + b) for a, b in zip(atoms["mileage"], more, strict=True)]
    return atoms | {
        "mileage": objects(miles),
        "listed": world.dates("2023-01-01", "2025-12-31", len(again)),
    }


def released(atoms: Columns, again: Mask, world: World) -> Columns:
    """A song of several sources: a number in each, and the number of the source."""
    count = len(again)
    seconds = np.array(atoms["seconds"], dtype=np.int64) + world.rng.integers(-2, 3, count) * again
    return atoms | {
        "key": objects([str(value) for value in world.rng.permutation(count) + 1]),
        "source": world.numbers(1, 6, count),
        "seconds": objects([str(value) for value in seconds]),
    }
