"""Small indexes for the tests, what they are made of, and a disk that counts."""

from collections import Counter
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import numpy.typing as npt

from simsearch.distance import Metric
from simsearch.files import SYSTEM
from simsearch.store.format.manifest import Settings
from simsearch.store.reading.reader import IndexReader
from simsearch.store.writing.writer import IndexWriter

DIMENSION = 6
LARGE = 2_100  # rows that are too many for a change file
Vectors = npt.NDArray[np.float32]


def settings(**fields: Any) -> Settings:
    """Settings of a small index of vectors."""
    given = {
        "item_kind": "vector",
        "metric": Metric.EUCLIDEAN,
        "dimension": DIMENSION,
        "created": "2026-01-01T00:00:00+00:00",
    }
    return Settings(**{**given, **fields})


def vectors(rows: int, seed: int = 0, dimension: int = DIMENSION) -> Vectors:
    return np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)


def names(first: int, rows: int) -> list[str]:
    return [f"key-{n}" for n in range(first, first + rows)]


def columns(first: int, rows: int) -> dict[str, list[Any]]:
    numbers = list(range(first, first + rows))
    return {"name": [f"Näme {n}" for n in numbers], "n": numbers}


def add(writer: IndexWriter, first: int, rows: int, seed: int = 0) -> Vectors:
    """Add items that are called by their number; gives their vectors."""
    made = vectors(rows, seed)
    writer.add(names(first, rows), made, columns(first, rows))
    return made


def create(folder: Path, rows: int = 20, **fields: Any) -> Vectors:
    """An index of one segment; gives its vectors."""
    with IndexWriter(folder, overwrite=True) as writer:
        writer.start(settings(**fields))
        made = add(writer, 0, rows) if rows else vectors(0)
        writer.publish()
    return made


def everything(reader: IndexReader) -> dict[str, tuple[tuple[float, ...], dict[str, Any]]]:
    """Vector and metadata of every item, by id."""
    positions = np.arange(sum(segment.rows for segment in reader.segments))
    positions = positions[reader.positions_of(reader.ids(positions)) == positions]
    made = map(tuple, reader.vectors(positions).tolist())
    found = zip(made, reader.metadata(positions), strict=True)
    return dict(zip(reader.ids(positions).to_pylist(), found, strict=True))


def files(folder: Path) -> dict[str, bytes]:
    """Everything in a folder but the lock."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "LOCK"
    }


class CountingDisk:
    """The disk of this machine. It counts the calls, and the bytes that are written."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.bytes = 0

    def create(self, path: Path) -> BinaryIO:
        self.calls["create"] += 1
        return cast("BinaryIO", _CountingFile(self, SYSTEM.create(path)))

    def make_folder(self, path: Path) -> None:
        self.calls["make_folder"] += 1
        SYSTEM.make_folder(path)

    def sync(self, path: Path) -> None:
        self.calls["sync"] += 1
        SYSTEM.sync(path)

    def rename(self, source: Path, target: Path) -> None:
        self.calls["rename"] += 1
        SYSTEM.rename(source, target)

    def remove(self, path: Path) -> None:
        self.calls["remove"] += 1
        SYSTEM.remove(path)


class _CountingFile:
    def __init__(self, disk: CountingDisk, file: BinaryIO) -> None:
        self._disk = disk
        self._file = file

    def write(self, content: bytes | memoryview) -> int:
        self._disk.bytes += memoryview(content).nbytes
        return self._file.write(content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
