"""What FAISS does to the unwary: wrong answers without a word, and ends of the process."""

import errno
import json
import mmap
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.files import SYSTEM
from simsearch.store.engines import ENGINES, check_engine
from simsearch.store.engines.engine import Searcher, SearchTarget
from simsearch.store.format.durable import HashedFile

Vectors = npt.NDArray[Any]
Opened = Callable[..., Searcher]
FILES = [name for name, engine in ENGINES.items() if engine.has_file and name != "binary"]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """Builds an index of an engine over vectors and opens it from disk."""

    def opened(engine: str, vectors: Vectors, metric: Metric = Metric.EUCLIDEAN) -> Searcher:
        path = tmp_path / engine
        with HashedFile(SYSTEM.create(path)) as file:
            built = ENGINES[engine].build(vectors, metric, SearchTarget(), file)
        return ENGINES[engine].open(path, lambda: vectors, metric, built.parameters)

    return opened


def drawn(rows: int, dimension: int, seed: int = 0) -> Vectors:
    return np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)


@pytest.mark.parametrize("engine", ["pq", "ivfpq", "sq8", "fp16", "rabitq"])
def test_codes_refuse_manhattan(engine: str) -> None:
    """FAISS takes it for PQ and answers by other distances; with RaBitQ it ends the process."""
    with pytest.raises(OptionError, match=r"manhattan: .*; take .*ivf"):
        check_engine(engine, Metric.MANHATTAN)


@pytest.mark.parametrize("engine", FILES)
def test_any_number_of_queries_within_any_distance(engine: str, opened: Opened) -> None:
    """HNSW's own range search ends the process at 1e8 / (levels x dimension x effort) queries."""
    vectors = drawn(300, 512)
    queries = np.tile(vectors, (6, 1))
    limits, values, rows = opened(engine, vectors).within(queries, 1e-3, None)
    assert limits.tolist() == list(range(1_801))
    assert (values == 0).all()
    np.testing.assert_array_equal(rows, np.tile(np.arange(300), 6))


@pytest.mark.parametrize("engine", FILES)
def test_groups_of_duplicates_find_each_other(engine: str, opened: Opened) -> None:
    """In a graph that holds each copy most pairs are lost, and points miss themselves."""
    vectors = drawn(4_000, 16)
    place = np.random.default_rng(1).permutation(4_000)[:2_000].reshape(10, 200)
    vectors[place] = drawn(10, 16, seed=2)[:, None, :]
    members = place[:, :30]
    limits, values, rows = opened(engine, vectors).within(vectors[members.ravel()], 1e-3, None)
    assert (values == 0).all()
    assert (np.diff(limits) == 200).all()
    for found, group in zip(rows.reshape(10, 30, 200), place, strict=True):
        assert (np.sort(found, axis=1) == np.sort(group)).all()


def test_duplicates_among_many_others_are_all_found_in_a_graph(opened: Opened) -> None:
    """20 groups of 200 among 30,000: FAISS's graph finds half of the pairs."""
    vectors = drawn(34_000, 8)
    place = np.random.default_rng(1).permutation(34_000)[:4_000].reshape(20, 200)
    vectors[place] = drawn(20, 8, seed=2)[:, None, :]
    searcher = opened("hnsw", vectors)
    values, rows = searcher.search(vectors[place[:, 0]], 200, None)
    assert (values == 0).all()
    np.testing.assert_array_equal(np.sort(rows, axis=1), np.sort(place, axis=1))
    others = np.setdiff1d(np.arange(34_000), place)[::100]
    np.testing.assert_array_equal(searcher.search(vectors[others], 1, None)[1][:, 0], others)


@pytest.mark.parametrize("engine", FILES)
def test_queries_at_once_do_not_change_each_other(engine: str, opened: Opened) -> None:
    """Set inside a FAISS index, what to visit would be shared by all who search it."""
    vectors, queries = drawn(3_000, 12), drawn(20, 12, seed=3)
    searcher = opened(engine, vectors)
    masks = [None, *(np.random.default_rng(seed).random(3_000) < 0.6 for seed in range(3))]
    asked = [(k, mask) for k in (1, 10, 300) for mask in masks] * 3
    alone = [searcher.search(queries, k, mask) for k, mask in asked]
    before = sys.getswitchinterval()
    try:
        sys.setswitchinterval(1e-6)
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(lambda each: searcher.search(queries, *each), asked))
    finally:
        sys.setswitchinterval(before)
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one[1], other[1])
        np.testing.assert_array_equal(one[0], other[0])


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="no list of what is mapped")
@pytest.mark.parametrize("engine", [engine for engine in FILES if engine != "pq"])
def test_a_file_is_mapped_and_not_read(engine: str, opened: Opened, tmp_path: Path) -> None:
    """`IO_FLAG_MMAP` would map inverted lists alone, and read a graph whole.

    The codes of `pq` FAISS always reads: a sixteenth of the vectors.
    """
    vectors = drawn(2_000, 16)
    searcher = opened(engine, vectors)
    assert str(tmp_path / engine) in Path("/proc/self/maps").read_text()
    assert len(searcher.search(vectors[:2], 3, None)[1]) == 2


@pytest.mark.parametrize("engine", FILES)
def test_a_file_cannot_be_written_through(engine: str, opened: Opened, tmp_path: Path) -> None:
    vectors = drawn(500, 8)
    searcher = opened(engine, vectors)
    before = (tmp_path / engine).read_bytes()
    searcher.search(vectors, 5, np.arange(500) % 2 == 0)
    searcher.within(vectors[:5], 2.0, None)
    assert (tmp_path / engine).read_bytes() == before


def outside(script: str, *arguments: object) -> str:
    """What a process of its own prints: it may die, or hang, without harm to the others."""
    command = [sys.executable, "-W", "error", "-c", dedent(script), *map(str, arguments)]
    two = {**os.environ, "OMP_NUM_THREADS": "2"}
    ended = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=120, env=two
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_a_graph_serves_more_queries_at_once_than_kill_faiss(tmp_path: Path) -> None:
    """At this width and effort its range search ends the process from 12,207 queries on."""
    script = """
        import sys
        from pathlib import Path
        import numpy as np
        from simsearch.distance import Metric
        from simsearch.files import SYSTEM
        from simsearch.store.format.durable import HashedFile
        from simsearch.store.engines import ENGINES
        from simsearch.store.engines.engine import SearchTarget

        vectors = np.random.default_rng(0).normal(size=(300, 64)).astype(np.float32)
        path = Path(sys.argv[1])
        with HashedFile(SYSTEM.create(path)) as file:
            built = ENGINES["hnsw"].build(vectors, Metric.EUCLIDEAN, SearchTarget(), file)
        parameters = {**built.parameters, "effort": 64}
        searcher = ENGINES["hnsw"].open(path, lambda: vectors, Metric.EUCLIDEAN, parameters)
        queries = np.resize(vectors, (20_000, 64))
        limits, values, rows = searcher.within(queries, 1e-3, None)
        assert limits.tolist() == list(range(20_001))
        assert (rows == np.arange(20_000) % 300).all()
        print("alive")
    """
    assert outside(script, tmp_path / "index") == "alive\n"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.parametrize("engine", ["flat", "hnsw", "ivfpq", "pq"])
def test_a_process_forked_before_any_search_can_search(engine: str, tmp_path: Path) -> None:
    """OpenMP's threads do not survive a fork, and FAISS would wait for them for ever."""
    vectors, parameters, path = drawn(2_000, 16), {}, tmp_path / "index"
    if ENGINES[engine].has_file:
        with HashedFile(SYSTEM.create(path)) as file:
            parameters = dict(
                ENGINES[engine].build(vectors, Metric.EUCLIDEAN, SearchTarget(), file).parameters
            )
    np.save(tmp_path / "vectors.npy", vectors)
    script = """
        import json, os, sys
        from pathlib import Path
        import numpy as np
        from simsearch.distance import Metric
        from simsearch.store.engines import ENGINES

        folder, engine, parameters = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
        vectors = np.load(folder / "vectors.npy")
        path = folder / "index" if ENGINES[engine].has_file else None
        searcher = ENGINES[engine].open(path, lambda: vectors, Metric.EUCLIDEAN, parameters)
        child = os.fork()
        rows = searcher.search(vectors[:500], 1, None)[1]
        right = (rows[:, 0] == np.arange(500)).mean() > 0.9
        if child == 0:
            os._exit(0 if right else 3)
        assert right
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
    assert outside(script, tmp_path, engine, json.dumps(parameters)) == "0\n"


class FullDisk:
    """A file on a disk that is full after some bytes."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, content: bytes) -> int:
        self.room -= len(content)
        if self.room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return len(content)

    def tell(self) -> int:
        return 0


@pytest.mark.parametrize("engine", FILES)
@pytest.mark.parametrize("room", [0, 100, 6_000])
def test_a_full_disk_is_an_error_that_can_be_caught(engine: str, room: int) -> None:
    """An exception inside FAISS's writer would end the process."""
    full: Any = FullDisk(room)
    with pytest.raises(OSError, match="No space left"):
        ENGINES[engine].build(drawn(1_000, 24), Metric.COSINE, SearchTarget(), full)


def test_vectors_may_be_a_memory_map(opened: Opened, tmp_path: Path) -> None:
    """Kinds with short codes compare the best candidates straight from the file."""
    path = tmp_path / "vectors"
    path.write_bytes(drawn(1_000, 10).tobytes())
    mapped = np.asarray(np.memmap(path, "<f4", "r", shape=(1_000, 10)))
    assert isinstance(mapped.base, np.memmap | mmap.mmap)
    rows = opened("ivfpq", mapped).search(mapped[:50], 1, None)[1]
    np.testing.assert_array_equal(rows[:, 0], np.arange(50))
