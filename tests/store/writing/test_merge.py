"""Which segments are merged when more come, and what is copied then."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.distance import Metric
from simsearch.store.reading.items import MemoryItems
from simsearch.store.reading.segment import Segment
from simsearch.store.writing.merge import common_schema, living, to_merge
from tests.store.made import vectors


def grown(additions: list[int], most: int = 1 << 30) -> tuple[list[int], int]:
    """Segments after each addition was one, and the rows that were copied on the way."""
    rows: list[int] = []
    copied = 0
    for addition in additions:
        rows.append(addition)
        if taken := to_merge(rows, most):
            copied += sum(rows[-taken:])
            rows[-taken:] = [sum(rows[-taken:])]
    return rows, copied


def test_four_of_a_size_become_one() -> None:
    assert to_merge([], 1 << 30) == 0
    assert to_merge([2_000] * 3, 1 << 30) == 0
    assert to_merge([2_000] * 4, 1 << 30) == 4
    assert to_merge([100_000, 2_000, 2_000, 2_000, 2_000], 1 << 30) == 4


def test_a_merge_may_bring_on_the_next() -> None:
    assert to_merge([8_000, 8_000, 8_000, 2_000, 2_000, 2_000, 2_000], 1 << 30) == 7


def test_large_segments_are_left_alone() -> None:
    assert to_merge([60_000] * 4, 200_000) == 0


def test_many_small_additions_leave_few_segments_and_copy_little() -> None:
    rows, copied = grown([2_048] * 1_000)
    assert len(rows) <= 3 * 6
    assert copied <= 6 * 2_048 * 1_000


@given(st.lists(st.integers(1, 100_000), max_size=200))
def test_no_row_is_lost_and_segments_stay_few(additions: list[int]) -> None:
    rows, _ = grown(additions)
    assert sum(rows) == sum(additions)
    assert len(rows) <= 40


def segment(first: int, rows: int, **columns: pa.Array) -> Segment:
    ids = pa.array(range(first, first + rows))
    items = MemoryItems(ids, vectors(rows, first), pa.table(columns), Metric.EUCLIDEAN)
    return Segment(items, None, Metric.EUCLIDEAN)


NUMBERS = pa.array([1, 2, 3])
TEXTS = pa.array(["a", "b", "c"])


@pytest.mark.parametrize(
    ("columns", "common"),
    [
        ([{}, {}], []),
        ([{"n": NUMBERS}, {"n": NUMBERS}], ["n"]),
        ([{"n": NUMBERS}, {}], ["n"]),
        ([{"n": NUMBERS}, {"s": TEXTS}], ["n", "s"]),
        ([{"n": NUMBERS, "s": TEXTS}, {"s": TEXTS, "n": NUMBERS}], ["n", "s"]),
        ([{"n": NUMBERS}, {"n": TEXTS}], None),
        ([{"n": NUMBERS}, {"n": NUMBERS.cast(pa.int32())}], None),
        ([{"n": pa.nulls(3)}, {"n": NUMBERS}], ["n"]),
        ([{"n": NUMBERS}, {"n": pa.nulls(3)}], ["n"]),
    ],
)
def test_columns_that_can_stand_in_one_table(
    columns: list[dict[str, pa.Array]], common: list[str] | None
) -> None:
    schema = common_schema([segment(3 * n, 3, **each) for n, each in enumerate(columns)])
    if common is None:
        assert schema is None
        return
    assert schema is not None
    assert schema.names == common
    if "n" in common:
        assert schema.field("n").type == pa.int64()


def test_living_items_come_in_order_with_all_columns() -> None:
    segments = [
        segment(0, 3, n=NUMBERS).without(np.array([1])),
        segment(3, 3, s=TEXTS),
        segment(6, 3, n=pa.nulls(3)).without(np.arange(3)),
        segment(9, 2),
    ]
    batches = list(living(segments, common_schema(segments)))
    assert [ids.to_pylist() for ids, _, _ in batches] == [[0, 2], [3, 4, 5], [9, 10]]
    table = pa.concat_tables([table for _, _, table in batches])
    assert table.to_pydict() == {
        "n": [1, 3, None, None, None, None, None],
        "s": [None, None, "a", "b", "c", None, None],
    }
    for ids, made, _ in batches:
        first = 3 * (ids[0].as_py() // 3)
        rows = np.array(ids) - first
        np.testing.assert_array_equal(made, vectors(max(rows) + 1, first)[rows])


def test_living_items_as_they_are() -> None:
    segments = [segment(0, 3, n=NUMBERS), segment(3, 3, n=TEXTS), segment(6, 1)]
    tables = [table for _, _, table in living(segments, None)]
    assert [table.schema.names for table in tables] == [["n"], ["n"], []]
    assert tables[1]["n"].to_pylist() == ["a", "b", "c"]
