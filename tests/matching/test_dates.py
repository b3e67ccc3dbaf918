"""Dates: the same day in any form, and which way round a column is written."""

import calendar
import datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.matching.dates import canonical_dates

MONTHS = [name.lower() for name in calendar.month_name]
FORMS = {
    "iso": lambda d: f"{d.year:04d}-{d.month:02d}-{d.day:02d}",
    "iso_slashes": lambda d: f"{d.year:04d}/{d.month}/{d.day}",
    "iso_dots": lambda d: f"{d.year:04d}.{d.month:02d}.{d.day:02d}",
    "iso_with_time": lambda d: f"{d.year:04d}-{d.month:02d}-{d.day:02d} 12:30:00",
    "iso_with_t": lambda d: f"{d.year:04d}-{d.month:02d}-{d.day:02d}t12:30:00z",
    "day_first": lambda d: f"{d.day:02d}/{d.month:02d}/{d.year:04d}",
    "day_first_dots": lambda d: f"{d.day}.{d.month}.{d.year:04d}",
    "day_and_name": lambda d: f"{d.day} {MONTHS[d.month]} {d.year:04d}",
    "day_and_short_name": lambda d: f"{d.day:02d}-{MONTHS[d.month][:3]}-{d.year:04d}",
    "name_and_day": lambda d: f"{MONTHS[d.month]} {d.day}, {d.year:04d}",
    "short_name_and_day": lambda d: f"{MONTHS[d.month][:3]}. {d.day} {d.year:04d}",
}


def canonical(*values: str | None) -> list[str | None]:
    return canonical_dates(pa.array(values, pa.string())).to_pylist()


@pytest.mark.parametrize("form", FORMS)
@given(days=st.lists(st.dates(), min_size=1, max_size=20))
def test_any_day_in_any_form_is_its_eight_digits(form: str, days: list[datetime.date]) -> None:
    written = [FORMS[form](day) for day in days]
    assert canonical(*written) == [FORMS["iso"](day).replace("-", "") for day in days]


@given(day=st.dates().filter(lambda day: day.day > 12))
def test_one_day_above_twelve_turns_the_column_to_month_first(day: datetime.date) -> None:
    telling = f"{day.month}/{day.day}/{day.year:04d}"
    found = canonical("04/05/1971", telling)
    assert found == ["19710405", f"{day.year:04d}{day.month:02d}{day.day:02d}"]


def test_an_ambiguous_column_is_read_day_first() -> None:
    assert canonical("04/05/1971", "01/12/1980") == ["19710504", "19801201"]


def test_a_day_first_value_outvotes_month_first_ones() -> None:
    # 06/24 cannot be day first, but the column is; it stays as it is written.
    assert canonical("24/06/1971", "06/24/1971", "04/05/1971") == [
        "19710624",
        "06/24/1971",
        "19710504",
    ]


def test_all_forms_of_one_day_agree_in_one_column() -> None:
    day = datetime.date(1971, 6, 24)
    assert set(canonical(*(form(day) for form in FORMS.values()))) == {"19710624"}


@pytest.mark.parametrize(
    "value",
    ["1971", "june 1971", "19710624", "24/06/71", "1971-13-01", "1971-00-10", "foo 3, 1971"],
)
def test_what_is_no_full_date_stays_as_it_is(value: str) -> None:
    assert canonical(value) == [value]


def test_missing_values_stay_missing() -> None:
    assert canonical(None, "1971-06-24", None) == [None, "19710624", None]
    assert canonical(None) == [None]
    assert canonical() == []
