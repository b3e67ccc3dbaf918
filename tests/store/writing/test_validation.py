"""What a user gives: ids and metadata of every sort, taken or refused in one line."""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.distance import Metric
from simsearch.errors import VectorIndexError
from simsearch.store.writing.validation import (
    as_ids,
    as_metadata,
    owned,
    valid_batch,
    with_id_type,
)
from tests.store.made import settings, vectors

TEXTS: list[Any] = [
    ["a", "b"],
    ("a", "b"),
    {"a": 1, "b": 2},
    iter(["a", "b"]),
    np.array(["a", "b"]),
    np.array(["a", "b"], object),
    [np.str_("a"), "b"],
    pd.Series(["a", "b"]),
    pd.Series(["a", "b"], index=[7, 9]),
    pd.Index(["a", "b"]),
    pd.Categorical(["a", "b"]),
    pa.array(["a", "b"]),
    pa.array(["a", "b"], pa.large_string()),
    pa.array(["x", "a", "b"]).slice(1),
    pa.chunked_array([["a"], [], ["b"]]),
    [pa.scalar("a"), pa.scalar("b")],
]
NUMBERS: list[Any] = [
    [1, 2],
    range(1, 3),
    (n for n in (1, 2)),
    np.array([1, 2]),
    np.array([1, 2], np.int8),
    np.array([1, 2], np.uint64),
    np.array([1, 9, 2, 9])[::2],
    [np.int64(1), 2],
    pd.Series([1, 2]),
    pa.array([1, 2], pa.uint8()),
    pa.chunked_array([[1], [2]]),
]


def shown(value: object) -> str:
    return f"{type(value).__name__} {value!s:.20}".replace("\n", " ")


@pytest.mark.parametrize("ids", TEXTS, ids=shown)
def test_texts_are_ids(ids: Any) -> None:
    found = as_ids(ids, None)
    assert found.type == pa.string()
    assert found.to_pylist() == ["a", "b"]


@pytest.mark.parametrize("ids", NUMBERS, ids=shown)
def test_whole_numbers_are_ids(ids: Any) -> None:
    found = as_ids(ids, None)
    assert found.type == pa.int64()
    assert found.to_pylist() == [1, 2]


@pytest.mark.parametrize(
    "ids", [["", "ä", "\0", "日本", "x" * 10_000], [0, -1, 2**63 - 1, -(2**63)]]
)
def test_odd_ids_are_ids(ids: list[Any]) -> None:
    assert as_ids(ids, None).to_pylist() == ids


@pytest.mark.parametrize(
    ("ids", "reason"),
    [
        ([1, "a"], "all texts or all whole numbers"),
        (["a", 1], "all texts or all whole numbers"),
        (np.array(["a", 1], object), "all texts or all whole numbers"),
        ([True, False], "not bool"),
        ([1, True], "all texts or all whole numbers"),
        (np.array([True]), "not bool"),
        ([1.0], "not double"),
        ([1, 2.5], "not double"),
        (np.array([1.0]), "not double"),
        (pd.Series([1.0]), "not double"),
        ([None], "an id is missing, in place 0"),
        (["a", None], "an id is missing, in place 1"),
        ([1, None], "an id is missing, in place 1"),
        (pa.array(["a", None]), "an id is missing, in place 1"),
        (pd.Series([1, pd.NA], dtype="Int64"), "all texts or all whole numbers"),
        (pd.Series(["a", None]), "all texts or all whole numbers"),
        ([float("nan"), "a"], "all texts or all whole numbers"),
        ([2**63], "all texts or all whole numbers"),
        ([2**70], "all texts or all whole numbers"),
        ([-(2**63) - 1], "all texts or all whole numbers"),
        (np.array([1, 2**63], np.uint64), "an id is too large"),
        (["\ud800"], "all texts or all whole numbers"),
        ([b"a"], "not binary"),
        (np.array([b"a"]), "not binary"),
        ([[1]], "not list"),
        (np.array([[1]]), "all texts or all whole numbers"),
        ([object()], "all texts or all whole numbers"),
        (np.array(["2020-01-01"], "M8[D]"), "not date32"),
        ("abc", "ids come in a list, not as one text, 'abc'"),
        (b"abc", "ids come in a list"),
        (5, "all texts or all whole numbers"),
        (None, "all texts or all whole numbers"),
    ],
    ids=shown,
)
def test_what_is_no_id(ids: Any, reason: str) -> None:
    with pytest.raises(VectorIndexError, match=reason) as refused:
        as_ids(ids, None)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "none", [[], (), np.array([]), np.array([], "U1"), pa.array([]), pd.Index([])]
)
def test_no_ids_are_of_any_type(none: Any) -> None:
    assert as_ids(none, None).type == pa.string()
    assert as_ids(none, "string").type == pa.string()
    assert as_ids(none, "integer").type == pa.int64()


def test_ids_stay_of_the_type_that_the_index_has() -> None:
    assert as_ids(["1"], "string").to_pylist() == ["1"]
    with pytest.raises(VectorIndexError, match="ids of this index are texts, not such as 1"):
        as_ids([1], "string")
    with pytest.raises(
        VectorIndexError, match="ids of this index are whole numbers, not such as '1'"
    ):
        as_ids(["1"], "integer")


@given(
    st.lists(st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text()), max_size=4)
)
def test_ids_are_taken_as_they_are_or_refused(ids: list[Any]) -> None:
    try:
        found = as_ids(ids, None)
    except VectorIndexError:
        return
    assert found.to_pylist() == ids
    assert {type(value) for value in ids} in (set(), {int}, {str})


class Odd:
    pass


@pytest.mark.parametrize(
    "metadata",
    [
        {"n": [1, 2], "s": ["x", None]},
        {"n": np.array([1, 2]), "s": pa.array(["x", None])},
        [{"n": 1, "s": "x"}, {"n": 2, "s": None}],
        ({"n": n, "s": s} for n, s in ((1, "x"), (2, None))),
        [{"n": 1, "s": "x"}, {"n": 2}],
        pd.DataFrame({"n": [1, 2], "s": ["x", None]}, index=[5, 6]),
        pa.table({"n": [1, 2], "s": ["x", None]}),
        pa.record_batch({"n": [1, 2], "s": ["x", None]}),
        pa.table({"n": pa.chunked_array([[1], [2]]), "s": pa.chunked_array([["x", None]])}),
        pa.table({"n": [1, 2], "s": ["x", None]}).replace_schema_metadata({"a": "b"}),
    ],
    ids=shown,
)
def test_metadata_come_in_many_forms(metadata: Any) -> None:
    table = as_metadata(metadata, 2)
    assert table.to_pydict() == {"n": [1, 2], "s": ["x", None]}
    assert table.schema.metadata is None
    assert all(column.num_chunks == 1 for column in table.columns)


@pytest.mark.parametrize("metadata", [None, {}, [{}, {}], pa.table({}), pd.DataFrame(index=[0, 1])])
def test_there_may_be_no_metadata(metadata: Any) -> None:
    assert as_metadata(metadata, 2).num_columns == 0


def test_rows_need_not_have_the_same_columns() -> None:
    table = as_metadata([{"a": 1}, {"b": "x"}, {}], 3)
    assert table.to_pydict() == {"a": [1, None, None], "b": [None, "x", None]}


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        ({"n": [1]}, "1 rows of metadata for 2 items"),
        ([{"n": 1}], "1 rows of metadata for 2 items"),
        ({"n": [1, 2], "m": [1]}, "cannot be stored"),
        ({"n": 5}, "cannot be stored"),
        ({"n": ["x", 1]}, "cannot be stored"),
        ({"n": [2**70, 1]}, "cannot be stored"),
        ({"n": ["\ud800", "b"]}, "cannot be stored"),
        ({"n": [Odd(), 1]}, "cannot be stored"),
        ({"n": np.zeros((2, 2))}, "cannot be stored"),
        ({"n": [{}, {}]}, "cannot be stored as Parquet"),
        ({"n": pa.array([(1, 2, 3)] * 2, pa.month_day_nano_interval())}, "cannot be stored"),
        ({1: [1, 2]}, "cannot be stored"),
        ([{1: 2}, {1: 3}], "cannot be stored"),
        ([{"a": 1}, {"a": "x"}], "cannot be stored"),
        ([1, 2], "cannot be stored"),
        ([{"a": 1}, 2], "cannot be stored"),
        ("ab", "cannot be stored"),
        (5, "cannot be stored"),
        (pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"]), "cannot be stored"),
        (pa.table([[1, 2], [3, 4]], names=["a", "a"]), "two columns .* the same name"),
    ],
    ids=shown,
)
def test_metadata_that_cannot_be_stored(metadata: Any, reason: str) -> None:
    with pytest.raises(VectorIndexError, match=reason):
        as_metadata(metadata, 2)


WHOLE = vectors(3)


@pytest.mark.parametrize(
    "given_vectors",
    [
        WHOLE.astype(np.float64),
        WHOLE.astype(np.float16),
        np.asfortranarray(WHOLE),
        np.repeat(WHOLE, 2, axis=0)[::2],
        np.arange(18).reshape(3, 6),
        np.arange(18, dtype=np.int8).reshape(3, 6),
        WHOLE.astype(">f4"),
    ],
    ids=lambda value: str(value.dtype),
)
def test_vectors_of_every_number(given_vectors: Any) -> None:
    batch = valid_batch(settings(), ["a", "b", "c"], given_vectors, None)
    np.testing.assert_array_equal(batch.vectors, given_vectors.astype(np.float32))
    assert batch.vectors.dtype == np.dtype("<f4")
    assert batch.vectors.flags.c_contiguous


def spoilt(value: float, row: int = 1, dtype: str = "f8") -> Any:
    out = WHOLE.astype(dtype)
    out[row, -1] = value
    return out


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (spoilt(np.nan), "vector 2 of 3 holds NaN, infinite or too large"),
        (spoilt(np.inf, 0, "f4"), "vector 1 of 3 holds"),
        (spoilt(-np.inf, 2), "vector 3 of 3 holds"),
        (spoilt(1e39), "vector 2 of 3 holds"),
        (WHOLE[:, :5], r"shape \(3, 5\); the index takes rows of 6"),
        (WHOLE[0], r"shape \(6,\)"),
        (WHOLE[None], r"shape \(1, 3, 6\)"),
        (WHOLE[:2], "2 vectors for 3 ids"),
        (WHOLE[:0], "0 vectors for 3 ids"),
        (WHOLE.astype(str), "of type <U"),
        (WHOLE.astype(object), "of type object"),
        (WHOLE > 0, "of type bool"),
        (WHOLE.astype(np.uint8), "of type uint8"),
        (WHOLE.astype(complex), "of type complex128"),
        (WHOLE.tolist(), "a NumPy array of 6 columns, not list"),
        (pd.DataFrame(WHOLE), "not DataFrame"),
        (None, "not NoneType"),
    ],
    ids=shown,
)
def test_vectors_that_are_refused(bad: Any, reason: str) -> None:
    with pytest.raises(VectorIndexError, match=reason):
        valid_batch(settings(), ["a", "b", "c"], bad, None)


def test_bits_come_in_bytes() -> None:
    bits = settings(metric=Metric.HAMMING, dimension=16)
    for bad in (vectors(1, dimension=2), np.zeros((1, 2), np.int8), np.zeros((1, 16), np.uint8)):
        with pytest.raises(VectorIndexError, match=r"bytes of packed bits|rows of 2"):
            valid_batch(bits, ["a"], bad, None)


@pytest.mark.parametrize("ids", [["a", "b", "a"], [3, 1, 3]])
def test_an_id_comes_once(ids: list[Any]) -> None:
    with pytest.raises(VectorIndexError, match=f"two of the items have the same id, {ids[0]!r}"):
        valid_batch(settings(), ids, WHOLE, None)


def test_cosine_takes_directions() -> None:
    made = WHOLE.copy()
    made[1] = 0
    batch = valid_batch(settings(metric=Metric.COSINE), [1, 2, 3], made * 7, None)
    np.testing.assert_allclose(np.linalg.norm(batch.vectors, axis=1), [1, 0, 1], rtol=1e-6)


def test_what_is_owned_does_not_change_with_what_was_given() -> None:
    ids, made, numbers = np.array([1, 2, 3]), WHOLE.copy(), np.array([7, 8, 9])
    batch = owned(valid_batch(settings(), ids, made, {"n": numbers}))
    ids[:], made[:], numbers[:] = 0, 0, 0
    assert batch.ids.to_pylist() == [1, 2, 3]
    assert batch.metadata.to_pydict() == {"n": [7, 8, 9]}
    np.testing.assert_array_equal(batch.vectors, WHOLE)


def test_the_first_ids_decide() -> None:
    assert with_id_type(settings(), pa.array(["a"])).id_type == "string"
    assert with_id_type(settings(), pa.array([1])).id_type == "integer"
