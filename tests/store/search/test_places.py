"""The true places of a table are those that NumPy names."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from simsearch.store.search.places import places


@given(arrays(bool, array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=12)), st.booleans())
def test_as_numpy_names_them(table: np.ndarray, turned: bool) -> None:
    table = table.T if turned else table
    for found, expected in zip(places(table), np.nonzero(table), strict=True):
        assert found.dtype == np.int64
        np.testing.assert_array_equal(found, expected)
