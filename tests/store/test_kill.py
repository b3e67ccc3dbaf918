"""A writer is killed at random moments; what it acknowledged is there, and nothing by half."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import numpy as np
import pytest

from simsearch.store.upkeep.check import check
from simsearch.store.vector_index import VectorIndex
from tests.store.killed import KEYS, Truth, after

ROOT = Path(__file__).resolve().parents[2]
# Seconds that a life may last: from before its first step to some dozen steps.
LONGEST = 0.12
# A busy machine gives lives less to do: then there are more of them, up to so many times as many.
MOST_LIVES = 10


class Victim:
    """The process that forks lives."""

    def __init__(self, folder: Path, seed: int) -> None:
        command = [sys.executable, "-m", "tests.store.killed", str(folder), str(seed)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=environment
        )
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().decode().strip()

    def live_and_die(self, first: int, seconds: float) -> list[str]:
        """One life, killed after so long; gives what it told."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{first}\n".encode())
        self._process.stdin.flush()
        told: list[str] = []
        child = 0
        while not child:
            line = self._line()
            if line.startswith("child"):
                child = int(line.split()[1])
            else:
                told.append(line)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        while (line := self._line()) != "ended":
            told.append(line)
        return told

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()


def held(folder: Path) -> Truth:
    """Keys of the index and the step each is of; its vector and its column must say the same."""
    index = VectorIndex.open(folder)
    if not len(index):
        return {}
    keys = [key for key in range(KEYS) if key in index]
    assert len(keys) == len(index)
    steps = [row["step"] for row in index.metadata(keys)]
    np.testing.assert_array_equal(index.vectors(keys), np.repeat(np.array(steps), 4).reshape(-1, 4))
    return dict(zip(keys, steps, strict=True))


def killed_often(folder: Path, seed: int, times: int) -> None:
    victim, random = Victim(folder, seed), Random(seed)
    truth: Truth = {}
    number, steps = 1, 0
    try:
        for life in range(MOST_LIVES * times):
            if life >= times and steps > times // 5:
                break
            told = victim.live_and_die(number, random.random() * LONGEST)
            done = [int(line.split()[1]) for line in told if line.startswith("done")]
            begun = [int(line.split()[1]) for line in told if line.startswith("begin")]
            for each in done:
                truth = after(truth, seed, each)
            in_flight = [each for each in begun if each not in done]
            allowed = [truth, *(after(truth, seed, each) for each in in_flight)]
            there = held(folder)
            assert there in allowed, f"life {life}"
            truth = there
            number, steps = max(begun, default=number - 1) + 1, steps + len(done)
    finally:
        victim.close()
    assert steps > times // 5
    assert check(folder).newest
    index = VectorIndex.open(folder)
    index.upsert([0], np.zeros((1, 4), np.float32), {"step": [0]})  # no lock is left
    index.compact(prune=True)
    assert not check(folder).problems


@pytest.mark.skipif(not hasattr(os, "fork"), reason="lives are forked")
def test_hundreds_of_kills_lose_nothing(tmp_path: Path) -> None:
    killed_often(tmp_path / "made", 1, 250)


@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "fork"), reason="lives are forked")
@pytest.mark.parametrize("seed", range(2, 6))
def test_thousands_of_kills_lose_nothing(tmp_path: Path, seed: int) -> None:
    killed_often(tmp_path / "made", seed, 1_000)
