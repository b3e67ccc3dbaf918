"""Dates of any common form as eight digits, so that the same day compares equal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["canonical_dates"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# 1971-06-24, 1971/6/24, 1971.06.24 with an optional time behind it.
_YEAR_FIRST = r"^(?P<y>\d{4})[-/. ](?P<m>\d{1,2})[-/. ](?P<d>\d{1,2})(?:[t ].*)?$"
_YEAR_LAST = r"^(?P<a>\d{1,2})[-/. ](?P<b>\d{1,2})[-/. ](?P<y>\d{4})$"
# 24 june 1971, 24-jun-1971; june 24, 1971.
_DAY_NAMED = r"^(?P<d>\d{1,2})[- ](?P<m>[a-z]{3})[a-z]*\.?,?[- ](?P<y>\d{4})$"
_NAMED_DAY = r"^(?P<m>[a-z]{3})[a-z]*\.? (?P<d>\d{1,2}),? (?P<y>\d{4})$"


def canonical_dates(text: pa.StringArray) -> pa.StringArray:
    """Normalised dates as YYYYMMDD; what is not a full date stays as it is.

    Whether 04/05/1971 means April or May is decided for the whole column: day first,
    unless some value has a second number above 12 and none a first one above 12.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = text.dictionary_encode()
    values = encoded.dictionary
    parts = pc.extract_regex(values, pattern=_YEAR_LAST)
    first, second, year = _numbers(parts, "a"), _numbers(parts, "b"), _numbers(parts, "y")
    month_first = _any(pc.greater(second, 12)) and not _any(pc.greater(first, 12))
    day, month = (second, first) if month_first else (first, second)
    dates = [_digits(year, month, day)]
    for pattern in (_YEAR_FIRST, _DAY_NAMED, _NAMED_DAY):
        parts = pc.extract_regex(values, pattern=pattern)
        dates.append(_digits(_numbers(parts, "y"), _month(parts), _numbers(parts, "d")))
    return pc.coalesce(*dates, values).take(encoded.indices) if len(values) else pa.array(text)


def _numbers(parts: pa.StructArray, name: str) -> pa.Int64Array:
    """One named group as integers; null where the pattern did not match."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.cast(pc.struct_field(parts, name), pa.int64())


def _month(parts: pa.StructArray) -> pa.Int64Array:
    """The group `m`, digits or the first letters of a name, as 1 to 12."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.struct_field(parts, "m")
    named = pc.add(pc.index_in(text, value_set=pa.array(_MONTHS)), 1)
    is_digits = pc.match_substring_regex(text, pattern=r"^\d+$")
    digits = pc.cast(pc.if_else(is_digits, text, None), pa.int64())
    return pc.coalesce(digits, pc.cast(named, pa.int64()))


def _digits(year: pa.Int64Array, month: pa.Int64Array, day: pa.Int64Array) -> pa.StringArray:
    """YYYYMMDD; null where a part is missing or out of range."""
    import pyarrow as pa
    import pyarrow.compute as pc

    valid = pc.and_(
        pc.and_(pc.greater_equal(month, 1), pc.less_equal(month, 12)),
        pc.and_(pc.greater_equal(day, 1), pc.less_equal(day, 31)),
    )
    number = pc.add(pc.multiply(year, 10_000), pc.add(pc.multiply(month, 100), day))
    text = pc.utf8_lpad(pc.cast(number, pa.string()), width=8, padding="0")
    return pc.if_else(valid, text, pa.scalar(None, pa.string()))


def _any(found: pa.BooleanArray) -> bool:
    """Whether any value is true (nulls are not)."""
    import pyarrow.compute as pc

    return bool(pc.any(found).as_py())
