"""Many threads with a query each: no more at work than there are cores, and all are answered."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from simsearch.store.search import turns
from simsearch.store.search.turns import in_turn
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
