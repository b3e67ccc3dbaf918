"""Things that two tables of strangers may be of: people, goods, works, companies, vehicles.

A thing is made of *atoms*, columns of text from which each table writes its own. What belongs to
a row and not to its thing (a date of booking, a running number) is in `row_atoms`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from benchmarks import names
from benchmarks.persons import addresses, originals

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Text = npt.NDArray[np.str_]
    Columns = dict[str, Text]
    Maker: TypeAlias = Callable[[int, np.random.Generator], Columns]

__all__ = [
    "artists_songs",
    "books",
    "companies",
    "films",
    "gadgets",
    "garden_goods",
    "german_people",
    "kitchen_goods",
    "people",
    "places",
    "row_atoms",
    "russian_people",
    "spanish_people",
    "strangers",
    "vehicles",
]  # fmt: skip


def _words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


def _listed(text: str) -> list[str]:
    """What stands between the commas of a text."""
    return " ".join(text.split()).split(", ")


GERMAN = _words("""Anna Lukas Lena Felix Marie Paul Sophie Jonas Laura Tim Julia Max Katrin
Stefan Sabine Uwe Petra Jürgen Monika Dieter Heike Wolfgang Ursula Bernd Renate Klaus Gisela Horst
Ingrid Rolf Silke Torsten Anke Matthias Birgit Frank Claudia Ralf Jens Nicole Sven Tanja""")
GERMAN_LAST = _words("""Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz
Hoffmann Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann
Hartmann Lange Werner Krause Lehmann Köhler Maier Kaiser Fuchs Peters Lang Scholz Möller Weiß
Jung Hahn Vogel Friedrich Keller Günther Berger Winkler Lorenz Baumann Franke Albrecht""")
SPANISH = _words("""María José Antonio Carmen Manuel Ana Francisco Isabel David Laura Juan
Cristina Javier Marta Daniel Lucía Carlos Elena Miguel Pilar Rafael Rosa Pedro Teresa Ángel Paula
Alejandro Raquel Fernando Sara Pablo Nuria Sergio Rocío Jorge Beatriz Alberto Silvia""")
SPANISH_LAST = _words("""García Rodríguez González Fernández López Martínez Sánchez Pérez
Gómez Martín Jiménez Ruiz Hernández Díaz Moreno Muñoz Álvarez Romero Alonso Gutiérrez Navarro
Torres Domínguez Vázquez Ramos Gil Ramírez Serrano Blanco Molina Morales Suárez Ortega Delgado
Castro Ortiz Rubio Marín Sanz Iglesias Núñez Medina Garrido Cortés Castillo Santos Lozano""")
RUSSIAN = _words("""Иван Мария Алексей Анна Дмитрий Елена Сергей Ольга Андрей Наталья Михаил
Татьяна Николай Ирина Павел Светлана Владимир Екатерина Юрий Людмила Виктор Галина Олег Вера""")
RUSSIAN_LAST = _words("""Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов
Новиков Фёдоров Морозов Волков Алексеев Лебедев Семёнов Егоров Павлов Козлов Степанов Николаев
Орлов Андреев Макаров Никитин Захаров Зайцев Соловьёв Борисов Яковлев Григорьев Романов""")
BRANDS = _words("""Halvex Norda Pruvia Telmo Zentrik Orvall Kestner Bruma Solvane Ardit Pexo
Lumora Vantic Droste Quilla Fenwick Marlo Ostrava Tindle Grano Sable Wexley Corvo Iberna""")
GADGETS = _listed("""
Wireless Headphones, Bluetooth Speaker, LED Monitor, Laser Printer, Router, Digital
Camera, Tablet, Smart Watch, External Hard Drive, Keyboard, Gaming Mouse, Webcam, Power
Bank, Projector, Dash Cam
""")
GADGET_WORDS = _listed("""
black, white, silver, with case, USB-C, 2nd gen, refurbished, HD, compact, portable, noise
cancelling, fast charging, travel
""")
KITCHEN = _listed("""
Frying Pan, Chef Knife, Saucepan, Cutting Board, Whisk, Kettle, Toaster, Colander, Mixing
Bowl, Spatula, Grater, Teapot, Baking Tray
""")
KITCHEN_WORDS = _listed("""
stainless steel, non-stick, 20 cm, 24 cm, 28 cm, with lid, bamboo, cast iron, red, blue,
set of 3, dishwasher safe, large
""")
GARDEN = _listed("""
Lawn Mower, Hedge Trimmer, Garden Hose, Rake, Wheelbarrow, Flower Pot, Seed Tray, Pruning
Shears, Sprinkler, Spade, Parasol, Bird Feeder
""")
GARDEN_WORDS = _listed("""
electric, cordless, 20 m, 30 m, terracotta, galvanised, folding, green, heavy duty, with
wheels, telescopic, small
""")
NOUNS = _words("""River Night Garden Shadow Winter Glass Stone Summer Mirror Harbour Fire
Silence Road Mountain Letter Song House Daughter Storm Island Crown Bridge Forest Dream Ocean Wolf
Moon Heart Star Rain Clock Secret Door Bird Salt Paper Iron Sky Dust Light Train City Sister""")
ADJECTIVES = _words("""Last Hidden Broken Golden Silent Lost Blue Burning Distant Dark Long
Quiet Wild Empty Bitter Second Invisible Cold Endless Forgotten Little Crimson Secret Sweet""")
GENRES = _listed("""
Novel, Biography, History, Poetry, Crime, Travel
""")
PUBLISHERS = _listed("""
Penford, Harrow House, Lantern Press, Oakleaf, Meridian, Bluecoat
""")
MAKES = {
    "Ford": ("Focus", "Fiesta", "Kuga"), "Opel": ("Astra", "Corsa"), "Toyota": ("Yaris", "Auris"),
    "Volkswagen": ("Golf", "Polo", "Passat"), "Renault": ("Clio", "Megane"), "Skoda": ("Octavia",),
    "BMW": ("320d", "118i", "X3"), "Fiat": ("Panda", "500"), "Seat": ("Ibiza", "Leon"),
}  # fmt: skip
SECTORS = _listed("""
Logistics, Consulting, Engineering, Foods, Textiles, Software, Metals, Energy, Trading,
Packaging, Electric, Media
""")
LEGAL = _listed("""
Ltd, Limited, GmbH, AG, S.A., Inc, LLC, B.V., KG
""")


def people(count: int, rng: np.random.Generator) -> Columns:
    """Persons of households, with the name in the forms in which tables write it."""
    return _named(originals(count, rng))


def german_people(count: int, rng: np.random.Generator) -> Columns:
    """Persons with German names and numbers."""
    return _of_language(GERMAN, GERMAN_LAST, "+49 1", "straße", count, rng)


def spanish_people(count: int, rng: np.random.Generator) -> Columns:
    """Persons with Spanish names, two family names each."""
    out = _of_language(SPANISH, SPANISH_LAST, "+34 6", "", count, rng)
    second = names.draw(np.array(SPANISH_LAST), count, rng)
    out["surname"] = _joined(out["surname"], second)
    return _named(out)


def russian_people(count: int, rng: np.random.Generator) -> Columns:
    """Persons with Russian names in their own letters."""
    return _of_language(RUSSIAN, RUSSIAN_LAST, "+7 9", "", count, rng)


def _of_language(
    given: list[str], last: list[str], dial: str, street: str, count: int, rng: np.random.Generator
) -> Columns:
    out = originals(count, rng)
    out["given_name"] = names.draw(np.array(given), count, rng)
    out["surname"] = names.draw(np.array(last), count, rng)
    numbers = np.char.zfill(rng.integers(0, 10**9, count).astype(str), 9)
    out["phone"] = np.char.add(dial, numbers)
    if street:
        road = names.draw(names.vocabulary(last, 400, "berg tal bach hof", 7), count, rng)
        house = rng.integers(1, 150, count).astype(str)
        out["street"] = _joined(np.char.add(road, street), house)
    return _named(out)


def _named(out: Columns) -> Columns:
    """With the name as one, the address as one, and the birth date in other orders."""
    given, last = out["given_name"], out["surname"]
    year, month, day = (np.array(part) for part in _date_parts(out["date_of_birth"]))
    dots = np.char.add(np.char.add(np.char.add(day, "."), np.char.add(month, ".")), year)
    return out | {
        "name": _joined(given, last),
        "last_first": np.char.add(np.char.add(last, ", "), given),
        "initial": np.char.add(np.char.add(given.astype("<U1"), ". "), last),
        "born_dots": dots,
        "address": _joined(np.char.add(out["street"], ","), out["postcode"], out["city"]),
        "local": np.char.partition(out["email"], "@")[:, 0],
    }


def _date_parts(dates: Text) -> tuple[list[str], list[str], list[str]]:
    split = [value.split("-") for value in dates.tolist()]
    return [p[0] for p in split], [p[1] for p in split], [p[2] for p in split]


def gadgets(count: int, rng: np.random.Generator) -> Columns:
    """Electronic goods with model numbers."""
    return _goods(GADGETS, GADGET_WORDS, count, rng)


def kitchen_goods(count: int, rng: np.random.Generator) -> Columns:
    """Things for a kitchen."""
    return _goods(KITCHEN, KITCHEN_WORDS, count, rng)


def garden_goods(count: int, rng: np.random.Generator) -> Columns:
    """Things for a garden."""
    return _goods(GARDEN, GARDEN_WORDS, count, rng)


def _goods(kinds: list[str], words: list[str], count: int, rng: np.random.Generator) -> Columns:
    kind, brand = rng.choice(kinds, count), names.draw(np.array(BRANDS), count, rng)
    letters = np.array(list("ABCDEFGHKLMNPRSTVWX"))
    model = np.char.add(
        np.char.add(rng.choice(letters, count), rng.choice(letters, count)),
        rng.integers(100, 9999, count).astype(str),
    )
    one, two = rng.choice(words, count), rng.choice(words, count)
    ean = np.char.add("40", np.char.zfill(rng.integers(0, 10**11, count).astype(str), 11))
    price = np.round(rng.lognormal(3.5, 0.8, count)) - 0.01
    return {
        "brand": brand,
        "model": model,
        "kind": kind,
        "ean": ean,
        "title": _joined(brand, kind, model, one),
        "title_other": _joined(kind, brand, two, model),
        "title_plain": _joined(brand, kind, one, two),
        "title_turned": _joined(kind, np.char.add(one, ","), brand),
        "price": np.array([f"{max(value, 0.99):.2f}" for value in price]),
        "price_near": np.array([f"{max(value, 0.99) * 0.96:.2f}" for value in price]),
    }


def books(count: int, rng: np.random.Generator) -> Columns:
    """Books, of authors who wrote several."""
    author = _some_names(max(2, count // 2), rng)[rng.integers(0, max(2, count // 2), count)]
    digits = rng.integers(0, 10**9, count)
    isbn = [_isbn(int(number)) for number in digits]
    return {
        "title": _titles(count, rng),
        "author": author,
        "author_last_first": np.array([_turned(name) for name in author.tolist()]),
        "year": rng.integers(1960, 2025, count).astype(str),
        "publisher": rng.choice(PUBLISHERS, count),
        "genre": rng.choice(GENRES, count),
        "isbn": np.array(isbn),
        "isbn_dashes": np.array([f"{i[:3]}-{i[3]}-{i[4:8]}-{i[8:12]}-{i[12]}" for i in isbn]),
        "pages": rng.integers(90, 800, count).astype(str),
        "price": np.array([f"{value:.2f}" for value in rng.integers(5, 40, count) - 0.01]),
    }


def _isbn(number: int) -> str:
    body = f"978{number:09d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-total % 10}"


def _turned(name: str) -> str:
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}" if first else last


def artists_songs(count: int, rng: np.random.Generator) -> Columns:
    """Songs; a band has several."""
    bands = np.char.add("The ", np.char.add(_titles(max(3, count // 4), rng), "s"))
    seconds = rng.integers(120, 420, count)
    return {
        "title": _titles(count, rng),
        "artist": bands[rng.integers(0, len(bands), count)],
        "album": _titles(max(2, count // 6), rng)[rng.integers(0, max(2, count // 6), count)],
        "year": rng.integers(1970, 2025, count).astype(str),
        "seconds": seconds.astype(str),
        "minutes": np.array([f"{value // 60}:{value % 60:02d}" for value in seconds]),
        "genre": rng.choice(("rock", "pop", "folk", "jazz", "electronic"), count),
    }


def films(count: int, rng: np.random.Generator) -> Columns:
    """Films with who made them."""
    return {
        "title": _titles(count, rng),
        "director": _some_names(count, rng),
        "year": rng.integers(1960, 2025, count).astype(str),
        "runtime": rng.integers(75, 190, count).astype(str),
        "country": rng.choice(("USA", "UK", "France", "Germany", "Japan", "Italy"), count),
    }


def _titles(count: int, rng: np.random.Generator) -> Text:
    """Titles of one to five words; a few are there twice."""
    noun, other = rng.choice(NOUNS, count), rng.choice(NOUNS, count)
    adjective = rng.choice(ADJECTIVES, count)
    place = names.draw(names.vocabulary(names.CITIES, 400, "ton ham bury ford", 3), count, rng)
    forms = np.stack([
        _joined("The", adjective, noun),
        _joined(noun, "of the", other),
        _joined(adjective, noun, "in", place),
        _joined("A", noun, "for", names.draw(np.array(names.GIVEN), count, rng)),
        _joined("The", noun, "and the", adjective, other),
    ])  # fmt: skip
    return forms[rng.integers(0, len(forms), count), np.arange(count)]


def _some_names(count: int, rng: np.random.Generator) -> Text:
    surnames = names.vocabulary(names.SURNAMES, 4_000, "son ton ley er ez", 2)
    return _joined(names.draw(np.array(names.GIVEN), count, rng), names.draw(surnames, count, rng))


def companies(count: int, rng: np.random.Generator) -> Columns:
    """Companies: a name, a branch, a legal form, an address and numbers."""
    root = names.draw(
        names.vocabulary(BRANDS, 6_000, "tec ix ano ex um is", 9), count, rng, power=0.6
    )
    sector, legal = rng.choice(SECTORS, count), rng.choice(LEGAL, count)
    where = addresses(count, rng)
    return where | {
        "company": _joined(root, sector, legal),
        "company_bare": _joined(root, sector),
        "company_caps": np.char.upper(_joined(root, sector)),
        "vat": np.char.add("DE", np.char.zfill(rng.integers(0, 10**9, count).astype(str), 9)),
        "phone": np.char.add("0", np.char.zfill(rng.integers(0, 10**9, count).astype(str), 9)),
        "address": _joined(np.char.add(where["street"], ","), where["postcode"], where["city"]),
        "contact": _some_names(count, rng),
        "sector": sector,
    }


def vehicles(count: int, rng: np.random.Generator) -> Columns:
    """Vehicles with a VIN, a plate and an owner."""
    make = rng.choice(list(MAKES), count)
    signs = np.array(list("ABCDEFGHJKLMNPRSTUVWXYZ0123456789"))
    vin = ["W" + "".join(rng.choice(signs, 10)) + f"{rng.integers(0, 10**6):06d}" for _ in make]
    area = rng.choice(("B", "HH", "M", "K", "F", "S", "D"), count)
    two = ["".join(rng.choice(signs[:23], 2)) for _ in make]
    number = rng.integers(10, 9999, count).astype(str)
    return {
        "vin": np.array(vin),
        "plate": np.array([f"{a}-{b} {n}" for a, b, n in zip(area, two, number, strict=True)]),
        "plate_close": np.array([f"{a}{b}{n}" for a, b, n in zip(area, two, number, strict=True)]),
        "make": make,
        "model": np.array([MAKES[m][int(rng.integers(len(MAKES[m])))] for m in make.tolist()]),
        "year": rng.integers(2003, 2025, count).astype(str),
        "owner": _some_names(count, rng),
        "mileage": (rng.integers(1, 250, count) * 1000).astype(str),
    }


def places(count: int, rng: np.random.Generator) -> Columns:
    """Addresses, whole and in parts, each once: a place is its address."""
    drawn = addresses(2 * count, rng)
    first = np.unique(_joined(drawn["street"], drawn["postcode"]), return_index=True)[1]
    out = {name: values[np.sort(first)[:count]] for name, values in drawn.items()}
    house = np.char.partition(out["street"], " ")
    return out | {
        "number": house[:, 0],
        "road": house[:, 2],
        "road_number": _joined(house[:, 2], house[:, 0]),
        "address": _joined(np.char.add(out["street"], ","), out["city"], out["postcode"]),
        "resident": _some_names(count, rng),
    }


def strangers(count: int, rng: np.random.Generator) -> Columns:
    """Readings of instruments: nothing that anybody else has."""
    return {
        "station": np.char.add("ST-", rng.integers(1, 40, count).astype(str)),
        "temperature": np.array([f"{value:.1f}" for value in rng.normal(14, 8, count)]),
        "pressure": np.array([f"{value:.1f}" for value in rng.normal(1013, 9, count)]),
        "quality": rng.choice(("good", "fair", "poor"), count),
    }


def row_atoms(count: int, rng: np.random.Generator) -> Columns:
    """What a row has and its thing has not."""
    first = np.datetime64("2024-01-01")
    day = (first + rng.integers(0, 365, count).astype("timedelta64[D]")).astype(str)
    other = (first + rng.integers(0, 365, count).astype("timedelta64[D]")).astype(str)
    start = int(rng.integers(1, 900_000))
    return {
        "row_number": np.arange(start, start + count).astype(str),
        "row_code": np.char.add("R-", rng.permutation(count).astype(str)),
        "day": day,
        "day_dots": np.array([f"{d[8:]}.{d[5:7]}.{d[:4]}" for d in other.tolist()]),
        "amount": np.array([f"{value:.2f}" for value in rng.choice((10, 20, 25, 50, 100), count)]),
        "sum": np.array([f"{value:.2f}" for value in rng.lognormal(4, 1, count)]),
        "flag": rng.choice(("yes", "no"), count),
        "opens": rng.integers(0, 40, count).astype(str),
        "status": rng.choice(("open", "done", "cancelled"), count, p=(0.2, 0.7, 0.1)),
        "channel": rng.choice(("web", "shop", "fair", "phone"), count),
        "stock": rng.integers(0, 60, count).astype(str),
        "grade": rng.choice(("A", "B", "C", "D", "E"), count),
        "course": rng.choice(("Algebra", "Chemistry", "Botany", "Law I", "Statistics"), count),
        "door": rng.choice(("North", "Garage", "Lab", "All"), count),
        "ward": rng.choice(("Surgery", "Cardiology", "Eye clinic"), count),
        "tariff": rng.choice(("basic", "plus", "premium"), count),
    }


def _joined(first: Text | str, *more: Text | str) -> Text:
    out = first
    for part in more:
        out = np.char.add(np.char.add(out, " "), part)
    return np.asarray(out)
