"""Functions shared by the kinds whose items are arrays of numbers."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from simsearch.errors import QueryError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["file_hashes", "source_of_one"]


def file_hashes(stored: pa.Table) -> list[str | None] | None:
    """Two files are the same if their bytes are; two arrays, if their numbers are."""
    if "sha256" not in stored.column_names:
        return None
    hashes: list[str | None] = stored["sha256"].to_pylist()
    return hashes


def source_of_one(item: Any) -> Any:
    """An item as a source of one: a path as it is, numbers as the first of their array.

    Raises:
        QueryError: it is neither.
    """
    import numpy as np

    if isinstance(item, (str, os.PathLike)):
        return item
    try:
        numbers = np.asarray(item)
    except ValueError:  # rows that differ in length
        numbers = np.empty(0, object)
    if numbers.dtype.kind not in "fiub":
        raise QueryError(f"a query is a path or an array of numbers, not {type(item).__name__}")
    return numbers[None]
