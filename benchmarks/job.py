"""What the benchmark hands to a matcher's process, and what it gets back.

The parent writes the tables as CSV and a job as JSON; the child reads both, matches, and calls
`answer` with row positions. Time runs from before the child was started until `answer` is
called: interpreter, imports and reading the CSV are part of what a user waits for. The
candidates are handed over afterwards, off the clock.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Positions = npt.NDArray[np.int64]
    Pairs = tuple[Positions, Positions]

__all__ = ["ID_COLUMN", "Answer", "Job", "answer", "read_answer", "read_job"]

# Every table that the harness writes has this column: the row's position, which tells nothing.
ID_COLUMN = "row"


@dataclass(frozen=True, slots=True)
class Job:
    """One table to deduplicate or two to link.

    Attributes:
        name: which data set, for messages.
        family: which kind of columns it has; a peer that needs settings chooses them by it.
        left: CSV of the (left) table, with the column `row`.
        right: CSV of the right table, None to deduplicate.
        out: the .npz that the child writes.
        started: time.time() before the child was started.
    """

    name: str
    family: str
    left: str
    right: str | None
    out: str
    started: float

    def write(self, path: Path) -> None:
        """As JSON."""
        path.write_text(json.dumps(asdict(self)))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a matcher said.

    Attributes:
        labels: (n,) group of each row; None when `pairs` is given instead.
        pairs: (left, right) row positions of the predicted matches; None when labels are given.
        candidates: (left, right) row positions of the pairs that were compared, or None.
        facts: seconds, peak memory in bytes, version and what else the child reports.
    """

    labels: Positions | None
    pairs: Pairs | None
    candidates: Pairs | None
    facts: dict[str, Any]


def read_job() -> Job:
    """The job that the command line names."""
    return Job(**json.loads(Path(sys.argv[1]).read_text()))


def answer(
    job: Job,
    *,
    labels: Positions | None = None,
    pairs: Pairs | None = None,
    candidates: Callable[[], Pairs] | None = None,
    **facts: Any,
) -> None:
    """Stop the clock, write the result for the parent, print the facts as one JSON line.

    Args:
        job: what was asked.
        labels: (n,) groups, or
        pairs: (left, right) positions of matches.
        candidates: called off the clock for the compared pairs.
        facts: anything else worth printing (version, warnings).
    """
    seconds = time.time() - job.started
    peak = _peak_bytes()
    arrays: dict[str, Any] = {}
    if labels is not None:
        arrays["labels"] = labels
    if pairs is not None:
        arrays["left"], arrays["right"] = pairs
    if candidates is not None:
        arrays["candidates_left"], arrays["candidates_right"] = candidates()
    np.savez(job.out, allow_pickle=False, **arrays)
    print(json.dumps({"seconds": seconds, "peak_bytes": peak, **facts}), flush=True)


def _peak_bytes() -> int:
    """The most memory that this process held at once.

    On Linux from /proc: the figure of getrusage begins at what the parent held when it started us.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def read_answer(job: Job, stdout: str) -> Answer:
    """The child's result: its arrays and the last line that it printed."""
    facts = json.loads(stdout.strip().splitlines()[-1])
    with np.load(job.out, allow_pickle=False) as stored:
        arrays = dict(stored)
    return Answer(
        labels=arrays.get("labels"),
        pairs=_pairs(arrays, ""),
        candidates=_pairs(arrays, "candidates_"),
        facts=facts,
    )


def _pairs(arrays: dict[str, Positions], prefix: str) -> Pairs | None:
    """The two arrays of that prefix, or None when there are none."""
    if f"{prefix}left" not in arrays:
        return None
    return arrays[f"{prefix}left"], arrays[f"{prefix}right"]
