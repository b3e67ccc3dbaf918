"""Where cells lie: k-means into a quarter as many, and each of these parted by its size.

Plain k-means leaves cells of very unequal size, and queries come to the large ones most often.
Parted in this way they are learnt in less time, and fewer rows are read for the same recall
(`benchmarks/index_tried.py`).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from heapq import heapify, heapreplace
from typing import TYPE_CHECKING, Any

from simsearch.threads import threads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Vectors

__all__ = ["k_means", "learnt_centres", "seats"]

# The first k-means makes one of so many cells; the others come of parting these.
FIRST_SHARE = 4
FIRST_ROUNDS, NEXT_ROUNDS = 10, 6
SEED = 1234


def learnt_centres(vectors: Vectors, cells: int, metric: Metric) -> Vectors:
    """(cells, d) float32: centres of cells that hold about as many of some vectors.

    Args:
        vectors: (n, d) float32 to learn from, at least as many as cells.
        cells: how many, at least 1.
        metric: how vectors are compared.
    """
    import numpy as np

    first = k_means(vectors, max(1, cells // FIRST_SHARE), metric, FIRST_ROUNDS)
    homes = first.search(vectors, 1)[1][:, 0]
    sizes = np.bincount(homes, minlength=first.ntotal)
    parts = seats(sizes.tolist(), cells)
    members = np.split(np.argsort(homes, kind="stable"), np.cumsum(sizes)[:-1])
    own = _centres_in(first)

    def parted(cell: int) -> Vectors:
        if parts[cell] == 1:
            return own[cell : cell + 1]
        some = np.ascontiguousarray(vectors[members[cell]])
        return _centres_in(k_means(some, parts[cell], metric, NEXT_ROUNDS))

    with ThreadPoolExecutor(threads(), initializer=_alone) as pool:
        return np.concatenate(list(pool.map(parted, range(len(parts)))))


def seats(sizes: Sequence[int], total: int) -> list[int]:
    """How many parts each of some groups is to get so that the largest part is least.

    The groups get one each, and then whichever has the largest parts gets one more: the
    apportionment of J. Q. Adams. No group gets more parts than it has members.

    Args:
        sizes: members of each group.
        total: parts together, at least as many as groups.
    """
    given = [1] * len(sizes)
    largest = [(-float(size), group) for group, size in enumerate(sizes)]
    heapify(largest)
    for _ in range(total - len(sizes)):
        group = largest[0][1]
        if given[group] >= sizes[group]:
            break
        given[group] += 1
        heapreplace(largest, (-sizes[group] / given[group], group))
    return given


def k_means(vectors: Vectors, cells: int, metric: Metric, rounds: int) -> Any:
    """Plain k-means: a FAISS index of the centres.

    Args:
        vectors: (n, d) float32 to learn from, all of them, at least as many as cells.
        cells: how many, at least 1.
        metric: how vectors are compared.
        rounds: of Lloyd's algorithm.
    """
    import faiss

    learning = faiss.Clustering(vectors.shape[1], cells)
    learning.niter, learning.seed = rounds, SEED
    # The sample was drawn by the caller; FAISS warns on stderr about any that it finds small.
    learning.min_points_per_centroid, learning.max_points_per_centroid = 1, len(vectors)
    learning.spherical = metric.larger_is_closer
    centres = faiss.IndexFlat(vectors.shape[1], metric.faiss_metric)
    learning.train(vectors, centres)
    return centres


def _centres_in(index: Any) -> Vectors:
    centres: Vectors = index.reconstruct_n(0, index.ntotal)
    return centres


def _alone() -> None:
    """Small groups are parted side by side, each on one thread."""
    import faiss

    faiss.omp_set_num_threads(1)  # of this thread
