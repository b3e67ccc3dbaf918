"""Groups against true groups: pairwise, B-cubed and whole groups, without making all pairs.

A grouping is one label a row: an array (n,) of any integer type; equal labels mean the same
group, their values mean nothing. Everything follows from the table of how many rows share a
predicted and a true group, whose non-empty cells number at most n.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simsearch.errors import OptionError
from simsearch.evaluation.pairs import PairMetrics, ratio

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.evaluation.pairs import Pairs, Positions

__all__ = ["BCubed", "bcubed", "closure", "exact_groups", "group_pairs", "grouping_metrics"]


@dataclass(frozen=True, slots=True)
class BCubed:
    """Mean over the rows of how pure and how complete each row's group is.

    Attributes:
        precision: mean share of a row's predicted group that is of its true group.
        recall: mean share of a row's true group that is in its predicted group.
    """

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class _Overlap:
    """The non-empty cells of predicted by true groups.

    Attributes:
        cells: (c,) rows in each cell.
        predicted: (c,) size of the predicted group that the cell lies in.
        true: (c,) size of its true group.
        groups: how many predicted and how many true groups there are.
    """

    cells: npt.NDArray[np.int64]
    predicted: npt.NDArray[np.int64]
    true: npt.NDArray[np.int64]
    groups: tuple[int, int]


def grouping_metrics(predicted: Positions, truth: Positions) -> PairMetrics:
    """All pairs within predicted groups against all pairs within true groups.

    Args:
        predicted: (n,) integer labels.
        truth: (n,) integer labels.

    Raises:
        OptionError: the arrays are not integer labels of one length.
    """
    overlap = _overlap(predicted, truth)
    return PairMetrics(
        correct=_pair_count(overlap.cells),
        predicted=_pair_count(np.unique(predicted, return_counts=True)[1]),
        true=_pair_count(np.unique(truth, return_counts=True)[1]),
    )


def bcubed(predicted: Positions, truth: Positions) -> BCubed:
    """B-cubed precision and recall, every row weighing the same.

    A. Bagga, B. Baldwin, Algorithms for scoring coreference chains, LREC 1998; the form over
    rows is that of E. Amigó et al., Information Retrieval 12(4), 2009, section 4.

    Args:
        predicted: (n,) integer labels.
        truth: (n,) integer labels.

    Raises:
        OptionError: the arrays are not integer labels of one length.
    """
    overlap = _overlap(predicted, truth)
    rows = len(predicted)
    squares = overlap.cells.astype(np.float64) ** 2
    return BCubed(
        precision=ratio(float(np.sum(squares / overlap.predicted)), rows),
        recall=ratio(float(np.sum(squares / overlap.true)), rows),
    )


def exact_groups(predicted: Positions, truth: Positions) -> PairMetrics:
    """Whole groups: a predicted group is correct when it is a true group, row for row.

    Called cluster F1 in D. Menestrina, S. Whang, H. Garcia-Molina, Evaluating entity resolution
    results, PVLDB 3(1), 2010. A row on its own is a group as well.

    Args:
        predicted: (n,) integer labels.
        truth: (n,) integer labels.

    Returns:
        Counts of groups in the place of pairs.

    Raises:
        OptionError: the arrays are not integer labels of one length.
    """
    overlap = _overlap(predicted, truth)
    same = (overlap.cells == overlap.predicted) & (overlap.cells == overlap.true)
    return PairMetrics(int(same.sum()), *overlap.groups)


def group_pairs(labels: Positions) -> Pairs:
    """Every pair of rows with the same label, left position before right.

    Args:
        labels: (n,) integer labels.

    Returns:
        Two int64 arrays (p,), p = sum of g (g - 1) / 2 over the groups, in no promised order.

    Raises:
        OptionError: the labels are not an integer array of one dimension.
    """
    order = np.argsort(_labels(labels), kind="stable")
    sizes = np.unique(labels, return_counts=True)[1]
    # Place i of a group of g pairs with the g - 1 - i places after it.
    after = np.repeat(np.cumsum(sizes), sizes) - np.arange(len(order)) - 1
    left = np.repeat(np.arange(len(order)), after)
    step = np.arange(len(left)) - np.repeat(np.cumsum(after) - after, after)
    return order[left].astype(np.int64), order[left + 1 + step].astype(np.int64)


def closure(pairs: Pairs, rows: int) -> npt.NDArray[np.int64]:
    """Labels of the connected components that the pairs make.

    Args:
        pairs: two integer arrays (p,) of row positions below `rows`.
        rows: how many rows there are.

    Returns:
        int64 array (rows,); a row in no pair has a label of its own.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(pairs[0]), dtype=np.int8)
    graph = coo_array((ones, pairs), shape=(rows, rows))
    labels: npt.NDArray[np.int64] = connected_components(graph, directed=False)[1].astype(np.int64)
    return labels


def _overlap(predicted: Positions, truth: Positions) -> _Overlap:
    """Cells of the two groupings; raises OptionError when they do not fit together."""
    if len(_labels(predicted)) != len(_labels(truth)):
        raise OptionError(f"{len(predicted)} predicted labels for {len(truth)} true ones")
    said, said_sizes = np.unique(predicted, return_inverse=True, return_counts=True)[1:]
    meant, meant_sizes = np.unique(truth, return_inverse=True, return_counts=True)[1:]
    key = said.astype(np.int64) * max(len(meant_sizes), 1) + meant
    cell, cells = np.unique(key, return_counts=True)
    return _Overlap(
        cells=cells,
        predicted=said_sizes[cell // max(len(meant_sizes), 1)],
        true=meant_sizes[cell % max(len(meant_sizes), 1)],
        groups=(len(said_sizes), len(meant_sizes)),
    )


def _labels(labels: Positions) -> Positions:
    """The labels, checked to be integers in one dimension."""
    if np.ndim(labels) != 1 or not np.issubdtype(np.asarray(labels).dtype, np.integer):
        raise OptionError(
            f"group labels are one integer a row, not {np.asarray(labels).dtype} of shape "
            f"{np.shape(labels)}"
        )
    return labels


def _pair_count(sizes: npt.NDArray[np.int64]) -> int:
    """Pairs within groups of those sizes."""
    return int(np.sum(sizes * (sizes - 1) // 2))
