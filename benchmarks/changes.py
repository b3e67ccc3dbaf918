"""What a small addition costs: a change file each, as the index does it, or something else.

    python benchmarks/changes.py [--additions 300] [--folder FOLDER]

One item at a time is added to an index of 10,000 vectors of 128 numbers, in five ways: as a change
file; as a segment with a manifest of its own; and, without any index around them, the bare disk
work of a log that is appended to and synced, of a file that is written, synced and renamed, and
of a log that is not synced. The ways take turns, so that a busy moment hits all. Writes
changes.md into benchmarks/results/.
"""

# ruff: noqa: ARG002  every way has the same door
from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import numpy as np

from benchmarks import machine
from simsearch.store.vector_index import VectorIndex
from simsearch.store.writing import writer

if TYPE_CHECKING:
    from collections.abc import Callable

RESULTS = Path(__file__).resolve().parent / "results"
ROWS, DIMENSION = 10_000, 128
NEVER = 1 << 60


class Way:
    """A way to keep one more item.

    Args:
        folder: made here.
    """

    name = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def add(self, number: int, vector: np.ndarray) -> None:
        """Keep it; when this returns it is on disk."""
        raise NotImplementedError

    @property
    def files(self) -> int:
        """How many files there are now."""
        return sum(path.is_file() for path in self.folder.rglob("*"))


class Indexed(Way):
    """An index, with changes written as the class says."""

    small_rows = writer.SMALL_ROWS

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        rng = np.random.default_rng(0)
        self.path = folder / "index"
        self.index = VectorIndex.create(self.path, DIMENSION, metric="euclidean")
        self.index.add(range(ROWS), rng.normal(size=(ROWS, DIMENSION)).astype(np.float32))

    def add(self, number: int, vector: np.ndarray) -> None:
        before, writer.SMALL_ROWS = writer.SMALL_ROWS, self.small_rows
        try:
            self.index.add([ROWS + number], vector[None, :])
        finally:
            writer.SMALL_ROWS = before

    def opened_ms(self) -> float:
        """Median milliseconds to open the index and count its items."""
        return 1e3 * median(seconds(lambda: len(VectorIndex.open(self.path))) for _ in range(7))


class Changes(Indexed):
    name = "change file (simsearch)"


class Segments(Indexed):
    name = "segment and manifest each"
    small_rows = 0


class Log(Way):
    name = "bare log: append, sync"
    synced = True

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self.log = os.open(folder / "log", flags)

    def add(self, number: int, vector: np.ndarray) -> None:
        os.write(self.log, bytes(1_500))
        if self.synced:
            os.fsync(self.log)


class UnsyncedLog(Log):
    name = "bare log, not synced"
    synced = False


class Files(Way):
    name = "bare file: write, sync, rename, sync folder"

    def add(self, number: int, vector: np.ndarray) -> None:
        temporary = self.folder / f"{number}.tmp"
        with temporary.open("wb") as file:
            file.write(bytes(1_500))
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(self.folder / str(number))
        folder = os.open(self.folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


WAYS = (Changes, Segments, Log, Files, UnsyncedLog)


def seconds(work: Callable[[], object]) -> float:
    """Wall time."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measured(folder: Path, additions: int) -> list[list[str]]:
    """A row of the table for each way."""
    ways = [way(folder / str(number)) for number, way in enumerate(WAYS)]
    vectors = np.random.default_rng(1).normal(size=(additions, DIMENSION)).astype(np.float32)
    taken: list[list[float]] = [[] for _ in ways]
    for number, vector in enumerate(vectors):
        for times, way in zip(taken, ways, strict=True):
            times.append(seconds(lambda way=way: way.add(number, vector)))  # noqa: B023  at once
    rows = []
    for times, way in zip(taken, ways, strict=True):
        opened = f"{way.opened_ms():.1f}" if isinstance(way, Indexed) else ""
        quantiles = np.quantile(times, [0.5, 0.99]) * 1e3
        whole = sum(times) / len(times) * 1e3
        cells = [f"{quantiles[0]:.2f}", f"{quantiles[1]:.2f}", f"{whole:.2f}"]
        rows.append([way.name, *cells, str(way.files), opened])
    return rows


def main() -> int:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--additions", type=int, default=300)
    parser.add_argument("--folder", type=Path, help="on the disk to measure; default: temporary")
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args()
    facts = machine.facts()
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        rows = measured(Path(folder), args.additions)
    head = ["", "ms, median", "ms, 99 %", "ms, mean", "files after", "ms to open"]
    lines = [
        "# Small additions", "", f"{facts['date']}; {facts['machine']}. {facts['versions']}.", "",
        f"{args.additions} additions of one item, one after the other, each on disk before the",
        f"next, to {ROWS:,} vectors of {DIMENSION} numbers. The mean holds the folding of changes",
        "into a segment and the merging of segments.", "",
        *(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows]),
    ]  # fmt: skip
    text = "\n".join(lines) + "\n"
    print(text)
    (args.out / "changes.md").write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
