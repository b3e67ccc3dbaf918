"""Several at once: one writes, any number read, whatever is compacted and pruned meanwhile."""

import multiprocessing
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simsearch.errors import IndexLockedError
from simsearch.store.options import IndexOptions
from simsearch.store.vector_index import VectorIndex
from simsearch.store.writing.writer import IndexWriter

DIMENSION, ITEMS, SECONDS = 4, 60, 3.0


def made(folder: Path) -> VectorIndex:
    """Every item is replaced again and again; all vectors of a version are the same number."""
    index = VectorIndex.create(folder, DIMENSION, metric="euclidean")
    write(index, 0)
    return index


def write(index: VectorIndex, number: int) -> None:
    vectors = np.full((ITEMS, DIMENSION), number, np.float32)
    index.upsert(range(ITEMS), vectors, {"number": [number] * ITEMS})


def look(index: VectorIndex) -> None:
    """Whatever version it is: all items are there, and of one time."""
    query = np.zeros((1, DIMENSION), np.float32)
    found = index.search(query, ITEMS + 5)
    assert sorted(each for each in found.ids[0].tolist() if each >= 0) == list(range(ITEMS))
    numbers = {row["number"] for row in index.metadata(range(ITEMS))}
    assert len(numbers) == 1
    own = 2 * numbers.pop()  # the length of (n, n, n, n)
    np.testing.assert_allclose(found.scores[0, :ITEMS], own, rtol=1e-6)


def read_all_the_time(folder: Path, until: float, failures: Any) -> None:
    """Open, look, keep, look again; tell what goes wrong."""
    try:
        rounds = 0
        kept = VectorIndex.open(folder)
        while time.time() < until or rounds < 3:
            look(VectorIndex.open(folder))
            look(kept)
            look(kept.refresh() if rounds % 2 else kept)
            rounds += 1
    except BaseException as error:
        failures.put(f"{type(error).__name__}: {error}")
        raise


def test_readers_see_whole_versions_while_others_write(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    index = made(folder)
    context = multiprocessing.get_context("spawn")
    failures = context.Queue()
    until = time.time() + SECONDS + 2
    readers = [
        context.Process(target=read_all_the_time, args=(folder, until, failures)) for _ in range(2)
    ]
    for reader in readers:
        reader.start()
    number = 1
    while time.time() < until or number <= 6:
        write(index, number)
        if number % 7 == 0:
            index.compact(prune=number % 2 == 0)
        number += 1
    for reader in readers:
        reader.join(60)
    assert failures.empty(), failures.get()
    assert [reader.exitcode for reader in readers] == [0, 0]
    assert number > 5


def test_threads_share_an_index(tmp_path: Path) -> None:
    index = made(tmp_path / "made")
    failures: list[BaseException] = []
    done = threading.Event()

    def ask() -> None:
        try:
            while not done.is_set():
                look_once(index)
        except BaseException as error:
            failures.append(error)

    def change(first: int) -> None:
        try:
            for step in range(15):
                index.add([first + step], np.full((1, DIMENSION), 1e6, np.float32), {"number": [0]})
        except BaseException as error:
            failures.append(error)

    askers = [threading.Thread(target=ask) for _ in range(2)]
    changers = [threading.Thread(target=change, args=(1_000 * n,)) for n in (1, 2, 3)]
    for thread in [*askers, *changers]:
        thread.start()
    for thread in changers:
        thread.join(60)
    done.set()
    for thread in askers:
        thread.join(60)
    assert not failures
    assert len(index) == ITEMS + 45


def test_eight_threads_find_what_one_finds(tmp_path: Path) -> None:
    """One and many queries, few and many neighbours, of two versions with other rows deleted."""
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(2_000, 16)).astype(np.float32)
    options = IndexOptions(engine="ivfpq", recall=0.8)
    now = VectorIndex.create(tmp_path / "made", 16, metric="euclidean", options=options)
    now.add(range(len(vectors)), vectors)
    now.add(range(3_000, 3_010), vectors[:10])  # in memory
    before = VectorIndex.open(tmp_path / "made")
    now.remove(range(0, 2_000, 7))
    queries = rng.normal(size=(40, 16)).astype(np.float32)
    asked = [(index, first, k) for index in (before, now) for first in (0, 39) for k in (3, 40)]
    alone = [index.search(queries[first:], k) for index, first, k in asked]

    def same(turn: int) -> bool:
        place = turn * 3 % len(asked)
        index, first, k = asked[place]
        found = index.search(queries[first:], k)
        ids = np.array_equal(found.ids, alone[place].ids)
        return ids and np.array_equal(found.scores, alone[place].scores)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(same, range(160)))


def test_threads_filter_and_look_up_columns_at_once(tmp_path: Path) -> None:
    """Arrow's reader of a Parquet file is for one thread: two at once ended the process."""
    index = VectorIndex.create(tmp_path / "made", DIMENSION)
    count = 6_000
    columns = {"n": range(count), "word": [f"word {n}" for n in range(count)]}
    index.add(range(count), np.random.default_rng(0).normal(size=(count, DIMENSION)), columns)
    query = np.ones((1, DIMENSION))

    def asked(number: int) -> bool:
        least = 37 * number
        if number % 2:
            return index.metadata([least]) == [{"n": least, "word": f"word {least}"}]
        found = index.search(query, 50, where=f"n >= {least} AND word <> ''")
        return int(found.ids.min()) >= least

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(asked, range(150)))


def look_once(index: VectorIndex) -> None:
    found = index.search(np.zeros((3, DIMENSION), np.float32), 5)
    assert (found.scores == 0).all()


def test_two_writers_at_once(tmp_path: Path) -> None:
    index = made(tmp_path / "made")
    with IndexWriter(index.folder):
        other = VectorIndex.open(index.folder)
        with pytest.raises(IndexLockedError, match="another process is writing"):
            write(other, 5)
    write(other, 6)
    look(index.refresh())


def test_what_is_open_outlives_pruning(tmp_path: Path) -> None:
    index = made(tmp_path / "made")
    old = VectorIndex.open(index.folder)  # nothing of it was read yet
    for number in range(1, 4):
        write(index, number)
        index.compact(prune=True)
    look(old)
    assert old.version in [v.number for v in index.versions()]
    del old
    index.compact(prune=True)
    assert [v.number for v in index.versions()] == [index.version]
