"""The items of small changes: what is left of them after each, compared with a dict."""

from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from simsearch.distance import Metric
from simsearch.store.format.changes import Change
from simsearch.store.reading.items import MemoryItems
from simsearch.store.reading.memory_segment import after, in_memory
from simsearch.store.reading.segment import Segment
from tests.store.made import vectors

WIDTH = 2


def change(removed: list[int], added: dict[int, int], column: str | None = "n") -> Change:
    """Vectors tell what the metadata should be: (id, value)."""
    table = {} if column is None else {column: pa.array(added.values(), pa.int64())}
    return Change(
        generation=2,
        parent="",
        published="",
        next_row=0,
        removed=pa.array(removed, pa.int64()),
        ids=pa.array(added.keys(), pa.int64()),
        vectors=np.array(list(added.items()), np.float32).reshape(-1, WIDTH),
        metadata=pa.record_batch(table),
    )


def memory(ids: list[int]) -> Segment:
    items = MemoryItems(
        pa.array(ids, pa.int64()),
        np.array([(n, 0) for n in ids], np.float32).reshape(-1, WIDTH),
        pa.table({"n": pa.array([0] * len(ids), pa.int64())}),
        Metric.EUCLIDEAN,
    )
    return Segment(items, None, Metric.EUCLIDEAN)


class Filed:
    """Stands for items that have files."""

    def __init__(self, items: Any) -> None:
        self._items = items

    def __getattr__(self, name: str) -> Any:
        return getattr(self._items, name)


def filed(segment: Segment) -> Segment:
    return Segment(Filed(segment.items), None, Metric.EUCLIDEAN)


def content(segments: list[Segment]) -> dict[int, int]:
    found: dict[int, int] = {}
    for segment in segments:
        alive = np.ones(segment.rows, bool) if segment.alive is None else segment.alive
        rows = np.flatnonzero(alive)
        ids = segment.items.ids.take(pa.array(rows)).to_pylist()
        assert not set(ids) & set(found)
        assert segment.items.vectors[rows][:, 0].tolist() == ids
        values = segment.items.vectors[rows][:, 1].astype(int).tolist()
        told = [next(iter(row.values()), None) for row in segment.items.metadata(rows)]
        assert all(t in (None, v) for t, v in zip(told, values, strict=True))
        assert segment.find(pa.array(ids, pa.int64())).tolist() == rows.tolist()
        found.update(zip(ids, values, strict=True))
    return found


steps = st.tuples(
    st.lists(st.integers(0, 9), unique=True, max_size=4),
    st.dictionaries(st.integers(0, 9), st.integers(1, 99), max_size=4),
    st.sampled_from(["n", "n", "m", None]),
)


@given(st.lists(steps, max_size=8), st.integers(0, 8), st.booleans())
def test_it_holds_what_a_dict_holds(
    life: list[tuple[Any, Any, Any]], cut: int, with_files: bool
) -> None:
    """Whether the changes come at once, one by one, or in two parts."""
    truth = dict.fromkeys(range(5), 0)
    changes = []
    for removed, added, column in life:
        gone = [n for n in truth if n in removed or n in added]
        changes.append(change(gone, added, column))
        truth = {n: v for n, v in truth.items() if n not in gone} | added
    base = filed(memory(list(range(5)))) if with_files else memory(list(range(5)))
    at_once = after([base], changes, Metric.EUCLIDEAN)
    halves = after(after([base], changes[:cut], Metric.EUCLIDEAN), changes[cut:], Metric.EUCLIDEAN)
    one_by_one = [base]
    for each in changes:
        one_by_one = after(one_by_one, [each], Metric.EUCLIDEAN)
    assert content(at_once) == content(halves) == content(one_by_one) == truth
    assert content([base]) == dict.fromkeys(range(5), 0)
    tail = [segment for segment in at_once if in_memory(segment)]
    assert all(segment.rows and segment.alive is None for segment in tail)
    assert len(at_once) - len(tail) == with_files


def test_changes_of_the_same_columns_stand_together() -> None:
    """However many there are, and whatever is removed between them."""
    changes = []
    for n in range(40):
        changes += [change([], {n: 1}), change([n], {}, None)]
    changes += [change([], {n: 1}) for n in range(100, 120)]
    (tail,) = after([], changes, Metric.EUCLIDEAN)
    assert tail.rows == 20
    assert in_memory(tail)


def test_other_columns_stand_apart() -> None:
    changes = [change([], {1: 1}, "n"), change([], {2: 2}, "m"), change([], {3: 3}, "m")]
    first, second = after([], changes, Metric.EUCLIDEAN)
    assert (first.items.schema.names, second.items.schema.names) == (["n"], ["m"])
    assert (first.rows, second.rows) == (1, 2)


def test_the_order_is_that_of_the_adding() -> None:
    changes = [change([], {5: 1, 3: 1}), change([3], {4: 1}), change([], {3: 2})]
    (tail,) = after([], changes, Metric.EUCLIDEAN)
    assert tail.items.ids.to_pylist() == [5, 4, 3]


def test_nothing_changes_nothing() -> None:
    base = memory([1, 2])
    (same,) = after([base], [], Metric.EUCLIDEAN)
    assert content([same]) == {1: 0, 2: 0}


def test_it_is_searched_and_filtered_as_any_segment() -> None:
    made = vectors(30, dimension=WIDTH)
    items = MemoryItems(pa.array(range(30)), made, pa.table({"n": range(30)}), Metric.EUCLIDEAN)
    segment = Segment(items, None, Metric.EUCLIDEAN).without(np.array([3]))
    assert (len(segment), segment.rows) == (29, 30)
    assert segment.find(pa.array([3, 4, 99])).tolist() == [-1, 4, -1]
    _, rows = segment.search(made[3:5], 1, None)
    assert rows[1, 0] == 4
    assert rows[0, 0] != 3
    ((rows_given, table),) = list(items.tables(["n"]))
    assert (rows_given, table["n"].to_pylist()) == (30, list(range(30)))
