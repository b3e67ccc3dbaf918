"""Files of pairs: those that `dedupe --pairs` and `link -o` write, and those that are true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.errors import ColumnError, EmptySourceError, SourceError
from simsearch.sources.records import open_records

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Pair = tuple[str, str]

__all__ = ["found_pairs", "true_pairs"]

_LEFT, _RIGHT = ("left_id", "left"), ("right_id", "right")
_TRUE = {"1", "true", "yes", "same"}
_FALSE = {"0", "false", "no", "different"}


def found_pairs(path: Path) -> dict[Pair, float]:
    """Pairs and their probabilities; of a pair that comes twice the larger.

    Raises:
        SourceError: it cannot be read, or a probability is none.
        ColumnError: it has no columns of that name.
    """
    try:
        table = open_records(path).read().table
    except EmptySourceError:  # a header alone: nothing was found
        if not path.stat().st_size:
            raise
        return {}
    probabilities = _numbers(path, table, "probability")
    found: dict[Pair, float] = {}
    for pair, value in zip(_pairs(path, table), probabilities.tolist(), strict=True):
        found[pair] = max(value, found.get(pair, 0.0))
    return found


def true_pairs(path: Path) -> set[Pair]:
    """Pairs that are the same thing: left_id,right_id[,same], or id and entity of each item.

    Raises:
        SourceError: it cannot be read, or `same` is neither 1 nor 0.
        ColumnError: it has no columns of these names.
    """
    table = open_records(path).read().table
    names = [name.strip().lower() for name in table.column_names]
    if "id" in names and ({"entity", "group", "duplicate_group"} & set(names)):
        return _of_entities(table, names)
    pairs = _pairs(path, table)
    if "same" not in names:
        return set(pairs)
    told = [str(value).strip().lower() for value in table.column(names.index("same")).to_pylist()]
    for line, value in enumerate(told, start=2):
        if value not in _TRUE | _FALSE:
            raise SourceError(f"{path}, line {line}: `same` is 1 or 0, not {value!r:.40}")
    return {pair for pair, value in zip(pairs, told, strict=True) if value in _TRUE}


def _of_entities(table: pa.Table, names: list[str]) -> set[Pair]:
    entity = next(name for name in ("entity", "group", "duplicate_group") if name in names)
    members: dict[str, list[str]] = {}
    columns = (table.column(names.index(each)).to_pylist() for each in ("id", entity))
    for identifier, value in zip(*columns, strict=True):
        members.setdefault(str(value), []).append(str(identifier))
    return {
        _ordered(one, other)
        for items in members.values()
        for place, one in enumerate(items)
        for other in items[place + 1 :]
    }


def _pairs(path: Path, table: pa.Table) -> list[Pair]:
    left, right = (_column(path, table, each) for each in (_LEFT, _RIGHT))
    return [_ordered(one, other) for one, other in zip(left, right, strict=True)]


def _ordered(one: str, other: str) -> Pair:
    return (one, other) if one <= other else (other, one)


def _column(path: Path, table: pa.Table, wanted: Sequence[str]) -> list[str]:
    names = [name.strip().lower() for name in table.column_names]
    for name in wanted:
        if name in names:
            return [str(value) for value in table.column(names.index(name)).to_pylist()]
    raise ColumnError(
        f"{path} needs a column named {' or '.join(wanted)} in its header; it has "
        f"{', '.join(table.column_names):.200}"
    )


def _numbers(path: Path, table: pa.Table, name: str) -> npt.NDArray[np.float64]:
    import numpy as np

    values = _column(path, table, (name,))
    for line, value in enumerate(values, start=2):
        try:
            inside = 0 <= float(value) <= 1
        except ValueError:
            inside = False
        if not inside:
            raise SourceError(f"{path}, line {line}: {value!r:.40} is no probability from 0 to 1")
    return np.array([float(value) for value in values])
