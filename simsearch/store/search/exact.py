"""Nearest rows by comparing with every one: the flat engine, and the answer under a filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simsearch.distance import Metric
from simsearch.store.search.blocks import LEAST_QUERIES, nearest_in_blocks, product_keys
from simsearch.store.search.places import places
from simsearch.store.search.rerank import compared, padded, rerank, rerankable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[Any]
    Rows = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

__all__ = ["best", "completed", "in_steps", "nearest", "within", "without_self"]

# Rows gathered at a time under a filter: bounds the copy to some 64 MB at 256 dimensions.
CHUNK_ROWS = 65_536
# The shape of what is compared at a time when all within a distance are sought.
BLOCK_ROWS, BLOCK_QUERIES = 4_096, 256
# Numbers of the queries that are gathered when pairs are compared: 32 MB.
PAIR_NUMBERS = 1 << 23


def nearest(
    queries: Vectors, vectors: Vectors, k: int, metric: Metric, wanted: Mask | None = None
) -> tuple[Vectors, Rows]:
    """The k rows nearest to each query, nearest first, ties by row number.

    Args:
        queries: (m, d) float32, as `Metric.prepare` gives them.
        vectors: (n, d) float32, prepared likewise; may be a memory map.
        k: how many, at least 1.
        metric: how to compare.
        wanted: (n,) bool, the rows that may be found; None for all.

    Returns:
        Scores or distances of the metric, (m, k) float32, and row numbers, (m, k) int64;
        -1 (and NaN) where there are fewer than k rows.
    """
    import numpy as np

    if wanted is not None and len(queries) == 1 and rerankable(metric):
        return _nearest_listed(queries, vectors, k, metric, np.flatnonzero(wanted))
    found = [(np.empty((len(queries), 0), np.float32), np.empty((len(queries), 0), np.int64))]
    for rows, part in _parts(vectors, wanted):
        values, local = _knn(queries, part, min(k, len(part)), metric)
        numbers = local if rows is None else np.where(local >= 0, rows[local], -1)
        found.append((values, numbers))
        found = [best(found, k, metric)]
    return best(found, k, metric)


def _nearest_listed(
    query: Vectors, vectors: Vectors, k: int, metric: Metric, rows: Rows
) -> tuple[Vectors, Rows]:
    """As `nearest` among some rows, compared where they lie: for one query a copy takes longer."""
    import numpy as np

    if not len(rows):
        return np.full((1, k), np.nan, np.float32), np.full((1, k), -1)
    return padded(*rerank(query, rows[None, :], vectors, min(k, len(rows)), metric), k)


def _knn(queries: Vectors, vectors: Vectors, k: int, metric: Metric) -> tuple[Vectors, Rows]:
    import faiss
    import numpy as np

    if not metric.binary and (metric is Metric.MANHATTAN or len(queries) < LEAST_QUERIES):
        values, rows = faiss.knn(queries, vectors, k, metric.faiss_metric)
        return metric.from_faiss(values), rows
    if not metric.binary:
        return nearest_in_blocks(queries, vectors, k, metric)
    distances, rows = faiss.knn_hamming(queries, np.ascontiguousarray(vectors), k)
    return distances.astype(np.float32), rows.astype(np.int64)


def completed(
    found: tuple[Vectors, Rows], least: int, compare: Callable[[Rows], tuple[Vectors, Rows]]
) -> tuple[Vectors, Rows]:
    """What an engine found, with the queries that it left short compared with every row.

    Args:
        found: values and rows, (m, k), as `nearest` gives them.
        least: rows that each query must find.
        compare: gives the same for some of the queries, named by their numbers.
    """
    import numpy as np

    values, rows = found
    missing = rows[:, least - 1] < 0
    if least and np.count_nonzero(missing):
        short = np.flatnonzero(missing)
        values[short], rows[short] = compare(short)
    return values, rows


def without_self(values: Vectors, rows: Rows, own: Rows) -> tuple[Vectors, Rows]:
    """The neighbours of items, found with one more than is wanted, without the items themselves.

    Args:
        values: (m, k + 1) scores or distances, nearest first.
        rows: (m, k + 1) the rows or positions that have them.
        own: (m,) those of the items.

    Returns:
        (m, k) of each.
    """
    other = rows != own[:, None]
    # Among many duplicates the item itself may not be there: then the last one goes.
    other[other.all(axis=1), -1:] = False
    shape = len(own), max(rows.shape[1] - 1, 0)
    return values[other].reshape(shape), rows[other].reshape(shape)


def in_steps(
    search: Callable[[Vectors], tuple[Vectors, Rows]], queries: Vectors, step: int
) -> tuple[Vectors, Rows]:
    """The answers to many queries, so many at a time: bounds what is listed for them."""
    import numpy as np

    if len(queries) <= max(step, 1):
        return search(queries)
    starts = range(0, len(queries), max(step, 1))
    parts = [search(queries[start : start + max(step, 1)]) for start in starts]
    values, rows = map(np.concatenate, zip(*parts, strict=True))
    return values, rows


def within(
    queries: Vectors,
    vectors: Vectors,
    threshold: float,
    metric: Metric,
    wanted: Mask | None = None,
) -> tuple[Rows, Vectors, Rows]:
    """Every row as close to a query as a threshold, nearest first, ties by row number.

    Args:
        queries, vectors, metric, wanted: as for `nearest`.
        threshold: the least score, or the greatest distance.

    Returns:
        As `engines.engine.Searcher.within`.
    """
    import numpy as np

    query, row, value = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.float32)]
    for rows, part in _parts(vectors, wanted):
        for start in range(0, len(part), BLOCK_ROWS):
            some = np.ascontiguousarray(part[start : start + BLOCK_ROWS])
            for first in range(0, len(queries), BLOCK_QUERIES):
                asked = queries[first : first + BLOCK_QUERIES]
                one, other, close = _close(asked, some, threshold, metric)
                local = other + start
                query.append(one + first)
                row.append(local if rows is None else rows[local])
                value.append(close)
    found = np.concatenate(query), np.concatenate(row), np.concatenate(value)
    return _listed(*found, len(queries), metric)


def _listed(
    query: Rows, row: Rows, value: Vectors, queries: int, metric: Metric
) -> tuple[Rows, Vectors, Rows]:
    """Pairs of queries and rows, sorted, with the limits of each query."""
    import numpy as np

    order = np.lexsort((row, -value if metric.larger_is_closer else value, query))
    limits = np.concatenate([[0], np.cumsum(np.bincount(query, minlength=queries))])
    return limits.astype(np.int64), value[order], row[order]


def _close(
    queries: Vectors, rows: Vectors, threshold: float, metric: Metric
) -> tuple[Rows, Rows, Vectors]:
    """Pairs as close as the threshold: numbers of the query and of the row, and the value."""
    import faiss
    import numpy as np

    if metric.binary:
        differ = queries[:, None, :] ^ rows[None, :, :]
        values = np.bitwise_count(differ).sum(axis=2, dtype=np.int64).astype(np.float32)
    elif metric is Metric.MANHATTAN:
        values = faiss.pairwise_distances(queries, rows, metric.faiss_metric)
    else:
        return _close_by_product(queries, rows, threshold, metric)
    query, row = places(metric.as_close(values, threshold))
    return query, row, values[query, row]


def _close_by_product(
    queries: Vectors, rows: Vectors, threshold: float, metric: Metric
) -> tuple[Rows, Rows, Vectors]:
    """As `_close`: what a product finds, with room for its rounding, is compared once more."""
    import numpy as np

    keys, slack = product_keys(queries, rows, metric)
    limit: Any = np.float32(-threshold)
    with np.errstate(over="ignore", invalid="ignore"):  # what is no number is compared as well
        if metric is Metric.EUCLIDEAN:
            own = np.einsum("ij,ij->i", queries, queries)
            limit = np.float32(threshold) ** 2 - own if threshold >= 0 else -np.inf
        beyond = keys > np.broadcast_to(limit + 2 * slack, len(queries))[:, None]
    query, row = places(~beyond)
    values = np.empty(len(query), np.float32)
    step = max(1, PAIR_NUMBERS // max(queries.shape[1], 1))
    for start in range(0, len(query), step):  # each pair is a query of its own with one candidate
        pair = slice(start, start + step)
        asked, candidates = queries[query[pair]], row[pair, None].astype(np.int64)
        values[pair] = compared(asked, candidates, rows, metric)[:, 0]
    values = metric.from_faiss(values)
    close = metric.as_close(values, threshold)
    return query[close], row[close], values[close]


def best(parts: list[tuple[Vectors, Rows]], k: int, metric: Metric) -> tuple[Vectors, Rows]:
    """The k best of several answers to the same queries.

    Args:
        parts: values (m, any) and rows (m, any), -1 where there is none.
        k: how many to keep.
        metric: tells which values are better.

    Returns:
        As `nearest`.
    """
    import numpy as np

    values = np.concatenate([part[0] for part in parts], axis=1)
    rows = np.concatenate([part[1] for part in parts], axis=1)
    values, rows = padded(values, rows, k)
    values = np.where(rows >= 0, values, np.nan)
    # NaN sorts last, so places without a row do.
    order = np.lexsort((rows, -values if metric.larger_is_closer else values))[:, :k]
    return np.take_along_axis(values, order, 1), np.take_along_axis(rows, order, 1)


def _parts(vectors: Vectors, wanted: Mask | None) -> Iterator[tuple[Rows | None, Vectors]]:
    """The wanted vectors, and their row numbers (None: all of them, in order)."""
    import numpy as np

    if wanted is None or wanted.all():
        if len(vectors):
            yield None, vectors
        return
    rows = np.flatnonzero(wanted)
    for start in range(0, len(rows), CHUNK_ROWS):
        chunk = rows[start : start + CHUNK_ROWS]
        yield chunk, vectors[chunk]
