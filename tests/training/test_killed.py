"""A run that is killed from outside and gone on with ends with the weights of one that was not."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from simsearch.kinds.loading import load_encoder
from simsearch.training.checkpoint import FILE

# A checkpoint after every step, so that a kill may fall into the writing of one.
RUN = """
import sys
from simsearch.threads import set_threads
from simsearch.training.train import train
from tests.training.made import numbers

set_threads(1)
values, names = numbers()
train(
    values, sys.argv[1], steps=int(sys.argv[2]), batch=64, arithmetic="float32", classes=names,
    mine=True, resume=sys.argv[3] == "resume", checkpoint_every=0,
)
"""


def started(folder: Path, steps: int, how: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", RUN, str(folder), str(steps), how]
    with errors_of(folder).open("wb") as errors:
        return subprocess.Popen(command, stderr=errors)


def errors_of(folder: Path) -> Path:
    return folder.with_suffix(".err")


def killed_and_resumed(folder: Path, steps: int, kills: int) -> int:
    """How many kills met a run that had left a checkpoint and was not over."""
    rng, met = random.Random(0), 0
    for _ in range(kills):
        resumes = (folder / FILE).exists()
        process = started(folder, steps, "resume" if resumes else "anew")
        while process.poll() is None and not (folder / FILE).exists():
            time.sleep(0.01)
        if resumes:  # it has to load first
            time.sleep(2.0)
        time.sleep(rng.uniform(0.0, 0.4))
        met += process.poll() is None
        process.kill()
        process.wait()
    return met


@pytest.mark.parametrize(
    ("steps", "kills"), [(150, 3), pytest.param(1500, 40, marks=pytest.mark.long)]
)
def test_killed_at_any_moment(tmp_path: Path, steps: int, kills: int) -> None:
    whole = started(tmp_path / "whole", steps, "anew")
    assert whole.wait() == 0, errors_of(tmp_path / "whole").read_text()
    met = killed_and_resumed(tmp_path / "killed", steps, kills)
    assert met
    if (tmp_path / "killed" / FILE).exists():
        last = started(tmp_path / "killed", steps, "resume")
        assert last.wait() == 0, errors_of(tmp_path / "killed").read_text()
    found, expected = (load_encoder(tmp_path / name) for name in ("killed", "whole"))
    assert found.fingerprint == expected.fingerprint
