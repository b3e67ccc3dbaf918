"""How long a run is, and its learning rate."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.errors import OptionError
from simsearch.training.schedule import Schedule, parse_budget


@given(st.integers(1, 500))
def test_the_rate_rises_and_falls(steps: int) -> None:
    schedule = Schedule(steps, None)
    rates = []
    while not schedule.finished:
        rates.append(schedule.rate)
        schedule.count(time.perf_counter())
    assert len(rates) == steps
    assert all(0 < rate <= 1 for rate in rates)
    top = rates.index(max(rates))
    assert rates[:top] == sorted(rates[:top])
    assert rates[top:] == sorted(rates[top:], reverse=True)


def test_a_budget_ends_by_time() -> None:
    schedule = Schedule(None, 10.0, spent=4.0)
    assert schedule.done == 0.4
    assert schedule.seconds_left == 6.0
    schedule.count(time.perf_counter() - 7)  # as if the step had begun that long ago
    assert schedule.finished
    assert schedule.seconds_left == 0.0


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("90s", 90), ("1.5m", 90), ("1h", 3600)])
def test_budgets(text: str, seconds: float) -> None:
    assert parse_budget(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "0", "-5s", "5d"])
def test_budgets_that_are_none(text: str) -> None:
    with pytest.raises(OptionError, match="written as 90s"):
        parse_budget(text)


def test_steps_or_a_budget() -> None:
    for steps, budget in ((None, None), (3, 3.0), (0, None)):
        with pytest.raises(OptionError):
            Schedule(steps, budget)
