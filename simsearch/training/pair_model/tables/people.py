"""Persons and where they live, alone and in households."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.training.pair_model.tables.words import objects

if TYPE_CHECKING:
    from simsearch.training.pair_model.tables.world import Columns, Mask, Objects, Rows, World

__all__ = ["addresses", "email_of", "families", "historical", "moved", "persons", "phones"]

DOMAINS = (
    "gmail.com", "outlook.com", "yahoo.com", "icloud.com", "mail.example", "web.example",
    "post.example", "gmx.net", "hotmail.com", "example.org",
)  # fmt: skip


def persons(count: int, world: World) -> Columns:
    """That many different people; about a third share a household with others."""
    sizes = world.rng.choice([1, 2, 3, 4, 5], size=count, p=[0.72, 0.16, 0.06, 0.04, 0.02])
    return _in_households(np.repeat(np.arange(count), sizes)[:count], world)


def families(count: int, world: World, *, namesakes: bool = True) -> Columns:
    """People who nearly all live together: couples, children, twins, father and son of a name."""
    sizes = world.rng.choice([1, 2, 3, 4, 5, 6], size=count, p=[0.1, 0.25, 0.2, 0.25, 0.12, 0.08])
    household = np.repeat(np.arange(count), sizes)[:count]
    people = _in_households(household, world)
    if namesakes:
        _name_sons_after_fathers(people, household, world)
    _make_twins(people, household, world)
    return people


def _in_households(household: Rows, world: World) -> Columns:
    """People with the surname, address and landline of their household."""
    count, houses = len(household), int(household[-1]) + 1 if len(household) else 0
    woman = world.some(count, 0.5)
    given = np.where(woman, world.draw("woman", count), world.draw("man", count))
    family = world.draw("family", houses)[household]
    own = world.some(count, 0.12)
    family = np.where(own, world.draw("family", count), family)
    place = np.arange(count) - np.searchsorted(household, household)
    shared = {name: values[household] for name, values in addresses(houses, world).items()}
    landline = world.some(count, 0.25)
    phone = np.where(landline, phones(houses, world)[household], phones(count, world))
    family = _feminine(family, woman, world)
    return {
        "given": given,
        "middle": np.where(woman, world.draw("woman", count), world.draw("man", count)),
        "family": family,
        "sex": np.where(woman, "f", "m").astype(object),
        "birth": _births(place, world),
        **shared,
        "phone": phone,
        "email": email_of(given, family, world),
        "ssn": world.digits(9, count),
        "household": objects([str(number) for number in household]),
    }


def _births(place: Rows, world: World) -> Objects:
    """Two grown-ups of about one age, then children."""
    count = len(place)
    first = np.where(place < 2, 1935, 1975)
    days = (world.rng.random(count) * 365.25 * np.where(place < 2, 65, 45)).astype(np.int64)
    start = (first - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    return objects([str(day) for day in start + days.astype("timedelta64[D]")])


def _feminine(family: Objects, woman: Mask, world: World) -> Objects:
    """Women's forms of surnames, where the language has them."""
    ends = world.language.forms("feminine")
    out = family.copy()
    for row in np.flatnonzero(woman) if ends else ():
        name = family[row]
        for end, (other,) in ends.items():
            if name.endswith(end):
                out[row] = name[: -len(end)] + other
                break
    return out


def _name_sons_after_fathers(people: Columns, household: Rows, world: World) -> None:
    """In some houses the third person has the name of the first, but not the date of birth."""
    third = np.flatnonzero(household[2:] == household[:-2]) + 2
    third = third[world.some(len(third), 0.12)]
    for name in ("given", "family", "sex"):
        people[name][third] = people[name][third - 2]


def _make_twins(people: Columns, household: Rows, world: World) -> None:
    """In some houses two neighbours in the list were born on one day, with different names."""
    second = np.flatnonzero(household[1:] == household[:-1]) + 1
    second = second[world.some(len(second), 0.12)]
    second = second[people["given"][second] != people["given"][second - 1]]
    for name in ("birth", "family"):
        people[name][second] = people[name][second - 1]


def addresses(count: int, world: World) -> Columns:
    """Street, number, postcode, city, region: a postcode has a few streets of one city."""
    places = max(2, count // 12)
    place = world.rng.integers(0, places, count)
    kinds = tuple(world.language.forms("kind"))
    cities = world.draw("city", places)
    regions = world.language.words("region")
    # A city lies in one region wherever it turns up.
    of_city = {city: regions[hash_of(city) % len(regions)] for city in set(cities)}
    pattern = world.language.line("postcode")
    return {
        "street_name": world.draw("street", places * 2)[
            place * 2 + world.rng.integers(0, 2, count)
        ],
        "street_kind": world.skewed(kinds, places)[place],
        "number": world.numbers(1, 160, count),
        "postcode": world.codes(pattern, places)[place],
        "city": cities[place],
        "region": objects([of_city[city] for city in cities])[place],
    }


def hash_of(value: str) -> int:
    """A number that is the same in every run (`hash` is not)."""
    return sum(ord(sign) * (place + 1) for place, sign in enumerate(value))


def phones(count: int, world: World) -> Objects:
    """National numbers as area, blank and number; sources add what they like."""
    _, _, area, digits = world.language.line("phone").split()
    areas = world.digits(int(area), max(2, count // 20))
    chosen = areas[world.rng.integers(0, len(areas), count)]
    numbers = world.digits(int(digits), count)
    return objects([f"{a} {b}" for a, b in zip(chosen, numbers, strict=True)])


def email_of(given: Objects, family: Objects, world: World) -> Objects:
    """Addresses that come from the name, most of them with a number."""
    count = len(given)
    domain = world.pick(DOMAINS, count)
    style = world.rng.integers(0, 4, count)
    number = world.rng.integers(1, 999, count)
    out = []
    for row in range(count):
        first, last = (ascii_of(name, world) for name in (given[row], family[row]))
        user = (f"{first}.{last}", f"{first[:1]}{last}", f"{last}{number[row]}", first + last)
        out.append(f"{user[style[row]]}{number[row] if style[row] == 3 else ''}@{domain[row]}")
    return objects(out)


def ascii_of(name: str, world: World) -> str:
    """Letters of a name that an e-mail address may have."""
    import unicodedata

    latin = name if world.language.is_latin else world.language.latin(name)
    plain = unicodedata.normalize("NFKD", latin.lower().replace("ß", "ss").replace("ł", "l"))
    return "".join(sign for sign in plain if "a" <= sign <= "z") or "x"


def historical(count: int, world: World) -> Columns:
    """People in church books: few names, parishes and trades; husband or wife named."""
    people = persons(count, world)
    parishes = world.draw("city", max(3, count // 25))
    people["parish"] = world.skewed(parishes.tolist(), count)
    people["occupation"] = world.skewed(world.language.words("profession"), count)
    other = np.where(people["sex"] == "f", world.draw("man", count), world.draw("woman", count))
    people["spouse"] = objects([f"{a} {b}" for a, b in zip(other, people["family"], strict=True)])
    people["birth"] = world.dates("1780-01-01", "1910-01-01", count)
    return people


def moved(atoms: Columns, world: World, share: float) -> Columns:
    """Some live elsewhere, have another phone or another e-mail by now."""
    count = len(next(iter(atoms.values())))
    out = dict(atoms)
    gone = world.some(count, share)
    for name, values in addresses(count, world).items():
        out[name] = np.where(gone, values, out[name])
    out["phone"] = np.where(world.some(count, share * 1.5), phones(count, world), out["phone"])
    fresh = email_of(out["given"], out["family"], world)
    out["email"] = np.where(world.some(count, share * 1.5), fresh, out["email"])
    return out
