"""Neighbours: the ids and scores that a query finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from simsearch.store.engines.engine import Rows
    from simsearch.store.reading.reader import IndexReader

__all__ = ["Neighbours", "Within", "named"]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The items nearest to each of m queries, nearest first.

    Attributes:
        ids: (m, k) int64, or objects (str); -1 or None where there is no item. There are no
            more columns than the index has rows.
        scores: (m, k) float32, scores or distances as the metric says; NaN where there is
            no item.
    """

    ids: npt.NDArray[Any]
    scores: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Within:
    """The items as close as a threshold to each of m queries, nearest first.

    Attributes:
        limits: (m + 1,) int64; the items of query i stand from limits[i] to limits[i + 1].
        ids: int64, or objects (str).
        scores: float32, scores or distances as the metric says.
    """

    limits: npt.NDArray[np.int64]
    ids: npt.NDArray[Any]
    scores: npt.NDArray[np.float32]

    def of(self, query: int) -> tuple[npt.NDArray[Any], npt.NDArray[np.float32]]:
        """The ids and scores of one query."""
        part = slice(self.limits[query], self.limits[query + 1])
        return self.ids[part], self.scores[part]


def named(reader: IndexReader, positions: Rows) -> npt.NDArray[Any]:
    """The ids of positions of any shape; -1 or None for -1."""
    import numpy as np

    flat = positions.ravel()
    there = flat >= 0
    if np.count_nonzero(there) == len(there):  # for one query `all` takes longer than the rest
        return reader.id_values(flat).reshape(positions.shape)
    ids = reader.id_values(flat[there])
    numbers = reader.settings.id_type == "integer"
    named = np.full(len(flat), -1 if numbers else None, np.int64 if numbers else object)
    named[there] = ids
    return named.reshape(positions.shape)
