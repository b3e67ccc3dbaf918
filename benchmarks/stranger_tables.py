"""Pairs of tables by two strangers: other columns, other headers, much, little or nothing shared.

What each pair is was written before any answer was looked at; those with `held` were first looked
at when the work on what the others showed was done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
import pandas as pd

from benchmarks import stranger_things as things
from benchmarks.corrupt import blank, typos
from benchmarks.datasets import RecordSet

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from benchmarks.stranger_things import Columns, Maker

    Rows = npt.NDArray[np.int64]

__all__ = ["PAIRS", "StrangerPair", "made_pair"]


@dataclass(frozen=True)
class StrangerPair:
    """Two tables.

    Attributes:
        name: what they are.
        make: the things of both.
        left: columns of the left table, `Header=atom` with bars between.
        right: likewise.
        rows: of either table, about.
        shared: share of the smaller table's things that stand in the other.
        other: makes the right table's things, where they are of another kind.
        again: rows of one thing more, on average, in either table.
        errors: share of the right table's values with a slip.
        held: whether it was first looked at at the end.
    """

    name: str
    make: Maker
    left: str
    right: str
    rows: tuple[int, int]
    shared: float = 0.0
    other: Maker | None = None
    again: tuple[float, float] = (0.0, 0.0)
    errors: float = 0.03
    held: bool = False


CUSTOMERS = "customer_no=row_number|First Name=given_name|Last Name=surname|E-mail=email|" \
    "Street=street|ZIP=postcode|City=city|created=day"  # fmt: skip
NEWSLETTER = "name=name|email address=email|subscribed_on=day_dots|opens=opens"
DONORS = "donor=name|gift=amount|given_on=day|city=city"
READERS = "subscriber=given_name|joined=day|channel=channel"
MEMBERS = "member no=row_code|given name=given_name|family name=surname|street=street|" \
    "postcode=postcode|town=city|since=day"  # fmt: skip
PATRONS = "Name=last_first|Anschrift=address|Spende=amount|Datum=day_dots"
CLINIC = "patient_id=row_number|first=given_name|last=surname|dob=date_of_birth|phone=phone|" \
    "zip=postcode|ward=ward"  # fmt: skip
PRACTICE = "Patient=last_first|geboren=born_dots|Telefon=phone|letzter Besuch=day_dots"
SHOP = "sku=row_code|title=title|brand=brand|price=price|stock=stock"
STORE = "article=row_number|product name=title_other|manufacturer=brand|eur=price_near|active=flag"
PLAIN_SHOP = "id=row_code|title=title_plain|price=price"
PLAIN_STORE = "no=row_number|name=title_turned|price=price"
REGISTER = "reg no=row_number|company=company|street=street|postcode=postcode|city=city"
LISTING = "firm=company_caps|address=address|phone=phone|branch=sector"
TRACKS = "track_id=row_number|title=title|artist=artist|album=album|year=year|length=minutes"
PLAYED = "song=title|performer=artist|seconds=seconds|played=opens"
LIBRARY = "shelf=row_code|isbn=isbn|title=title|author=author|year=year|publisher=publisher"
BOOKSHOP = "Titel=title|Autor=author_last_first|ISBN-13=isbn_dashes|Preis=price"
FLEET = "vehicle=row_number|vin=vin|make=make|model=model|year=year|plate=plate"
POLICIES = "policy=row_code|registration=plate_close|chassis no=vin|holder=owner|until=day"
STAFF = "emp no=row_number|name=name|work mail=email|hired=day|channel=channel"
BADGES = "badge=row_code|holder=last_first|issued=day_dots|door=door"
STUDENTS = "matric=row_number|first name=given_name|surname=surname|mail=email|" \
    "born=date_of_birth"  # fmt: skip
EXAMS = "candidate=name|birth date=born_dots|course=course|grade=grade|sat on=day"
INVOICES = (
    "invoice=row_code|customer=company|street=street|city=city|total=sum|date=day|state=status"
)
PAYMENTS = "booked=day_dots|payer=company_bare|place=city|amount=amount"
P = StrangerPair

PAIRS: tuple[StrangerPair, ...] = (
    P("customers, newsletter: nothing", things.people, CUSTOMERS, NEWSLETTER, (600, 500)),
    P("customers, newsletter: 30 %", things.people, CUSTOMERS, NEWSLETTER, (600, 500), 0.3),
    P("donors, readers: nothing", things.people, DONORS, READERS, (300, 300)),
    P("donors, readers of a year: nothing", things.people, DONORS, READERS, (2000, 800), held=True),
    P("patrons, members: 5 %", things.german_people, MEMBERS, PATRONS, (800, 600), 0.05),
    P("patrons, members: 90 %", things.people, MEMBERS, PATRONS, (400, 300), 0.9, held=True),
    P("patrons, members: nothing", things.german_people, MEMBERS, PATRONS, (500, 500), held=True),
    P("clinic, practice: 5 %", things.people, CLINIC, PRACTICE, (2000, 1500), 0.05),
    P("clinic, practice: 30 %", things.german_people, CLINIC, PRACTICE, (500, 400), 0.3, held=True),
    P("clinic, practice: nothing", things.people, CLINIC, PRACTICE, (700, 600)),
    P("clinica, consulta: nothing", things.spanish_people, CLINIC, PRACTICE, (800, 500), held=True),
    P("shops of gadgets: 90 %", things.gadgets, SHOP, STORE, (300, 250), 0.9),
    P("shops of gadgets: 30 %", things.gadgets, SHOP, STORE, (400, 400), 0.3, held=True),
    P("shops of gadgets: nothing", things.gadgets, SHOP, STORE, (400, 300)),
    P("kitchen, garden: nothing", things.kitchen_goods, PLAIN_SHOP, PLAIN_STORE, (150, 150),
      other=things.garden_goods),
    P("garden, gadgets: nothing", things.garden_goods, SHOP, PLAIN_STORE, (300, 200),
      other=things.gadgets, held=True),
    P("kitchens: 90 % by plain titles", things.kitchen_goods, PLAIN_SHOP, PLAIN_STORE, (120, 120),
      0.9, held=True),
    P("register, listing: 30 %", things.companies, REGISTER, LISTING, (500, 400), 0.3),
    P("register, listing: nothing", things.companies, REGISTER, LISTING, (600, 600), held=True),
    P("register, listing: large, 90 %", things.companies, REGISTER, LISTING, (5000, 3000), 0.9),
    P("invoices, payments: 90 %", things.companies, INVOICES, PAYMENTS, (400, 300), 0.9,
      again=(0.6, 0.0)),
    P("invoices, payments: nothing", things.companies, INVOICES, PAYMENTS, (500, 400), held=True),
    P("tracks, played: 30 %", things.artists_songs, TRACKS, PLAYED, (800, 500), 0.3),
    P("tracks, played: nothing", things.artists_songs, TRACKS, PLAYED, (700, 700), held=True),
    P("songs, films: nothing", things.artists_songs, TRACKS,
      "film=title|directed by=director|year=year|min=runtime", (500, 500), other=things.films),
    P("library, bookshop: 90 %", things.books, LIBRARY, BOOKSHOP, (400, 300), 0.9),
    P("library, bookshop: nothing", things.books, LIBRARY, BOOKSHOP, (500, 500), held=True),
    P("books without numbers: 30 %", things.books, "title=title|author=author|pages=pages",
      "name=title|writer=author_last_first|cost=price", (500, 400), 0.3, held=True),
    P("fleet, policies: 90 %", things.vehicles, FLEET, POLICIES, (300, 300), 0.9, held=True),
    P("fleet, policies: nothing", things.vehicles, FLEET, POLICIES, (500, 400)),
    P("addresses: 30 %", things.places, "street=road|no=number|post code=postcode|town=city",
      "address=address|resident=resident", (500, 400), 0.3),
    P("addresses: nothing", things.places, "street=road|no=number|post code=postcode|town=city",
      "address=address|resident=resident", (700, 700), held=True),
    P("staff, badges: 90 %", things.people, STAFF, BADGES, (300, 280), 0.9),
    P("staff, badges: nothing", things.german_people, STAFF, BADGES, (250, 200), held=True),
    P("students, exams: many to one", things.people, STUDENTS, EXAMS, (200, 300), 0.9,
      again=(0.0, 2.0)),
    P("students, exams: nothing", things.people, STUDENTS, EXAMS, (400, 200), again=(0.0, 2.0),
      held=True),
    P("only mail shared: 30 %", things.people, "mail=email|amount=sum|bought=day",
      "e-mail=email|opens=opens|tariff=tariff", (500, 500), 0.3),
    P("only mail: nothing", things.people, "mail=email|amount=sum|bought=day",
      "e-mail=email|opens=opens|tariff=tariff", (500, 500), held=True),
    P("only phone shared: 30 %", things.people, "caller=phone|day=day|door=door",
      "telephone=phone|name=name|tariff=tariff", (500, 500), 0.3, held=True),
    P("only isbn shared: 30 %", things.books, "isbn=isbn|copies=stock|shelf=door",
      "number=isbn_dashes|sold=opens", (400, 400), 0.3),
    P("only vin shared: 30 %", things.vehicles, "vin=vin|km=mileage",
      "chassis=vin|checked=day|state=status", (300, 300), 0.3, held=True),
    P("names and towns: 30 %", things.people, "name=name|town=city", "person=last_first|place=city",
      (500, 400), 0.3),
    P("names and towns: nothing", things.people, "name=name|town=city",
      "person=last_first|place=city", (1500, 1200), held=True),
    P("only names: 30 %", things.people, "name=name|fee=sum", "who=name|opens=opens", (400, 400),
      0.3, held=True),
    P("a sample of a register", things.people, CLINIC, PRACTICE, (40, 4000), 0.6),
    P("a few firms of a register", things.companies, LISTING, REGISTER, (30, 3000), 0.6, held=True),
    P("a few people, a register: nothing", things.people, NEWSLETTER, CUSTOMERS, (40, 4000),
      held=True),
    P("twelve and ten: 30 %", things.people, CUSTOMERS, NEWSLETTER, (12, 10), 0.3),
    P("twelve and ten: nothing", things.people, CLINIC, PRACTICE, (12, 10)),
    P("fifteen goods: nothing", things.gadgets, PLAIN_SHOP, PLAIN_STORE, (15, 15), held=True),
    P("ten firms: 90 %", things.companies, REGISTER, LISTING, (12, 10), 0.9, held=True),
    P("repeated in both: 30 %", things.people, CUSTOMERS, NEWSLETTER, (500, 500), 0.3,
      again=(0.5, 0.5)),
    P("repeated in both: 90 %", things.russian_people, CLINIC, PRACTICE, (400, 400), 0.9,
      again=(0.5, 0.5), held=True),
    P("repeated in both: nothing", things.people, MEMBERS, PATRONS, (500, 500), again=(0.5, 0.5)),
    P("people, films: nothing", things.people, STAFF,
      "film=title|directed by=director|year=year|min=runtime", (400, 400), other=things.films,
      held=True),
    P("people, readings: nothing", things.people, CUSTOMERS,
      "station=station|taken=day|t=temperature|p=pressure|quality=quality", (300, 600),
      other=things.strangers),
    P("columns by number: 30 %", things.people,
      "c1=row_number|c2=given_name|c3=surname|c4=date_of_birth|c5=city",
      "x1=name|x2=born_dots|x3=city|x4=day", (500, 400), 0.3, held=True),
    P("columns by number: nothing", things.people,
      "c1=row_number|c2=given_name|c3=surname|c4=date_of_birth|c5=city",
      "x1=name|x2=born_dots|x3=city|x4=day", (500, 400)),
)  # fmt: skip


def made_pair(pair: StrangerPair, seed: int) -> RecordSet:
    """The two tables of a pair, with every two rows of one thing."""
    rng = np.random.default_rng([seed, crc32(pair.name.encode())])
    sides = [_things_of(rows, again) for rows, again in zip(pair.rows, pair.again, strict=True)]
    both = round(pair.shared * min(sides))
    ours, theirs = _made_of(pair, sides, both, rng)
    left, left_of = _table(ours, pair.left, pair.rows[0], 0.0, rng)
    right, right_of = _table(theirs, pair.right, pair.rows[1], pair.errors, rng)
    truth = np.nonzero((left_of[:, None] == right_of[None, :]) & (left_of[:, None] < both))
    return RecordSet(pair.name, "made", left, right, truth)


def _things_of(rows: int, again: float) -> int:
    """How many things have so many rows."""
    return max(2, round(rows / (1.0 + again)))


def _made_of(
    pair: StrangerPair, sides: Sequence[int], both: int, rng: np.random.Generator
) -> tuple[Columns, Columns]:
    """The things of either table; the first `both` are the same."""
    if pair.other is not None:
        return pair.make(sides[0], rng), pair.other(sides[1], rng)
    every = pair.make(sides[0] + sides[1] - both, rng)
    # Neighbours are made alike (households): those shared and those not are mixed.
    order = rng.permutation(sides[0] + sides[1] - both)
    every = {name: values[order] for name, values in every.items()}
    ours = {name: values[: sides[0]] for name, values in every.items()}
    rest = np.concatenate([np.arange(both), np.arange(sides[0], sides[0] + sides[1] - both)])
    return ours, {name: values[rest] for name, values in every.items()}


def _table(
    atoms: Columns, spec: str, rows: int, errors: float, rng: np.random.Generator
) -> tuple[pd.DataFrame, Rows]:
    """One table in an order by chance, and the thing of each row."""
    count = len(next(iter(atoms.values())))
    of = np.arange(count)
    if rows > count:
        of = np.concatenate([of, rng.integers(0, count, rows - count)])
    of = rng.permutation(of)
    own = things.row_atoms(len(of), rng)
    columns = {}
    for word in spec.split("|"):
        header, _, atom = word.partition("=")
        if atom in own:
            columns[header] = own[atom]
            continue
        values = typos(atoms[atom][of], errors, rng)
        columns[header] = blank(values, 0.02, rng) if errors else values
    table = pd.DataFrame(columns, dtype="str")
    return table.mask(table == ""), of
