"""What FAISS does to the unwary: wrong answers without a word, and ends of the process."""

import errno
import mmap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.index.disk import SYSTEM
from simsearch.index.files import NewFile
from simsearch.index.kinds import KINDS, check_kind
from simsearch.index.kinds.kind import Searcher, Target

Vectors = npt.NDArray[Any]
Opened = Callable[..., Searcher]
FILES = [name for name, kind in KINDS.items() if kind.has_file and name != "binary"]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """Builds an index of a kind over vectors and opens it from disk."""

    def opened(kind: str, vectors: Vectors, metric: Metric = Metric.EUCLIDEAN) -> Searcher:
        path = tmp_path / kind
        with NewFile(SYSTEM, path) as file:
            built = KINDS[kind].build(vectors, metric, Target(), file)
        return KINDS[kind].open(path, lambda: vectors, metric, built.parameters)

    return opened


def drawn(rows: int, dimension: int, seed: int = 0) -> Vectors:
    return np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)


@pytest.mark.parametrize("kind", ["pq", "ivfpq", "sq8", "fp16", "rabitq"])
def test_codes_refuse_manhattan(kind: str) -> None:
    """FAISS takes it for PQ and answers by other distances; with RaBitQ it ends the process."""
    with pytest.raises(OptionError, match=r"manhattan: .*; take .*ivf"):
        check_kind(kind, Metric.MANHATTAN)


@pytest.mark.parametrize("kind", FILES)
def test_any_number_of_queries_within_any_distance(kind: str, opened: Opened) -> None:
    """HNSW's own range search ends the process at 1e8 / (levels x dimension x effort) queries."""
    vectors = drawn(300, 512)
    queries = np.tile(vectors, (6, 1))
    limits, values, rows = opened(kind, vectors).within(queries, 1e-3, None)
    assert limits.tolist() == list(range(1_801))
    assert (values == 0).all()
    np.testing.assert_array_equal(rows, np.tile(np.arange(300), 6))


@pytest.mark.parametrize("kind", FILES)
def test_groups_of_copies_find_each_other(kind: str, opened: Opened) -> None:
    """In a graph that holds each copy most pairs are lost, and points miss themselves."""
    vectors = drawn(4_000, 16)
    place = np.random.default_rng(1).permutation(4_000)[:2_000].reshape(10, 200)
    vectors[place] = drawn(10, 16, seed=2)[:, None, :]
    members = np.sort(place.ravel())
    limits, values, rows = opened(kind, vectors).within(vectors[members], 1e-3, None)
    assert (values == 0).all()
    assert (np.diff(limits) == 200).all()
    for query, row in enumerate(members):
        group = place[(place == row).any(axis=1)][0]
        assert set(rows[limits[query] : limits[query + 1]].tolist()) == set(group.tolist())


@pytest.mark.parametrize("kind", FILES)
def test_questions_at_once_do_not_change_each_other(kind: str, opened: Opened) -> None:
    """Set inside a FAISS index, what to visit would be shared by all who search it."""
    vectors, queries = drawn(3_000, 12), drawn(20, 12, seed=3)
    searcher = opened(kind, vectors)
    masks = [None, *(np.random.default_rng(seed).random(3_000) < 0.6 for seed in range(3))]
    asked = [(k, mask) for k in (1, 10, 300) for mask in masks] * 3
    alone = [searcher.search(queries, k, mask) for k, mask in asked]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda each: searcher.search(queries, *each), asked))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one[1], other[1])
        np.testing.assert_array_equal(one[0], other[0])


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="no list of what is mapped")
@pytest.mark.parametrize("kind", [kind for kind in FILES if kind != "pq"])
def test_a_file_is_mapped_and_not_read(kind: str, opened: Opened, tmp_path: Path) -> None:
    """`IO_FLAG_MMAP` would map inverted lists alone, and read a graph whole.

    The codes of `pq` FAISS always reads: a sixteenth of the vectors.
    """
    vectors = drawn(2_000, 16)
    searcher = opened(kind, vectors)
    assert str(tmp_path / kind) in Path("/proc/self/maps").read_text()
    assert len(searcher.search(vectors[:2], 3, None)[1]) == 2


@pytest.mark.parametrize("kind", FILES)
def test_a_file_cannot_be_written_through(kind: str, opened: Opened, tmp_path: Path) -> None:
    vectors = drawn(500, 8)
    searcher = opened(kind, vectors)
    before = (tmp_path / kind).read_bytes()
    searcher.search(vectors, 5, np.arange(500) % 2 == 0)
    searcher.within(vectors[:5], 2.0, None)
    assert (tmp_path / kind).read_bytes() == before


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


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("room", [0, 100, 6_000])
def test_a_full_disk_is_an_error_that_can_be_caught(kind: str, room: int) -> None:
    """An exception inside FAISS's writer would end the process."""
    full: Any = FullDisk(room)
    with pytest.raises(OSError, match="No space left"):
        KINDS[kind].build(drawn(1_000, 24), Metric.COSINE, Target(), full)


def test_vectors_may_be_a_memory_map(opened: Opened, tmp_path: Path) -> None:
    """Kinds with short codes compare the best candidates straight from the file."""
    path = tmp_path / "vectors"
    path.write_bytes(drawn(1_000, 10).tobytes())
    mapped = np.asarray(np.memmap(path, "<f4", "r", shape=(1_000, 10)))
    assert isinstance(mapped.base, np.memmap | mmap.mmap)
    rows = opened("ivfpq", mapped).search(mapped[:50], 1, None)[1]
    np.testing.assert_array_equal(rows[:, 0], np.arange(50))
