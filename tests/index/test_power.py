"""The power is lost at every call to the disk in the life of an index; nothing acknowledged is."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from simsearch.errors import IndexNotFoundError
from simsearch.index import writer as writing
from simsearch.index.check import check
from simsearch.index.reader import IndexReader
from simsearch.index.writer import IndexWriter
from tests.index.made import DIMENSION, everything, settings
from tests.index.power import Recorder, cuts

Truth = dict[str, Any]
OUTCOMES = 2


def items(keys: range, seed: int) -> dict[str, Any]:
    """Arguments of `add` and `upsert`."""
    vectors = np.random.default_rng(seed).normal(size=(len(keys), DIMENSION))
    numbers = [seed * 1_000 + key for key in keys]
    return {
        "ids": [f"key-{key}" for key in keys],
        "vectors": vectors.astype(np.float32),
        "metadata": {"n": numbers},
    }


class Life:
    """An index, what it should hold, and a record of all that happened to its disk."""

    def __init__(self, root: Path) -> None:
        self.root, self.folder = root, root / "made"
        self.disk = Recorder()
        self.truth: Truth | None = None
        self.acknowledge()

    def acknowledge(self) -> None:
        self.disk.mark(self.truth)

    def change(self, make: Callable[[IndexWriter], object], **options: Any) -> None:
        """One change, acknowledged."""
        with IndexWriter(self.folder, disk=self.disk, **options) as writer:
            make(writer)
            writer.publish()
        self.truth = everything(IndexReader.open(self.folder))
        self.acknowledge()


def live(life: Life) -> None:
    """Every sort of change; so small that folding and merging come often."""
    life.change(lambda w: w.start(settings()))
    life.change(lambda w: w.add(**items(range(12), 1)))
    life.change(lambda w: w.add(**items(range(12, 14), 2)))
    life.change(lambda w: w.remove(["key-3", "key-12"]))
    life.change(lambda w: w.upsert(**items(range(2, 5), 3)))
    for step in range(6):
        life.change(lambda w, s=step: w.add(**items(range(20 + s, 21 + s), 4 + s)))
    life.change(lambda w: w.add(**items(range(30, 45), 11)))
    life.change(lambda w: (w.remove(["key-31"]), w.upsert(**items(range(40, 60), 12))))
    with IndexWriter(life.folder, disk=life.disk) as writer:
        writer.compact()
    life.change(lambda w: w.add(**items(range(70, 72), 13)))
    with IndexWriter(life.folder, disk=life.disk) as writer:
        writer.compact()
        writer.prune()
    life.change(lambda w: w.remove(["key-70"]))
    life.change(lambda w: (w.start(settings()), w.add(**items(range(5), 14))), overwrite=True)
    life.change(lambda w: w.add(**items(range(5, 7), 15)))


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Changes are folded soon."""
    monkeypatch.setattr(writing, "SMALL_ROWS", 6)
    monkeypatch.setattr(writing, "SMALL_CHANGES", 4)


def found(folder: Path) -> Truth | None:
    try:
        return everything(IndexReader.open(folder))
    except IndexNotFoundError:
        return None


def survives(root: Path, scratch: Path, outcomes: int) -> int:
    """Try every moment; gives how many there were."""
    life = Life(root)
    live(life)
    tried = 0
    for number, platter, allowed in cuts(life.disk.journal, root):
        for outcome in range(outcomes):
            target = scratch / f"{number}-{outcome}"
            target.mkdir()
            folder = platter.left(Random(number * 100 + outcome), target) / "made"
            there = found(folder)  # a warning would be an error: no step back is needed
            assert there in allowed, f"call {number}: {life.disk.journal[number][:2]}"
            if outcome == 0:
                goes_on(folder, there)
            tried += 1
    return tried


def goes_on(folder: Path, there: Truth | None) -> None:
    """The next writer adds an item, and leaves an index without a flaw."""
    with IndexWriter(folder) as writer:
        if there is None:
            writer.start(settings())
        writer.add(**items(range(900, 901), 16))
        reader = writer.publish()
    now = everything(reader)
    assert now.keys() == {*(there or {}), "key-900"}
    assert {key: now[key] for key in there or {}} == (there or {})
    left = check(folder)
    assert left.newest, left.problems


def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    for name in ("root", "scratch"):
        (tmp_path / name).mkdir()
    assert survives(tmp_path / "root", tmp_path / "scratch", OUTCOMES) > 500


@pytest.mark.long
def test_nothing_acknowledged_is_lost_in_many_outcomes(tmp_path: Path) -> None:
    for name in ("root", "scratch"):
        (tmp_path / name).mkdir()
    assert survives(tmp_path / "root", tmp_path / "scratch", 25) > 5_000


def test_the_simulation_can_lose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without syncs it does: the test above could fail."""
    monkeypatch.setattr(Recorder, "sync", lambda self, path: None)
    for name in ("root", "scratch"):
        (tmp_path / name).mkdir()
    with pytest.raises((AssertionError, UserWarning, Exception)):
        survives(tmp_path / "root", tmp_path / "scratch", 1)
