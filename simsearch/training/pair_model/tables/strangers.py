"""The third lot of ordinary tables for measuring: kinds of tables met outside of the first two.

Logs in which everybody stands many times, parts of two sides, addresses alone, names in two
scripts. Like those of `ordinary.py` no pair model of ours is trained on them.
"""

from __future__ import annotations

from dataclasses import replace

from simsearch.training.pair_model.tables import strangers_things as things
from simsearch.training.pair_model.tables.family import Family
from simsearch.training.pair_model.tables.ordinary import CARE, SHARES, once
from simsearch.training.pair_model.tables.organisations import companies
from simsearch.training.pair_model.tables.people import persons

__all__ = ["STRANGERS"]

# Written by one system, which makes no slips.
BY_MACHINE = ("clean",)

# One table in which nothing is the same.
SINGLE: tuple[Family, ...] = (
    replace(
        once("visits_of_regulars", things.regulars, "given family phone visited amount number=seat",
             ("key",)),
        care=BY_MACHINE, sources=(1, 1), gaps=0.0,
    ),
    replace(
        once("logins", things.logins, "email=user created=at kind=browser status=outcome",
             ("key",)),
        care=BY_MACHINE, sources=(1, 1), gaps=0.0,
    ),
    replace(
        once("car_parts", things.car_parts, "title=part kind=side price status=condition",
             ("title", "kind")),
        care=BY_MACHINE, sources=(1, 1), gaps=0.0,
    ),
)  # fmt: skip

# One table in which things repeat.
REPEATING: tuple[Family, ...] = (
    Family(
        "emails_twice", "emails_twice", persons, ("email=subscriber",), key=("email",),
        groups=("pairs",), duplicates=True, tables=(1,), shares=SHARES,
        care=("usual", "careless"), sources=(1, 2), rows=(150, 700), noise=0, gaps=0.0,
    ),
    Family(
        "traders_in_two_scripts", "traders_in_two_scripts", companies,
        ("company=trader city phone? website?",), key=("company", "city"), groups=("pairs",),
        duplicates=True, tables=(1,), shares=SHARES, care=CARE, sources=(3, 5),
        languages=("ru", "el"), rows=(150, 700), noise=1, gaps=0.3,
    ),
)  # fmt: skip

STRANGERS = {family.name: family for family in (*SINGLE, *REPEATING)}
