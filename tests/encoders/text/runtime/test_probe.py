"""The quickest engine that gives what it should is chosen."""

import time

import numpy as np

from simsearch.encoders.text.runtime.probe import Candidate, departure, quickest
from simsearch.encoders.text.runtime.tokens import TokenBatch

TRUTH = np.eye(4, 8, dtype=np.float32)
ROWS = np.arange(4)
BATCHES = [TokenBatch(rows, rows[:, None], rows[:, None]) for rows in (ROWS[2:], ROWS[:2])]


class Made:
    """An engine that is off by so much and takes so long."""

    def __init__(self, off: float, seconds: float) -> None:
        self.off, self.seconds = off, seconds

    def compute(self, batch: TokenBatch) -> np.ndarray:
        until = time.process_time() + self.seconds
        while time.process_time() < until:
            pass
        return TRUTH[batch.rows] * np.float32(1 + self.off)


def made(off: float, seconds: float, again: float = 0.0, farthest: float = 1e-5) -> Candidate:
    return Candidate(lambda: Made(off, seconds), farthest, again)


def broken() -> Made:
    raise RuntimeError("no such engine here")


def test_it_is_the_quickest_of_those_that_are_right() -> None:
    found = quickest(
        {
            "slow": made(0, 0.01),
            "quick": made(1e-7, 0.001),
            "wrong": made(1e-3, 0),
            "none": made(np.nan, 0),
            "absent": Candidate(broken, 1),
        },
        BATCHES,
        TRUTH,
    )
    assert found is not None
    assert found[0] == "quick"


def test_what_has_to_be_computed_again_counts() -> None:
    candidates = {
        "float32": made(0, 0.02),
        "bytes": made(0.1, 0.004, again=0.3, farthest=0.3),
        "half": made(0.01, 0.006, again=0.01, farthest=0.3),
    }
    found = quickest(candidates, BATCHES, TRUTH)
    assert found is not None
    assert found[0] == "half"


def test_none_is_chosen_where_none_is_right() -> None:
    assert quickest({"wrong": made(1, 0)}, BATCHES, TRUTH) is None
    assert departure(np.zeros((2, 3), np.float32), np.zeros((2, 3), np.float32)) == 0
