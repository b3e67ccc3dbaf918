"""Pairs against true pairs: precision, recall, F1; and how good a set of candidates is.

A set of pairs is two integer arrays of equal length, row positions (left, right). Within one
table a pair is unordered and a row paired with itself is ignored; between two tables the first
array counts rows of the left table and the second rows of the right. A pair that occurs twice
counts once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from simsearch.errors import OptionError

if TYPE_CHECKING:
    import numpy.typing as npt

    Positions: TypeAlias = npt.NDArray[np.integer]
    Pairs: TypeAlias = tuple[Positions, Positions]

__all__ = ["CandidateMetrics", "PairMetrics", "candidate_metrics", "pair_metrics", "ratio"]


def ratio(part: float, whole: float) -> float:
    """part / whole; 1.0 when there is nothing to get wrong (whole is 0)."""
    return part / whole if whole else 1.0


@dataclass(frozen=True, slots=True)
class PairMetrics:
    """Counts, and what follows from them (C. van Rijsbergen, Information Retrieval, 1979, ch. 7).

    Attributes:
        correct: predicted pairs that are true.
        predicted: all predicted pairs.
        true: all true pairs.
    """

    correct: int
    predicted: int
    true: int

    @property
    def precision(self) -> float:
        """Share of the predicted that is true; 1.0 when nothing was predicted."""
        return ratio(self.correct, self.predicted)

    @property
    def recall(self) -> float:
        """Share of the true that was predicted; 1.0 when nothing is true."""
        return ratio(self.correct, self.true)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, as 2 correct / (predicted + true)."""
        return ratio(2 * self.correct, self.predicted + self.true)


@dataclass(frozen=True, slots=True)
class CandidateMetrics:
    """How good the pairs are that blocking left to compare.

    Names and definitions: M. Elfeky, V. Verykios, A. Elmagarmid, TAILOR, ICDE 2002; P. Christen,
    Data Matching, Springer 2012, section 7.2.

    Attributes:
        correct: candidates that are true pairs.
        candidates: all candidates.
        true: all true pairs.
        possible: all pairs there are: n (n - 1) / 2 in one table, n m between two.
        rows: rows of the table, or of both.
    """

    correct: int
    candidates: int
    true: int
    possible: int
    rows: int

    @property
    def pair_completeness(self) -> float:
        """Share of the true pairs among the candidates: the recall that blocking allows."""
        return ratio(self.correct, self.true)

    @property
    def pairs_quality(self) -> float:
        """Share of the candidates that is true."""
        return ratio(self.correct, self.candidates)

    @property
    def reduction_ratio(self) -> float:
        """Share of all possible pairs that need not be compared."""
        return 1.0 - self.candidates / self.possible if self.possible else 0.0

    @property
    def per_row(self) -> float:
        """Candidates a row: all candidates over the rows of the table (or of both)."""
        return self.candidates / self.rows if self.rows else 0.0


def pair_metrics(predicted: Pairs, truth: Pairs, *, two_tables: bool = False) -> PairMetrics:
    """Predicted pairs against all true pairs.

    Args:
        predicted: two integer arrays (p,), row positions.
        truth: two integer arrays (t,).
        two_tables: the arrays count rows of different tables.

    Raises:
        OptionError: arrays of unequal length, not integer, or with negative positions.
    """
    said, meant = _keys(predicted, truth, two_tables)
    return PairMetrics(len(np.intersect1d(said, meant, assume_unique=True)), len(said), len(meant))


def candidate_metrics(
    candidates: Pairs, truth: Pairs, rows: int, right_rows: int | None = None
) -> CandidateMetrics:
    """Candidates against all true pairs.

    Args:
        candidates: two integer arrays (c,), row positions.
        truth: two integer arrays (t,).
        rows: rows of the (left) table.
        right_rows: rows of the right table; None when there is one table.

    Raises:
        OptionError: as `pair_metrics`.
    """
    counts = pair_metrics(candidates, truth, two_tables=right_rows is not None)
    one_table = right_rows is None
    possible = rows * (rows - 1) // 2 if one_table else rows * (right_rows or 0)
    both = rows + (right_rows or 0)
    return CandidateMetrics(counts.correct, counts.predicted, counts.true, possible, both)


def _keys(
    first: Pairs, second: Pairs, two_tables: bool
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Each set of pairs as sorted distinct int64 keys, comparable with the other's."""
    sides = [_checked(side) for pairs in (first, second) for side in _matched(pairs)]
    stride = 1 + max((int(side.max()) for side in sides if len(side)), default=0)
    if not two_tables:
        sides = [side for at in (0, 2) for side in _unordered(sides[at], sides[at + 1])]
    first_left, first_right, second_left, second_right = sides
    return (
        np.unique(first_left * stride + first_right),
        np.unique(second_left * stride + second_right),
    )


def _unordered(
    left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Smaller position first; a row paired with itself is left out."""
    apart = left != right
    return np.minimum(left, right)[apart], np.maximum(left, right)[apart]


def _matched(pairs: Pairs) -> Pairs:
    """The two arrays, checked to be of one length."""
    left, right = pairs
    if np.shape(left) != np.shape(right) or np.ndim(left) != 1:
        raise OptionError(
            f"a set of pairs is two arrays of equal length, not of shapes {np.shape(left)} "
            f"and {np.shape(right)}"
        )
    return left, right


def _checked(side: Positions) -> npt.NDArray[np.int64]:
    """One side as int64, checked to hold row positions."""
    if len(side) and not np.issubdtype(np.asarray(side).dtype, np.integer):
        raise OptionError(f"row positions are integers, not {np.asarray(side).dtype}")
    out = np.asarray(side, dtype=np.int64)
    if len(out) and int(out.min()) < 0:
        raise OptionError(f"a row position is negative: {int(out.min())}")
    return out
