"""A process for each engine: it does what it is asked, one question after the other.

Processes are spawned: FAISS hangs after a fork, and nothing of one engine (memory, threads,
libraries) is to be seen by another.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.index_engines import ENGINES, NEIGHBOURS
from benchmarks.vectors import removed_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from multiprocessing.connection import Connection

    from benchmarks.index_recipes import Recipe
    from benchmarks.vectors import Rows, VectorSet

__all__ = ["Child", "FailedError", "recall_of"]

WARMING_QUERIES = 100
OPENINGS = 3


class FailedError(Exception):
    """An engine could not do what it was asked; the text says why."""


class Child:
    """The parent's side of an engine's process.

    Args:
        recipe: what it builds or opens.
        vectors: of which set.
        folder: where the index is kept; made if need be.
        limit: seconds that one question may take.
    """

    def __init__(self, recipe: Recipe, vectors: VectorSet, folder: Path, limit: float) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.limit = limit
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, recipe, vectors, folder), daemon=True
        )
        self._process.start()
        theirs.close()

    def ask(self, method: str, *arguments: Any) -> Any:
        """What a method of `Worker` gives.

        Raises:
            FailedError: it failed, its process ended, or the limit passed.
        """
        try:
            self._connection.send((method, arguments))
            if not self._connection.poll(self.limit):
                self.close()
                raise FailedError(f"not done after {self.limit:.0f} s")
            done, answer = self._connection.recv()
        except (EOFError, OSError) as error:
            self._process.join(5)
            code = self._process.exitcode
            raise FailedError(f"its process ended (exit code {code})") from error
        if not done:
            raise FailedError(answer)
        return answer

    def close(self) -> None:
        """End the process."""
        self._connection.close()
        self._process.join(1)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def recall_of(found: Rows, truth: Rows) -> float:
    """Share of the 10 nearest that was found.

    Args:
        found: (m, 10) rows, -1 for none.
        truth: (m, 10 or more) rows, nearest first.
    """
    wanted = truth[:, :NEIGHBOURS]
    return float(np.mean((wanted[:, :, None] == found[:, None, :]).any(axis=2)))


def left_of(truth: Rows, removed: Rows) -> Rows:
    """(m, 10): the nearest rows that are not removed, of a truth that is deep enough."""
    gone = np.isin(truth, removed)
    order = np.argsort(gone, axis=1, kind="stable")[:, :NEIGHBOURS]
    return np.take_along_axis(truth, order, axis=1)


class Worker:
    """What an engine's process can be asked.

    Args:
        recipe, vectors, folder: as for `Child`.
    """

    def __init__(self, recipe: Recipe, vectors: VectorSet, folder: Path) -> None:
        self._vectors = vectors
        self._folder = folder
        rows, self._dimension = vectors.shape
        options = {**recipe.options, "rows": rows}
        self._engine = ENGINES[recipe.engine](folder, options)
        self._queries = np.load(vectors.queries)
        self._truth = np.load(vectors.truth)
        self._resident = 0
        self._removed = np.empty(0, np.int64)

    def build(self, threads: int) -> dict[str, Any]:
        """Build and save.

        Returns:
            `seconds` to build and `saving` seconds; `bytes` on disk; `details` of the engine.
        """
        base = np.load(self._vectors.base)
        seconds = _seconds(lambda: self._engine.build(base, threads))
        saving = _seconds(self._engine.save)
        size = sum(path.stat().st_size for path in self._folder.rglob("*") if path.is_file())
        return {
            "seconds": seconds,
            "saving": saving,
            "bytes": size,
            "details": self._engine.details(),
        }

    def open(self) -> dict[str, float]:
        """Open what `build` left on disk, more than once.

        Returns:
            `opening` and `answering`: median milliseconds until it is open, and until it has
            answered one query as well.
        """
        self._resident = _resident()
        opening, answering = [], []
        for query in self._queries[:OPENINGS, None]:
            started = time.perf_counter()
            self._engine.open(self._dimension)
            opening.append(1e3 * (time.perf_counter() - started))
            self._engine.search(query, 1, LOWEST)
            answering.append(1e3 * (time.perf_counter() - started))
        return {"opening": float(np.median(opening)), "answering": float(np.median(answering))}

    def details(self) -> dict[str, Any]:
        """What the engine says of itself."""
        return self._engine.details()

    def memory(self) -> int:
        """Bytes that the process has grown by since it began to open the index."""
        return _resident() - self._resident

    def attempt(self, settings: Mapping[str, int], threads: int) -> tuple[float, float]:
        """Ask all queries once: recall, and queries a second."""
        self._warm(settings, threads)
        started = time.perf_counter()
        answer = self._engine.search(self._queries, threads, settings)
        taken = time.perf_counter() - started
        found = self._engine.rows(answer)
        if np.isin(found, self._removed).any():
            raise ValueError("it found what had been removed")
        return recall_of(found, left_of(self._truth, self._removed)), len(found) / taken

    def batch(self, settings: Mapping[str, int], threads: int, queries: int) -> float:
        """Queries a second of one batch of so many, the 1,000 repeated."""
        asked = np.resize(self._queries, (queries, self._dimension))
        self._warm(settings, threads)
        return queries / _seconds(lambda: self._engine.search(asked, threads, settings))

    def singles(self, settings: Mapping[str, int], first: int, most: float) -> list[float]:
        """Milliseconds of single queries on one thread, from the first on, for some seconds."""
        self._warm(settings, 1)
        taken: list[float] = []
        for query in np.roll(self._queries, -first, axis=0)[:, None]:
            taken.append(1e3 * _seconds(lambda one=query: self._engine.search(one, 1, settings)))
            if sum(taken) > 1e3 * most:
                break
        return taken

    def items(self, most: float) -> float:
        """Median milliseconds of single queries for items and their columns, for some seconds."""
        self._engine.search_items(self._queries[0])
        taken: list[float] = []
        for query in self._queries:
            taken.append(1e3 * _seconds(lambda one=query: self._engine.search_items(one)))
            if sum(taken) > 1e3 * most:
                break
        return float(np.median(taken))

    def readers(self, settings: Mapping[str, int], count: int, most: float) -> float:
        """Single queries a second of so many threads of this process together, for some seconds."""
        self._warm(settings, 1)
        until = time.perf_counter() + most

        def read(first: int) -> int:
            answered = 0
            while time.perf_counter() < until:
                query = self._queries[(first + answered) % len(self._queries), None]
                self._engine.search(query, 1, settings)
                answered += 1
            return answered

        with ThreadPoolExecutor(count) as threads:
            return sum(threads.map(read, range(0, 100 * count, 100))) / most

    def remove(self) -> float:
        """Seconds to delete a tenth of the rows."""
        gone = removed_rows(self._vectors.shape[0])
        seconds = _seconds(lambda: self._engine.remove(gone))
        self._removed = gone
        return seconds

    def add(self, threads: int) -> float:
        """Seconds to add a hundredth more."""
        more = np.load(self._vectors.more)
        return _seconds(lambda: self._engine.add(more, threads))

    def save(self) -> float:
        """Seconds to save what has changed, beside what was opened."""
        changed = self._folder / "changed"
        changed.mkdir()
        self._engine.folder = changed
        try:
            return _seconds(self._engine.save)
        finally:
            shutil.rmtree(changed)

    def _warm(self, settings: Mapping[str, int], threads: int) -> None:
        self._engine.search(self._queries[:WARMING_QUERIES], threads, settings)


# For the first answer after opening: each engine takes what is its own.
LOWEST = {"ef": NEIGHBOURS, "expansion": NEIGHBOURS}


def _serve(connection: Connection, recipe: Recipe, vectors: VectorSet, folder: Path) -> None:
    """The child's side: questions until there are no more."""
    worker: Worker | None = None
    while True:
        try:
            method, arguments = connection.recv()
        except EOFError:
            return
        try:
            worker = worker or Worker(recipe, vectors, folder)
            answer = True, getattr(worker, method)(*arguments)
        except Exception as error:
            answer = False, _told(error)
        connection.send(answer)


def _told(error: Exception) -> str:
    """The first line of an error; FAISS puts the function and the file before its reason."""
    text = str(error).strip() or type(error).__name__
    line = text.splitlines()[0].rsplit(": ", 1)[-1] if "faiss" in text else text.splitlines()[0]
    return f"{type(error).__name__}: {line}"[:160]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _resident() -> int:
    """Bytes of this process in memory, mapped files included."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
