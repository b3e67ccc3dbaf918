"""VectorIndex, from the outside: everything that its docstrings promise."""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from simsearch.distance import Metric
from simsearch.errors import (
    IndexExistsError,
    IndexLockedError,
    IndexNotFoundError,
    OptionError,
    QueryError,
    VectorIndexError,
)
from simsearch.store.join import JoinOptions
from simsearch.store.options import IndexOptions
from simsearch.store.vector_index import VectorIndex
from simsearch.store.writing.writer import IndexWriter
from tests.store.made import DIMENSION, LARGE, Vectors, files, vectors

ROWS = 60
CORPUS = vectors(ROWS)
QUERIES = vectors(7, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "made"


@pytest.fixture
def index(folder: Path) -> VectorIndex:
    """60 items, half of them in a segment and half in changes, called by number."""
    index = VectorIndex.create(folder, DIMENSION, metric="euclidean")
    for first in (0, 30, 45):
        rows = range(first, {0: 30, 30: 45, 45: 60}[first])
        index.add(rows, CORPUS[rows], {"n": rows, "word": [f"w{n % 3}" for n in rows]})
    return index


def truth(queries: Vectors, corpus: Vectors, metric: str) -> Vectors:
    """Scores or distances, longhand: (m, n)."""
    one, other = queries[:, None].astype(float), corpus[None].astype(float)
    if metric == "hamming":
        bits: Vectors = np.unpackbits(queries[:, None] ^ corpus[None], axis=-1).sum(axis=-1)
        return bits
    if metric == "cosine":
        one = one / np.linalg.norm(one, axis=-1, keepdims=True)
        other = other / np.linalg.norm(other, axis=-1, keepdims=True)
    if metric in ("cosine", "inner_product"):
        return (one * other).sum(axis=-1)
    if metric == "euclidean":
        found: Vectors = np.linalg.norm(one - other, axis=-1)
        return found
    return np.abs(one - other).sum(axis=-1)


@pytest.mark.parametrize("metric", [metric.value for metric in Metric])
def test_every_metric_from_making_to_asking(folder: Path, metric: str) -> None:
    corpus, queries, dimension = CORPUS, QUERIES, DIMENSION
    if metric == "hamming":
        rng = np.random.default_rng(0)
        corpus = rng.integers(0, 256, (ROWS, 4), np.uint8)
        queries, dimension = rng.integers(0, 256, (7, 4), np.uint8), 32
    index = VectorIndex.create(folder, dimension, metric=metric)
    index.add(range(40), corpus[:40]).add(range(40, ROWS), corpus[40:])
    values = truth(queries, corpus, metric)
    larger = Metric(metric).larger_is_closer
    best = np.sort(-values if larger else values, axis=1)[:, :9] * (-1 if larger else 1)
    for each in (index, VectorIndex.open(folder), index.compact()):
        found = each.search(queries, 9)
        assert (found.ids.dtype, found.scores.dtype) == (np.int64, np.float32)
        np.testing.assert_allclose(found.scores, best, rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(
            np.take_along_axis(values, found.ids, 1), best, rtol=1e-4, atol=1e-4
        )
        threshold = float(np.sort(best, axis=None)[len(best)]) + 1e-3 * (-1 if larger else 1)
        within = each.search_within(queries, threshold)
        for query in range(7):
            ids, scores = within.of(query)
            close = values[query] >= threshold if larger else values[query] <= threshold
            assert sorted(ids) == np.flatnonzero(close).tolist()
            np.testing.assert_allclose(values[query][ids], scores, rtol=1e-4, atol=1e-4)
        stored = each.vectors([5, 50])
        expected = corpus[[5, 50]]
        if metric == "cosine":
            expected = expected / np.linalg.norm(expected, axis=1, keepdims=True)
        np.testing.assert_allclose(stored, expected, rtol=1e-6)


@pytest.mark.parametrize("engine", ["flat", "ivf"])
def test_texts_for_ids(folder: Path, engine: str) -> None:
    index = VectorIndex.create(
        folder, DIMENSION, metric="euclidean", options=IndexOptions(engine, recall=1.0)
    )
    ids = ["", "ä", "日本", "\0", *(f"key {n}" for n in range(ROWS - 4))]
    index.add(ids, CORPUS)
    found = index.search(CORPUS, 2)
    assert found.ids.dtype == object
    assert found.ids[:, 0].tolist() == ids
    assert index.search_within(CORPUS[:4], 1e-3).ids.tolist() == ids[:4]
    assert all(identifier in index for identifier in ids)
    assert index.info().engine == engine


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
@pytest.mark.parametrize("engine", ["flat", "hnsw"])
def test_a_folder_whose_name_is_no_text(tmp_path: Path, engine: str) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    index = VectorIndex.create(folder, DIMENSION, options=IndexOptions(engine))
    index.add(range(ROWS), CORPUS, {"n": range(ROWS)}).compact()
    again = VectorIndex.open(folder)
    assert again.search(CORPUS[:3], 1, where="n > 1").ids.shape == (3, 1)
    assert again.search(CORPUS, 1).ids[:, 0].tolist() == list(range(ROWS))


def test_what_is_in_it(index: VectorIndex) -> None:
    assert len(index) == ROWS
    assert 0 in index
    assert np.int64(59) in index
    for other in (60, -1, "0", None, 1.0, True, 2**70, b"0", [0], object()):
        assert other not in index
    assert index.metadata([59, 0]) == [{"n": 59, "word": "w2"}, {"n": 0, "word": "w0"}]
    np.testing.assert_array_equal(index.vectors(np.array([3, 59, 3])), CORPUS[[3, 59, 3]])
    assert index.vectors([]).shape == (0, DIMENSION)
    assert index.metadata([]) == []


def test_a_dimension_may_be_a_number_of_numpy(folder: Path) -> None:
    index = VectorIndex.create(folder, np.int64(DIMENSION))  # type: ignore[arg-type]
    assert VectorIndex.open(folder).settings.dimension == DIMENSION
    assert type(index.settings.dimension) is int


def test_an_empty_index(folder: Path) -> None:
    index = VectorIndex.create(folder, DIMENSION)
    for each in (index, VectorIndex.open(folder), index.compact()):
        assert (len(each), 0 in each, "a" in each) == (0, False, False)
        assert each.search(QUERIES, 5).ids.shape == (7, 0)
        assert each.search_within(QUERIES, 0.5).limits.tolist() == [0] * 8
        assert each.info().id_type is None
        assert each.remove(where="1 = 1") == each.remove([]) == 0
        for ask in (each.vectors, each.metadata, each.search_like, each.remove):
            with pytest.raises(QueryError, match="'made' has no item with the id 'a'"):
                ask(["a"])
    assert [v.number for v in index.add([], vectors(0)).versions()] == [1]


def test_an_index_that_was_emptied(index: VectorIndex) -> None:
    assert index.remove(where="1 = 1") == ROWS
    for each in (index, VectorIndex.open(index.folder)):
        assert len(each) == 0
        assert not (each.search(QUERIES, 5).ids >= 0).any()
        assert each.search_within(QUERIES, 100.0).limits.tolist() == [0] * 8
    assert len(index.add([7], CORPUS[:1])) == 1
    assert index.search(QUERIES, 1).ids.tolist() == [[7]] * 7


def test_no_queries(index: VectorIndex) -> None:
    assert index.search(QUERIES[:0], 5).ids.shape == (0, 5)
    assert index.search_within(QUERIES[:0], 5.0).limits.tolist() == [0]
    assert index.search_like([], 5).ids.shape == (0, 5)


def test_more_than_there_are(index: VectorIndex) -> None:
    found = index.search(QUERIES, 1_000)
    assert found.ids.shape == found.scores.shape == (7, ROWS)
    assert all(sorted(row) == list(range(ROWS)) for row in found.ids.tolist())
    few = index.search(QUERIES, 1_000, where="n < 3")
    assert all(sorted(row[:3]) == [0, 1, 2] for row in few.ids.tolist())
    assert (few.ids[:, 3:] == -1).all()
    assert np.isnan(few.scores[:, 3:]).all()
    assert index.search(QUERIES, np.int32(3)).ids.shape == (7, 3)


BAD_K: list[Any] = [0, -1, 1.0, 1.5, True, "3", None, np.nan]


@pytest.mark.parametrize("k", BAD_K)
def test_k_is_a_number_of_items(index: VectorIndex, k: Any) -> None:
    for ask in (lambda: index.search(QUERIES, k), lambda: index.search_like([1], k)):
        with pytest.raises(OptionError, match="k is the number of matches, at least 1, not"):
            ask()


@pytest.mark.parametrize("threshold", [float("nan"), "1", None, [1.0]])
def test_a_threshold_is_a_number(index: VectorIndex, threshold: Any) -> None:
    with pytest.raises(OptionError, match="a threshold is a score or a distance, not"):
        index.search_within(QUERIES, threshold)


def test_thresholds_without_end(index: VectorIndex) -> None:
    assert len(index.search_within(QUERIES, float("inf")).ids) == 7 * ROWS
    assert len(index.search_within(QUERIES, float("-inf")).ids) == 0
    assert len(index.search_within(QUERIES, -1.0).ids) == 0


@pytest.mark.parametrize("where", ["n % 7 = 3", "word = 'w1' AND n > 40", "id IN (3, 44)", "n < 0"])
def test_conditions_are_exact(index: VectorIndex, where: str) -> None:
    """Not the nearest few and then a filter: the nearest of those that pass."""
    kept = {
        "n % 7 = 3": [n for n in range(ROWS) if n % 7 == 3],
        "word = 'w1' AND n > 40": [n for n in range(41, ROWS) if n % 3 == 1],
        "id IN (3, 44)": [3, 44],
        "n < 0": [],
    }[where]
    distances = truth(QUERIES, CORPUS[kept], "euclidean")
    order = np.argsort(distances, axis=1)[:, :4]
    found = index.search(QUERIES, 4, where=where)
    expected = np.array(kept, int)[order] if kept else np.empty((7, 0), int)
    np.testing.assert_array_equal(found.ids[:, : order.shape[1]], expected)
    assert (found.ids[:, order.shape[1] :] == -1).all()
    within = index.search_within(QUERIES, 2.0, where=where)
    assert len(within.ids) == int((distances <= 2.0).sum())
    assert set(within.ids.tolist()) <= set(kept)


@pytest.mark.parametrize("where", ["nosuch = 1", "n >", "SELECT 1", "", "n = 1; DROP TABLE x"])
def test_conditions_that_are_refused(index: VectorIndex, where: str) -> None:
    before = files(index.folder)
    for ask in (
        lambda: index.search(QUERIES, where=where),
        lambda: index.search_within(QUERIES, 1.0, where=where),
        lambda: index.remove(where=where),
    ):
        with pytest.raises(QueryError, match="cannot filter by"):
            ask()
    assert files(index.folder) == before


@pytest.mark.parametrize("where", [5, b"n = 1", ["n = 1"]])
def test_a_condition_is_a_text(index: VectorIndex, where: Any) -> None:
    with pytest.raises(QueryError, match="a condition is a text in SQL, not"):
        index.search(QUERIES, where=where)


def test_joins_that_are_refused(index: VectorIndex) -> None:
    for k in BAD_K:
        with pytest.raises(OptionError, match=r"k is .*; ask for at least 1 neighbour"):
            index.neighbours(k)
    for threshold in (float("nan"), float("inf"), "1", None):
        with pytest.raises(OptionError, match=r"threshold is .*; give a finite number"):
            index.within(threshold)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match=r"options of a join are JoinOptions\(...\), not a dict"):
        index.within(0.5, join={"exact": True})  # type: ignore[arg-type]
    for wrong in ({"recall": 0}, {"recall": "1"}, {"memory": 5}, {"memory": "1GiB"}):
        with pytest.raises(OptionError, match=r"give a number above 0|needs at least"):
            JoinOptions(**wrong)  # type: ignore[arg-type]


BAD_QUERIES: list[Any] = [
    vectors(2, dimension=5),
    vectors(1)[0],
    np.full((1, DIMENSION), np.nan, np.float32),
    np.full((1, DIMENSION), -np.inf),
    np.full((1, DIMENSION), 1e200),
    [[0.0] * DIMENSION],
    np.zeros((1, DIMENSION), np.uint8),
    np.zeros((1, DIMENSION), complex),
    pd.DataFrame(vectors(1)),
    None,
    "query",
]


@pytest.mark.parametrize("queries", BAD_QUERIES, ids=lambda value: f"{value!s:.20}")
def test_queries_that_cannot_be_answered(index: VectorIndex, queries: Any) -> None:
    for ask in (lambda: index.search(queries), lambda: index.search_within(queries, 1.0)):
        with pytest.raises(QueryError, match="the queries cannot be answered: vector"):
            ask()


def test_bits_are_asked_by_bits(folder: Path) -> None:
    index = VectorIndex.create(folder, 16, metric="hamming")
    index.add([1], np.array([[1, 2]], np.uint8))
    for bad in (vectors(1, dimension=2), np.zeros((1, 16), np.uint8), np.zeros((1, 2), np.int64)):
        with pytest.raises(QueryError):
            index.search(bad, 1)
        with pytest.raises(VectorIndexError):
            index.add([2], bad)
    assert index.search(np.array([[1, 3]], np.uint8), 1).scores.tolist() == [[1.0]]


def test_like_leaves_the_item_out(index: VectorIndex) -> None:
    own = [0, 29, 30, 59, 0]
    found = index.search_like(own, 5)
    distances = truth(CORPUS[own], CORPUS, "euclidean")
    distances[np.arange(5), own] = np.inf
    np.testing.assert_array_equal(found.ids, np.argsort(distances, axis=1)[:, :5])
    np.testing.assert_allclose(found.scores, np.sort(distances, axis=1)[:, :5], rtol=1e-4)
    assert index.search_like([3], 1_000).ids.shape == (1, ROWS - 1)
    assert index.search_like([3]).ids.shape == (1, 10)
    for wrong in ([60], [0, 60]):
        with pytest.raises(QueryError, match="'made' has no item with the id 60"):
            index.search_like(wrong)
    with pytest.raises(VectorIndexError, match="ids of this index are whole numbers"):
        index.search_like(["a"])


def test_like_among_duplicates(folder: Path) -> None:
    """Where more copies are nearest than are asked for, the item may not be among the found."""
    index = VectorIndex.create(folder, DIMENSION)
    copies = np.repeat(CORPUS[:1], 30, axis=0)
    index.add(range(15), copies[:15]).add(range(15, 30), copies[15:])
    index.add([100], CORPUS[1:2])
    found = index.search_like([0, 14, 29], 4)
    assert found.ids.shape == (3, 4)
    for own, row in zip([0, 14, 29], found.ids.tolist(), strict=True):
        assert own not in row
        assert len(set(row)) == 4
        assert max(row) < 30
    np.testing.assert_allclose(found.scores, 1, rtol=1e-5)
    all_but_one = index.search_like([0], 30)
    assert sorted(all_but_one.ids[0].tolist()) == [*range(1, 30), 100]


def test_a_vector_without_direction(folder: Path) -> None:
    index = VectorIndex.create(folder, DIMENSION)
    index.add([1, 2], np.stack([np.zeros(DIMENSION, np.float32), CORPUS[0]]))
    assert index.search(CORPUS[:1], 2).ids.tolist() == [[2, 1]]
    assert index.search(np.zeros((1, DIMENSION), np.float32), 2).scores.tolist() == [[0, 0]]


@pytest.mark.parametrize("length", [1e-40, 1e-25, 1e-16, 1e16, 1e25, 2e38])
def test_directions_of_vectors_of_any_length(folder: Path, length: float) -> None:
    """Their squares are more, or less, than float32 holds."""
    index = VectorIndex.create(folder, DIMENSION)
    scaled = (CORPUS / np.abs(CORPUS).max() * length).astype(np.float32)
    index.add(range(ROWS), scaled)
    tolerance = 1e-3 if length < 1e-37 else 1e-5  # there are fewer digits near the least number
    assert index.search(scaled, 1).ids[:, 0].tolist() == list(range(ROWS))
    np.testing.assert_allclose(index.search(CORPUS, 1).scores, 1, rtol=tolerance)
    np.testing.assert_allclose(np.linalg.norm(index.vectors(range(ROWS)), axis=1), 1, rtol=1e-5)


def test_changes_are_seen_at_once_and_by_others_after_refreshing(index: VectorIndex) -> None:
    other = VectorIndex.open(index.folder)
    assert index.add([100], QUERIES[:1]) is index
    assert index.search(QUERIES[:1], 1).ids.tolist() == [[100]]
    assert 100 not in other
    assert other.version == index.version - 1
    assert other.refresh() is other
    assert (100 in other, other.version) == (True, index.version)
    assert other.refresh().version == index.version


def test_changing_goes_on_from_the_newest(index: VectorIndex) -> None:
    other = VectorIndex.open(index.folder)
    old = VectorIndex.open(index.folder, 2)
    index.add([100], QUERIES[:1])
    other.add([101], QUERIES[1:2])
    assert 100 in other
    old.add([102], QUERIES[2:3])
    assert (len(old), old.version) == (ROWS + 3, index.refresh().version)
    with pytest.raises(VectorIndexError, match="such as 101"):
        VectorIndex.open(index.folder, 2).add([101], QUERIES[:1])


def test_upsert(index: VectorIndex) -> None:
    index.upsert([5, 59, 200], QUERIES[:3], {"n": [-1, -2, -3]})
    assert len(index) == ROWS + 1
    assert index.search(QUERIES[:3], 1).ids[:, 0].tolist() == [5, 59, 200]
    for each in (index, VectorIndex.open(index.folder), index.compact()):
        assert [told["n"] for told in each.metadata([5, 59, 200])] == [-1, -2, -3]
        assert len(each.search_within(CORPUS[5:6], 1e-3).ids) == 0
    assert 5 in VectorIndex.open(index.folder, 2)


def test_removing(index: VectorIndex) -> None:
    with pytest.raises(QueryError, match="'made' has no item with the id 1000"):
        index.remove([5, 59, 5, 1_000])
    assert index.remove([5, 59, 5]) == 2
    with pytest.raises(QueryError, match="no item with the id 5"):
        index.remove([5])
    assert index.remove([0], where="word = 'w0' AND n < 10") == 4
    assert index.remove([1], where="n < 0") == 1
    assert index.remove(np.array([2])) == index.remove(iter([7])) == 1
    assert index.remove(pa.array([8])) == index.remove(pd.Series([10])) == 1
    gone = {0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 59}
    for each in (index, VectorIndex.open(index.folder), index.compact()):
        assert len(each) == ROWS - len(gone)
        assert set(each.search(QUERIES, 60).ids[0].tolist()) - {-1} == set(range(ROWS)) - gone
        assert not any(identifier in each for identifier in gone)


def test_removing_looks_at_the_newest_version(index: VectorIndex) -> None:
    other = VectorIndex.open(index.folder)
    index.add([100, 101], QUERIES[:2], {"n": [7, 7]})
    assert other.remove([100], where="n = 7") == 3
    index.refresh()
    assert len(index) == ROWS - 1


@pytest.mark.parametrize("ids", ["ab", b"ab", ["a"], [1.5], [True], [None], 5])
def test_removing_what_is_no_id(index: VectorIndex, ids: Any) -> None:
    before = files(index.folder)
    with pytest.raises(VectorIndexError, match="id"):
        index.remove(ids)
    assert files(index.folder) == before


BAD: list[tuple[Any, Any, Any, str]] = [
    ([5], QUERIES[:1], None, "in the index already, such as 5"),
    ([100, 59], QUERIES[:2], None, "in the index already, such as 59"),
    ([100, 100], QUERIES[:2], None, "same id, 100"),
    (["a"], QUERIES[:1], None, "whole numbers, not such as 'a'"),
    ([100], QUERIES[:2], None, "2 vectors for 1 ids"),
    ([100], QUERIES[:1, 1:], None, "shape"),
    ([100], QUERIES[:1] * np.nan, None, "vector 1 of 1 holds NaN"),
    ([100, 101], np.array([[0] * 6, [np.inf] * 6]), None, "vector 2 of 2 holds"),
    ([100], QUERIES[:1], {"n": [1, 2]}, "2 rows of metadata for 1 items"),
    ([100], QUERIES[:1], {"n": object()}, "cannot be stored"),
]


@pytest.mark.parametrize(("ids", "made", "metadata", "reason"), BAD)
def test_what_is_refused_changes_nothing(
    index: VectorIndex, ids: Any, made: Any, metadata: Any, reason: str
) -> None:
    before, version = files(index.folder), index.version
    with pytest.raises(VectorIndexError, match=reason):
        index.add(ids, made, metadata)
    assert (files(index.folder), index.version, len(index)) == (before, version, ROWS)
    index.add([100], QUERIES[:1])
    assert 100 in index


def test_several_changes_at_once(index: VectorIndex) -> None:
    reader = VectorIndex.open(index.folder)
    version = index.version

    def make(writer: IndexWriter) -> None:
        writer.add([100], QUERIES[:1], {"n": [1]})
        writer.upsert([3], QUERIES[1:2], {"n": [2]})
        assert writer.remove([4, 5]) == 2
        writer.add([5], QUERIES[2:3])
        assert len(reader.refresh()) == ROWS

    assert index.change(make) is index
    assert (index.version, len(index)) == (version + 1, ROWS)
    assert index.search(QUERIES[:3], 1).ids[:, 0].tolist() == [100, 3, 5]
    assert 4 not in reader.refresh()

    def fails(writer: IndexWriter) -> None:
        writer.remove([100])
        raise KeyError("of the caller")

    with pytest.raises(KeyError, match="of the caller"):
        index.change(fails)
    assert 100 in index
    assert 100 in VectorIndex.open(index.folder)
    with pytest.raises(IndexLockedError):
        index.change(lambda writer: index.add([7_000], QUERIES[:1]))


def test_versions(index: VectorIndex) -> None:
    assert [v.number for v in index.versions()] == [1, 2, 3, 4]
    assert [len(VectorIndex.open(index.folder, version)) for version in (1, 2, 3, 4)] == [
        0,
        30,
        45,
        60,
    ]
    with pytest.raises(IndexNotFoundError, match="no version 9"):
        VectorIndex.open(index.folder, 9)
    with pytest.raises(OptionError, match="give no version"):
        VectorIndex.open(index.folder, 2, salvage=True)


def test_compacting_and_pruning(index: VectorIndex) -> None:
    old = VectorIndex.open(index.folder, 3)
    index.remove(range(10))
    expected = index.search(QUERIES, 5).ids
    assert index.compact() is index
    info = index.info()
    assert [segment.engine for segment in info.segments] == ["flat"]
    assert (info.items, info.deleted) == (50, 0)
    np.testing.assert_array_equal(index.search(QUERIES, 5).ids, expected)
    version = index.version
    assert index.compact().version == version
    index.compact(prune=True)
    assert [v.number for v in index.versions()] == [
        2,
        3,
        4,
        5,
        version,
    ]  # those that `old` stands on
    assert (len(old), len(VectorIndex.open(index.folder, 4))) == (45, ROWS)
    del old
    index.compact(prune=True)
    assert [v.number for v in index.versions()] == [version]
    with pytest.raises(IndexNotFoundError, match=f"no version 2; there are {version} to"):
        VectorIndex.open(index.folder, 2)


def test_compacting_with_other_options(index: VectorIndex) -> None:
    assert index.info().engine == "auto"
    index.compact(IndexOptions("ivf", recall=1.0, memory=2**30))
    for each in (index, VectorIndex.open(index.folder)):
        info = each.info()
        assert (info.engine, info.recall, info.memory) == ("ivf", 1.0, 2**30)
        assert [segment.engine for segment in info.segments] == ["ivf"]
        distances = truth(QUERIES, CORPUS, "euclidean")
        np.testing.assert_array_equal(
            each.search(QUERIES, 3).ids, np.argsort(distances, axis=1)[:, :3]
        )
    index.compact(IndexOptions("flat"))
    assert [segment.engine for segment in index.info().segments] == ["flat"]
    before = files(index.folder)
    for wrong in (IndexOptions("nosuch"), IndexOptions(recall=7), IndexOptions(memory=0)):
        with pytest.raises(OptionError):
            index.compact(wrong)
    assert files(index.folder) == before


def test_what_it_is(index: VectorIndex) -> None:
    info = index.info()
    assert (info.name, info.folder, info.items, info.deleted) == ("made", index.folder, ROWS, 0)
    assert (info.metric, info.dimension, info.kind) == ("euclidean", DIMENSION, "vector")
    assert (info.id_type, info.stored_columns) == ("integer", ("n", "word"))
    assert [(segment.engine, segment.rows) for segment in info.segments] == [
        ("flat", 30),
        ("changes", 30),
    ]
    assert info.version == index.version == 4
    assert index.settings.metric is Metric.EUCLIDEAN
    assert info.bytes == sum(
        path.stat().st_size
        for path in index.folder.rglob("*")
        if path.is_file() and path.parent.name != "manifests" and path.name != "LOCK"
    )
    index.remove([0, 59])
    assert (index.info().items, index.info().deleted) == (58, 1)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"dimension": 0}, "dimension is a whole number of at least 1, not 0"),
        ({"dimension": -3}, "dimension is a whole number"),
        ({"dimension": 1.5}, "dimension is a whole number"),
        ({"dimension": True}, "dimension is a whole number"),
        ({"dimension": "3"}, "dimension is a whole number"),
        ({"dimension": np.eye(3)}, r"dimension is a whole number of at least 1, not array\(\[\[1"),
        ({"dimension": 12, "metric": "hamming"}, "a multiple of 8 bits, not 12"),
        ({"metric": "nosuch"}, "unknown metric 'nosuch'; choose one of: cosine"),
        ({"metric": None}, "unknown metric"),
        ({"options": IndexOptions("nosuch")}, "unknown engine 'nosuch'"),
        ({"options": IndexOptions("pq"), "metric": "manhattan"}, "manhattan"),
        ({"options": IndexOptions(recall=0)}, "recall is a share"),
        ({"options": {"recall": 0.9}}, r"options are IndexOptions\(...\), not a dict"),
    ],
)
def test_what_cannot_be_made(folder: Path, arguments: dict[str, Any], reason: str) -> None:
    with pytest.raises(OptionError, match=reason):
        VectorIndex.create(folder, **{"dimension": DIMENSION, **arguments})
    assert not folder.exists()


def test_what_is_there_is_not_written_over_unasked(index: VectorIndex, tmp_path: Path) -> None:
    with pytest.raises(IndexExistsError, match="already; open it or overwrite it"):
        VectorIndex.create(index.folder, 3)
    again = VectorIndex.create(str(index.folder), 3, overwrite=True)
    assert (len(again), again.settings.dimension) == (0, 3)
    assert len(index) == ROWS  # it has its version open
    assert len(index.refresh()) == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    for overwrite in (False, True):
        with pytest.raises(VectorIndexError, match="is no index"):
            VectorIndex.create(tmp_path / "mine", 3, overwrite=overwrite)
    assert (tmp_path / "mine" / "thesis.txt").exists()


@pytest.mark.parametrize("where", ["nowhere", "."])
def test_what_is_not_there_cannot_be_opened(tmp_path: Path, where: str) -> None:
    for salvage in (False, True):
        with pytest.raises(IndexNotFoundError, match="holds no index"):
            VectorIndex.open(tmp_path / where, salvage=salvage)
    assert list(tmp_path.iterdir()) == []


def test_metadata_of_every_sort_come_back(folder: Path) -> None:
    frame = pd.DataFrame(
        {
            "when": pd.to_datetime(["2026-01-02T03:04:05Z", None]),
            "kind": pd.Categorical(["x", "y"]),
            "share": [0.5, None],
            "ok": [True, False],
            "tags": [["a"], []],
            "nothing": [None, None],
        }
    )
    index = VectorIndex.create(folder, DIMENSION)
    index.add([1, 2], CORPUS[:2], frame)
    index.add([3], CORPUS[2:3], {"kind": pa.array(["z"]).dictionary_encode(), "nothing": [7]})
    first = index.metadata([1, 2, 3])
    for each in (index, VectorIndex.open(folder), index.compact()):
        found = each.metadata([1, 2, 3])
        assert found[0]["when"] == pd.Timestamp("2026-01-02T03:04:05Z")
        assert [told["kind"] for told in found] == ["x", "y", "z"]
        assert [told["nothing"] for told in found] == [None, None, 7]
        assert [told["tags"] for told in found[:2]] == [["a"], []]
        for now, before in zip(found, first, strict=True):
            assert {k: v for k, v in now.items() if v is not None} == {
                k: v for k, v in before.items() if v is not None
            }
        assert each.search(CORPUS, 5, where="kind = 'y' AND NOT ok").ids[0, 0] == 2


def test_threads_take_turns(index: VectorIndex) -> None:
    """Some add, some ask; nothing is lost and no answer is of two versions."""
    problems: list[BaseException] = []

    def run(work: Callable[[int], object], number: int) -> None:
        try:
            for step in range(8):
                work(1_000 * number + step)
        except BaseException as error:
            problems.append(error)

    def ask(step: int) -> None:
        found = index.search(QUERIES, 5)
        assert found.ids.shape == (7, 5)
        assert (found.ids >= 0).all()

    def add(step: int) -> None:
        index.add([1_000 + step], QUERIES[:1] + 50)

    threads = [
        threading.Thread(target=run, args=(work, number))
        for number, work in enumerate([add, add, add, ask, ask])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(index) == len(VectorIndex.open(index.folder)) == ROWS + 24


def test_many_rows_at_once(folder: Path) -> None:
    index = VectorIndex.create(folder, DIMENSION, metric="euclidean")
    corpus = vectors(2 * LARGE)
    index.add(range(2 * LARGE), corpus, {"n": range(2 * LARGE)})
    assert index.remove(range(0, 2 * LARGE, 2)) == LARGE
    found = index.search(corpus[:50], 1)
    assert (found.ids % 2 == 1).all()
    assert len(index) == LARGE
