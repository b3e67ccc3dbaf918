"""Pairing: which column of the left table is which of the right, by name and by content."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.errors import ColumnError
from simsearch.normalise import compact, normalise
from simsearch.records.columns import ColumnShape, profile
from simsearch.records.sparse_text import token_counts, weighted_unit_rows

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.schema import Records

__all__ = ["pair_columns"]

# Rows of each table that are looked at.
_SAMPLE = 2_000
# Share of the score that the names make; the rest is content.
_NAMES = 0.5
# Two columns below this score are not the same property.
_ALIKE = 0.35


def pair_columns(left: Records, right: Records) -> tuple[tuple[str, str], ...]:
    """Columns of two tables that say the same thing, in the order of the left table.

    Record numbers of either table are left out. Equal names pair at once. The others are
    assigned to each other so that the sum of scores is greatest: half the likeness of the
    names, half that of the contents (the cosine of their tokens, and whether their values
    look alike).

    Raises:
        ColumnError: no column of one is like any of the other.
    """
    left_names, right_names = _evidence_columns(left), _evidence_columns(right)
    pairs = {name: name for name in left_names if name in right_names}
    rest_left = [name for name in left_names if name not in pairs]
    rest_right = [name for name in right_names if name not in pairs]
    if rest_left and rest_right:
        scores = _scores(left.table, rest_left, right.table, rest_right)
        pairs |= _assigned(scores, rest_left, rest_right)
    if not pairs:
        raise ColumnError(
            f"no column of {left.name} is like one of {right.name}; they have "
            f"{', '.join(left.columns)} and {', '.join(right.columns)}: rename those that match"
        )
    return tuple((name, pairs[name]) for name in left.columns if name in pairs)


def _evidence_columns(records: Records) -> list[str]:
    """Columns without the table's own record numbers: two tables count from 1 independently.

    Only seen while the tables are apart: in the stacked table each number is there twice.
    """
    profiled = profile(records.table, records.columns)
    return [p.name for p in profiled if p.shape is not ColumnShape.IDENTIFIER]


def _assigned(scores: npt.NDArray[np.float64], left: list[str], right: list[str]) -> dict[str, str]:
    """The assignment of greatest total score, without pairs that are not alike."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(-scores)
    return {left[a]: right[b] for a, b in zip(rows, columns, strict=True) if scores[a, b] >= _ALIKE}


def _scores(
    left: pa.Table, left_names: list[str], right: pa.Table, right_names: list[str]
) -> npt.NDArray[np.float64]:
    """How alike each column of one is to each of the other, 0 to 1."""
    content = _content_likeness(left, left_names, right, right_names)
    shape = _shape_likeness(left, left_names, right, right_names)
    names = np.array([[_name_likeness(a, b) for b in right_names] for a in left_names])
    return _NAMES * names + (1.0 - _NAMES) * (content + shape) / 2.0


def _name_likeness(a: str, b: str) -> float:
    """Likeness of two column names: as words, whatever their order and their joints."""
    from rapidfuzz import fuzz
    from rapidfuzz.distance import JaroWinkler

    a, b = (_words(name) for name in (a, b))
    partial = 0.9 * fuzz.partial_ratio(a, b) if min(len(a), len(b)) >= 4 else 0.0
    best = max(fuzz.token_sort_ratio(a, b), partial) / 100.0
    return max(best, JaroWinkler.similarity(a, b) if best > 0.5 else 0.0)


def _words(name: str) -> str:
    """`firstName`, `first_name` and `First Name` as `first name`."""
    import re

    parts = re.sub(r"(?<=[a-z])(?=[A-Z])|[^\w]+|_+", " ", name)
    return " ".join(parts.casefold().split())


def _content_likeness(
    left: pa.Table, left_names: list[str], right: pa.Table, right_names: list[str]
) -> npt.NDArray[np.float64]:
    """Cosine of the tokens of whole columns."""
    import pyarrow as pa

    texts = [_sample_text(left, name) for name in left_names]
    texts += [_sample_text(right, name) for name in right_names]
    rows = weighted_unit_rows(token_counts(pa.array(texts, pa.string())))
    cosine = (rows[: len(left_names)] @ rows[len(left_names) :].T).toarray()
    return np.asarray(cosine, dtype=np.float64)


def _sample_text(table: pa.Table, name: str) -> str:
    """Values of the first rows, in one text."""
    values = compact(normalise(table.column(name).slice(0, _SAMPLE))).drop_null()
    return " ".join(values.to_pylist())


def _shape_likeness(
    left: pa.Table, left_names: list[str], right: pa.Table, right_names: list[str]
) -> npt.NDArray[np.float64]:
    """1 for the same role, 0 otherwise; less when the lengths of the values differ."""
    a = profile(left.slice(0, _SAMPLE), left_names)
    b = profile(right.slice(0, _SAMPLE), right_names)
    out = np.zeros((len(a), len(b)))
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            if x.shape is y.shape and x.mean_tokens > 0:
                shorter, longer = sorted((x.mean_tokens, y.mean_tokens))
                out[i, j] = shorter / longer
    return out
