"""Columns that hold one thing in a segment and another in the next are one column."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.store.reading.columns import as_known, common_types, stored_column
from simsearch.store.vector_index import VectorIndex

values = st.one_of(
    st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=4),
    st.lists(st.floats(allow_nan=False, width=32), min_size=1, max_size=4),
    st.lists(st.text(max_size=3), min_size=1, max_size=4),
    st.lists(st.booleans(), min_size=1, max_size=4),
    st.lists(st.dates(), min_size=1, max_size=4),
    st.just([None, None]),
    st.just([[1, 2], [3]]),
)


@given(st.lists(values, min_size=1, max_size=4))
def test_every_part_can_be_had_as_the_common_type(parts: list[list[Any]]) -> None:
    tables = [pa.table({"a": part}) for part in parts]
    types = common_types(table.schema for table in tables)
    columns = [stored_column(table, table.num_rows, "a", types["a"]) for table in tables]
    assert {column.type for column in columns} == {types["a"]}
    for table, column in zip(tables, columns, strict=True):
        assert column.is_null().to_pylist() == table["a"].is_null().to_pylist()
        if table.schema.field("a").type == types["a"]:
            assert column.to_pylist() == table["a"].to_pylist()


@pytest.mark.parametrize(
    ("first", "second", "common"),
    [
        (pa.int64(), pa.int64(), pa.int64()),
        (pa.int64(), pa.float64(), pa.float64()),
        (pa.string(), pa.int64(), pa.string()),
        (pa.date32(), pa.string(), pa.string()),
        (pa.null(), pa.date32(), pa.date32()),
        (pa.bool_(), pa.int64(), pa.string()),
    ],
)
def test_numbers_widen_and_what_differs_is_text(
    first: pa.DataType, second: pa.DataType, common: pa.DataType
) -> None:
    for pair in ((first, second), (second, first)):
        assert common_types(pa.schema([("a", type_)]) for type_ in pair) == {"a": common}


def test_a_column_that_is_not_there_is_null() -> None:
    table = pa.table({"a": [1, 2]})
    assert stored_column(table, 2, "b", pa.string()).to_pylist() == [None, None]
    assert stored_column(pa.table({}), 3, "b", pa.int64()).to_pylist() == [None] * 3


def test_a_condition_means_the_same_in_all_segments(tmp_path: Path) -> None:
    """Once an item had a number where others had a text, no condition on it was answered."""
    index = VectorIndex.create(tmp_path / "made", 2)
    index.add([1, 2], np.eye(2, dtype=np.float32), {"city": ["Rome", "7"]})
    index.add([3, 4], np.eye(2, dtype=np.float32), {"city": [7, None]})

    def found(where: str) -> set[int]:
        return set(index.search(np.eye(2, dtype=np.float32)[:1], 4, where=where).ids[0]) - {-1}

    for _ in range(2):  # as written, and merged
        assert found("city = 'Rome'") == {1}
        assert found("city = '7'") == {2, 3}
        assert found("city IS NULL") == {4}
        index.compact()
    table = tmp_path / "table.parquet"
    assert index.export(table, table=True) == 4
    assert index.remove(where="city = '7'") == 2


def test_new_rows_come_in_known_types() -> None:
    long = 2**53 + 1
    types = {"a": pa.float64(), "b": pa.string(), "c": pa.int64(), "d": pa.large_string()}

    def known(**columns: list[Any]) -> pa.Schema:
        return as_known(pa.table(columns), types).schema

    assert known(a=[1], e=[2]) == pa.schema([("a", pa.float64()), ("e", pa.int64())])
    assert known(a=[long]) == pa.schema([("a", pa.int64())])  # its last digit would go
    assert known(b=[1], c=["x"]) == pa.schema([("b", pa.int64()), ("c", pa.string())])
    assert known(a=[None], c=[2.5]) == pa.schema([("a", pa.float64()), ("c", pa.float64())])
    assert known(d=["x"]) == pa.schema([("d", pa.large_string())])


def test_whole_numbers_and_fractions_share_segments(tmp_path: Path) -> None:
    """Each change of type began a segment, and none of them was ever merged."""
    index = VectorIndex.create(tmp_path / "made", 2)
    prices = [5, 2.5, None, 7, 1, 0.25] * 60
    for number, price in enumerate(prices):
        index.add([number], np.ones((1, 2), np.float32), {"price": [price]})
    index.compact()
    assert [segment.rows for segment in index.info().segments] == [1, 359]
    assert [row["price"] for row in index.metadata(range(360))] == prices
    assert index.search(np.ones((1, 2)), 360, where="price > 3").ids[0, :120].min() == 0
