"""Things and rows of the second lot of ordinary tables: guests, gifts, recipes, homes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.training.pair_model.tables.goods import CAR_MODELS, MAKES, makers
from simsearch.training.pair_model.tables.organisations import places
from simsearch.training.pair_model.tables.people import addresses, persons, phones
from simsearch.training.pair_model.tables.words import objects
from simsearch.training.pair_model.tables.works import songs

if TYPE_CHECKING:
    from simsearch.training.pair_model.tables.world import Columns, Mask, World

__all__ = [
    "advertised", "cars", "concerts", "gave", "homes", "listed", "medicines", "members",
    "recipes", "recorded", "retold", "schools", "spare_parts", "staff", "stayed", "took_part",
]  # fmt: skip

FOOD = (
    "flour", "sugar", "butter", "eggs", "milk", "salt", "pepper", "onion", "garlic", "tomatoes",
    "rice", "chicken", "beef", "carrots", "potatoes", "cream", "cheese", "basil", "thyme", "lemon",
    "olive oil", "vinegar", "beans", "lentils", "spinach", "mushrooms", "apples", "cinnamon",
    "yeast", "honey", "almonds", "chocolate", "ginger", "soy sauce", "coconut milk", "parsley",
)  # fmt: skip
DISHES = ("soup", "stew", "pie", "salad", "curry", "cake", "gratin", "pasta", "bread", "tart")
PURPOSES = ("school", "flood relief", "animal shelter", "church roof", "youth club", "general")
PARTS = ("bearing", "seal", "gasket", "filter", "pump", "valve", "belt", "hose", "spring", "sensor")
STRENGTHS = ("2.5 mg", "5 mg", "10 mg", "20 mg", "40 mg", "80 mg", "100 mg", "250 mg", "500 mg")
PACKS = ("10", "20", "30", "50", "100")
SHAPES = ("tablets", "capsules", "drops", "ointment", "syrup")
LEVELS = ("Beginners", "Intermediate", "Advanced")
TOPICS = ("Yoga", "Spanish", "Pottery", "Photography", "First Aid", "Chess", "Bookkeeping")
DEPARTMENTS = ("Sales", "Finance", "Logistics", "IT", "Legal", "Purchasing", "Marketing", "HR")
GRADES = ("assistant", "clerk", "manager", "head", "trainee", "analyst")


def stayed(atoms: Columns, again: Mask, world: World) -> Columns:
    """A row is a stay of a guest in a hotel."""
    count = len(again)
    return atoms | {
        "visited": world.dates("2023-01-01", "2025-12-01", count),
        "quantity": world.numbers(1, 9, count),
        "room": world.numbers(101, 420, count),
        "amount": objects([f"{value:.2f}" for value in world.rng.lognormal(5.3, 0.5, count)]),
    }


def gave(atoms: Columns, again: Mask, world: World) -> Columns:
    """A row is a gift of a donor."""
    count = len(again)
    return atoms | {
        "key": world.codes("D-25####", count),
        "amount": world.pick(("10.00", "20.00", "25.00", "50.00", "100.00", "250.00"), count),
        "ordered": world.dates("2022-01-01", "2025-12-31", count),
        "reason": world.skewed(PURPOSES, count),
    }


def took_part(atoms: Columns, again: Mask, world: World) -> Columns:
    """A row is a place in a course of one term."""
    count = len(again)
    courses = [f"{topic} {level}" for topic in TOPICS for level in LEVELS]
    return atoms | {"event": world.pick(courses, count), "amount": world.pick(("80", "120"), count)}


def members(count: int, world: World) -> Columns:
    """Members of a gym, with the number of their card."""
    cards = objects([str(60_000 + 7 * row) for row in range(count)])
    return persons(count, world) | {"key": cards}


def staff(count: int, world: World) -> Columns:
    """Colleagues of a firm: addresses are made of names, a number where two have one name."""
    people = persons(count, world)
    taken: dict[str, int] = {}
    mail = []
    for address in people["email"]:
        user = "".join(sign for sign in address.partition("@")[0] if not sign.isdigit())
        taken[user] = taken.get(user, 0) + 1
        mail.append(f"{user}{taken[user] if taken[user] > 1 else ''}@firm.example")
    return people | {
        "email": objects(mail),
        "category": world.skewed(DEPARTMENTS, count),
        "status": world.skewed(GRADES, count),
        "phone": objects([f"-{value}" for value in world.rng.permutation(count) + 100]),
    }


def recipes(count: int, world: World) -> Columns:
    """Dishes with what is in them; a kitchen has several of one name."""
    out: dict[str, list[str]] = {"title": [], "features": [], "quantity": [], "runtime": []}
    for _ in range(count):
        inside = [FOOD[place] for place in world.rng.permutation(len(FOOD))[:7]]
        out["title"].append(f"{inside[0]} and {inside[1]} {DISHES[int(world.rng.random() * 10)]}")
        out["features"].append(" ".join(inside))
        out["quantity"].append(str(int(world.rng.integers(2, 9))))
        out["runtime"].append(str(int(world.rng.integers(2, 19) * 5)))
    return {name: objects(values) for name, values in out.items()}


def retold(atoms: Columns, again: Mask, world: World) -> Columns:
    """Another cook writes the same dish down: for more people, and takes another time."""
    count = len(again)
    other = again & world.some(count, 0.5)
    return atoms | {
        "quantity": np.where(other, world.numbers(2, 9, count), atoms["quantity"]),
        "runtime": np.where(other, world.numbers(10, 95, count), atoms["runtime"]),
    }


def cars(count: int, world: World) -> Columns:
    """Used cars: of few makes and models, each with its miles."""
    make = world.rng.integers(0, len(MAKES), count)
    model = (make + world.rng.integers(0, 3, count)) % len(CAR_MODELS)
    return {
        "brand": objects(MAKES)[make],
        "car": objects(CAR_MODELS)[model],
        "year": world.numbers(2004, 2025, count),
        "mileage": objects([str(100 * v) for v in world.rng.integers(20, 2400, count)]),
        "colour": world.skewed(world.language.words("colour"), count),
        "price": objects([f"{50 * v}.00" for v in world.rng.integers(40, 700, count)]),
        "city": world.draw("city", count),
        "phone": phones(count, world),
    }


def advertised(atoms: Columns, again: Mask, world: World) -> Columns:
    """The same car on another page, often for another price, on another day."""
    count = len(again)
    less = again & world.some(count, 0.4)
    price = [f"{float(p) - 200 * b:.2f}" for p, b in zip(atoms["price"], less, strict=True)]
    return atoms | {
        "price": objects(price),
        "listed": world.dates("2025-01-01", "2025-09-30", count),
        "key": world.codes("##########", count),
    }


def homes(count: int, world: World) -> Columns:
    """Flats and houses for sale; of some streets several."""
    where = addresses(count, world)
    area = world.rng.integers(30, 220, count)
    price = area * world.rng.normal(3000, 500, count) // 1000 * 1000
    return where | {
        "area": objects([str(value) for value in area]),
        "rooms": objects([str(1 + value // 30) for value in area]),
        "price": objects([f"{value:.0f}" for value in price]),
        "kind": world.skewed(("flat", "house", "studio", "loft"), count),
    }


def listed(atoms: Columns, again: Mask, world: World) -> Columns:
    """The same home by another agent: another price now and then, another day."""
    count = len(again)
    other = again & world.some(count, 0.35)
    price = [f"{float(p) * (0.97 if b else 1):.0f}" for p, b in zip(atoms["price"], other,
                                                                     strict=True)]  # fmt: skip
    return atoms | {
        "price": objects(price),
        "listed": world.dates("2025-01-01", "2025-12-31", count),
        "owner": world.skewed(makers(8, world).tolist(), count),
        "key": world.codes("ID######", count),
    }


def spare_parts(count: int, world: World) -> Columns:
    """Parts of a few machines: the same word for many, and a number for each."""
    rows = world.rng.integers(0, len(PARTS), count)
    machines = world.codes("@@##", max(2, count // 40)).tolist()
    start = int(world.rng.integers(1000, 8000))
    return {
        "model": objects([f"{start + row // 10:04d}-{row % 10}" for row in range(count)]),
        "title": objects(PARTS)[rows],
        "category": world.pick(machines, count),
        "price": objects([f"{value:.2f}" for value in world.rng.lognormal(2, 1, count)]),
        "quantity": world.numbers(0, 40, count),
    }


def medicines(count: int, world: World) -> Columns:
    """Medicines: one name in several strengths, forms and packs."""
    names = [name + "ol" for name in makers(max(2, count // 12), world).tolist()]
    rows = {
        (names[int(a * len(names))], SHAPES[int(b * b * 5)], STRENGTHS[int(c * 9)],
         PACKS[int(d * 5)])
        for a, b, c, d in world.rng.random((3 * count, 4)).tolist()
    }  # fmt: skip
    chosen = sorted(rows)
    chosen = [chosen[place] for place in world.rng.permutation(len(chosen))[:count]]
    return {
        "title": objects([f"{name} {strength} {shape}" for name, shape, strength, _ in chosen]),
        "size": objects([pack for *_, pack in chosen]),
        "brand": world.skewed(makers(15, world).tolist(), len(chosen)),
        "price": objects([f"{value:.2f}" for value in world.rng.lognormal(2.5, 0.6, len(chosen))]),
    }


def concerts(count: int, world: World) -> Columns:
    """Concerts of a season: a band plays in several towns, a hall has many evenings."""
    bands = songs(max(12, count // 2), world)["artist"]
    halls = places(max(3, count // 15), world)
    at = world.rng.integers(0, len(halls["place"]), count)
    day = world.dates("2025-01-01", "2026-12-31", count)
    return {
        "artist": bands[world.rng.integers(0, len(bands), count)],
        "place": halls["place"][at],
        "city": halls["city"][at],
        "ordered": day,
        "price": world.pick(("20.00", "35.00", "49.00", "65.00"), count),
    }


def schools(count: int, world: World) -> Columns:
    """Schools: the same names in many towns."""
    out = places(count, world)
    kinds = ("Primary School", "High School", "Grammar School", "Academy", "College")
    named = world.draw("street", count)
    kind = world.skewed(kinds, count)
    return out | {"place": objects([f"{a} {b}" for a, b in zip(named, kind, strict=True)])}


def recorded(count: int, world: World) -> Columns:
    """Songs, some of them live or in another mix besides: those are others."""
    out = songs(count, world)
    again = np.flatnonzero(world.some(count, 0.12))
    again = again[again > 0]
    for row in again:
        version = ("(Live)", "(Remix)", "(Acoustic)", "(Demo)")[int(world.rng.random() * 4)]
        out["title"][row] = f"{out['title'][row - 1].partition(' (')[0]} {version}"
        out["artist"][row] = out["artist"][row - 1]
    return out
