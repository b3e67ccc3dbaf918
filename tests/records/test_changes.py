"""Changes that change nothing change nothing: other orders, other names, columns of noise."""

from __future__ import annotations

from functools import cache, reduce

import numpy as np
import pytest

from benchmarks.datasets import RecordSet
from benchmarks.tables_changes import CHANGES, changed
from benchmarks.tables_run import answered
from simsearch.evaluation import group_pairs
from tests.records.made import customers, damaged, persons, split
from tests.records.test_cases import table

# F1 that changes may cost.
_LOST = 0.02
# Changes that are made at once, as a table has them at once; each by itself is a long test.
TOGETHER = {
    "written otherwise": ("rows shuffled", "columns reordered", "upper case"),
    "renamed": ("columns renamed",),
    "numbered": ("+ key", "+ running", "+ created", "+ constant", "+ empty"),
    "labelled": ("+ source", "+ label", "+ flag"),
    "measured": ("+ amount", "+ score", "+ note"),
    "said twice": ("+ copy", "+ joined"),
}


def made_persons() -> RecordSet:
    rows, truth = split(customers(3, alone=30, twice=20, thrice=5))
    return RecordSet("persons", "made", rows, None, group_pairs(truth))


def registers() -> RecordSet:
    rng = np.random.default_rng(6)
    ours = persons(50, rng)
    theirs = damaged(ours[:30], rng)
    return RecordSet("registers", "made", ours, theirs, (np.arange(30), np.arange(30)))


def orders() -> RecordSet:
    """Forty customers with two orders, and sixty with one."""
    things = table("orders_truth.csv")["entity"].astype(int).to_numpy()
    twice = np.bincount(np.unique(things, return_inverse=True)[1])
    pairs = np.unique(things)[twice > 1][:40]
    chosen = np.isin(things, pairs) | np.isin(things, np.unique(things)[twice == 1][:60])
    rows = table("orders.csv")[chosen].reset_index(drop=True)
    return RecordSet("orders", "made", rows, None, group_pairs(things[chosen]))


def households() -> RecordSet:
    """Families, and nobody twice."""
    people = table("households_no_duplicates.csv")[:110]
    return RecordSet("households", "made", people, None, group_pairs(np.arange(110)))


SETS = {"persons": made_persons, "registers": registers, "orders": orders}
# What is not held yet: few columns tell who ordered, and more of those that do not hide them.
NOT_YET = {("orders", "labelled"), ("orders", "measured")}
HELD = [(name, changes) for name in SETS for changes in TOGETHER if (name, changes) not in NOT_YET]


@cache
def unchanged(name: str) -> tuple[RecordSet, float]:
    """A set, and F1 without a change."""
    records = SETS[name]()
    return records, answered(records).f1


def lost(name: str, *changes: str) -> float:
    """F1 that changes cost."""
    records, before = unchanged(name)
    assert before > 0.9, "there is nothing to lose"
    return before - answered(reduce(changed, changes, records)).f1


def test_every_change_is_made() -> None:
    assert sorted(CHANGES) == sorted(name for names in TOGETHER.values() for name in names)


@pytest.mark.parametrize(("name", "changes"), HELD)
def test_nothing_is_lost(name: str, changes: str) -> None:
    assert lost(name, *TOGETHER[changes]) <= _LOST


@pytest.mark.long
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", ["persons", "registers"])
def test_nothing_is_lost_by_one_change(name: str, change: str) -> None:
    assert lost(name, change) <= _LOST


@pytest.mark.parametrize("changes", ["written otherwise", "renamed", "numbered", "labelled"])
def test_nobody_becomes_the_same(changes: str) -> None:
    assert answered(reduce(changed, TOGETHER[changes], households())).grouped <= _LOST
