"""Check the options of a query before anything is computed."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from operator import index
from typing import TYPE_CHECKING, Any, SupportsFloat, SupportsIndex

from simsearch.errors import OptionError, QueryError
from simsearch.store.writing.validation import as_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyarrow as pa

    from simsearch.store.engines.engine import Mask, Rows
    from simsearch.store.reading.reader import IndexReader

__all__ = [
    "QueryOptions",
    "existing",
    "items_of",
    "query_options",
    "valid_k",
    "valid_threshold",
]

NUMBER = re.compile(r"-?\d{1,20}")


@dataclass(frozen=True, slots=True)
class QueryOptions:
    """How many matches, how close, and among which items.

    Attributes:
        k: matches at most; None for all that are as close as `min_score`.
        min_score: the least score, or the greatest distance; None for any.
        wanted: for each segment the rows to consider; None for all.
    """

    k: int | None
    min_score: float | None
    wanted: Sequence[Mask | None]


def query_options(
    reader: IndexReader, k: int | None, min_score: float | None = None, where: str | None = None
) -> QueryOptions:
    """The options of a query, validated.

    Raises:
        OptionError: k is no whole number of at least 1, min_score is no number, or neither
            is given.
        QueryError: the condition is refused.
    """
    if k is None and min_score is None:
        raise OptionError("without k, say how close matches have to be (min_score)")
    k = None if k is None else valid_k(k)
    if min_score is not None and math.isnan(min_score):
        raise OptionError("min_score must be a number, not NaN")
    return QueryOptions(k, min_score, reader.matching(where))


def valid_k(k: int) -> int:
    """How many neighbours are wanted; OptionError when that is no whole number from 1 on."""
    if type(k) is int and k > 0:  # a protocol takes longer to ask than FAISS to answer
        return k
    if isinstance(k, bool) or not isinstance(k, SupportsIndex) or index(k) < 1:
        raise OptionError(f"k is the number of matches, at least 1, not {k!r}")
    return index(k)


def valid_threshold(threshold: float) -> float:
    """A score or distance to reach; OptionError when it is no number."""
    if not isinstance(threshold, SupportsFloat) or math.isnan(threshold):
        raise OptionError(f"a threshold is a score or a distance, not {threshold!r:.60}")
    return float(threshold)


def items_of(reader: IndexReader, ids: Iterable[Any]) -> tuple[pa.Array, Rows]:
    """Ids, which may be whole numbers as text, as the index keeps them; and where the items are.

    Raises:
        QueryError: there is no item of such an id.
    """
    texts, id_type = [str(identifier) for identifier in ids], reader.settings.id_type
    numbers = id_type == "integer"
    for text in texts:
        if numbers and not _is_number(text):
            raise _missing(reader, text)
    known = as_ids(map(int, texts) if numbers else texts, id_type)
    return known, existing(reader, known)


def existing(reader: IndexReader, ids: pa.Array) -> Rows:
    """(n,) int64: where the items of some ids are; QueryError when there is none of one."""
    import numpy as np

    positions = reader.positions_of(ids)
    if (positions < 0).any():
        raise _missing(reader, ids[int(np.argmax(positions < 0))].as_py())
    return positions


def _is_number(text: str) -> bool:
    """Whether a text is a whole number that can be an id."""
    return bool(NUMBER.fullmatch(text)) and -(2**63) <= int(text) < 2**63


def _missing(reader: IndexReader, identifier: str | int) -> QueryError:
    name = reader.folder.name
    return QueryError(f"index {name!r} has no item with the id {identifier!r:.80}")
