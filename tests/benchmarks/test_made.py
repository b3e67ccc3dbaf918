"""Made tables: repeatable, as corrupt as they say, and silent about the truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein

from benchmarks import made
from benchmarks.corrupt import blank, typo, typos
from benchmarks.persons import make_persons


@given(st.lists(st.text("abcé東19 ", max_size=8), min_size=1, max_size=20), st.integers(0, 99))
def test_a_typo_is_at_most_one_edit(values, seed):
    column = np.array([value.strip() for value in values])
    edited = typo(column, np.random.default_rng(seed))
    for before, after in zip(column.tolist(), edited.tolist(), strict=True):
        assert DamerauLevenshtein.distance(before, after) <= 1
        assert (before == "") == (after == "")


def test_shares_are_about_what_was_asked():
    rng = np.random.default_rng(0)
    column = np.full(20_000, "Elizabeth")
    assert np.mean(blank(column, 0.3, rng) == "") == pytest.approx(0.3, abs=0.02)
    assert np.mean(typos(column, 0.2, rng) != column) == pytest.approx(0.2, abs=0.02)


def test_the_same_seed_gives_the_same_persons():
    first, second, other = make_persons(500), make_persons(500), make_persons(500, seed=1)
    assert first.table.equals(second.table)
    assert np.array_equal(first.person, second.person)
    assert not first.table.equals(other.table)


def test_a_fifth_of_the_rows_are_copies():
    persons = make_persons(1_000)
    assert len(persons.table) == len(persons.person) == 1_000
    assert len(np.unique(persons.person)) == 800
    assert persons.table["id"].is_unique


def test_large_groups_repeat_names_and_miss_a_quarter():
    table, person = made.large_groups()
    sizes = np.unique(person, return_counts=True)[1]
    assert sizes.max() == 20
    assert (sizes == 1).sum() == 300
    assert table.isna().to_numpy().mean() == pytest.approx(0.25, abs=0.01)
    full = table.dropna(subset=["full_name", "surname"])
    assert full["full_name"].str.split().str[-1].eq(full["surname"]).mean() > 0.5


def test_one_person_and_no_person_twice():
    assert set(made.one_person()[1]) == {0}
    person = made.different_persons()[1]
    assert len(np.unique(person)) == len(person)
