"""Signed hashing: long sparse rows folded into short dense ones that keep their products.

Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009: each
column adds to one place of the sketch, with a sign of plus or minus one, so that products of
sketches are those of the rows on average.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from simsearch.records.encoder.grams import mixed, row_norms, salt

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    import scipy.sparse as sp

    Floats = npt.NDArray[np.float32]
    Ints = npt.NDArray[np.int64]

__all__ = ["BITS", "Entries", "fold", "own_columns", "shared_columns", "unit_entries"]

# Grams hash to 2**BITS columns; the table holds them twice: own keys, then shared ones.
BITS = 20
_COLUMNS = 1 << BITS


@dataclass(frozen=True, slots=True)
class Entries:
    """Weighted grams of a chunk of rows: entry i adds value[i] to (row[i], column[i])."""

    row: Ints
    column: Ints
    value: Floats


def own_columns(columns: npt.NDArray[np.integer], field: int) -> Ints:
    """Columns of grams under the field's own key: a permutation for each field number."""
    import numpy as np

    key = salt(field + 1)
    permuted = columns.astype(np.int64) * ((key | 1) & (_COLUMNS - 1)) + (key >> 40)
    own: Ints = permuted & (_COLUMNS - 1)
    return own


def shared_columns(columns: npt.NDArray[np.integer]) -> Ints:
    """Columns of grams under the key that all fields share."""
    import numpy as np

    shared: Ints = columns.astype(np.int64) + _COLUMNS
    return shared


def unit_entries(counts: sp.csr_array, columns: Ints, idf: Floats, length: float) -> Entries:
    """The rows of a count matrix, weighted by idf and scaled to the given length.

    Args:
        counts: (n, 2**BITS) gram counts.
        columns: where each of its entries goes, of the shape of counts.indices.
        idf: weight of each column of the table.
        length: Euclidean length of each non-empty row.
    """
    import numpy as np
    import scipy.sparse as sp

    weighted: Floats = counts.data * idf[columns]
    norms = row_norms(sp.csr_array((weighted, counts.indices, counts.indptr), counts.shape))
    norms[norms == 0] = 1.0  # an empty row has no entry to scale
    scale = (length / norms).astype(np.float32)
    row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    return Entries(row, columns, weighted * scale[row])


def fold(entries: Sequence[Entries], rows: int, width: int, seed: int) -> Floats:
    """The sum of all entries as a sketch; float32 (rows, width)."""
    import numpy as np

    if not entries:
        return np.zeros((rows, width), dtype=np.float32)
    place, sign = _places(width, seed)
    cells = np.concatenate([e.row * width + place[e.column] for e in entries])
    values = np.concatenate([e.value * sign[e.column] for e in entries])
    summed = np.bincount(cells, weights=values, minlength=rows * width)
    return summed.astype(np.float32).reshape(rows, width)


@lru_cache(maxsize=4)
def _places(width: int, seed: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int8]]:
    """Place in the sketch and sign of each column of the table."""
    import numpy as np

    keys = mixed(np.arange(2 * _COLUMNS, dtype=np.uint64) + np.uint64(salt(seed)))
    place = (keys % np.uint64(width)).astype(np.int32)
    sign = np.where(keys >> np.uint64(63), -1, 1).astype(np.int8)
    return place, sign
