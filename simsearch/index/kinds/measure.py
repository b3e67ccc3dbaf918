"""How much of the truth an approximate kind finds, measured on its own vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.index.exact import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simsearch.distance import Metric
    from simsearch.index.kinds.kind import Searcher, Vectors

__all__ = ["RECALL", "enough", "sample"]

# Share of the nearest that an approximate kind is set to find.
RECALL = 0.95
QUERIES = 100
NEIGHBOURS = 10
SEED = 1234


def enough(
    searchers: Iterable[tuple[int, Searcher]], vectors: Vectors, metric: Metric
) -> dict[str, int]:
    """The first of several settings that finds enough.

    Each query is one of the vectors and finds itself, which is no feat, so the nearest is left
    out. Equal values count as found: among copies it does not matter which.

    Args:
        searchers: a setting and a searcher with it, the quickest first.
        vectors: (n, d), what they search.
        metric: of the index.

    Returns:
        `setting`, and `recall_percent`, the share of the 10 nearest that it found, rounded
        down. The last setting if none was enough.
    """
    import numpy as np

    queries = sample(vectors, QUERIES)
    k = min(NEIGHBOURS + 1, len(vectors))
    sign = 1.0 if metric.larger_is_closer else -1.0
    truth = sign * nearest(queries, vectors, k, metric)[0]
    # The order of summing, and with it the last digits, differs between kinds.
    least = truth[:, -1:] - 1e-5 * (1 + np.abs(truth[:, -1:]))
    chosen = {"setting": 0, "recall_percent": 0}
    for setting, searcher in searchers:
        found = sign * searcher.search(queries, k, None)[0]
        recall = float(np.mean((found >= least)[:, 1:])) if k > 1 else 1.0
        chosen = {"setting": setting, "recall_percent": int(100 * recall)}
        if recall >= RECALL:
            break
    return chosen


def sample(vectors: Vectors, rows: int) -> Vectors:
    """At most so many rows, drawn evenly, in the order of the file; in memory."""
    import numpy as np

    if len(vectors) <= rows:
        return np.array(vectors)
    drawn = np.random.default_rng(SEED).choice(len(vectors), rows, replace=False)
    drawn.sort()
    return np.array(vectors[drawn])
