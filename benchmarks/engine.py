"""simsearch itself as a matcher: default settings, no labels, the same for every set."""

from __future__ import annotations

import numpy as np

import simsearch
from benchmarks.job import ID_COLUMN, Job, answer, read_job


def match(job: Job) -> None:
    """Deduplicate one table or link two."""
    version = f"simsearch {simsearch.__version__}"
    if job.right is None:
        groups = simsearch.dedupe(job.left, id_column=ID_COLUMN)
        facts = {"warnings": list(groups.statistics.warnings), "stages": groups.statistics.seconds}
        candidates = groups.candidates
        answer(job, labels=groups.group, candidates=lambda: candidates, version=version, **facts)
        return
    links = simsearch.link(job.left, job.right, id_column=ID_COLUMN)
    facts = {"warnings": list(links.statistics.warnings), "stages": links.statistics.seconds}
    # Ids are row positions, so they are the answer as they stand.
    left, right = (
        links.pairs.column(name).to_numpy().astype(np.int64) for name in ("left_id", "right_id")
    )
    candidates = links.candidates
    answer(job, pairs=(left, right), candidates=lambda: candidates, version=version, **facts)


if __name__ == "__main__":
    match(read_job())
