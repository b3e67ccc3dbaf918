"""The power is lost at every call to the disk in the life of an index; nothing acknowledged is."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

from simsearch.errors import IndexNotFoundError
from simsearch.files import SYSTEM, Disk
from simsearch.store.reading.reader import IndexReader
from simsearch.store.upkeep.check import check
from simsearch.store.writing import writer as writing
from simsearch.store.writing.writer import IndexWriter
from tests.store.made import DIMENSION, everything, settings
from tests.store.power import Platter, Recorder, cuts

if TYPE_CHECKING:
    from simsearch.encoders.encoder import Encoder

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
    life.change(begin_anew, overwrite=True)
    life.change(lambda w: w.add(**items(range(5, 7), 15)))


class Brought:
    """Stands for an encoder, which writes its files by itself."""

    def save(self, folder: Path) -> None:
        (folder / "words").mkdir(parents=True)
        (folder / "encoder.json").write_text('{"kind": "brought"}')
        (folder / "words" / "list.txt").write_text("one\ntwo\n")


def begin_anew(writer: IndexWriter) -> None:
    """Another index takes the place, with an encoder."""
    folder = writer.keep_encoder(cast("Encoder", Brought()))
    writer.start(settings(encoder="brought", encoder_folder=folder))
    writer.add(**items(range(5), 14))


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
    """Try every moment; gives how many ends there were."""
    life = Life(root)
    live(life)
    tried = 0
    for number, platter, allowed in cuts(life.disk.journal, root):
        operation = life.disk.journal[number]
        where = f"call {number}: {operation[:2]}"
        # Bytes that nobody knows of yet, and nothing else, come with a write.
        few = operation[0] == "write" and outcomes == OUTCOMES
        # Two lives instead of one: in the quick run at every fourth call.
        if outcomes > OUTCOMES or number % 4 == 0:
            killed_then_lost(platter, scratch / f"{number}", allowed, where)
        for outcome in range(1 if few else outcomes):
            random, target = Random(number * 100 + outcome), scratch / f"{number}-{outcome}"
            folder = platter.left(random, target) / "made"
            there = found(folder)  # a warning would be an error: no step back is needed
            same(there, allowed, where)
            if outcome == 0 and not few:
                goes_on(folder, there, SYSTEM)
            tried += 1
    return tried


def killed_then_lost(platter: Platter, scratch: Path, allowed: list[Any], where: str) -> None:
    """The writer is killed; the next one makes a change; then the power is lost."""
    root = platter.as_it_is(scratch)
    there = found(root / "made")
    same(there, allowed, where)
    if there is not None:
        assert not check(root / "made").problems, where
    disk, later = Recorder(), platter.moved(root)
    now = goes_on(root / "made", there, disk)
    for operation in disk.journal:
        later.do(operation)
    left = later.left(Random(where), scratch.with_name(f"{scratch.name}-later"))
    same(found(left / "made"), [now], where)


def same(there: Truth | None, allowed: list[Any], where: str) -> None:
    """Fail in few words: the whole of an index and of a disk takes minutes to print."""
    if there not in allowed:
        numbers = [None if each is None else len(each) for each in (there, *allowed)]
        message = f"{where}: {numbers[0]} items are there, {numbers[1:]} may be"
        raise AssertionError(message)


def goes_on(folder: Path, there: Truth | None, disk: Disk) -> Truth:
    """The next writer adds an item, and leaves an index without a flaw; gives what it holds."""
    with IndexWriter(folder, disk=disk) as writer:
        if there is None:
            writer.start(settings())
        writer.add(**items(range(900, 901), 16))
        reader = writer.publish()
    now = everything(reader)
    assert now.keys() == {*(there or {}), "key-900"}
    assert {key: now[key] for key in there or {}} == (there or {})
    left = check(folder)
    assert left.newest, left.problems
    return now


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
