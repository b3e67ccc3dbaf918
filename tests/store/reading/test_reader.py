"""One version, open for questions: several segments answer as one table would."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pytest

from simsearch.errors import QueryError
from simsearch.store.format import row_groups
from simsearch.store.format.history import Generation, History
from simsearch.store.format.segment_files import StoredItems
from simsearch.store.reading.memory_segment import in_memory
from simsearch.store.reading.reader import IndexReader
from simsearch.store.reading.segment import Segment
from simsearch.store.writing import publication
from simsearch.store.writing.writer import IndexWriter
from tests.store.made import DIMENSION, Vectors, add, create, everything, names, settings, vectors

DELETED = [3, 25, 99, 104, 131]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "made"


@pytest.fixture
def corpus(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Vectors:
    """134 rows in segments of at most 40, in memory 100 to 133; five of them deleted."""
    monkeypatch.setattr(publication, "SEGMENT_NUMBERS", 40 * DIMENSION)
    made = [create(folder, 100)]
    with IndexWriter(folder) as writer:
        made += [add(writer, 100, 30, seed=1), add(writer, 130, 4, seed=2)]
        writer.publish()
        writer.remove([f"key-{n}" for n in DELETED])
        writer.publish()
    return np.concatenate(made)


def fulfilling(reader: IndexReader, where: str) -> list[Any]:
    """Ids of the items that fulfil a condition."""
    return list(reader.ids(reader.positions(reader.matching(where))).to_pylist())


def living(reader: IndexReader) -> dict[str, int]:
    """Positions by id."""
    positions = reader.positions_of(pa.array(names(0, 134)))
    found = zip(names(0, 134), positions.tolist(), strict=True)
    return {name: position for name, position in found if position >= 0}


def distances(queries: Vectors, corpus: Vectors) -> Vectors:
    found: Vectors = np.linalg.norm(queries[:, None] - corpus[None], axis=-1)
    found[:, DELETED] = np.inf
    return found


@pytest.mark.parametrize("queries", [1, 9, 40])
def test_search_merges_segments(folder: Path, corpus: Vectors, queries: int) -> None:
    reader = IndexReader.open(folder)
    assert [segment.rows for segment in reader.segments] == [40, 40, 20, 32]
    assert [in_memory(segment) for segment in reader.segments] == [False] * 3 + [True]
    asked = vectors(queries, 5)
    values, positions = reader.search(asked, 25)
    truth = distances(asked, corpus)
    found = [int(name.partition("-")[2]) for name in reader.ids(positions.ravel()).to_pylist()]
    np.testing.assert_array_equal(
        np.reshape(found, positions.shape), np.argsort(truth, axis=1)[:, :25]
    )
    np.testing.assert_allclose(values, np.sort(truth, axis=1)[:, :25], rtol=1e-4)


def test_all_there_are_and_no_more(folder: Path, corpus: Vectors) -> None:
    reader = IndexReader.open(folder)
    values, positions = reader.search(vectors(2, 5), 1_000)
    # The two that were deleted from the changes are in no segment any more.
    assert values.shape == positions.shape == (2, 132)
    assert (positions[:, :129] >= 0).all()
    assert (positions[:, 129:] == -1).all()
    assert np.isnan(values[:, 129:]).all()
    assert len(reader) == 129
    assert set(positions[0, :129].tolist()) == set(living(reader).values())


def test_conditions_go_over_all_segments(folder: Path, corpus: Vectors) -> None:
    reader = IndexReader.open(folder)
    wanted = reader.matching("n % 10 = 3")
    _, positions = reader.search(vectors(9, 5), 25, wanted)
    for row in positions:
        found = {told["n"] for told in reader.metadata(row[row >= 0])}
        assert found == set(range(13, 134, 10))
    assert sorted(fulfilling(reader, "n >= 100 AND n < 106")) == sorted(
        f"key-{n}" for n in (100, 101, 102, 103, 105)
    )
    assert fulfilling(reader, "id = 'key-25'") == []
    assert reader.matching(None) == [None] * 4


def test_a_condition_is_worked_out_once(folder: Path, corpus: Vectors) -> None:
    reader = IndexReader.open(folder)
    masks = reader.matching("n % 10 = 3")
    with patch.object(Segment, "matches", side_effect=AssertionError("again")):
        again = reader.matching("n % 10 = 3")
        with pytest.raises(AssertionError, match="again"):
            reader.matching("n % 10 = 4")
    assert sum(mask.sum() for mask in masks if mask is not None) == 13
    for one, other in zip(masks, again, strict=True):
        np.testing.assert_array_equal(one, other)
        with pytest.raises(ValueError, match="read-only"):
            other[0] = True


@pytest.mark.parametrize("where", [None, "n % 2 = 0", "1 = 0"])
@pytest.mark.parametrize("threshold", [0.0, 1.5, 2.5, 100.0])
def test_all_within_a_distance(
    folder: Path, corpus: Vectors, threshold: float, where: str | None
) -> None:
    reader = IndexReader.open(folder)
    asked = np.concatenate([vectors(4, 5), corpus[7:8]])
    limits, values, positions = reader.within(asked, threshold, reader.matching(where))
    truth = distances(asked, corpus)
    if where is not None:
        truth[:, 1 :: 2 if "2" in where else 1] = np.inf
        if "1 = 0" in where:
            truth[:] = np.inf
    assert limits.tolist() == [0, *np.cumsum((truth <= threshold).sum(axis=1)).tolist()]
    for query in range(5):
        part = slice(limits[query], limits[query + 1])
        rows = [told["n"] for told in reader.metadata(positions[part])]
        expected = np.flatnonzero(truth[query] <= threshold)
        assert sorted(rows) == expected.tolist()
        np.testing.assert_allclose(values[part], np.sort(truth[query][expected]), atol=1e-3)
        assert (np.diff(values[part]) >= 0).all()


def test_positions_vectors_ids_and_metadata_belong_together(folder: Path, corpus: Vectors) -> None:
    reader = IndexReader.open(folder)
    places = living(reader)
    assert len(places) == 129
    rng = np.random.default_rng(0)
    some = rng.choice(sorted(places), 60)  # in no order, some twice
    positions = reader.positions_of(pa.array(some))
    numbers = [int(name.partition("-")[2]) for name in some]
    assert reader.ids(positions).to_pylist() == some.tolist()
    assert [told["n"] for told in reader.metadata(positions)] == numbers
    np.testing.assert_array_equal(reader.vectors(positions), corpus[numbers])
    assert reader.positions_of(pa.array([f"key-{n}" for n in [*DELETED, -1]])).tolist() == [-1] * 6
    none = np.empty(0, np.int64)
    assert (reader.metadata(none), len(reader.ids(none))) == ([], 0)
    assert reader.vectors(none).shape == (0, DIMENSION)


def test_an_index_without_items_finds_nothing(folder: Path) -> None:
    create(folder, 0)
    reader = IndexReader.open(folder)
    values, positions = reader.search(vectors(3), 5)
    assert values.shape == positions.shape == (3, 0)
    limits, values, positions = reader.within(vectors(3), 1.0)
    assert (limits.tolist(), len(values), len(positions)) == ([0, 0, 0, 0], 0, 0)
    assert reader.matching("1 = 1") == []
    assert (tuple(reader.types), len(reader)) == ((), 0)


def test_a_reader_stays_as_it_is(folder: Path, corpus: Vectors) -> None:
    reader = IndexReader.open(folder)
    before = reader.search(corpus[:5], 10)
    with IndexWriter(folder) as writer:
        writer.remove(names(0, 100))
        writer.upsert(names(110, 2), vectors(2, 7))
        newer = writer.publish()
        writer.compact()
        writer.prune()
    again = reader.search(corpus[:5], 10)
    np.testing.assert_array_equal(again[1], before[1])
    assert (len(reader), len(newer)) == (129, 32)


def test_files_are_shared_between_versions(folder: Path, corpus: Vectors) -> None:
    """A small change does not open what was opened before."""
    reader = IndexReader.open(folder)
    reader.search(corpus[:1], 1)
    with IndexWriter(folder, reader=reader) as writer:
        add(writer, 200, 1)
        newer = writer.publish()
    shared = reader.stored_items
    assert len(shared) == 3
    assert {name: id(items) for name, items in newer.stored_items.items()} == {
        name: id(items) for name, items in shared.items()
    }


@pytest.mark.parametrize(
    ("queries", "reason"),
    [
        (np.zeros((1, 5), np.float32), r"shape \(1, 5\); the index takes rows of 6"),
        (np.zeros(6, np.float32), r"shape \(6,\)"),
        (np.full((1, 6), np.nan, np.float32), "vector 1 of 1 holds NaN"),
        (np.full((2, 6), 1e39), "too large"),
        ([[0.0] * 6], "not list"),
        (np.array([["a"] * 6]), "of type <U1"),
    ],
)
def test_queries_that_cannot_be_answered(folder: Path, queries: Vectors, reason: str) -> None:
    create(folder)
    reader = IndexReader.open(folder)
    for ask in (lambda: reader.search(queries, 1), lambda: reader.within(queries, 1.0)):
        with pytest.raises(QueryError, match=reason):
            ask()


def test_the_order_of_metadata_is_that_of_the_ids(folder: Path) -> None:
    create(folder, 5_000)
    positions = np.array([4_999, 0, 2_048, 2_047, 0], np.int64)
    found = IndexReader.open(folder).metadata(positions)
    assert [told["n"] for told in found] == positions.tolist()


def test_conditions_go_through_every_row_group(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_groups, "TOGETHER", 2)
    create(folder, 10_001)
    reader = IndexReader.open(folder)
    assert isinstance(reader.segments[0].items, StoredItems)
    assert len(list(reader.segments[0].items.tables(["n"]))) == 3
    for condition, numbers in [
        ("n % 2000 = 1", [1, 2001, 4001, 6001, 8001]),
        ("id IN ('key-2047', 'key-2048', 'key-10000')", [2047, 2048, 10000]),
        ("1 = 0", []),
    ]:
        assert fulfilling(reader, condition) == [f"key-{n}" for n in numbers]
    assert len(fulfilling(reader, "1 = 1")) == 10_001


def test_a_segment_may_lack_a_column(folder: Path) -> None:
    create(folder, 3)
    with IndexWriter(folder) as writer:
        writer.add(["more"], vectors(1), {"name": ["x"], "town": ["Leeds"]})
        writer.add(["bare"], vectors(1))
        reader = writer.publish()
    assert tuple(reader.types) == ("name", "n", "town")
    for condition, ids in [
        ("town = 'Leeds'", ["more"]),
        ("n >= 2", ["key-2"]),
        ("id = 'more'", ["more"]),
        ("town IS NULL", ["key-0", "key-1", "key-2", "bare"]),
    ]:
        assert fulfilling(reader, condition) == ids
    with pytest.raises(QueryError, match="no stored column 'city'"):
        reader.matching("city = 'Leeds'")


def test_numbers_for_ids(folder: Path) -> None:
    with IndexWriter(folder) as writer:
        writer.start(settings())
        writer.add([-(2**63), -1, 0, 2**63 - 1], vectors(4))
        reader = writer.publish()
    sought = pa.array([2**63 - 1, 5, -(2**63), -1])
    assert reader.positions_of(sought).tolist() == [3, -1, 0, 1]
    assert fulfilling(reader, "id < 0") == [-(2**63), -1]


@pytest.mark.parametrize("moment", ["listed", "read"])
def test_what_is_pruned_while_it_is_opened_is_looked_for_again(
    folder: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(folder)
    with IndexWriter(folder) as writer:
        add(writer, 100, 1)
        writer.publish()
    del writer  # it has that version open
    waiting = [True]

    def prune_first() -> None:
        """What another process may do at this moment, once."""
        if waiting.pop() if waiting else False:
            with IndexWriter(folder) as writer:
                writer.compact()
                writer.prune()

    def newest(history: History) -> Generation:
        if moment == "listed":
            prune_first()
        found = whole_newest(history)
        prune_first()
        return found

    whole_newest = History.newest
    monkeypatch.setattr(History, "newest", newest)
    reader = IndexReader.open(folder)
    assert (len(reader), reader.generation.number, reader.generation.problems) == (21, 3, ())
    assert len(everything(reader)) == 21
