"""Things that are sold, owned and counted: products, model ranges, devices, vehicles, flats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.training.pair_model.tables.people import addresses
from simsearch.training.pair_model.tables.words import objects, vocabulary

if TYPE_CHECKING:
    from simsearch.training.pair_model.tables.world import Columns, Objects, Rows, World

__all__ = [
    "assets", "editions", "flats", "products", "shades", "variants", "vehicles", "yearly",
]  # fmt: skip

CONSONANTS, VOWELS = tuple("bdfgklmnprstvz"), tuple("aeiou")
MAKES = (
    "Audexa", "Brenta", "Corvin", "Dacor", "Eltra", "Fenwick", "Garuda", "Hondara", "Ivex",
    "Jolt", "Kestra", "Lumina", "Mazuro", "Nordia", "Opalis", "Peregrin", "Quanta", "Renova",
)  # fmt: skip
CAR_MODELS = ("Astra", "City", "Delta", "Focus", "Golfo", "Leon", "Nova", "Punta", "Rio", "Yara")
DEVICES = (
    ("Laptop", "L"), ("Monitor", "M"), ("Dock", "D"), ("Phone", "P"), ("Tablet", "T"),
    ("Printer", "PR"), ("Projector", "PJ"), ("Switch", "SW"), ("Headset", "H"), ("Scanner", "SC"),
)  # fmt: skip
SIZES = (
    "0.5 l", "1 l", "1.7 l", "12 V", "18 V", "230 V", "10 cm", "24 in", "27 in", "500 g", "2 kg",
    "64 GB", "128 GB", "1000 W", "2000 W", "M", "L", "XL",
)  # fmt: skip


def makers(count: int, world: World) -> Objects:
    """Made-up brands of two or three syllables."""
    parts = [world.pick(letters, count) for letters in (CONSONANTS, VOWELS) * 3]
    three = world.some(count, 0.4)
    names = []
    for row, syllables in enumerate(zip(*parts, strict=True)):
        names.append("".join(syllables[: 6 if three[row] else 4]).title() + "nxrs l"[row % 6])
    return objects([name.strip() for name in names])


def _codes(brand: Rows, world: World) -> Objects:
    """Model codes in the maker's own style; some are near to the one before."""
    count = len(brand)
    styles = ("@@####", "@@-###", "@###", "###@", "@@@##", "@#### @", "##-##@", "@@ ####")
    style = world.rng.integers(0, len(styles), int(brand.max(initial=0)) + 1)[brand]
    out = np.empty(count, dtype=object)
    for number, pattern in enumerate(styles):
        rows = np.flatnonzero(style == number)
        out[rows] = world.codes(pattern, len(rows))
    return out


def products(count: int, world: World, *, siblings: float = 0.35) -> Columns:
    """Products of brands, many with a sibling: same words and brand, a model code nearby."""
    brands = max(3, min(40, count // 12))
    brand = (world.rng.random(count) ** 2 * brands).astype(np.int64)
    nouns = vocabulary(world.language, "noun")
    noun = world.rng.integers(0, len(nouns), count)
    adjective, colour = world.words("adjective", count), world.skewed(_colours(world), count)
    size, code = world.pick(SIZES, count), _codes(brand, world)
    price = world.rng.lognormal(4, 0.9, count)
    near = np.flatnonzero(world.some(count, siblings))
    for row in near[near > 0]:
        before = row - 1
        brand[row], noun[row], adjective[row] = brand[before], noun[before], adjective[before]
        code[row] = near_code(code[before], world)
        price[row] = price[before] * (0.8 + 0.4 * world.rng.random())
        size[row] = size[before] if world.rng.random() < 0.6 else size[row]
    return {
        "brand": makers(brands, world)[brand],
        "model": _distinct_codes(code, world),
        "noun": nouns[noun],
        "adjective": adjective,
        "colour": colour,
        "size": size,
        "category": objects([f"{nouns[n // 4 * 4]}" for n in noun]),
        "price": objects([f"{value:.2f}" for value in price]),
        "ean": world.codes("40###########", count),
        "features": _features(count, world),
    }


def _features(count: int, world: World) -> Objects:
    """Ten words that could be said of a thing, for its description."""
    known = np.array([*world.language.words("adjective"), *world.language.words("title")])
    made = known[world.rng.integers(0, len(known), (count, 10))]
    return objects([" ".join(row) for row in made])


def _colours(world: World) -> tuple[str, ...]:
    return world.language.words("colour")


def near_code(code: str, world: World) -> str:
    """A code that differs in one digit or has one more letter."""
    places = [place for place, sign in enumerate(code) if sign.isdigit()]
    if not places or world.rng.random() < 0.2:
        return code + "BCDEHPX"[int(world.rng.random() * 7)]
    place = places[-1 - int(world.rng.random() ** 2 * len(places))]
    digit = str((int(code[place]) + 1 + int(world.rng.random() * 8)) % 10)
    return code[:place] + digit + code[place + 1 :]


def _distinct_codes(codes: Objects, world: World) -> Objects:
    """No code twice: a second one gets two more digits."""
    seen: set[str] = set()
    for row, wanted in enumerate(codes):
        code = wanted
        while code in seen:
            code = f"{wanted}{int(world.rng.random() * 90) + 10}"
        seen.add(code)
        codes[row] = code
    return codes


EDITIONS = ("Standard", "Professional", "Deluxe", "Upgrade", "Home", "Academic", "Premium")


def editions(count: int, world: World) -> Columns:
    """Programs, games and courses: a name of words, a version, an edition; the near ones differ
    in nothing else."""
    names = max(2, count // 3)
    name = world.rng.integers(0, names, count)
    words = np.array(world.language.words("title"))
    pair = words[world.rng.integers(0, len(words), (names, 2))]
    title = objects([f"{a} {b}".title() for a, b in pair])
    version = world.rng.integers(1, 12, count)
    point = world.some(names, 0.4)[name]
    number = [f"{v}.0" if p else str(2000 + v) for v, p in zip(version, point, strict=True)]
    made = products(names, world, siblings=0.0)
    return {
        "name": title[name],
        "brand": made["brand"][name],
        "version": objects(number),
        "edition": world.skewed(EDITIONS, count),
        "price": objects([f"{value:.2f}" for value in world.rng.lognormal(4, 0.7, count)]),
        "category": made["category"][name],
        "features": made["features"][name],
    }


def variants(count: int, world: World) -> Columns:
    """Model ranges: five to twenty things that differ in one figure of the code, or in size."""
    families = max(1, count // int(world.rng.integers(5, 20)))
    made = products(families, world, siblings=0.0)
    which = np.arange(count) % families
    out = {name: values[which] for name, values in made.items()}
    steps = (np.arange(count) // families).tolist()
    out["model"] = _distinct_codes(
        objects([_stepped(code, step) for code, step in zip(out["model"], steps, strict=True)]),
        world,
    )
    return out


def _stepped(code: str, step: int) -> str:
    """The code so many steps on in its last run of digits."""
    end = max((place for place, sign in enumerate(code) if sign.isdigit()), default=-1) + 1
    start = end
    while start > 0 and code[start - 1].isdigit():
        start -= 1
    number = str(int(code[start:end] or 0) + step).zfill(end - start)
    return code[:start] + number + code[end:]


def yearly(count: int, world: World) -> Columns:
    """Calendars, reports and yearbooks: the same title every year, and each year another thing."""
    series = max(1, count // int(world.rng.integers(4, 15)))
    which = np.arange(count) % series
    made = products(series, world, siblings=0.0)
    first = world.rng.integers(1985, 2012, series)[which]
    year = first + np.arange(count) // series
    title = [
        f"{a} {b} {c}"
        for a, b, c in zip(made["noun"], made["adjective"], made["brand"], strict=True)
    ]
    return {
        "title": objects(title)[which],
        "brand": made["brand"][which],
        "model": objects([str(value) for value in year]),
        "price": made["price"][which],
        "ean": world.codes("977##########", count),
    }


def shades(count: int, world: World) -> Columns:
    """Paints, threads and fabrics: colour and size alone tell two of a line apart."""
    lines = max(1, count // int(world.rng.integers(6, 25)))
    line = world.rng.integers(0, lines, count)
    made = products(lines, world, siblings=0.0)
    colour, size = world.pick(_colours(world), count), world.pick(SIZES, count)
    noun, price = made["noun"][line], made["price"][line]
    return {
        "brand": made["brand"][line],
        "noun": noun,
        "colour": colour,
        "size": size,
        "title": objects([f"{a} {b} {c}" for a, b, c in zip(noun, colour, size, strict=True)]),
        "price": price,
        "category": made["category"][line],
    }


def assets(count: int, world: World) -> Columns:
    """Devices of an office: a few models, each with a serial number of its own."""
    models = max(2, min(25, count // 8))
    place = world.skewed([str(number) for number in range(models)], count).astype(np.int64)
    device = world.rng.integers(0, len(DEVICES), models)
    size = world.rng.integers(1, 40, models)
    name = objects(
        [f"{DEVICES[d][0]} {DEVICES[d][1]}{s}" for d, s in zip(device, size, strict=True)]
    )
    patterns = ("PF******", "S/N ########", "5CG#######@", "@@########", "C02@@***@@@@")
    pattern = patterns[int(world.rng.random() * len(patterns))]
    return {
        "asset": name[place],
        "brand": makers(models, world)[place],
        "serial": _distinct_codes(world.codes(pattern, count), world),
        "room": rooms(count, world),
        "bought": world.dates("2015-01-01", "2025-12-31", count),
        "price": objects([f"{value:.2f}" for value in world.rng.lognormal(6, 0.5, models)])[place],
        "owner": _owners(count, world),
    }


def rooms(count: int, world: World) -> Objects:
    """Rooms as floor.number."""
    floors, numbers = world.rng.integers(0, 5, count), world.rng.integers(1, 16, count)
    return objects([f"{a}.{b:02d}" for a, b in zip(floors, numbers, strict=True)])


def _owners(count: int, world: World) -> Objects:
    """Colleagues: initial and surname, far fewer than devices."""
    people = world.draw("family", max(2, count // 4))
    return world.pick(people.tolist(), count)


def vehicles(count: int, world: World) -> Columns:
    """Cars of a fleet: few makes and models, each with its VIN and plate."""
    make = world.rng.integers(0, len(MAKES), count)
    model = (make + world.rng.integers(0, 3, count)) % len(CAR_MODELS)
    heads = world.codes("W@@ZZZ##", len(MAKES))
    serial = world.rng.permutation(count) + int(world.rng.integers(100000, 800000))
    vin = [f"{heads[m]}{s:06d}".ljust(17, "0") for m, s in zip(make, serial, strict=True)]
    return {
        "brand": objects(MAKES)[make],
        "car": objects(CAR_MODELS)[model],
        "vin": objects(vin),
        "plate": _distinct_codes(world.codes("@@-@@ ###", count), world),
        "year": world.numbers(2005, 2026, count),
        "colour": world.skewed(_colours(world), count),
        "mileage": world.numbers(100, 250000, count),
        "city": world.pick(world.draw("city", 6).tolist(), count),
    }


def flats(count: int, world: World) -> Columns:
    """Flats of a few houses: address the same, the number of the flat tells them apart."""
    houses = max(1, count // int(world.rng.integers(8, 60)))
    house = np.sort(world.rng.integers(0, houses, count))
    within = np.arange(count) - np.searchsorted(house, house)
    types = world.rng.integers(0, 6, count)
    area = world.rng.integers(28, 140, 6)[types]
    return {
        **{name: values[house] for name, values in addresses(houses, world).items()},
        "flat": objects([str(number + 1) for number in within]),
        "floor": objects([str(number // 4) for number in within]),
        "area": objects([str(value) for value in area]),
        "rooms": objects([str(1 + value // 30) for value in area]),
        "price": objects([f"{value * 11.5:.2f}" for value in area]),
        "owner": world.draw("family", count),
    }
