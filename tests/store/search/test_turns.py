"""Many threads with a query each: no more at work than there are cores, and all are answered."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from simsearch.index.index import Index
from simsearch.store.reading import reader
from simsearch.store.search import turns
from simsearch.store.search.turns import in_turn
from simsearch.store.vector_index import VectorIndex
from simsearch.threads import cores

READERS = 8


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine as busy as you like, too."""
    monkeypatch.setattr(turns, "PATIENCE", 60.0)


@pytest.mark.usefixtures("patient")
def test_no_more_are_at_work_than_there_are_cores() -> None:
    counting, at_work, most = threading.Lock(), 0, 0

    def ask() -> int:
        nonlocal at_work, most
        with counting:
            at_work += 1
            most = max(most, at_work)
        time.sleep(0.001)
        with counting:
            at_work -= 1
        return threading.get_ident()

    with ThreadPoolExecutor(READERS) as pool:
        list(pool.map(lambda _: in_turn(ask), range(20 * READERS)))
    assert most == min(cores(), READERS)


@pytest.mark.usefixtures("patient")
def test_a_query_that_fails_gives_its_place_back() -> None:
    def fails() -> None:
        raise ValueError("no such query")

    for _ in range(2 * cores()):
        with pytest.raises(ValueError, match="no such query"):
            in_turn(fails)
    assert in_turn(lambda: 1) == 1


def test_slow_queries_do_not_hold_up_others() -> None:
    going, done = threading.Barrier(cores() + 1), threading.Event()

    def slow() -> bool:
        going.wait(60)
        return done.wait(60)

    with ThreadPoolExecutor(cores()) as pool:
        slows = [pool.submit(in_turn, slow) for _ in range(cores())]
        going.wait(60)  # all places are taken
        assert in_turn(lambda: 2) == 2
        done.set()
        assert all(each.result() for each in slows)


def test_single_queries_of_an_index_take_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By both doors; many at once, and those that compare all that fulfil a condition, do not."""
    asked = []

    def noted(ask: Callable[[], object]) -> object:
        asked.append(ask)
        return ask()

    monkeypatch.setattr(reader, "in_turn", noted)
    corpus = np.eye(4, dtype=np.float32)
    VectorIndex.create(tmp_path / "made", 4).add(range(4), corpus, {"n": range(4)})
    index = Index.open("made", tmp_path)
    assert index.query(corpus[2], 1)[0].id == 2
    assert index.vectors.search(corpus[1:2], 1).ids.tolist() == [[1]]
    assert len(asked) == 2
    assert index.vectors.search(corpus, 1).ids.tolist() == [[0], [1], [2], [3]]
    assert index.query(corpus[2], 1, where="n = 3")[0].id == 3
    assert len(asked) == 2
