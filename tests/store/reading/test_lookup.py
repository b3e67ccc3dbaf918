"""Finding ids, compared with a dict."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.store.reading.lookup import find, order_of

texts = st.one_of(
    st.text(max_size=4),
    st.sampled_from(["", "a", "á", "á", "日本", "\0", "\U0001f600", "ab" * 500, "ab" * 500 + "c"]),
)
numbers = st.one_of(st.integers(-4, 4), st.integers(-(2**63), 2**63 - 1))


def check(sought: list[object], ids: list[object], kind: pa.DataType) -> None:
    known = pa.array(ids, kind)
    rows = {identifier: row for row, identifier in enumerate(ids)}
    expected = [rows.get(identifier, -1) for identifier in sought]
    found = find(pa.array(sought, kind), known, order_of(known))
    assert found.dtype == np.int64
    assert found.tolist() == expected


@given(st.lists(texts, max_size=30), st.lists(texts, unique=True, max_size=30))
def test_texts(sought: list[object], ids: list[object]) -> None:
    check(sought, ids, pa.string())
    check([*sought, *ids], ids, pa.string())


@given(st.lists(numbers, max_size=30), st.lists(numbers, unique=True, max_size=30))
def test_numbers(sought: list[object], ids: list[object]) -> None:
    check(sought, ids, pa.int64())
    check([*sought, *ids], ids, pa.int64())


@pytest.mark.parametrize("many", [1, 16, 17, 100, 5_000])
def test_few_and_many_are_found_alike(many: int) -> None:
    """A binary search for few, a hash table for many: the border is at 16 and at 1/64."""
    rng = np.random.default_rng(many)
    ids = rng.permutation(10_000)[:4_000] - 5_000
    sought = rng.integers(-5_000, 5_000, many)
    check(sought.tolist(), ids.tolist(), pa.int64())
    check([f"ä{n}" for n in sought], [f"ä{n}" for n in ids], pa.string())


def test_a_slice_of_ids_has_rows_of_its_own() -> None:
    whole = pa.array(["x", "b", "a", "c", "y"])
    part = whole.slice(1, 3)
    assert find(pa.array(["a", "x", "c"]), part, order_of(part)).tolist() == [1, -1, 2]


def test_the_order_is_that_of_the_ids() -> None:
    assert order_of(pa.array([3, -1, 2])).tolist() == [1, 2, 0]
    assert order_of(pa.array(["b", "", "á", "a"])).tolist() == [1, 3, 0, 2]
    assert order_of(pa.array([], pa.string())).tolist() == []
