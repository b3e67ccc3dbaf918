"""Choose an engine for `auto`, by measuring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.errors import OptionError
from simsearch.store.engines import AUTO, ENGINES, check_engine
from simsearch.store.engines.cells import cells_for
from simsearch.store.engines.centres import k_means
from simsearch.store.engines.ivfpq import bytes_for, shares_for
from simsearch.store.engines.measure import NEIGHBOURS, drawn, sample
from simsearch.store.search.exact import nearest
from simsearch.store.search.rerank import rerankable

if TYPE_CHECKING:
    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Engine, SearchTarget, Vectors

__all__ = ["choose"]

# Flat up to so many bytes (5 million numbers): one query then takes some 3 ms on one core.
FLAT_BYTES = 20_000_000
# Whether cells are of use is told from a part of the vectors: neighbours within it, and how
# many of its cells must be visited to meet them.
PART_ROWS, PART_QUERIES = 20_000, 200
ROWS_PER_CELL, TRAINING_ROUNDS = 64, 5
# When so large a share of the cells must be visited, reading all codes is quicker: there are
# no centres to compare with, and they lie in one piece.
MOST_VISITED = 0.3


def choose(name: str, vectors: Vectors, metric: Metric, target: SearchTarget) -> Engine:
    """The engine of that name; for `auto`, flat while quick, else what finds enough soonest.

    Args:
        name: a name in `ENGINES`, or `auto`.
        vectors: (n, width), prepared by the metric; may be a memory map.
        metric: how they are compared.
        target: recall and memory.

    Raises:
        OptionError: there is no such engine, it cannot serve the metric, or nothing fits the
            memory.
    """
    check_engine(name, metric)
    if name != AUTO:
        return ENGINES[name]
    memory = float("inf") if target.memory is None else target.memory
    size = vectors.size * vectors.dtype.itemsize
    if size <= min(FLAT_BYTES, memory):
        return ENGINES["flat"]
    if metric.binary:
        return _fitting("binary", size + 8 * len(vectors), memory)
    if not rerankable(metric):
        return _fitting("ivf", size + 8 * len(vectors), memory)
    if shares_for(len(vectors), vectors.shape[1], target.memory) is None:
        raise _too_little(bytes_for(*vectors.shape), memory)
    codes = len(vectors) * vectors.shape[1] / 4
    if codes <= memory and _spread(vectors, metric, target.recall):
        return ENGINES["pq"]
    return ENGINES["ivfpq"]


def _fitting(name: str, size: float, memory: float) -> Engine:
    if size > memory:
        raise _too_little(size, memory)
    return ENGINES[name]


def _too_little(size: float, memory: float) -> OptionError:
    return OptionError(
        f"searching these vectors takes at least {size:,.0f} bytes in memory, more than the "
        f"{memory:,.0f} allowed; allow more, or reduce the dimension"
    )


def _spread(vectors: Vectors, metric: Metric, recall: float) -> bool:
    """Whether neighbours lie in so many cells that cells are of little use."""
    import numpy as np

    part = sample(vectors, PART_ROWS)
    cells = cells_for(len(part))
    learnt = part[drawn(len(part), cells * ROWS_PER_CELL)]
    centres = k_means(learnt, cells, metric, TRAINING_ROUNDS)
    queries = part[drawn(len(part), PART_QUERIES)]
    rows = nearest(queries, part, NEIGHBOURS + 1, metric)[1][:, 1:]
    order = centres.search(queries, cells)[1]
    homes = centres.search(part[rows.ravel()], 1)[1].reshape(rows.shape)
    ranks = (order[:, None, :] == homes[:, :, None]).argmax(axis=2) + 1
    return bool(np.quantile(ranks, recall) > MOST_VISITED * cells)
