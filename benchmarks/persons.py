"""A made person file of any size, and its truth.

    python benchmarks/persons.py OUT.csv --rows 200000

People live in households (same surname, address and often landline), so that two people may
share a lot without being one. About a fifth of the rows are copies of other rows with typos,
nicknames, swapped day and month, changed surname, new address, phone or e-mail, and missing
values. Nothing is looked up anywhere: names are listed or composed in `names.py`, and the same
seed gives the same file.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks import names
from benchmarks.corrupt import blank, chosen, typos

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Text = npt.NDArray[np.str_]
    Columns = dict[str, Text]

__all__ = ["Persons", "make_persons"]

COPY_SHARE = 0.2
# Shares of values missing in every row; copies lose MISSING_IN_COPY more of each.
MISSING = {
    "given_name": 0.01, "surname": 0.005, "date_of_birth": 0.03, "street": 0.03, "city": 0.03,
    "postcode": 0.04, "phone": 0.15, "email": 0.20,
}  # fmt: skip
MISSING_IN_COPY = 0.05
TYPOS_IN_COPY = {
    "given_name": 0.08, "surname": 0.08, "date_of_birth": 0.04, "street": 0.08, "city": 0.04,
    "postcode": 0.04, "phone": 0.03, "email": 0.05,
}  # fmt: skip
DOMAINS = np.array(
    ["gmail.com", "outlook.com", "yahoo.co.uk", "icloud.com", "btinternet.com", "mail.org"]
)


@dataclass(frozen=True, slots=True)
class Persons:
    """A made person file.

    Attributes:
        table: n rows; `id` and the columns to compare; a missing value is None.
        person: (n,) int64, which person each row is: the truth.
    """

    table: pd.DataFrame
    person: npt.NDArray[np.int64]


def make_persons(rows: int, *, seed: int = 0, copies: float = COPY_SHARE) -> Persons:
    """A person file of that many rows.

    Args:
        rows: how many, copies included.
        seed: the same seed, rows and copies give the same file.
        copies: share of the rows that are copies of another row.
    """
    rng = np.random.default_rng(seed)
    copied = int(rows * copies)
    people = originals(rows - copied, rng)
    person = np.concatenate([np.arange(rows - copied), _copied_people(rows - copied, copied, rng)])
    again = {name: column[person[rows - copied :]] for name, column in people.items()}
    again = corrupted(again, rng)
    table = {name: np.concatenate([people[name], again[name]]) for name in people}
    table = {name: blank(column, MISSING[name], rng) for name, column in table.items()}
    return _shuffled(table, person, rng)


def _copied_people(people: int, copies: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Which person each copy is of: one to four copies a person, one the most likely."""
    order = rng.permutation(people)
    repeats = rng.choice([1, 2, 3, 4], size=copies, p=[0.6, 0.25, 0.1, 0.05])
    chosen_people = np.repeat(np.resize(order, copies), repeats)
    return chosen_people[:copies]


def _shuffled(table: Columns, person: npt.NDArray[np.int64], rng: np.random.Generator) -> Persons:
    """Rows in random order, then ids that say nothing about the truth."""
    import pandas as pd

    order = rng.permutation(len(person))
    ids = np.char.add("r", np.char.zfill(np.arange(len(person)).astype(str), 7))
    frame = pd.DataFrame({name: column[order] for name, column in table.items()}, dtype="str")
    frame = frame.mask(frame == "")
    frame.insert(0, "id", ids)
    return Persons(frame, person[order])


def originals(people: int, rng: np.random.Generator, *, households: bool = True) -> Columns:
    """Columns of that many different people without missing values.

    Args:
        people: how many.
        rng: the source of chance.
        households: some share surname, address and landline; else nobody does on purpose.
    """
    household = _households(people, rng) if households else np.arange(people)
    count = int(household[-1]) + 1
    given = names.draw(
        names.vocabulary(names.GIVEN, 4_000, "a o e us in elle ana ino", 1), people, rng
    )
    surnames = names.vocabulary(
        names.SURNAMES, 40_000, "son ton ley field er ez ski ova man wood", 2
    )
    surname = names.draw(surnames, count, rng)[household]
    own_name = chosen(people, 0.15, rng)
    surname = np.where(own_name, names.draw(surnames, people, rng), surname)
    address = {name: column[household] for name, column in addresses(count, rng).items()}
    return {
        "given_name": given,
        "surname": surname,
        "date_of_birth": _dates(people, rng),
        **address,
        "phone": _phones(household, rng),
        "email": _emails(given, surname, rng),
    }


def _households(people: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Household number of each person, ascending from 0; one to four persons each."""
    sizes = rng.choice([1, 2, 3, 4], size=people, p=[0.7, 0.2, 0.06, 0.04])
    return np.repeat(np.arange(people), sizes)[:people]


def addresses(count: int, rng: np.random.Generator) -> Columns:
    """Street with number, city and postcode; a postcode has one street and about 15 houses."""
    cities = names.vocabulary(names.CITIES, 400, "ton ham bury ford wick by port mouth", 3)
    streets = names.vocabulary(names.STREETS, 3_000, "field wood brook ley side", 4)
    places = max(1, count // 15)
    place = rng.integers(0, places, count)
    city = names.draw(cities, places, rng)
    kinds = np.array(["Street", "Road", "Lane", "Avenue", "Close", "Drive", "Way", "Court"])
    street = np.char.add(
        np.char.add(names.draw(streets, places, rng), " "), rng.choice(kinds, places)
    )
    number = rng.integers(1, 200, count).astype(str)
    return {
        "street": np.char.add(np.char.add(number, " "), street[place]),
        "city": city[place],
        "postcode": _postcodes(city, rng)[place],
    }


def _postcodes(city: Text, rng: np.random.Generator) -> Text:
    """British form, `LE4 7QX`: the area follows from the city."""
    area = np.char.upper(np.char.ljust(city, 2).astype("<U2"))
    letters = np.array(list("ABDEFGHJLNPQRSTUWXYZ"))
    unit = np.char.add(rng.choice(letters, len(city)), rng.choice(letters, len(city)))
    district = rng.integers(1, 30, len(city)).astype(str)
    sector = np.char.add(" ", rng.integers(0, 10, len(city)).astype(str))
    return np.char.add(np.char.add(area, district), np.char.add(sector, unit))


def _dates(count: int, rng: np.random.Generator) -> Text:
    """ISO dates of birth from 1930 to 2009."""
    first = np.datetime64("1930-01-01")
    return (first + rng.integers(0, 29_220, count).astype("timedelta64[D]")).astype(str)


def _phones(household: npt.NDArray[np.int64], rng: np.random.Generator) -> Text:
    """A mobile of one's own, or (20 %) the landline of the household."""
    digits = rng.integers(0, 10**9, len(household))
    home = rng.integers(0, 10**9, int(household[-1]) + 1)[household]
    landline = chosen(len(household), 0.2, rng)
    lead = np.where(landline, "01", "07")
    return np.char.add(lead, np.char.zfill(np.where(landline, home, digits).astype(str), 9))


def _emails(given: Text, surname: Text, rng: np.random.Generator) -> Text:
    """given.surname or initial and surname, with a number, at one of a few domains."""
    short = np.char.add(given.astype("<U1"), surname)
    long = np.char.add(np.char.add(given, "."), surname)
    user = np.char.replace(np.where(chosen(len(given), 0.6, rng), long, short), "'", "")
    number = np.where(
        chosen(len(given), 0.6, rng), rng.integers(1, 999, len(given)).astype(str), ""
    )
    at = np.char.add("@", rng.choice(DOMAINS, len(given)))
    return np.char.lower(np.char.add(np.char.add(user, number), at))


def corrupted(columns: Columns, rng: np.random.Generator) -> Columns:
    """The same people as someone else wrote them down: changes of life, habits, typos, gaps."""
    rows = len(columns["surname"])
    if rows == 0:
        return columns
    out = _moved(dict(columns), rng)
    out["given_name"] = _nicknamed(out["given_name"], 0.08, rng)
    married = chosen(rows, 0.03, rng)
    out["surname"] = np.where(married, rng.permutation(out["surname"]), out["surname"])
    swapped = chosen(rows, 0.02, rng)
    given, surname = out["given_name"], out["surname"]
    out["given_name"] = np.where(swapped, surname, given)
    out["surname"] = np.where(swapped, given, surname)
    out["date_of_birth"] = _day_and_month_swapped(out["date_of_birth"], 0.04, rng)
    out["street"] = _abbreviated(out["street"], 0.2, rng)
    spaced = chosen(rows, 0.1, rng)
    out["postcode"] = np.where(spaced, np.char.replace(out["postcode"], " ", ""), out["postcode"])
    out["phone"] = _reformatted(out["phone"], rng)
    out = {name: typos(column, TYPOS_IN_COPY[name], rng) for name, column in out.items()}
    return {name: blank(column, MISSING_IN_COPY, rng) for name, column in out.items()}


def _moved(columns: Columns, rng: np.random.Generator) -> Columns:
    """8 % live elsewhere, 10 % have another phone, 12 % another e-mail."""
    rows = len(columns["surname"])
    moved = chosen(rows, 0.08, rng)
    for name, column in addresses(rows, rng).items():
        columns[name] = np.where(moved, column, columns[name])
    phone = _phones(np.arange(rows), rng)
    columns["phone"] = np.where(chosen(rows, 0.1, rng), phone, columns["phone"])
    email = _emails(columns["given_name"], columns["surname"], rng)
    columns["email"] = np.where(chosen(rows, 0.12, rng), email, columns["email"])
    return columns


def _nicknamed(given: Text, share: float, rng: np.random.Generator) -> Text:
    """The nickname where there is one, else the initial, in that share of the values."""
    formal = np.array(sorted(names.NICKNAMES))
    nick = np.array([names.NICKNAMES[name] for name in formal.tolist()])
    place = np.minimum(np.searchsorted(formal, given), len(formal) - 1)
    informal = np.where(formal[place] == given, nick[place], given.astype("<U1"))
    return np.where(chosen(len(given), share, rng), informal, given)


def _day_and_month_swapped(dates: Text, share: float, rng: np.random.Generator) -> Text:
    """Day and month swapped where the result is a date."""
    parts = np.ascontiguousarray(dates.astype("<U10")).view("<U1").reshape(-1, 10)
    swapped = np.ascontiguousarray(parts[:, [0, 1, 2, 3, 4, 8, 9, 7, 5, 6]]).view("<U10").ravel()
    day = np.ascontiguousarray(parts[:, 8:]).view("<U2").ravel().astype(np.int64)
    hit = chosen(len(dates), share, rng) & (day <= 12)
    return np.where(hit, swapped, dates)


def _abbreviated(street: Text, share: float, rng: np.random.Generator) -> Text:
    """Street, Road, Avenue and the like written short in that share of the values."""
    short = street
    for long, brief in (
        ("Street", "St"),
        ("Road", "Rd"),
        ("Avenue", "Ave"),
        ("Drive", "Dr"),
        ("Lane", "Ln"),
    ):
        short = np.char.replace(short, long, brief)
    return np.where(chosen(len(street), share, rng), short, street)


def _reformatted(phone: Text, rng: np.random.Generator) -> Text:
    """10 % with +44, 10 % with a blank after the fifth digit."""
    rest = np.ascontiguousarray(phone.astype("<U11")).view("<U1").reshape(-1, 11)
    tail = np.ascontiguousarray(rest[:, 1:]).view("<U10").ravel()
    out = np.where(chosen(len(phone), 0.1, rng), np.char.add("+44 ", tail), phone)
    end = np.ascontiguousarray(rest[:, 5:]).view("<U6").ravel()
    spaced = np.char.add(np.char.add(phone.astype("<U5"), " "), end)
    return np.where((out == phone) & chosen(len(phone), 0.1, rng), spaced, out)


def main() -> None:
    """Write the file and, beside it, its truth."""
    import argparse

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="the CSV to write; OUT_truth.csv holds id,person")
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    made = make_persons(args.rows, seed=args.seed)
    made.table.to_csv(args.out, index=False)
    truth = made.table[["id"]].assign(person=made.person)
    truth.to_csv(args.out.with_name(f"{args.out.stem}_truth.csv"), index=False)


if __name__ == "__main__":
    main()
