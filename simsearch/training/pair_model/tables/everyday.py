"""The second lot of ordinary tables for measuring, made when the first had been looked at.

Like those of `ordinary.py` no pair model of ours is trained on them.
"""

from __future__ import annotations

from simsearch.training.pair_model.tables import changes
from simsearch.training.pair_model.tables import everyday_things as things
from simsearch.training.pair_model.tables.family import Family
from simsearch.training.pair_model.tables.ordinary import (
    CARE,
    PERSON,
    SHARES,
    WIDE,
    between,
    once,
)
from simsearch.training.pair_model.tables.people import persons

__all__ = ["EVERYDAY"]

# One table in which things repeat.
REPEATING: tuple[Family, ...] = (
    Family(
        "patients_twice", "patients_twice", persons,
        ("key=patient_no family=last given=first birth=dob sex phone=tel postcode=zip",),
        changes.keyed, PERSON, ("pairs",), duplicates=True, tables=(1,), shares=SHARES,
        care=("usual", "careless"), languages=WIDE, rows=(300, 900), noise=1, gaps=0.5,
    ),
    Family(
        "stays_of_guests", "stays_of_guests", persons,
        ("name=guest birth=born_on city=home_town visited=arrival quantity=nights room "
         "amount=bill",),
        things.stayed, PERSON, ("few",), duplicates=True, tables=(1,), shares=SHARES, care=CARE,
        languages=WIDE, rows=(300, 900), noise=1, gaps=0.5,
    ),
    Family(
        "donations", "donations", persons,
        ("key=receipt name=donor street postcode city amount=gift ordered=received "
         "reason=purpose",),
        things.gave, PERSON, ("few",), duplicates=True, tables=(1,), shares=SHARES, care=CARE,
        languages=WIDE, rows=(300, 900), noise=1, gaps=0.3,
    ),
    Family(
        "recipes_twice", "recipes_twice", things.recipes,
        ("title=dish description=ingredients quantity=serves runtime=minutes",),
        things.retold, ("features",), ("pairs",), duplicates=True, tables=(1,), shares=SHARES,
        care=CARE, languages=("en",), rows=(200, 700), noise=1, gaps=0.3,
    ),
    Family(
        "cars_offered_twice", "cars_offered_twice", things.cars,
        ("key=ad brand=make car=model year=built mileage=km colour price=asked city "
         "phone=call",),
        things.advertised, ("brand", "car", "year", "mileage"), ("pairs",), duplicates=True,
        tables=(1,), shares=SHARES, care=CARE, languages=WIDE, rows=(300, 900), noise=1, gaps=0.3,
    ),
    Family(
        "homes_listed_twice", "homes_listed_twice", things.homes,
        ("key=listing street postcode city area=sqm rooms price kind=type owner=agent "
         "listed=online_since",),
        things.listed, ("street_name", "number", "city", "area"), ("pairs",), duplicates=True,
        tables=(1,), shares=SHARES, care=CARE, languages=WIDE, rows=(300, 900), noise=1, gaps=0.3,
    ),
)  # fmt: skip

# One table in which nothing is the same.
SINGLE: tuple[Family, ...] = (
    once("gym_members", things.members, "key=card_no given family email phone birth", PERSON),
    once("staff", things.staff, "name=colleague category=department status=position "
         "phone=extension email", ("email",)),
    once("spare_parts", things.spare_parts, "model=part_no title=part category=fits price "
         "quantity=in_stock"),
    once("medicines", things.medicines, "title=medicine size=pack brand=firm price"),
    once("concerts", things.concerts, "artist=act place=hall city ordered=evening price=ticket",
         ("artist", "place", "ordered")),
)  # fmt: skip

# Two tables.
PAIRS_OF_TABLES: tuple[Family, ...] = (
    between("schools_of_two_lists", things.schools, "place=school street postcode city phone?",
            "one_to_one", ("place", "city")),
    between("songs_of_two_libraries", things.recorded, "title=song artist=by album? length=time",
            "overlap_20", ("title", "artist")),
    between("courses_of_two_terms", persons, "name=participant email phone? event=course",
            "overlap_20", PERSON, things.took_part),
)  # fmt: skip

EVERYDAY = {family.name: family for family in (*REPEATING, *SINGLE, *PAIRS_OF_TABLES)}
