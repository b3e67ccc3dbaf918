"""Classify items by an index that holds one or a few examples of each class.

Nothing is trained: a new class is there as soon as the index has an example of it. One-shot and
few-shot classification by nearest neighbours, or by the mean of each class (its prototype: Snell,
Swersky & Zemel, 2017).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.errors import ColumnError, OptionError, nearest_names
from simsearch.store.reading.contents import contents
from simsearch.store.search.exact import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import numpy.typing as npt

    from simsearch.calibration.calibration import Calibration
    from simsearch.distance import Metric
    from simsearch.store.engines.engine import Rows, Vectors
    from simsearch.store.reading.reader import IndexReader

__all__ = ["LABEL", "Classes", "Classification", "classes_in"]

# The stored column that holds classes, where none is named.
LABEL = "class"
WAYS = ("nearest", "prototype")


@dataclass(frozen=True, slots=True)
class Classification:
    """An item and its class.

    Attributes:
        id: of the item.
        label: its class; None for an item in which there is nothing to compare.
        score: of the class, a score or distance of the index's metric; NaN with no class.
        probability: that a pair of such a score is the same; None without a calibration.
        runner_up: the class that came second; None where there is one class only.
        runner_up_score: of that class; NaN where there is none.
    """

    id: str | int
    label: str | None
    score: float
    probability: float | None
    runner_up: str | None
    runner_up_score: float


@dataclass(frozen=True)
class Classes:
    """Examples by class.

    Attributes:
        metric: how they are compared.
        names: of the classes, sorted.
        vectors: (n, width) of the examples, prepared by the metric, grouped by class.
        starts: (classes + 1,) int64, where each class begins.
        k: of how many of its nearest examples a class's score is the mean.
    """

    metric: Metric
    names: tuple[str, ...]
    vectors: Vectors
    starts: Rows
    k: int

    def scores(self, queries: Vectors) -> npt.NDArray[np.float64]:
        """(m, classes): the mean score or distance of the k examples of each class nearest."""
        import numpy as np

        prepared = self.metric.prepare(queries)
        out = np.empty((len(queries), len(self.names)))
        for number in range(len(self.names)):
            examples = self.vectors[self.starts[number] : self.starts[number + 1]]
            out[:, number] = nearest(prepared, examples, self.k, self.metric)[0].mean(axis=1)
        return out

    def classify(
        self, ids: Sequence[str | int], queries: Vectors, calibration: Calibration | None
    ) -> Iterator[Classification]:
        """The class of each query, and the one that came second.

        Args:
            ids: of m queries.
            queries: (m, width).
            calibration: of scores of the metric.
        """
        import numpy as np

        scores = self.scores(queries)
        order = np.argsort(-scores if self.metric.larger_is_closer else scores, kind="stable")
        empty = ~np.any(queries, axis=1)
        best = np.take_along_axis(scores, order[:, :1], 1)[:, 0]
        sure = None if calibration is None else calibration.probability(best).tolist()
        for row, identifier in enumerate(ids):
            if empty[row]:
                yield Classification(identifier, None, float("nan"), None, None, float("nan"))
                continue
            second = order[row, 1] if len(self.names) > 1 else None
            yield Classification(
                identifier,
                self.names[order[row, 0]],
                float(best[row]),
                None if sure is None else sure[row],
                None if second is None else self.names[second],
                float("nan") if second is None else float(scores[row, second]),
            )


def classes_in(
    reader: IndexReader, column: str | None = None, k: int = 3, by: str = "nearest"
) -> Classes:
    """The classes of an index.

    Args:
        reader: of a version.
        column: the stored column with the class of each item; None for `class`. Items without
            one are left out.
        k: of how many of its nearest examples a class's score is the mean: at most as many as
            the smallest class has, so that no class has an advantage.
        by: `nearest`; or `prototype`, to compare with the mean of each class instead.

    Raises:
        ColumnError: there is no such column, or no item has a class.
        OptionError: k is less than 1, there is no such way, or bits have no mean.
    """
    import numpy as np

    metric = reader.settings.metric
    if k < 1:
        raise OptionError(f"k is the number of examples of a class, at least 1, not {k}")
    if by not in WAYS or (by == "prototype" and metric.binary):
        raise OptionError(f"a class goes by {' or '.join(WAYS)}, not {by!r} (bits by nearest)")
    found = contents(reader)
    labels = _labels(reader.folder.name, found.stored.column_names, column)
    stated = found.stored[labels].to_pylist()
    known = np.array([row for row, name in enumerate(stated) if name is not None], np.int64)
    if not len(known):
        raise ColumnError(f"no item of index {reader.folder.name!r} has a class in {labels!r}")
    texts = np.array([str(stated[row]) for row in known], object)
    names, number = np.unique(texts, return_inverse=True)
    order = np.argsort(number, kind="stable")
    vectors, sizes = found.vectors[known[order]], np.bincount(number)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    if by == "prototype":
        means = np.add.reduceat(vectors.astype(np.float64), starts[:-1]) / sizes[:, None]
        vectors, starts = metric.prepare(means.astype(np.float32)), np.arange(len(names) + 1)
    k = min(k, int(np.diff(starts).min()))
    return Classes(metric, tuple(names.tolist()), vectors, starts, k)


def _labels(index: str, columns: Sequence[str], label: str | None) -> str:
    """The column with the classes."""
    wanted = LABEL if label is None else label
    if wanted in columns:
        return wanted
    advice = nearest_names(wanted, columns) if columns else "it stores no columns"
    raise ColumnError(
        f"index {index!r} has no column {wanted!r}; {advice} (name the one with the classes)"
    )
