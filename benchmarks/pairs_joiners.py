"""Each way to find all pairs within a cosine, in a process of its own.

    python -m benchmarks.pairs_joiners JOB.json NAME THRESHOLD

The job's `left` is a .npy file of unit vectors; it is mapped into memory by all.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import machine
from benchmarks.job import answer, read_job

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.int64]
    Found = tuple[Rows, Rows, dict[str, Any]]

__all__ = ["JOINERS", "WARMING_ROWS"]

# Rows that faiss is asked about at once.
BLOCK = 4_096
# Neighbours that pynndescent finds of each row, itself among them: half its default, and that.
FEW, MANY = 15, 30
WARMING_ROWS = 2_000


def simsearch(vectors: Vectors, threshold: float, exact: bool | None = None) -> Found:
    """The join of the index, with default options."""
    from simsearch.store.join import JoinOptions, Part, pairs_within

    stream = pairs_within([Part(vectors)], "cosine", threshold, options=JoinOptions(exact=exact))
    batches = [(np.empty(0, np.int64),) * 2, *((some.left, some.right) for some in stream)]
    left, right = (np.concatenate(column) for column in zip(*batches, strict=True))
    report = stream.report
    told = "exact"
    if not report.exact:
        told = (
            f"{report.cells} cells, {report.visits:.1f} met by each vector; promised recall "
            f"{report.recall:.3f} ({report.sampled} pairs in the sample)"
        )
    return left, right, {"told": told}


def simsearch_exact(vectors: Vectors, threshold: float) -> Found:
    """The same, told to compare everything."""
    return simsearch(vectors, threshold, exact=True)


def faiss_flat(vectors: Vectors, threshold: float) -> Found:
    """Brute force: range search, a block of queries at a time."""
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    lefts, rights = [], []
    for start in range(0, len(vectors), BLOCK):
        limits, _, rows = index.range_search(vectors[start : start + BLOCK], threshold)
        queries = start + np.repeat(np.arange(len(limits) - 1), np.diff(limits).astype(np.int64))
        later = queries < rows
        lefts.append(queries[later])
        rights.append(rows[later])
    return np.concatenate(lefts), np.concatenate(rights), {"told": f"blocks of {BLOCK}"}


def pynndescent(vectors: Vectors, threshold: float, neighbours: int = FEW) -> Found:
    """The neighbours that an approximate graph finds, cut at the threshold."""
    from pynndescent import NNDescent

    graph = NNDescent(
        vectors, metric="cosine", n_neighbors=neighbours, n_jobs=machine.cores(), random_state=0
    )
    near, distances = graph.neighbor_graph
    rows, columns = np.nonzero(distances <= 1 - threshold)
    others = near[rows, columns]
    keys = np.minimum(rows, others) * len(vectors) + np.maximum(rows, others)
    left, right = np.divmod(np.unique(keys[rows != others]), len(vectors))
    return left, right, {"told": f"{neighbours} neighbours"}


def pynndescent_more(vectors: Vectors, threshold: float) -> Found:
    """The same with twice the neighbours."""
    return pynndescent(vectors, threshold, MANY)


JOINERS: dict[str, Callable[[Vectors, float], Found]] = {
    "simsearch": simsearch,
    "simsearch, exact": simsearch_exact,
    "faiss brute force": faiss_flat,
    "pynndescent": pynndescent,
    "pynndescent, 30": pynndescent_more,
}


def main() -> None:
    """Do one job."""
    from simsearch.threads import set_threads

    set_threads(machine.cores())
    job, name, threshold = read_job(), sys.argv[2], float(sys.argv[3])
    vectors = np.load(job.left, mmap_mode="r")
    # Libraries are loaded, and what compiles itself is compiled, before the second clock starts.
    JOINERS[name](np.asarray(vectors[:WARMING_ROWS]), threshold)
    began, spent = time.perf_counter(), time.process_time()
    left, right, facts = JOINERS[name](vectors, threshold)
    costs = {"joining": time.perf_counter() - began, "cpu": time.process_time() - spent}
    answer(job, pairs=(left, right), **costs, **facts)


if __name__ == "__main__":
    main()
