"""The record sets of the benchmark: read from a folder, or made from those by a seed.

A set holds tables and the truth apart from them. Nothing that gives the truth away reaches a
matcher: ids such as `rec-7-dup-0` and the column `cluster` are dropped, and rows are known by
their position alone. Where the folder's sets come from stands in docs/design/benchmarks.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from benchmarks import made
from simsearch.evaluation import closure, group_pairs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    Positions = npt.NDArray[np.int64]
    Pairs = tuple[Positions, Positions]

__all__ = ["SETS", "RecordSet", "load"]


@dataclass(frozen=True)
class RecordSet:
    """One or two tables, and which rows are the same thing.

    Attributes:
        name: what the result table calls it.
        family: which kind of columns it has; peers choose their settings by it.
        left: the (left) table, text, without any column that tells the truth.
        right: the right table, or None for a set to deduplicate.
        truth: two int64 arrays (p,), row positions of all true pairs (left, right).
    """

    name: str
    family: str
    left: pd.DataFrame
    right: pd.DataFrame | None
    truth: Pairs

    @property
    def rows(self) -> int:
        """Rows of the table, or of both."""
        return len(self.left) + (0 if self.right is None else len(self.right))

    def labels(self, pairs: Pairs) -> Positions:
        """Groups (rows,) that pairs make; rows of the right table come after the left's."""
        shift = 0 if self.right is None else len(self.left)
        return closure((pairs[0], pairs[1] + shift), self.rows)


def _read(path: Path) -> pd.DataFrame:
    """A CSV as text; an empty cell is missing, nothing else is."""
    return pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])


def _positions(ids: pd.Series, wanted: pd.Series) -> Positions:
    """Row position of each wanted id."""
    place = pd.Series(np.arange(len(ids)), index=ids)
    return place.loc[wanted].to_numpy(np.int64)


def febrl(name: str, data: Path) -> RecordSet:
    """Made Australian persons (P. Christen); the truth is in the links file."""
    table = _read(data / "records_febrl" / f"{name}.csv")
    links = _read(data / "records_febrl" / f"{name}_links.csv")
    truth = tuple(_positions(table["rec_id"], links[side]) for side in ("id_a", "id_b"))
    return RecordSet(name, "febrl", table.drop(columns="rec_id"), None, truth)


def fake_1000(data: Path) -> RecordSet:
    """splink's made persons."""
    table = _read(data / "records_fake_1000" / "fake_1000.csv")
    truth = group_pairs(table["cluster"].to_numpy(np.int64))
    return RecordSet("fake_1000", "fake", table.drop(columns=["unique_id", "cluster"]), None, truth)


def cora(data: Path) -> RecordSet:
    """Citations, one table, large groups."""
    table = _read(data / "records_cora" / "cora.csv")
    matches = _read(data / "records_cora" / "matches.csv")
    truth = tuple(_positions(table["Entity Id"], matches[side]) for side in ("id_a", "id_b"))
    return RecordSet("cora", "citations", table.drop(columns="Entity Id"), None, truth)


def linked(name: str, family: str, files: tuple[str, str], data: Path) -> RecordSet:
    """Two tables with a file of matches."""
    folder = data / f"records_{name}"
    left, right = (_read(folder / file) for file in files)
    matches = _read(folder / "matches.csv")
    truth = (_positions(left["id"], matches["id_a"]), _positions(right["id"], matches["id_b"]))
    return RecordSet(name, family, left.drop(columns="id"), right.drop(columns="id"), truth)


TWO_TABLES: dict[str, tuple[str, tuple[str, str]]] = {
    "dblp_acm": ("bibliography", ("acm.csv", "dblp.csv")),
    "abt_buy": ("products", ("abt.csv", "buy.csv")),
    "amazon_google": ("products", ("amazon.csv", "gp.csv")),
    "restaurants": ("restaurants", ("rest1.csv", "rest2.csv")),
}


def small_overlap(name: str, share: float, data: Path) -> RecordSet:
    """The set with only that share of the right table's matched rows kept; others stay."""
    whole = linked(name, *TWO_TABLES[name], data)
    rng = np.random.default_rng(0)
    matched = np.unique(whole.truth[1])
    gone = rng.permutation(matched)[round(share * len(matched)) :]
    kept = np.setdiff1d(np.arange(len(whole.right)), gone)
    place = np.full(len(whole.right), -1)
    place[kept] = np.arange(len(kept))
    stays = place[whole.truth[1]] >= 0
    return replace(
        whole,
        name=f"{name} {share:.0%} overlap",
        right=whole.right.iloc[kept].reset_index(drop=True),
        truth=(whole.truth[0][stays], place[whole.truth[1][stays]]),
    )


def one_row_each(whole: RecordSet) -> RecordSet:
    """The first row of each group: a table without duplicates."""
    first = np.unique(whole.labels(whole.truth), return_index=True)[1]
    table = whole.left.iloc[np.sort(first)].reset_index(drop=True)
    return replace(whole, name=f"{whole.name} no duplicates", left=table, truth=_nothing())


def febrl_originals(data: Path) -> RecordSet:
    """febrl2 without its copies."""
    table = _read(data / "records_febrl" / "febrl2.csv")
    kept = table[table["rec_id"].str.endswith("-org")].reset_index(drop=True)
    return RecordSet("febrl2 no duplicates", "febrl", kept.drop(columns="rec_id"), None, _nothing())


def dblp_alone(data: Path) -> RecordSet:
    """The DBLP table, in which no paper stands twice."""
    whole = linked("dblp_acm", *TWO_TABLES["dblp_acm"], data)
    return RecordSet("dblp no duplicates", "bibliography", whole.right, None, _nothing())


def _nothing() -> Pairs:
    """No pairs."""
    return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)


def _made(name: str, family: str, make: Callable[[], made.Made], _data: Path) -> RecordSet:
    """A made table and the truth that came with it."""
    table, person = make()
    return RecordSet(name, family, table, None, group_pairs(person))


# Name -> how to load it from the data folder. The order is that of the result table.
SETS: dict[str, Callable[[Path], RecordSet]] = {
    **{name: partial(febrl, name) for name in ("febrl1", "febrl2", "febrl3")},
    "fake_1000": fake_1000,
    "cora": cora,
    **{name: partial(linked, name, *parts) for name, parts in TWO_TABLES.items()},
    **{
        f"{name} {share:.0%} overlap": partial(small_overlap, name, share)
        for share in (0.2, 0.05)
        for name in ("dblp_acm", "abt_buy", "amazon_google")
    },
    "large groups": partial(_made, "large groups", "groups", made.large_groups),
    "febrl2 no duplicates": febrl_originals,
    "dblp no duplicates": dblp_alone,
    "fake_1000 no duplicates": lambda data: one_row_each(fake_1000(data)),
    "cora no duplicates": lambda data: one_row_each(cora(data)),
    "persons no duplicates": partial(
        _made, "persons no duplicates", "persons", made.different_persons
    ),
    "all duplicates": partial(_made, "all duplicates", "persons", made.one_person),
    "persons 200k": partial(_made, "persons 200k", "persons", partial(made.persons, 200_000)),
}


def load(name: str, data: Path) -> RecordSet:
    """The set of that name.

    Raises:
        KeyError: there is no such set.
        FileNotFoundError: the data folder lacks its files.
    """
    return SETS[name](data)
