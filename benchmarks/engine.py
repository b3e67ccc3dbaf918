"""simsearch itself as a matcher: default settings, no labels, the same for every set."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

import simsearch
from benchmarks.job import ID_COLUMN, Job, answer, read_job

if TYPE_CHECKING:
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]


def match(job: Job) -> None:
    """Deduplicate one table or link two."""
    version = f"simsearch {simsearch.__version__}"
    if job.right is None:
        groups = simsearch.dedupe(job.left, id=ID_COLUMN)
        facts: dict[str, Any] = {
            "warnings": list(groups.statistics.warnings),
            "stages": groups.statistics.seconds,
        }
        facts["candidates_per_row"] = groups.statistics.candidates_per_row
        answer(
            job, labels=groups.group, candidates=lambda: _expanded(groups), version=version, **facts
        )
        return
    links = simsearch.link(job.left, job.right, id=ID_COLUMN)
    facts = {"warnings": list(links.statistics.warnings), "stages": links.statistics.seconds}
    # Ids are row positions, so they are the answer as they stand.
    left, right = (
        links.pairs.column(name).to_numpy().astype(np.int64) for name in ("left_id", "right_id")
    )
    facts["candidates_per_row"] = links.statistics.candidates_per_row
    pairs = links.scored.pairs
    candidates = (pairs.left, pairs.right)
    answer(job, pairs=(left, right), candidates=lambda: candidates, version=version, **facts)


def _expanded(groups: simsearch.Deduplication) -> tuple[Rows, Rows]:
    """Compared pairs as pairs of rows: a kept row stands for all its copies, and they for each
    other."""
    place = groups.exact.place
    rows = np.argsort(place, kind="stable")
    starts = np.concatenate([[0], np.cumsum(groups.exact.counts)])
    members = [rows[a:b] for a, b in itertools.pairwise(starts.tolist())]
    judged = groups.scored.pairs
    kept_pairs = zip(judged.left.tolist(), judged.right.tolist(), strict=True)
    crossed = [np.stack(np.meshgrid(members[a], members[b])).reshape(2, -1) for a, b in kept_pairs]
    crossed += [m[np.stack(np.triu_indices(len(m), 1))] for m in members if len(m) > 1]
    left, right = np.concatenate([*crossed, np.zeros((2, 0), dtype=np.int64)], axis=1)
    return np.minimum(left, right), np.maximum(left, right)


if __name__ == "__main__":
    match(read_job())
