"""Things and rows of the ordinary tables: loans, bills, screws, wines, clubs, pets, pupils."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.training.pair_model.tables import changes
from simsearch.training.pair_model.tables.goods import makers
from simsearch.training.pair_model.tables.organisations import companies
from simsearch.training.pair_model.tables.people import families, persons
from simsearch.training.pair_model.tables.words import objects, without
from simsearch.training.pair_model.tables.works import songs, titles

if TYPE_CHECKING:
    from simsearch.training.pair_model.tables.world import Columns, Mask, Objects, World

__all__ = [
    "census", "episodes", "exported", "lent", "offered", "people_and_clubs", "pets", "pupils",
    "screws", "treated", "wines",
]  # fmt: skip

PRACTICE = ("filling", "crown", "cleaning", "extraction", "implant", "x-ray")


def lent(atoms: Columns, again: Mask, world: World) -> Columns:
    """A row is a loan of a book."""
    count = len(again)
    shelf = titles(max(5, count // 3), world).tolist()
    return atoms | {
        "item": world.skewed(shelf, count),
        "ordered": world.dates("2024-01-01", "2025-06-01", count),
        "listed": world.dates("2024-02-01", "2025-07-01", count),
        "status": world.skewed(("returned", "out", "overdue"), count),
        "key": world.numbers(10_000, 99_999, count),
    }


def treated(atoms: Columns, again: Mask, world: World) -> Columns:
    """A row is a dentist's bill."""
    count = len(again)
    return atoms | {
        "key": objects([f"R{24_000 + row}" for row in range(count)]),
        "reason": world.skewed(PRACTICE, count),
        "visited": world.dates("2023-01-01", "2025-12-31", count),
        "amount": objects([f"{value:.2f}" for value in world.rng.lognormal(5, 0.8, count)]),
    }


def exported(atoms: Columns, again: Mask, world: World) -> Columns:
    """Contacts of a sales team, entered twice: another key, another day, another colleague."""
    count = len(again)
    return changes.keyed(atoms, again, world) | {
        "owner": world.skewed(world.draw("woman", 5).tolist(), count),
        "status": world.skewed(("lead", "customer", "lost"), count),
        "amount": world.numbers(0, 100, count),
    }


def screws(count: int, world: World) -> Columns:
    """Bolts and screws of every measure: nothing but the figures differs."""
    heads = ("hex bolt", "wood screw", "machine screw", "threaded rod", "washer head screw")
    coats = ("zinc", "stainless A2", "stainless A4", "brass")
    rows = [
        (head, f"M{width}x{length}", coat)
        for head in heads
        for coat in coats
        for width in (3, 4, 5, 6, 8, 10, 12)
        for length in (10, 16, 20, 25, 30, 40, 50, 60, 80)
    ]
    chosen = [rows[place] for place in world.rng.permutation(len(rows))[:count]]
    weight = world.rng.lognormal(0, 0.7, len(chosen))
    return {
        "title": objects([f"{head} {size} {coat}" for head, size, coat in chosen]),
        "category": objects([head.split()[-1] for head, *_ in chosen]),
        "price": objects([f"{value:.2f}" for value in weight]),
        "amount": world.pick(("50", "100", "200", "500"), len(chosen)),
        "key": objects([str(40_000 + place) for place in range(len(chosen))]),
    }


def wines(count: int, world: World) -> Columns:
    """Wines of an estate: the same name year after year, and a year is another wine."""
    estates = max(2, count // 12)
    grapes = ("Riesling", "Merlot", "Pinot Noir", "Chardonnay", "Syrah", "Silvaner", "Tempranillo")
    estate = world.rng.integers(0, estates, count)
    names = list(dict.fromkeys(world.draw("family", 4 * estates)))
    estates = min(estates, len(names))
    estate = estate % estates
    houses = objects([f"Domaine {name}" for name in names[:estates]])
    grape, site = world.rng.integers(0, len(grapes), count), world.draw("street", estates)
    year = objects([str(value) for value in world.rng.integers(2008, 2024, count)])
    return {
        "producer": houses[estate],
        "title": objects([f"{site[e]} {grapes[g]}" for e, g in zip(estate, grape, strict=True)]),
        "model": year,
        "region": world.pick(world.language.words("region"), estates)[estate],
        "price": objects([f"{value:.2f}" for value in world.rng.lognormal(2.7, 0.5, count)]),
    }


def people_and_clubs(count: int, world: World) -> Columns:
    """Players and clubs in one list."""
    people, firms = persons(count, world), companies(count, world)
    is_club = world.some(count, 0.4)
    town = world.draw("city", count)
    kinds = ("FC {}", "{} United", "SV {}", "Rovers {}", "Athletic {}")
    club = objects([kinds[row % 5].format(f"{a} {b}") for row, (a, b) in
                    enumerate(zip(town, people["family"], strict=True))])  # fmt: skip
    out = {name: np.where(is_club, "", people[name]) for name in ("given", "family", "middle")}
    out["title"] = np.where(is_club, club, "")
    out["birth"] = without(people["birth"], is_club)
    out["country"] = world.skewed(("Spain", "Italy", "Brazil", "Japan", "Ghana", "Poland"), count)
    out["year"] = without(world.numbers(1890, 1990, count), ~is_club)
    out["website"] = without(firms["website"], ~is_club)
    out["number"] = without(world.numbers(1, 40, count), is_club)
    return out


def census(count: int, world: World) -> Columns:
    """People in the lists of a census, with trade, village and who they live with."""
    people = persons(count, world)
    villages = world.draw("city", max(4, count // 20))
    people["parish"] = world.skewed(villages.tolist(), count)
    people["occupation"] = world.skewed(world.language.words("profession"), count)
    people["birth"] = world.dates("1820-01-01", "1895-01-01", count)
    mother = world.draw("woman", count)
    people["spouse"] = objects([f"{a} {b}" for a, b in zip(mother, people["family"], strict=True)])
    return people


def pets(count: int, world: World) -> Columns:
    """Animals of a practice: short names, and the owner."""
    owners = persons(count, world)
    names = ("Bella", "Luna", "Max", "Rocky", "Mimi", "Felix", "Bruno", "Coco", "Nala", "Simba",
             "Kira", "Balu", "Lilly", "Sammy", "Oscar", "Maja", "Rex", "Emma")  # fmt: skip
    kind = world.rng.choice(
        ["dog", "cat", "rabbit", "parrot"], size=count, p=[0.5, 0.38, 0.08, 0.04]
    )
    return {
        "place": world.pick(names, count),
        "kind": kind.astype(object),
        **{name: owners[name] for name in ("given", "family", "middle", "sex", "phone")},
        "birth": world.dates("2008-01-01", "2025-01-01", count),
        "serial": world.codes("276############", count),
    }


def pupils(count: int, world: World) -> Columns:
    """Children of a school, brothers, sisters and twins among them; parents' number and address."""
    people = families(count, world, namesakes=False)
    people["birth"] = _young(people["birth"])
    people["room"] = objects(
        [f"{5 + row % 8}{'abc'[row % 3]}" for row in world.rng.permutation(count)]
    )
    return people


def _young(births: Objects) -> Objects:
    """The same days in the years in which pupils were born."""
    return objects([f"{2007 + int(value[:4]) % 9}{value[4:]}" for value in births])


def episodes(count: int, world: World) -> Columns:
    """Episodes of a few series: the number tells them apart."""
    shows = titles(max(1, count // 40), world)
    show = np.sort(world.rng.integers(0, len(shows), count))
    number = np.arange(count) - np.searchsorted(show, show) + 1
    return songs(count, world) | {
        "album": shows[show],
        "title": objects([f"{shows[s]} #{n}" for s, n in zip(show, number, strict=True)]),
        "ordered": world.dates("2018-01-01", "2025-12-31", count),
    }


def offered(atoms: Columns, again: Mask, world: World) -> Columns:
    """A row is an offer: the seller, the price and the state of the thing differ."""
    sellers = makers(12, world).tolist()
    return changes.other_price(atoms, again, world) | {
        "owner": world.skewed(sellers, len(again)),
        "status": world.skewed(("new", "used", "refurbished"), len(again)),
    }
