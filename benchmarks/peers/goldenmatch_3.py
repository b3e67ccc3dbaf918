"""GoldenMatch 3 as it starts without a configuration: `dedupe_df` of one table.

It needs polars and an environment of its own: benchmarks/peers/setup.sh makes it. Its `match_df`
wants the columns of two tables to have the same names, which ours do not; two tables are left out.
"""

from __future__ import annotations

import numpy as np

from benchmarks.job import ID_COLUMN, Job, answer, read_job


def match(job: Job) -> None:
    """Deduplicate one table."""
    import goldenmatch
    import polars

    table = polars.read_csv(job.left, infer_schema_length=0).drop(ID_COLUMN)
    found = goldenmatch.dedupe_df(table)
    labels = np.arange(len(table))
    for cluster in found.clusters.values():
        labels[cluster["members"]] = min(cluster["members"])
    answer(job, labels=labels, version=f"goldenmatch {goldenmatch.__version__}")


if __name__ == "__main__":
    match(read_job())
