"""Columns of measured numbers as points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.encoders.readings import ReadingsEncoder
from simsearch.errors import EncoderError
from simsearch.kinds.loading import load_encoder

if TYPE_CHECKING:
    from pathlib import Path

_NAMES = ("length", "weight", "age")


def _items(values: np.ndarray) -> pa.Table:
    flat = pa.array(np.asarray(values, np.float32).reshape(-1))
    return pa.table({"vector": pa.FixedSizeListArray.from_arrays(flat, values.shape[1])})


def _values(rows: int = 40) -> np.ndarray:
    values = np.random.default_rng(0).normal(size=(rows, 3))
    return values * (1.0, 50.0, 0.001) + (7.0, 9000.0, 0.0)


def test_each_column_is_in_units_of_its_spread() -> None:
    values = _values()
    found = ReadingsEncoder(_NAMES).fitted_to([_items(values)]).encode_table(_items(values))
    wanted = (values - values.mean(axis=0)) / values.std(axis=0)
    np.testing.assert_allclose(found, wanted, atol=1e-3)


@given(st.integers(1, 39))
def test_the_parts_of_a_corpus_change_nothing(cut: int) -> None:
    values = _values()
    whole = ReadingsEncoder(_NAMES).fitted_to([_items(values)])
    parted = ReadingsEncoder(_NAMES).fitted_to([_items(values[:cut]), _items(values[cut:])])
    np.testing.assert_allclose(
        whole.encode_table(_items(values)), parted.encode_table(_items(values)), atol=1e-4
    )


def test_what_is_missing_is_the_mean_and_what_never_changes_says_nothing() -> None:
    values = _values()
    values[3, 1] = np.nan
    values[:, 2] = 5.0
    encoder = ReadingsEncoder(_NAMES).fitted_to([_items(values)])
    found = encoder.encode_table(_items(values))
    assert found[3, 1] == 0.0
    assert not found[:, 2].any()


def test_it_is_saved_and_refuses_other_rows(tmp_path: Path) -> None:
    encoder = ReadingsEncoder(_NAMES).fitted_to([_items(_values())])
    encoder.save(tmp_path / "readings")
    loaded = load_encoder(tmp_path / "readings")
    assert loaded.fingerprint == encoder.fingerprint
    assert loaded.reading == {"columns": list(_NAMES)}
    given = _items(_values())
    np.testing.assert_array_equal(loaded.encode_table(given), encoder.encode_table(given))
    with pytest.raises(EncoderError, match="takes vectors of 3 numbers, not 2"):
        loaded.encode_table(_items(_values()[:, :2]))
    with pytest.raises(EncoderError, match="lacks 'spread'"):
        ReadingsEncoder.from_state({"columns": ["a"]}, {"mean": np.zeros(1)})
    with pytest.raises(EncoderError, match="not as many"):
        ReadingsEncoder(_NAMES, np.zeros(2), np.ones(3))


def test_rows_are_read_from_a_table() -> None:
    encoder = ReadingsEncoder(_NAMES)
    table = pa.table({name: [1.0, 2.0] for name in reversed(_NAMES)})
    np.testing.assert_array_equal(encoder.encode(table), [[1.0] * 3, [2.0] * 3])
