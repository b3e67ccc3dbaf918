"""The small pictures of faults in `cases/`: what is right in each, and whether it is reached."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA

import simsearch
from benchmarks.tables_run import grouped_share
from simsearch.evaluation import closure, group_pairs, grouping_metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    Labels = npt.NDArray[np.int64]

__all__ = ["Verdict", "readings_of", "verdicts"]

ALL_PAIRS = 0.99
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


@dataclass(frozen=True)
class Verdict:
    """One case.

    Attributes:
        case: its file.
        wanted: what is right.
        found: what was found.
        right: whether it is.
    """

    case: str
    wanted: str
    found: str
    right: bool


def verdicts(folder: Path) -> list[Verdict]:
    """Every case of tables, in order; a file that is not there is left out."""
    return [
        judge(folder / name, wanted) for name, wanted, judge in CASES if (folder / name).exists()
    ]


def _groups(path: Path, columns: Sequence[str] | None = None) -> Labels:
    return simsearch.dedupe(str(path), columns=columns).group


def _against(path: Path, wanted: str, truth: Labels) -> Verdict:
    """All pairs of the truth, and no others."""
    figures = grouping_metrics(_groups(path), truth)
    pairs = len(group_pairs(truth)[0])
    found = f"recall {figures.recall:.3f}, precision {figures.precision:.3f} of {pairs} pairs"
    return Verdict(path.parent.name + "/" + path.name, wanted, found, figures.f1 >= ALL_PAIRS)


def orders(path: Path, wanted: str) -> Verdict:
    truth = pd.read_csv(path.with_name("orders_truth.csv"))["entity"].to_numpy(np.int64)
    return _against(path, wanted, truth)


def companies(path: Path, wanted: str) -> Verdict:
    numbers = pd.read_csv(path, dtype=str)["inn"]
    return _against(path, wanted, pd.factorize(numbers)[0].astype(np.int64))


def dates(path: Path, wanted: str) -> Verdict:
    """Copies have the same date in some reading, and at most one slip in the name."""
    table = pd.read_csv(path, dtype=str)
    readings = [readings_of(value) for value in table["dob"]]
    names = table["name"].str.lower().tolist()
    left, right = np.triu_indices(len(table), 1)
    same = [
        bool(readings[a] & readings[b]) and OSA.distance(names[a], names[b]) <= 2
        for a, b in zip(left.tolist(), right.tolist(), strict=True)
    ]
    return _against(path, wanted, closure((left[same], right[same]), len(table)))


def readings_of(value: str) -> set[datetime.date]:
    """Every date that a value can be."""
    parts = re.findall(r"[a-z]+|\d+", value.lower().split("t00")[0].split(" 00:")[0])
    if len(parts) == 1:
        parts = [value[:4], value[4:6], value[6:8]]
    numbers = [MONTHS.index(p[:3]) + 1 if p.isalpha() else int(p) for p in parts[:3]]
    orders = [(0, 1, 2)] if len(parts[0]) == 4 else [(2, 1, 0), (2, 0, 1)]
    out = set()
    for year, month, day in ([numbers[place] for place in order] for order in orders):
        full = year if year > 99 else year + (2000 if year < 27 else 1900)
        try:
            out.add(datetime.date(full, month, day))
        except ValueError:
            continue
    return out


def nothing(path: Path, wanted: str) -> Verdict:
    share = grouped_share(_groups(path))
    return Verdict(f"{path.parent.name}/{path.name}", wanted, f"{share:.1%} grouped", share == 0.0)


def named_columns(path: Path, wanted: str) -> Verdict:
    share = grouped_share(_groups(path, ("asset", "serial", "room")))
    name = f"{path.parent.name}/{path.name} --columns asset,serial,room"
    return Verdict(name, wanted, f"{share:.1%} grouped", share == 0.0)


def other_given_names(path: Path, wanted: str) -> Verdict:
    """Pairs of people of whom one cannot be a slip of the other."""
    first = pd.read_csv(path, dtype=str)["first"].str.lower().tolist()
    left, right = group_pairs(_groups(path))
    wrong = sum(OSA.distance(first[a], first[b]) > 2 for a, b in zip(left, right, strict=True))
    name = f"{path.parent.name}/{path.name}"
    return Verdict(name, wanted, f"{wrong} of {len(left)} pairs", wrong == 0)


CASES: tuple[tuple[str, str, Callable[[Path, str], Verdict]], ...] = (
    ("01/orders.csv", "the pairs of its truth", orders),
    ("01/companies_taxid.csv", "pairs of one tax number", companies),
    ("02/households_no_duplicates.csv", "nobody merged", nothing),
    ("03/assets.csv", "no groups: every serial differs", nothing),
    ("03/assets.csv", "no groups: every serial differs", named_columns),
    ("04/products_price.csv", "no groups", nothing),
    ("04/names.csv", "no two given names in a group", other_given_names),
    ("05/variants.csv", "no groups", nothing),
    ("17/dates.csv", "the same name and date, however written", dates),
)
