"""Segments asked side by side answer as one after the other."""

import threading
import time

import numpy as np
import pytest

from simsearch.store.search import fan_out
from simsearch.store.search.fan_out import MANY_QUERIES, each_segment


@pytest.fixture
def two_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fan_out, "threads", lambda: 2)


@pytest.mark.parametrize("queries", [1, MANY_QUERIES])
@pytest.mark.parametrize("parts", [0, 1, 2, 9])
@pytest.mark.usefixtures("two_threads")
def test_results_come_in_the_order_of_the_parts(parts: int, queries: int) -> None:
    def ask(part: int) -> int:
        time.sleep(0.002 * (parts - part))
        return part * part

    assert each_segment(ask, range(parts), queries) == [n * n for n in range(parts)]


@pytest.mark.usefixtures("two_threads")
def test_few_queries_are_spread_and_many_are_not() -> None:
    """With many, FAISS itself keeps the cores busy."""
    meeting = threading.Barrier(2, timeout=10)

    def meets(part: int) -> str:
        meeting.wait()  # broken unless two ask at the same time
        return threading.current_thread().name

    assert all(name.startswith("simsearch-segment") for name in each_segment(meets, [0, 1], 1))
    here = threading.current_thread().name
    names = each_segment(lambda part: threading.current_thread().name, [0, 1], MANY_QUERIES)
    assert names == [here, here]
    assert each_segment(lambda part: threading.current_thread().name, [0], 1) == [here]


def test_one_thread_asks_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fan_out, "threads", lambda: 1)
    here = threading.current_thread().name
    assert each_segment(lambda part: threading.current_thread().name, [0, 1, 2], 1) == [here] * 3


@pytest.mark.usefixtures("two_threads")
def test_an_error_of_a_part_is_raised() -> None:
    def fails(part: int) -> int:
        if part == 1:
            raise ValueError("part 1")
        return part

    with pytest.raises(ValueError, match="part 1"):
        each_segment(fails, [0, 1, 2], 1)
    assert each_segment(np.square, [1, 2, 3], 1) == [1, 4, 9]
