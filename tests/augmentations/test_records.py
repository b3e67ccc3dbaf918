"""Damaged copies: same shape, same seed, still recognisable."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from simsearch.augmentations.records import Corruption, corrupt
from simsearch.errors import OptionError

NONE = Corruption(slip=0, words=0, missing=0, swapped=0)
TABLE = pa.table(
    {
        "name": [f"william number{i} street" for i in range(400)],
        "city": [f"town{i % 7}" for i in range(400)],
        "year": list(range(400)),
    }
)


def test_the_shape_stays_and_the_seed_decides() -> None:
    once = corrupt(TABLE, seed=3)
    assert once.schema == TABLE.schema
    assert once.equals(corrupt(TABLE, seed=3))
    assert not once.equals(corrupt(TABLE, seed=4))
    assert once["year"].equals(TABLE["year"])
    assert corrupt(TABLE, corruption=NONE).equals(TABLE)


def test_a_slip_is_a_small_edit() -> None:
    slips = Corruption(slip=1, words=0, missing=0, swapped=0)
    after = corrupt(TABLE, corruption=slips)["city"].to_pylist()
    distances = [
        Levenshtein.distance(a, b) for a, b in zip(TABLE["city"].to_pylist(), after, strict=True)
    ]
    assert max(distances) <= 4  # `town3` may be cut to an initial, at worst
    assert sum(d > 0 for d in distances) > 300


def test_known_short_forms_are_used() -> None:
    slips = Corruption(slip=1, words=0, missing=0, swapped=0)
    after = corrupt(TABLE, corruption=slips)["name"].to_pylist()
    assert any(value.startswith("bill ") for value in after)
    assert any(value.endswith(" st") for value in after)


def test_words_move_and_vanish() -> None:
    words = Corruption(slip=0, words=1, missing=0, swapped=0)
    after = [value.split() for value in corrupt(TABLE, corruption=words)["name"].to_pylist()]
    before = [value.split() for value in TABLE["name"].to_pylist()]
    pairs = list(zip(before, after, strict=True))
    assert any(a != b and sorted(a) == sorted(b) for a, b in pairs)
    assert any(len(a) > len(b) for a, b in pairs)


def test_swapped_columns_keep_their_values() -> None:
    after = corrupt(TABLE, corruption=Corruption(slip=0, words=0, missing=0, swapped=1))
    assert after["name"].equals(TABLE["city"])
    assert after["city"].equals(TABLE["name"])


def test_no_row_loses_its_last_value() -> None:
    table = pa.table({"a": ["x", None, None], "b": ["y", "z", None]})
    for seed in range(20):
        after = corrupt(table, corruption=Corruption(missing=0.9), seed=seed).to_pylist()
        assert [any(row.values()) for row in after] == [True, True, False]


@given(st.lists(st.one_of(st.none(), st.text(max_size=8)), max_size=8), st.integers(0, 99))
def test_any_text_can_be_corrupted(values: list[str | None], seed: int) -> None:
    table = pa.table({"a": pa.array(values, pa.string())})
    all_of_it = Corruption(slip=1, words=1, missing=0.5, swapped=1)
    assert corrupt(table, corruption=all_of_it, seed=seed).num_rows == len(values)


def test_a_share_out_of_range_is_named() -> None:
    with pytest.raises(OptionError, match="slip"):
        Corruption(slip=1.5)
