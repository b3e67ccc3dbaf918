"""What is asked of an index, checked before anything is computed."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simsearch.errors import OptionError, QueryError, nearest_names
from simsearch.store.writing.validation import as_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyarrow as pa

    from simsearch.store.engines.engine import Mask, Rows
    from simsearch.store.reading.reader import IndexReader

__all__ = [
    "QueryOptions",
    "as_record",
    "check_id_column",
    "items_of",
    "query_options",
    "record_table",
]

SHOWN = 60
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
    """What a query asks for, checked.

    Raises:
        OptionError: k is no whole number of at least 1, min_score is no number, or neither
            is given.
        QueryError: the condition is refused.
    """
    if k is None and min_score is None:
        raise OptionError("without k, say how close matches have to be (min_score)")
    if k is not None and (isinstance(k, bool) or not isinstance(k, int) or k < 1):
        raise OptionError(f"k is the number of matches, at least 1, not {k!r}")
    if min_score is not None and math.isnan(min_score):
        raise OptionError("min_score must be a number, not NaN")
    return QueryOptions(k, min_score, reader.matching(where))


def items_of(reader: IndexReader, ids: Iterable[Any]) -> tuple[pa.Array, Rows]:
    """Ids, which may be whole numbers as text, as the index keeps them; and where the items are.

    Raises:
        QueryError: there is no item of such an id.
    """
    import numpy as np

    texts, id_type = [str(identifier) for identifier in ids], reader.settings.id_type
    numbers = id_type == "integer"
    for text in texts:
        if numbers and not _is_number(text):
            raise _missing(reader, text)
    known = as_ids(map(int, texts) if numbers else texts, id_type)
    positions = reader.positions_of(known)
    if (positions < 0).any():
        raise _missing(reader, texts[int(np.argmax(positions < 0))])
    return known, positions


def _is_number(text: str) -> bool:
    """Whether a text is a whole number that can be an id."""
    return bool(NUMBER.fullmatch(text)) and -(2**63) <= int(text) < 2**63


def _missing(reader: IndexReader, identifier: str) -> QueryError:
    name = reader.folder.name
    return QueryError(f"index {name!r} has no item with the id {identifier!r:.80}")


def check_id_column(name: str, own: str | None, given: str | None) -> None:
    """Refuse ids from elsewhere than those that an index has.

    Args:
        name: of the index.
        own: the column its ids came from; None for row numbers, or a file of ids.
        given: the column that they come from now.

    Raises:
        OptionError: they would be other ids for the same items.
    """
    if own != given:
        columns = [f"column {each!r}" if each else "no column" for each in (own, given)]
        raise OptionError(
            f"the ids of index {name!r} come from {columns[0]}, and these from {columns[1]}: the "
            "same item would have another id; leave the id column out, or make the index anew"
        )


def as_record(item: Any) -> Mapping[str, Any]:
    """A record as a mapping of column names to values.

    Args:
        item: a mapping, or anything with `to_dict` or `_asdict`: a row of a DataFrame.

    Raises:
        QueryError: it is nothing of the kind.
    """
    for name in ("to_dict", "_asdict"):
        if not isinstance(item, Mapping) and hasattr(item, name):
            item = getattr(item, name)()
    if isinstance(item, Mapping):
        return {str(key): value for key, value in item.items()}
    raise QueryError(f"a query is a record (a dict) or a text, not {type(item).__name__}")


def record_table(
    record: Mapping[str, Any], compared: Sequence[str], stored: Sequence[str]
) -> pa.Table:
    """A record as a table of one row, as an encoder takes it.

    Args:
        record: values by column name.
        compared: columns that the encoder sees.
        stored: further columns that a record may have; they are left out.

    Raises:
        QueryError: a column is unknown, none is compared, or a value is no single value.
    """
    import pyarrow as pa

    known = list(dict.fromkeys([*compared, *stored]))
    for name in record:
        if name not in known:
            raise QueryError(f"the index has no column {name!r}; {nearest_names(name, known)}")
    values = {name: _cell(name, record[name]) for name in compared if name in record}
    if not values:
        names = ", ".join(map(repr, compared))
        raise QueryError(f"the record has none of the columns that are compared: {names:.400}")
    return pa.table(values)


def _cell(name: str, value: Any) -> pa.Array:
    """One value as a column; what stands for a missing value in pandas is null."""
    import pyarrow as pa

    if isinstance(value, (Mapping, list, tuple, set)):
        text = f"{value!r:.{SHOWN}}"
        raise QueryError(f"column {name!r} of the record holds {text}; give a single value")
    try:
        return pa.array([value], from_pandas=True)
    except (pa.ArrowException, OverflowError, UnicodeError):
        return pa.array([_text(name, value)])


def _text(name: str, value: Any) -> str:
    text = str(value)
    try:
        text.encode()
    except UnicodeError:
        raise QueryError(f"column {name!r} of the record holds text that is no Unicode") from None
    return text
