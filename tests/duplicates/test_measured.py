"""Tables of nothing but measured numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simsearch
from simsearch.errors import OptionError

if TYPE_CHECKING:
    from simsearch.records.deduplication import Deduplication

_ROWS, _COPIES = 120, 10


def _readings(columns: int = 12, rows: int = _ROWS, seed: int = 0) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    # They hang together, as a size does in a length, a breadth and an area.
    size = generator.normal(size=(rows, 1))
    values = (size + generator.normal(size=(rows, columns))) * 10.0 ** (np.arange(columns) % 4)
    return pd.DataFrame(values.round(3), columns=[f"reading {n}" for n in range(columns)])


def _with_copies(table: pd.DataFrame, error: float, seed: int = 1) -> pd.DataFrame:
    """The first rows once more at the end, measured anew."""
    generator = np.random.default_rng(seed)
    again = table.iloc[:_COPIES] * (1.0 + error * generator.normal(size=(_COPIES, table.shape[1])))
    return pd.concat([table, again.round(4)], ignore_index=True)


def _groups(found: Deduplication) -> set[frozenset[str]]:
    return set(map(frozenset, found.groups))


def _planted() -> set[frozenset[str]]:
    return {frozenset((str(n), str(_ROWS + n))) for n in range(_COPIES)}


def test_nothing_is_the_same_among_rows_of_many_readings() -> None:
    assert simsearch.dedupe(_readings(columns=40)).groups == []


@pytest.mark.parametrize("error", [0.0, 0.002])
def test_copies_are_found_to_the_digit_or_measured_anew(error: float) -> None:
    found = simsearch.dedupe(_with_copies(_readings(), error))
    assert _groups(found) == _planted()
    assert any("measured numbers" in note for note in found.records.notes)


def test_what_two_rows_are_counts_and_which_is_not_known_does_not() -> None:
    table = _with_copies(_readings(), 0.0)
    table.insert(0, "no", [f"R{n:05}" for n in range(len(table))])
    table["kind"] = np.where(np.arange(len(table)) % 2, "rose", "lily")
    assert _groups(simsearch.dedupe(table)) == _planted()
    table.loc[_ROWS, "kind"] = "rose"
    assert _groups(simsearch.dedupe(table)) == {
        pair for pair in _planted() if str(_ROWS) not in pair
    }


def test_missing_readings_are_no_likeness() -> None:
    table = _with_copies(_readings(), 0.0)
    table.loc[[20, 30, 40], [f"reading {n}" for n in range(8)]] = np.nan
    table.loc[[0, _ROWS], "reading 3"] = np.nan
    assert _groups(simsearch.dedupe(table)) == _planted()


@settings(max_examples=5)
@given(st.randoms(use_true_random=False), st.floats(0.001, 1000.0))
def test_units_and_order_of_columns_change_nothing(random: object, unit: float) -> None:
    table = _with_copies(_readings(columns=6), 0.002)
    names = list(table.columns)
    random.shuffle(names)  # type: ignore[attr-defined]
    other = table[names].assign(**{names[0]: (table[names[0]] * unit).map("{:.9f}".format)})
    assert _groups(simsearch.dedupe(other)) == _groups(simsearch.dedupe(table))


def test_the_options_of_vectors_hold() -> None:
    table = _with_copies(_readings(), 0.002)
    table["day"] = np.arange(len(table)) >= _ROWS  # a flag tells them apart: it is left out here
    names = [name for name in table.columns if name != "day"]
    kept = simsearch.dedupe(table, columns=names, keep=["highest:day"]).frame()
    grouped = kept["duplicate_group"].duplicated(keep=False)
    assert set(kept.index[grouped & kept["is_representative"]]) == set(range(_ROWS, len(table)))
    with pytest.raises(OptionError, match="no criterion of records"):
        simsearch.dedupe(table[names], keep=["longest"])
    table = table[names]
    assert _groups(simsearch.dedupe(table, precision=0.9)) == _planted()
    labels = pd.DataFrame({"left_id": ["0"], "right_id": [str(_ROWS)], "same": [0]})
    assert len(_groups(simsearch.dedupe(table, labels=labels))) == _COPIES - 1


def test_a_probability_is_asked_of_records() -> None:
    found = simsearch.dedupe(_with_copies(_readings(columns=5), 0.0), threshold=0.6)
    assert not any("measured numbers" in note for note in found.records.notes)
    with pytest.raises(OptionError, match="keep"):
        simsearch.dedupe(_readings(), threshold=0.6, keep=["first"])


def test_a_number_and_its_negative_are_two() -> None:
    whole = np.random.default_rng(0).integers(-500, 500, (_ROWS, 8))
    whole[-1] = -whole[3]
    table = pd.DataFrame(whole, columns=[f"reading {n}" for n in range(8)])
    assert simsearch.dedupe(table).groups == []
