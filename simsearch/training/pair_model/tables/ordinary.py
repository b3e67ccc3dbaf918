"""Ordinary tables for measuring: families that no pair model of ours is trained on.

Each is a kind of table that offices, clubs and shops keep, with columns in a composition that no
family of `families.py` has; whether anything repeats is fixed for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.training.pair_model.tables import changes
from simsearch.training.pair_model.tables import ordinary_things as things
from simsearch.training.pair_model.tables.family import Family, unchanged
from simsearch.training.pair_model.tables.goods import assets, flats, products, variants
from simsearch.training.pair_model.tables.organisations import companies
from simsearch.training.pair_model.tables.people import families, persons

if TYPE_CHECKING:
    from simsearch.training.pair_model.tables.family import Change, Maker

__all__ = [
    "CARE", "ORDINARY", "PERSON", "SHARES", "WESTERN", "WIDE", "between", "once",
]  # fmt: skip

WESTERN = ("en", "de", "fr", "es", "pl")
WIDE = (*WESTERN, "tr", "ru")
CARE = ("clean", "usual", "usual")
PERSON = ("given", "family", "birth")
# Few things repeat in most tables that people have, but enough that one pair does not decide.
SHARES = (0.05, 0.1, 0.3)
HOME = ("street_name", "number", "flat")


def once(name: str, make: Maker, layout: str, key: tuple[str, ...] = ()) -> Family:
    """A family in which no thing is there twice."""
    return Family(
        name, name, make, (layout,), unchanged, key, duplicates=False, tables=(1,), care=CARE,
        languages=WIDE, rows=(150, 700), noise=2, gaps=0.3,
    )  # fmt: skip


def between(
    name: str,
    make: Maker,
    layout: str,
    form: str,
    key: tuple[str, ...],
    change: Change = unchanged,
) -> Family:
    """A family of two tables that go together in one way."""
    return Family(
        name, name, make, (layout,), change, key, duplicates=form != "no_partner", tables=(2,),
        forms=(form,), care=CARE, languages=WIDE, rows=(500, 1500), noise=1, gaps=0.5,
    )  # fmt: skip


# One table in which things repeat.
REPEATING: tuple[Family, ...] = (
    Family(
        "library_loans", "library_loans", persons,
        ("key=loan_no name=reader email item=book ordered=lent_on listed=due_on status",),
        things.lent, PERSON, ("few",), duplicates=True, tables=(1,), shares=SHARES,
        care=CARE,
        languages=WIDE, rows=(300, 900), noise=2,
    ),
    Family(
        "dental_bills", "dental_bills", persons,
        ("key=bill_no given=patient_first family=patient_last birth=patient_born city "
         "visited=billed_on reason=treatment amount=fee",),
        things.treated, PERSON, ("few",), duplicates=True, tables=(1,), shares=SHARES,
        care=CARE,
        languages=WIDE, rows=(300, 900), noise=1,
    ),
    Family(
        "sales_contacts", "sales_contacts", persons,
        ("key=contact_id name=full_name phone=mobile email created status=stage "
         "modified=last_call owner=account_manager amount=score",),
        things.exported, PERSON, ("pairs",), duplicates=True, tables=(1,), shares=SHARES,
        care=CARE,
        languages=WIDE, rows=(300, 900), noise=1,
    ),
    Family(
        "pupils_enrolled_twice", "pupils_enrolled_twice", things.pupils,
        ("given=child family=surname birth=born room=class street phone=guardian_phone",),
        unchanged, PERSON, ("pairs",), duplicates=True, tables=(1,), shares=SHARES,
        care=CARE,
        languages=WIDE, rows=(300, 800), noise=1,
    ),
    Family(
        "phones_counted_twice", "phones_counted_twice", assets,
        ("asset=handset serial=imei owner=holder room=office",),
        changes.moved_room, ("serial",), ("pairs",), duplicates=True, tables=(1,), shares=SHARES,
        care=CARE,
        languages=WIDE, rows=(150, 600), noise=1,
    ),
    Family(
        "wines_of_two_lists", "wines_of_two_lists", things.wines,
        ("producer=winery title=wine model=vintage region price",),
        changes.other_price, ("producer", "title", "model"), ("pairs",), duplicates=True,
        shares=SHARES, tables=(1,), care=CARE, languages=WESTERN, rows=(200, 700), noise=1,
    ),
    Family(
        "marketplace", "marketplace", products,
        ("key=offer_id product=offer owner=seller price=asking status=condition",),
        things.offered, ("model",), ("few",), duplicates=True, tables=(1,), shares=SHARES,
        care=CARE,
        languages=WESTERN, rows=(300, 900), noise=1,
    ),
    Family(
        "club_members_twice", "club_members_twice", persons,
        ("name=member birth=birthday",),
        key=PERSON, groups=("pairs",), duplicates=True, tables=(1,),
        shares=SHARES,
        care=CARE,
        languages=WIDE, rows=(300, 900), noise=1, gaps=0.3,
    ),
    Family(
        "suppliers_twice", "suppliers_twice", companies,
        ("company=supplier tax=vat_no postcode city category=branch",),
        key=("tax",), groups=("pairs",), duplicates=True, tables=(1,),
        shares=SHARES,
        care=CARE,
        languages=WIDE, rows=(300, 900), noise=1, gaps=0.3,
    ),
    Family(
        "players_and_clubs", "players_and_clubs", things.people_and_clubs,
        ("called=entry birth=born country number=shirt year=founded website",),
        key=("given", "family", "title"), groups=("pairs",), duplicates=True, tables=(1,),
        shares=SHARES,
        care=CARE, languages=WESTERN, rows=(300, 900), noise=1,
    ),
    Family(
        "census", "census", things.census,
        ("given=forename family=surname birth_year=age_year parish=village occupation=trade "
         "spouse=mother sex",),
        key=("given", "family", "parish", "occupation"), groups=("tens",), duplicates=True,
        shares=SHARES, tables=(1,), care=("usual", "careless", "damaged"), languages=WESTERN,
        rows=(500, 1200), noise=1,
    ),
    Family(
        "pets_twice", "pets_twice", things.pets,
        ("place=animal kind=species given=owner_first family=owner_last phone=owner_phone "
         "birth=born",),
        key=("place", "given", "family", "phone"), groups=("pairs",), duplicates=True,
        shares=SHARES, tables=(1,), care=CARE, languages=WIDE, rows=(300, 800), noise=1, gaps=0.5,
    ),
    Family(
        "rooms_of_a_house_twice", "rooms_of_a_house_twice", flats,
        ("street=building flat=office floor=level area=m2 owner=tenant",),
        key=HOME, groups=("pairs",), duplicates=True, tables=(1,),
        shares=SHARES,
        care=CARE,
        languages=WIDE, rows=(100, 400), noise=1, gaps=0.3,
    ),
)  # fmt: skip


# One table in which nothing is the same.
SINGLE: tuple[Family, ...] = (
    once("pupils", things.pupils, "given=child family=surname birth=born room=class street "
          "phone=guardian_phone", PERSON),
    once("families_of_a_street", families, "name=resident street phone birth=born", PERSON),
    once("phones", assets, "asset=handset serial=imei owner=holder room=office", ("serial",)),
    once("screws", things.screws, "key=article title=screw price=per_piece amount=box"),
    once("lamps_of_a_range", variants, "product=lamp brand=line price", ("model",)),
    once("rooms_of_a_house", flats, "street=building flat=office floor=level area=m2", HOME),
    once("episodes", things.episodes, "title=episode album=series ordered=aired length"),
    once("club_members", persons, "name=member birth=birthday", PERSON),
    once("wines", things.wines, "producer=winery title=wine model=vintage region price",
          ("producer", "title", "model")),
)  # fmt: skip


# Two tables.
PAIRS_OF_TABLES: tuple[Family, ...] = (
    between("voters_and_donors", persons, "name=full_name street=home postcode birth? email?",
             "overlap_20", PERSON),
    between("bills_and_suppliers", companies, "company=party tax=vat_no? city postcode phone?",
             "many_to_one", ("company", "city")),
    between("hospital_and_insurer", persons, "given family birth postcode city? phone?",
             "one_to_one", PERSON),
    between("guests_and_staff", persons, "name=full_name birth=born city phone",
             "no_partner", PERSON),
    between("two_shops", products, "product=offer brand price", "one_to_one", ("model",),
            changes.other_price),
    between("households_of_two_registers", families, "given family birth street city phone?",
             "overlap_20", PERSON),
    between("sample_and_register", persons, "name birth street city", "one_much_larger",
             PERSON),
)  # fmt: skip

ORDINARY = {family.name: family for family in (*REPEATING, *SINGLE, *PAIRS_OF_TABLES)}
