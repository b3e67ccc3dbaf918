"""Columns that say nothing."""

import pyarrow as pa
import pytest

from simsearch.errors import OptionError
from simsearch.training.pair_model.tables.noise import NOISE, with_noise

TABLE = pa.table({"name": ["Ann", "Bob", None], "city": ["Ulm", None, "Bonn"], "year": [1, 2, 3]})


@pytest.mark.parametrize("kind", NOISE)
def test_a_column_more_and_the_others_as_they_were(kind: str) -> None:
    after = with_noise(TABLE, kind, 5)
    assert after.num_columns == 4
    assert after.select(TABLE.column_names).equals(TABLE)
    assert after.equals(with_noise(TABLE, kind, 5))


def test_a_constant_is_one_value_and_an_empty_column_has_none() -> None:
    assert len(set(with_noise(TABLE, "constant", 1).column("constant_1").to_pylist())) == 1
    assert with_noise(TABLE, "empty", 1).column("empty_1").null_count == 3


def test_unknown_noise_is_named() -> None:
    with pytest.raises(OptionError, match="no noise 'hum'"):
        with_noise(TABLE, "hum", 0)
