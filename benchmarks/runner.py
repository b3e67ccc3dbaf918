"""Runs a matcher on a record set in a process of its own, and measures its answer."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.job import ID_COLUMN, Job, read_answer
from simsearch.evaluation import (
    bcubed,
    candidate_metrics,
    exact_groups,
    grouping_metrics,
    pair_metrics,
)

if TYPE_CHECKING:
    from benchmarks.datasets import RecordSet
    from benchmarks.job import Answer

__all__ = ["MATCHERS", "Matcher", "Run", "run"]

ROOT = Path(__file__).resolve().parent.parent
# recordlinkage 0.16 needs pandas < 3; benchmarks/peers/setup.sh makes its environment.
PEERS_PYTHON = os.environ.get("SIMSEARCH_PEERS_PYTHON", str(ROOT / ".venv-peers/bin/python"))
PERSONS = frozenset({"persons", "groups", "fake", "febrl"})


@dataclass(frozen=True)
class Matcher:
    """Something that answers a job.

    Attributes:
        name: what the result table calls it.
        module: run as `python -m module JOB.json`.
        families: the kinds of tables it has settings for; None: all.
        python: the interpreter to run it with.
        arguments: what stands after the job on its command line.
        note: what a reader must know about it.
        skips: sets it is not run on.
    """

    name: str
    module: str
    families: frozenset[str] | None = None
    python: str = sys.executable
    arguments: tuple[str, ...] = ()
    note: str = ""
    skips: frozenset[str] = frozenset()

    def takes(self, records: RecordSet) -> bool:
        """Whether there is anything to run on this set."""
        known = self.families is None or records.family in self.families
        return known and records.name not in self.skips

    @property
    def is_installed(self) -> bool:
        """Whether its interpreter is there."""
        return Path(self.python).exists()


MATCHERS = (
    Matcher("simsearch", "benchmarks.engine", note="default settings, no labels"),
    Matcher(
        "splink",
        "benchmarks.peers.splink_5",
        PERSONS | {"bibliography", "products", "restaurants"},
        note=(
            "hand-written settings for each kind of table, after its own examples; u from 10 "
            "million random pairs on the person sets, as its 50k example has it"
        ),
    ),
    Matcher(
        "splink at 0.5",
        "benchmarks.peers.splink_5",
        PERSONS | {"bibliography", "products", "restaurants"},
        arguments=("0.5",),
        note="the same at probability 0.5, the default of simsearch, in the place of 0.95",
        skips=frozenset({"persons 200k"}),
    ),
    Matcher(
        "recordlinkage",
        "benchmarks.peers.recordlinkage_0",
        PERSONS | {"bibliography", "products", "restaurants"},
        python=PEERS_PYTHON,
        note="hand-written blocking and comparisons, ECM classifier",
        skips=frozenset({"persons 200k", "all duplicates"}),
    ),
)


@dataclass
class Run:
    """One matcher on one set.

    Attributes:
        records: name of the set.
        rows: its rows.
        matcher: name of the matcher.
        measures: measure name -> value; empty when it failed.
        facts: what the child reported.
        error: the last line on stderr when it failed, else "".
    """

    records: str
    rows: int
    matcher: str
    measures: dict[str, float] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    error: str = ""


def run(matcher: Matcher, records: RecordSet, *, limit: float = 1800.0) -> Run:
    """Match the set in a child process and measure what it answers.

    Args:
        matcher: what to run.
        records: the set; its tables are written as CSV for the child.
        limit: seconds after which the child is stopped and the run counts as failed.
    """
    out = Run(records.name, records.rows, matcher.name)
    with tempfile.TemporaryDirectory() as folder:
        job = _job(records, Path(folder))
        command = [matcher.python, "-m", matcher.module, str(Path(folder) / "job.json")]
        command += matcher.arguments
        try:
            done = subprocess.run(
                command, cwd=ROOT, capture_output=True, text=True, timeout=limit, check=False
            )
        except subprocess.TimeoutExpired:
            out.error = f"not done after {limit:.0f} s"
            return out
        if done.returncode != 0:
            out.error = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
            return out
        said = read_answer(job, done.stdout)
    out.facts = said.facts
    out.measures = measure(records, said)
    return out


def _job(records: RecordSet, folder: Path) -> Job:
    """Tables and job written to the folder."""
    paths = []
    for name, table in (("left", records.left), ("right", records.right)):
        if table is None:
            paths.append(None)
            continue
        paths.append(str(folder / f"{name}.csv"))
        numbered = table.copy(deep=False)
        numbered.insert(0, ID_COLUMN, np.arange(len(table)))
        numbered.to_csv(paths[-1], index=False)
    out = str(folder / "answer.npz")
    job = Job(records.name, records.family, paths[0], paths[1], out, time.time())
    job.write(folder / "job.json")
    return job


def measure(records: RecordSet, said: Answer) -> dict[str, float]:
    """All measures of an answer against all true pairs of the set.

    One table: pairs are those within the groups. Two tables: the links themselves; B-cubed is of
    the groups that they make. A true pair that blocking missed counts as missed.
    """
    true_labels = records.labels(records.truth)
    if said.labels is not None:
        labels = said.labels
        pairs = grouping_metrics(labels, true_labels)
    else:
        labels = records.labels(said.pairs)
        pairs = pair_metrics(said.pairs, records.truth, two_tables=records.right is not None)
    out = {
        "recall": pairs.recall,
        "f1": pairs.f1,
        "bcubed_f1": bcubed(labels, true_labels).f1,
        "exact_f1": exact_groups(labels, true_labels).f1,
        "predicted_pairs": pairs.predicted,
        "grouped_share": _grouped_share(labels),
        "seconds": said.facts["seconds"],
        "peak_mib": said.facts["peak_bytes"] / 2**20,
    }
    if pairs.predicted:  # a matcher that says nothing has no precision to boast of
        out["precision"] = pairs.precision
    return out | _candidate_measures(records, said)


def _candidate_measures(records: RecordSet, said: Answer) -> dict[str, float]:
    """Blocking recall and size, when the matcher told its candidates."""
    if said.candidates is None:
        return {}
    right_rows = None if records.right is None else len(records.right)
    found = candidate_metrics(said.candidates, records.truth, len(records.left), right_rows)
    # Pairs compared, where the matcher counts them; a row that stands for copies counts once.
    per_row = said.facts.get("candidates_per_row", found.per_row)
    return {"candidates_per_row": per_row, "blocking_recall": found.pair_completeness}


def _grouped_share(labels: np.ndarray[Any, Any]) -> float:
    """Share of the rows that are in a group of more than one."""
    sizes = np.unique(labels, return_counts=True)[1]
    return float(sizes[sizes > 1].sum() / max(len(labels), 1))
