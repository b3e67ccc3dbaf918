"""Slips in values: what is exact stays, figures that tell things apart stay, any text is taken."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simsearch.training.pair_model.tables.source import CARE
from simsearch.training.pair_model.tables.words import language, objects
from simsearch.training.pair_model.tables.world import World
from simsearch.training.pair_model.tables.writing import with_slips, without_accents

VALUES = st.lists(st.one_of(st.none(), st.text(max_size=30)), min_size=1, max_size=12)
DAMAGED = CARE["damaged"]


def world(seed: int) -> World:
    return World(language("en"), np.random.default_rng(seed))


@given(VALUES, st.integers(0, 99))
def test_exact_columns_stay(values: list[str | None], seed: int) -> None:
    assert with_slips(objects(values), "serial", DAMAGED, world(seed)).tolist() == values


@given(VALUES, st.integers(0, 99))
def test_any_text_can_be_written_badly(values: list[str | None], seed: int) -> None:
    for column in ("given", "birth", "product"):
        after = with_slips(objects(values), column, DAMAGED, world(seed))
        assert len(after) == len(values)
        assert all(a is None for a, b in zip(after, values, strict=True) if b is None)


WORDS = st.lists(
    st.sampled_from(["drill", "AM7263", "18V", "cordless", "Filips", "x-2"]), max_size=8
)


@given(WORDS, st.integers(0, 99))
def test_figures_that_tell_products_apart_stay(words: list[str], seed: int) -> None:
    before = objects([" ".join(words)] * 5)
    figures = Counter(word for word in words if any(sign.isdigit() for sign in word))
    for after in with_slips(before, "product", DAMAGED, world(seed)):
        assert figures <= Counter(after.split())


@given(st.text(max_size=20))
def test_accents_come_off_once(value: str) -> None:
    assert without_accents(without_accents(value)) == without_accents(value)


def test_accents_known_by_heart() -> None:
    assert without_accents("Łukasz Müller, Straße, Íñigo") == "Lukasz Muller, Strasse, Inigo"
