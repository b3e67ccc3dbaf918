"""How a source writes a value: dates, numbers, names, firms, titles."""

# ruff: noqa: ARG001  every writer has the same door
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.training.pair_model.tables.words import objects

if TYPE_CHECKING:
    from collections.abc import Callable

    from simsearch.training.pair_model.tables.source import Source
    from simsearch.training.pair_model.tables.world import Columns, Objects, World

    Writer = Callable[[Columns, Source, World], Objects]

__all__ = ["WRITERS", "dates_in"]

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def dates_in(values: Objects, style: str) -> Objects:
    """ISO dates in another format; what is no date stays."""
    return objects([_date(value, style) for value in values])


def _date(value: str | None, style: str) -> str | None:
    if not value or len(value) != 10 or style == "%Y-%m-%d":
        return value
    year, month, day = value.split("-")
    name = MONTHS[int(month) - 1]
    parts = {"%Y": year, "%m": month, "%d": day, "%y": year[2:], "%b": name[:3], "%B": name}
    for sign, text in parts.items():
        style = style.replace(sign, text)
    return style


def dates(name: str) -> Writer:
    """Writes a column of dates."""
    return lambda atoms, source, _: dates_in(atoms[name], source.date_format)


def birth(atoms: Columns, source: Source, world: World) -> Objects:
    """Dates of birth: now and then day and month change places, or the year is misread."""
    values = atoms["birth"].copy()
    for row in np.flatnonzero(world.some(len(values), source.care.slips * 0.4)):
        if values[row] and len(values[row]) == 10:
            values[row] = _mistaken(values[row], world)
    return dates_in(values, source.date_format)


def _mistaken(value: str, world: World) -> str:
    year, month, day = value.split("-")
    if int(day) <= 12 and world.rng.random() < 0.5:
        return f"{year}-{day}-{month}"
    if world.rng.random() < 0.4:
        return f"{int(year) + int(world.rng.choice([-10, -1, 1, 10]))}-{month}-{day}"
    return f"{year}-{month}-{int(world.rng.integers(1, 29)):02d}"


def birth_year(atoms: Columns, source: Source, world: World) -> Objects:
    """Years of birth; a careless source is one to three years off (people said their age)."""
    years = np.array([int(value[:4]) for value in atoms["birth"]])
    off = world.some(len(years), source.care.slips * 0.7)
    years = years + off * world.rng.integers(-3, 4, len(years))
    return objects([str(year) for year in years])


def given(atoms: Columns, source: Source, world: World) -> Objects:
    """First names: some as a nickname or an initial."""
    values = atoms["given"].copy()
    nicknames = world.language.forms("nick")
    for row in np.flatnonzero(world.some(len(values), source.care.forms)):
        known = nicknames.get(values[row])
        if known and world.rng.random() < 0.7:
            values[row] = known[int(world.rng.random() * len(known))]
        elif not world.language.joined:
            values[row] = values[row][:1] + ("." if world.rng.random() < 0.5 else "")
    return values


# What sounds alike is spelt alike by nobody who only heard it.
SOUNDS = (
    ("ck", "k"), ("ph", "f"), ("ey", "ay"), ("ei", "ai"), ("tt", "t"), ("dt", "t"), ("ll", "l"),
    ("y", "i"), ("ie", "y"), ("th", "t"), ("mm", "m"), ("ss", "s"), ("sch", "sh"), ("wski", "vski"),
    ("z", "s"), ("v", "w"), ("c", "k"), ("ов", "ав"), ("ё", "е"), ("ия", "ья"), ("ι", "η"),
)  # fmt: skip


def family(atoms: Columns, source: Source, world: World) -> Objects:
    """Surnames: some as they sound."""
    values = atoms["family"].copy()
    for row in np.flatnonzero(world.some(len(values), source.care.forms * 0.5)):
        values[row] = respelled(values[row], world)
    return values


def respelled(value: str, world: World) -> str:
    """The name with one sound in another spelling, where it has such a sound."""
    found = [pair for pair in SOUNDS if pair[0] in value[1:]]
    if not found:
        return value
    heard, written = found[int(world.rng.random() * len(found))]
    place = value.index(heard, 1)
    return value[:place] + written + value[place + len(heard) :]


def name(atoms: Columns, source: Source, world: World) -> Objects:
    """Full names; one row in ten of an uneven source in another style."""
    first, last = given(atoms, source, world), family(atoms, source, world)
    count = len(first)
    middle = atoms.get("middle", first)
    other = world.some(count, source.care.forms * 0.5)
    style = np.where(other, world.rng.integers(0, 6, count), source.name_style)
    title = _honorifics(atoms, world)
    if world.language.joined:
        blank = " " if source.name_style == 1 else ""
        return objects([f"{b}{blank}{a}" for a, b in zip(first, last, strict=True)])
    out = []
    for a, b, m, t, s in zip(first, last, middle, title, style, strict=True):
        forms = (
            f"{a} {b}",
            f"{b}, {a}",
            f"{b} {a}",
            f"{t} {a} {b}",
            f"{a[:1]}. {b}",
            f"{a} {m[:1]}. {b}",
        )
        out.append(forms[s])
    return objects(out)


def _honorifics(atoms: Columns, world: World) -> Objects:
    """Mr and Mrs by sex; a few doctors, where the language's list goes on."""
    known = world.language.words("honorific")
    sexes = atoms.get("sex")
    other = world.rng.integers(0, len(known), len(atoms["given"]))
    if sexes is None or len(known) < 2:
        return objects([known[place] for place in other])
    return objects(
        [
            known[place] if place > 1 else known[1 if sex == "f" else 0]
            for sex, place in zip(sexes, other, strict=True)
        ]
    )


def called(atoms: Columns, source: Source, world: World) -> Objects:
    """What a thing is called, in a table of people and works: a name or a title."""
    return np.where(atoms["title"] == "", name(atoms, source, world), atoms["title"])


def middle(atoms: Columns, source: Source, world: World) -> Objects:
    """Middle names, as initials where the source is brief; half have none."""
    values = [value[:1] if source.initials else value for value in atoms["middle"]]
    return objects(values)


def sex(atoms: Columns, source: Source, world: World) -> Objects:
    """m and f, or words."""
    forms = ({"m": "m", "f": "f"}, {"m": "male", "f": "female"}, {"m": "M", "f": "F"})
    chosen = forms[source.name_style % 3]
    return objects([chosen[value] for value in atoms["sex"]])


def street(atoms: Columns, source: Source, world: World) -> Objects:
    """Street with number, as the country writes it, the kind of street long or short."""
    pattern, shorts = world.language.line("address"), world.language.forms("kind")
    uneven = world.some(len(atoms["number"]), source.care.forms)
    out = []
    rows = zip(atoms["street_name"], atoms["street_kind"], atoms["number"], uneven, strict=True)
    for what, kind, number, other in rows:
        form = shorts[kind][0] if source.short_kinds != other else kind
        out.append(pattern.format(name=what, kind=form, number=number))
    return objects(out)


def address(atoms: Columns, source: Source, world: World) -> Objects:
    """All of it in one value."""
    lines = street(atoms, source, world)
    parts = zip(lines, atoms["postcode"], atoms["city"], strict=True)
    return objects([f"{line}, {code} {city}" for line, code, city in parts])


def phone(atoms: Columns, source: Source, world: World) -> Objects:
    """Numbers with or without country, trunk, blanks, brackets."""
    country, trunk, *_ = world.language.line("phone").split()
    trunk = "" if trunk == "-" else trunk
    uneven = world.some(len(atoms["phone"]), source.care.forms)
    styles = np.where(uneven, world.rng.integers(0, 6, len(uneven)), source.phone_style)
    out: list[str] = []
    for value, style in zip(atoms["phone"], styles, strict=True):
        area, _, digits = value.partition(" ")
        forms = (
            f"{trunk}{area} {digits}", f"{country} {area} {digits}", f"({trunk}{area}) {digits}",
            f"{trunk}{area}{digits}", f"{trunk}{area}-{digits[:3]}-{digits[3:]}",
            f"{country}{area}{digits}",
        )  # fmt: skip
        out.append(forms[style])
    return objects(out)


def company(atoms: Columns, source: Source, world: World) -> Objects:
    """Firms with their legal form long, short or left off."""
    shorts = world.language.forms("legal")
    count = len(atoms["company"])
    fixed = {"short": 0, "long": 1, "none": 2}.get(source.legal_style)
    styles = np.full(count, fixed) if fixed is not None else world.rng.integers(0, 3, count)
    uneven = world.some(count, source.care.forms)
    styles = np.where(uneven, world.rng.integers(0, 3, count), styles)
    before = world.language.name in ("ru", "ja", "ar")
    out = []
    for core, legal, style in zip(atoms["company"], atoms["legal"], styles, strict=True):
        quoted = f"«{core}»" if world.language.name == "ru" and style < 2 else core
        form = (shorts[legal][0], legal, "")[style]
        out.append((f"{form} {quoted}" if before else f"{quoted} {form}").strip())
    return objects(out)


def product(atoms: Columns, source: Source, world: World) -> Objects:
    """Titles of a shop: brand, model, words, size and colour in its own order."""
    count = len(atoms["model"])
    shuffled = world.some(count, source.care.words)
    columns = {part: atoms[part] for part in source.title_order}
    if source.joined_units and "size" in columns:
        columns["size"] = objects([value.replace(" ", "") for value in columns["size"]])
    parts = list(zip(*columns.values(), strict=True))
    out = []
    for row, words in enumerate(parts):
        kept = [words[i] for i in world.rng.permutation(len(words))] if shuffled[row] else words
        out.append(" ".join(kept))
    return objects(out)


def edition_title(atoms: Columns, source: Source, world: World) -> Objects:
    """Titles of programs: with or without the maker, the edition long, short or in brackets."""
    style = source.name_style % 3
    brief = {"Professional": "Pro", "Standard": "Std", "Deluxe": "Dlx", "Academic": "Edu"}
    rows = zip(atoms["brand"], atoms["name"], atoms["version"], atoms["edition"], strict=True)
    out = []
    for brand, what, version, edition in rows:
        form = brief.get(edition, edition) if source.short_kinds else edition
        out.append(
            (
                f"{brand} {what} {version} {form}", f"{what} {version} {form} Edition",
                f"{brand} {what} {form} ({version})",
            )[style]
        )  # fmt: skip
    return objects(out)


def description(atoms: Columns, source: Source, world: World) -> Objects:
    """Some of what can be said of a thing, in another order for each source and row."""
    out = []
    for words in atoms["features"]:
        known = words.split()
        length = 3 + int(world.rng.random() * (len(known) - 3))
        chosen = world.rng.permutation(len(known))[:length]
        kept = np.sort(chosen) if source.name_style else chosen
        out.append(" ".join(known[place] for place in kept))
    return objects(out)


def street_bare(atoms: Columns, source: Source, world: World) -> Objects:
    """The street without its number."""
    shorts = world.language.forms("kind")
    kinds = [shorts[kind][0] if source.short_kinds else kind for kind in atoms["street_kind"]]
    return objects(
        [f"{name} {kind}" for name, kind in zip(atoms["street_name"], kinds, strict=True)]
    )


def price(atoms: Columns, source: Source, world: World) -> Objects:
    """Prices with a point or a comma."""
    if not source.decimal_comma:
        return atoms["price"]
    return objects([value.replace(".", ",") for value in atoms["price"]])


def venue(atoms: Columns, source: Source, world: World) -> Objects:
    """Journals and conferences, in full or short."""
    uneven = world.some(len(atoms["venue"]), source.care.forms)
    return np.where(uneven ^ source.short_venues, atoms["venue_short"], atoms["venue"])


def author(atoms: Columns, source: Source, world: World) -> Objects:
    """Authors in full, or with initials, separated by comma, `and` or semicolon."""
    joint = (", ", "; ", " and ", " & ", ", ", "; ")[source.phone_style]
    return objects(
        [joint.join(_author(one, source) for one in value.split("; ")) for value in atoms["author"]]
    )


def _author(one: str, source: Source) -> str:
    first, _, last = one.rpartition(" ")
    first = f"{first[:1]}." if source.initials and len(first) > 2 else first
    return f"{last}, {first}" if source.name_style == 1 else f"{first} {last}"


def length(atoms: Columns, source: Source, world: World) -> Objects:
    """Seconds as 3:25, 205, 205000 or 03m 25s."""
    style = source.phone_style % 4
    out = []
    for value in atoms["seconds"]:
        whole = int(value)
        out.append(
            (
                f"{whole // 60}:{whole % 60:02d}",
                value,
                f"{whole}000",
                f"{whole // 60}m {whole % 60}s",
            )[style]
        )
    return objects(out)


def flat(atoms: Columns, source: Source, world: World) -> Objects:
    """The number of a flat: bare, or with the word, long or short."""
    word, shorts = next(iter(world.language.forms("flat").items()))
    lead = ("", f"{word} ", f"{shorts[0]} ")[source.flat_style]
    return objects([f"{lead}{value}" for value in atoms["flat"]])


DATES = ("bought", "ordered", "visited", "created", "modified", "listed")
WRITERS: dict[str, Writer] = {
    "given": given, "family": family, "name": name, "middle": middle, "sex": sex, "birth": birth,
    "birth_year": birth_year, "street": street, "address": address, "phone": phone,
    "company": company, "product": product, "price": price, "venue": venue, "author": author,
    "length": length, "flat": flat, "called": called,
    "edition_title": edition_title, "description": description, "street_bare": street_bare,
    **{what: dates(what) for what in DATES},
}  # fmt: skip
