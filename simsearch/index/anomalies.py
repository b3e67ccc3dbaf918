"""Anomalies: how far items are from what an index holds.

The score of an item is its mean distance to the k nearest known ones (Ramaswamy, Rastogi & Shim,
2000, rank by the k-th; Angiulli & Pizzuti, 2002, by the sum). How often a known item is as far
from the others tells how often an alarm at that score would be false; with one added to both
counts, the rate holds however few they are (conformal p-values: Laxhammar & Falkman, 2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.distance import Metric
from simsearch.errors import OptionError, VectorIndexError
from simsearch.store.search.exact import without_self

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import numpy.typing as npt

    from simsearch.store.engines.engine import Rows, Vectors
    from simsearch.store.reading.reader import IndexReader

    Floats = npt.NDArray[np.float64]

__all__ = ["Anomaly", "Known", "known_in"]

# Known items that alarms are counted on, spread evenly over the index.
SAMPLE = 10_000
# Queries that are answered together.
QUERIES = 1_024


@dataclass(frozen=True, slots=True)
class Anomaly:
    """An item, and how unlike the known ones it is.

    Attributes:
        id: of the item.
        score: its mean distance to the known items nearest: larger is less like them.
        rate: share of known items as far from the others: how often such an alarm is false.
        alarm: whether that is at most the rate asked for.
        nearest: id of the known item that is nearest.
    """

    id: str | int
    score: float
    rate: float
    alarm: bool
    nearest: str | int


@dataclass(frozen=True)
class Known:
    """What an index holds, to be compared with.

    Attributes:
        reader: of the version.
        k: how many of the nearest known items count.
        rate: how often an alarm may be false.
        scores: (n,) ascending, of known items, each compared with the others.
    """

    reader: IndexReader
    k: int
    rate: float
    scores: Floats

    @property
    def threshold(self) -> float:
        """The least score that raises an alarm."""
        import numpy as np

        allowed = int(np.floor(self.rate * (len(self.scores) + 1))) - 1
        return float(np.nextafter(self.scores[len(self.scores) - 1 - allowed], np.inf))

    def scored(self, ids: Sequence[str | int], queries: Vectors) -> Iterator[Anomaly]:
        """How far items are from the index that the index does not hold."""
        scores, nearest = _scores(self.reader, queries, self.k)
        yield from self._anomalies(ids, scores, nearest)

    def scored_items(self) -> Iterator[Anomaly]:
        """How far each item of the index is from the others."""
        for positions in _alive(self.reader, None):
            scores, nearest = _scores(
                self.reader, self.reader.vectors(positions), self.k, positions
            )
            yield from self._anomalies(self.reader.ids(positions).to_pylist(), scores, nearest)

    def _anomalies(
        self, ids: Sequence[str | int], scores: Floats, nearest: Rows
    ) -> Iterator[Anomaly]:
        import numpy as np

        as_far = len(self.scores) - np.searchsorted(self.scores, scores, side="left")
        rates = (as_far + 1) / (len(self.scores) + 1)
        names = self.reader.ids(nearest).to_pylist()
        for identifier, score, rate, name in zip(
            ids, scores.tolist(), rates.tolist(), names, strict=True
        ):
            yield Anomaly(identifier, score, rate, rate <= self.rate, name)


def known_in(reader: IndexReader, k: int = 5, rate: float = 0.01) -> Known:
    """What an index holds, with the scores that its own items have.

    Args:
        reader: of a version.
        k: how many of the nearest known items count.
        rate: how often an alarm may be false, between 0 and 1.

    Raises:
        OptionError: k or the rate is outside what is allowed, or the rate is finer than so many
            items can tell.
        VectorIndexError: the index has fewer than k + 1 items.
    """
    import numpy as np

    if k < 1 or not 0 < rate < 1:
        raise OptionError(f"k is at least 1 and a rate between 0 and 1, not {k} and {rate}")
    if len(reader) < k + 1:
        raise VectorIndexError(
            f"index {reader.folder.name!r} holds {len(reader)} items, too few to compare each with "
            f"{k} others"
        )
    parts = [
        _scores(reader, reader.vectors(positions), k, positions)[0]
        for positions in _alive(reader, SAMPLE)
    ]
    scores = np.sort(np.concatenate(parts))
    if rate * (len(scores) + 1) < 1:
        raise OptionError(
            f"{len(scores)} known items cannot tell a false-alarm rate of {rate:g}: the finest is "
            f"{1 / (len(scores) + 1):.2g}"
        )
    return Known(reader, k, rate, scores)


def _alive(reader: IndexReader, most: int | None) -> Iterator[Rows]:
    """Positions of the items, some at a time; of `most` spread evenly, if there are more."""
    positions = reader.positions(most=most)
    for first in range(0, len(positions), QUERIES):
        yield positions[first : first + QUERIES]


def _scores(
    reader: IndexReader, queries: Vectors, k: int, own: Rows | None = None
) -> tuple[Floats, Rows]:
    """The mean distance to the k nearest items, and the position of the nearest.

    Args:
        reader: of the version.
        queries: (m, width).
        k: how many.
        own: (m,) positions of the queries, which are not their own neighbours; None where they
            are not in the index.
    """
    import numpy as np

    metric, count = reader.settings.metric, min(k, len(reader))
    values, found = reader.search(queries, count + (own is not None))
    if own is not None:
        values, found = without_self(values, found, own)
    distances = values.astype(np.float64)
    if metric.larger_is_closer:
        distances = (1.0 if metric is Metric.COSINE else 0.0) - distances
    return np.nanmean(distances, axis=1), found[:, 0]
