"""The families of tables that a pair model is trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.training.pair_model.tables import changes
from simsearch.training.pair_model.tables.family import Family
from simsearch.training.pair_model.tables.goods import (
    assets,
    editions,
    flats,
    products,
    shades,
    variants,
    vehicles,
    yearly,
)
from simsearch.training.pair_model.tables.organisations import companies, places
from simsearch.training.pair_model.tables.people import addresses, families, historical, persons
from simsearch.training.pair_model.tables.words import objects, without
from simsearch.training.pair_model.tables.works import books, films, papers, songs

if TYPE_CHECKING:
    from simsearch.training.pair_model.tables.world import Columns, World

__all__ = ["FAMILIES"]

# Names of two characters of which one is mistaken are anybody's.
LONG_NAMES = ("en", "de", "fr", "es", "pl", "tr", "ru", "el", "hi")
PERSON = ("given", "family", "birth")
CAREFUL = ("clean", "usual", "usual")
TENS = ("tens", "tens", "few")


def mixed(count: int, world: World) -> Columns:
    """People and films in one table: what the one has, the other lacks."""
    people, works = persons(count, world), films(count, world)
    is_film = world.some(count, 0.5)
    out = {}
    for name in ("given", "family", "middle"):
        out[name] = np.where(is_film, "", people[name])
    out["title"] = np.where(is_film, works["title"], "")
    for name in ("birth", "city", "sex"):
        out[name] = without(people[name], is_film)
    for name in ("director", "year", "genre", "runtime"):
        out[name] = without(works[name], ~is_film)
    out["kind"] = np.where(is_film, "film", "person").astype(object)
    return out


def ledger(count: int, world: World) -> Columns:
    """Bookings: the same text month after month, another date and often another sum."""
    names = ("rent", "salary", "insurance", "fuel", "electricity", "office supplies", "travel")
    return {
        "ordered": world.dates("2023-01-01", "2025-12-31", count),
        "account": world.skewed(("1200", "4100", "4210", "4930", "6300", "8400"), count),
        "text": world.skewed(names, count),
        "amount": objects([f"{value:.2f}" for value in world.rng.lognormal(5, 1.2, count)]),
        "key": objects([str(10_000 + row) for row in range(count)]),
        "status": world.skewed(("booked", "open"), count),
    }


OF_PEOPLE: tuple[Family, ...] = (
    Family(
        "persons", "persons", persons,
        (
            "given family birth street? postcode? city phone? email? sex?",
            "name birth street? city postcode? phone? email?",
            "given middle? family sex? birth_year? city phone email",
            "family given street postcode city phone email?",
            "given family number street_bare city postcode region birth ssn?",
        ),
        changes.relocated, PERSON, groups=("pairs", "pairs", "few", "tens"),
        care=("clean", "usual", "careless", "careless"),
    ),
    Family(
        "customers", "persons", persons,
        (
            "key name email phone? street? postcode? city? created modified?",
            "key? given family email phone street postcode city created",
        ),
        changes.keyed, PERSON,
    ),
    Family(
        "households", "households", families,
        (
            "given family street postcode city phone birth",
            "name birth street city postcode? phone?",
            "given family sex? birth address phone? email?",
        ),
        changes.relocated, PERSON, gaps=0.3,
    ),
    Family(
        "names", "names", persons, ("given family", "name", "family given"), key=PERSON[:2],
        languages=LONG_NAMES, care=CAREFUL, noise=2,
    ),
    Family(
        "names_births", "names", persons,
        ("name birth", "given family birth", "family given birth sex?"),
        key=PERSON, care=CAREFUL, gaps=0.5,
    ),
    Family(
        "mixed", "mixed", mixed,
        (
            "called kind? birth city? director? year genre?",
            "called birth year director runtime? genre",
        ),
        key=("given", "family", "title", "year"), languages=LONG_NAMES, care=CAREFUL,
    ),
    Family(
        "historical", "historical", historical,
        (
            "given family birth_year parish occupation spouse? sex?",
            "name birth_year parish occupation? spouse",
            "given family birth city? parish occupation",
        ),
        key=("given", "family", "parish"), groups=TENS,
        care=("usual", "careless", "damaged", "damaged"),
    ),
)  # fmt: skip


# Tables in which a row is what a customer did, and the same means the same customer.
OF_ROWS: tuple[Family, ...] = (
    Family(
        "orders", "orders", persons,
        (
            "name email city ordered item quantity amount status",
            "key given family email phone? ordered amount item?",
            "ordered name street city phone? item quantity amount",
        ),
        changes.ordered, PERSON, groups=("pairs", "few", "few"), care=CAREFUL,
    ),
    Family(
        "visits", "visits", persons,
        (
            "given family birth sex? city? visited reason doctor",
            "name birth phone? visited reason amount? doctor?",
        ),
        changes.visited, PERSON, groups=("pairs", "few", "few"), care=CAREFUL,
    ),
    Family(
        "events", "orders", persons,
        ("event name email phone? ordered status?", "key name email city event amount status"),
        changes.registered, PERSON, groups=("pairs", "few"), care=CAREFUL,
    ),
    Family(
        "ledger", "ledger", ledger,
        ("ordered account text amount", "key ordered text amount status?"),
        duplicates=False, tables=(1,),
    ),
)  # fmt: skip


OF_FIRMS: tuple[Family, ...] = (
    Family(
        "companies", "companies", companies,
        (
            "company street postcode city phone? website?",
            "company city phone category? employees?",
            "company address website",
        ),
        key=("company", "city"),
    ),
    Family(
        "companies_tax", "companies", companies,
        ("company tax city", "tax company street postcode? city phone?", "company tax"),
        key=("tax",), care=CAREFUL,
    ),
    Family(
        "addresses", "addresses", addresses,
        ("street postcode city region?", "address", "street city"),
        key=("street_name", "number", "city"), care=CAREFUL, noise=2,
    ),
    Family(
        "places", "places", places,
        (
            "place kind? street city postcode? phone?",
            "place kind latitude longitude",
            "place city latitude longitude phone?",
        ),
        key=("place", "city"), care=CAREFUL,
    ),
)  # fmt: skip


model = ("model",)
OF_GOODS: tuple[Family, ...] = (
    Family(
        "shop_listings", "products", products,
        (
            "product price",
            "product brand price category?",
            "key product price listed?",
            "product description price?",
            "key product brand? description price",
        ),
        changes.other_price, model, care=("usual", "careless"), sources=(2, 4),
    ),
    Family(
        "editions", "editions", editions,
        (
            "edition_title price",
            "edition_title brand price? category?",
            "edition_title description price",
        ),
        changes.other_price, ("brand", "name", "version", "edition"),
        care=("usual", "careless"), sources=(2, 3),
    ),
    Family(
        "catalogue", "products", products,
        (
            "brand model product price category?",
            "ean product brand price colour?",
            "key? model product colour size price",
        ),
        changes.other_price, model,
    ),
    Family(
        "variants", "variants", variants,
        (
            "product brand", "product price", "brand model product",
            "model product price category",
        ),
        changes.other_price, model, care=CAREFUL, noise=2,
    ),
    Family(
        "yearly", "yearly", yearly,
        ("title brand model=year price", "title model=edition_of price?", "ean? title model=year"),
        changes.other_price, ("title", "model"), care=CAREFUL, noise=2,
    ),
    Family(
        "shades", "shades", shades,
        ("title brand price", "brand noun=article colour size price?", "title brand? category?"),
        changes.other_price, ("noun", "colour", "size"), care=CAREFUL, noise=2,
    ),
    Family(
        "assets", "assets", assets,
        (
            "asset serial room",
            "asset brand? serial room owner? bought?",
            "serial asset owner price? bought",
        ),
        changes.moved_room, ("serial",), care=CAREFUL, noise=2,
    ),
    Family(
        "vehicles", "vehicles", vehicles,
        (
            "brand car vin plate? year colour? mileage",
            "vin brand car year mileage city?",
            "plate brand car year colour listed?",
        ),
        changes.driven, ("vin",), care=CAREFUL,
    ),
    Family(
        "flats", "flats", flats,
        (
            "street flat floor area rooms price?",
            "street city flat owner area?",
            "street postcode city flat floor",
        ),
        key=("street_name", "number", "flat"), care=CAREFUL, noise=2, gaps=0.3,
    ),
)  # fmt: skip


OF_WORKS: tuple[Family, ...] = (
    Family(
        "papers", "papers", papers,
        (
            "title author venue year",
            "author title venue year pages? doi?",
            "key? title author year pages venue",
        ),
        changes.numbered, ("title",), groups=("pairs", "few", "tens"),
    ),
    Family(
        "books", "papers", books,
        ("title author publisher year isbn", "isbn title author", "title author year pages?"),
        key=("title",),
    ),
    Family(
        "films", "films", films,
        (
            "title director year runtime? genre? country?",
            "title year genre cast",
            "title director cast year country",
        ),
        key=("title", "year"),
    ),
    Family(
        "songs", "songs", songs,
        (
            "key track title length artist album year language source",
            "title artist album year?",
            "key source title artist length album?",
        ),
        changes.released, ("title", "artist"), groups=("pairs", "few", "few"),
        care=("usual", "careless", "damaged"),
    ),
)  # fmt: skip


OF_EXTREMES: tuple[Family, ...] = (
    Family(
        "large_groups", "large_groups", persons,
        ("given family birth city phone?", "name street city email?"),
        changes.relocated, PERSON, groups=("large",), duplicates=True, tables=(1,),
    ),
    Family(
        "near_copies", "products", products,
        ("product brand price", "product category? price"),
        changes.other_price, ("model",), groups=("one",), duplicates=True, tables=(1,),
    ),
    Family(
        "small_persons", "persons", persons,
        ("name email? phone? city", "given family birth city?", "name street city"),
        changes.relocated, PERSON, rows=(3, 200), noise=2,
    ),
    Family(
        "small_companies", "companies", companies,
        ("company city phone?", "company street city website?"),
        key=("company", "city"), rows=(3, 200), noise=2,
    ),
    Family(
        "small_products", "products", products,
        ("product price", "brand product model?"),
        changes.other_price, ("model",), rows=(3, 200), noise=2,
    ),
    Family("single_names", "names", persons, ("name",), key=PERSON[:2],
           languages=LONG_NAMES, care=CAREFUL, noise=0),
    Family("single_companies", "companies", companies, ("company",), key=("company",),
           noise=0),
    Family("single_products", "products", products, ("product",), key=("model",),
           noise=0),
    Family("single_titles", "papers", papers, ("title",), key=("title",), noise=0),
)  # fmt: skip


FAMILIES = {
    family.name: family
    for family in (*OF_PEOPLE, *OF_ROWS, *OF_FIRMS, *OF_GOODS, *OF_WORKS, *OF_EXTREMES)
}
