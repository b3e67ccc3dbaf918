"""How vectors are compared: names, lengths, thresholds, and what FAISS makes of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simsearch.distance import Metric
from simsearch.errors import OptionError

FLOATS = st.floats(-(2.0**100), 2.0**100, width=32)


@pytest.mark.parametrize("metric", list(Metric))
def test_metrics_have_the_names_that_users_give(metric: Metric) -> None:
    assert Metric.parse(metric.value) is metric
    assert Metric.parse(metric) is metric


def test_another_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(OptionError, match="'cosin'; choose one of: cosine, inner_product"):
        Metric.parse("cosin")


@given(arrays(np.float32, (3, 5), elements=FLOATS))
def test_cosine_brings_every_vector_to_unit_length(vectors: np.ndarray) -> None:
    found = Metric.COSINE.prepare(vectors)
    for row, unit in zip(vectors.astype(np.float64), found, strict=True):
        length = np.sqrt((row**2).sum())
        expected = row / length if length else row
        np.testing.assert_allclose(unit, expected, atol=1e-5)


@pytest.mark.parametrize("size", [1e-38, 1e-20, 1e-3, 1.0, 1e18, 3e38])
def test_lengths_whose_squares_are_no_float_are_met_too(size: float) -> None:
    found = Metric.COSINE.prepare(np.array([[size, 0, -size]], np.float32))
    np.testing.assert_allclose(found, [[0.5**0.5, 0, -(0.5**0.5)]], rtol=1e-5)


@pytest.mark.parametrize("metric", [m for m in Metric if m is not Metric.COSINE])
def test_other_metrics_leave_vectors_as_they_are(metric: Metric) -> None:
    given_ = np.array([[0, 3], [4, 0]], np.uint8 if metric.binary else np.float32)
    np.testing.assert_array_equal(metric.prepare(given_), given_)


@pytest.mark.parametrize("metric", list(Metric))
def test_a_threshold_is_close_itself_and_nan_never(metric: Metric) -> None:
    step = 1 if metric.larger_is_closer else -1
    values = np.array([2 - step, 2, 2 + step, np.nan], np.float32)
    assert metric.as_close(values, 2).tolist() == [False, True, True, False]


@given(st.floats(0, 2.0**20, width=32, allow_subnormal=False))
def test_faiss_keeps_squares_of_euclidean_distances(value: float) -> None:
    squared = Metric.EUCLIDEAN.to_faiss(value)
    assert squared == value**2
    back = Metric.EUCLIDEAN.from_faiss(np.array([squared]))
    np.testing.assert_allclose(back, [value], rtol=1e-6, atol=1e-30)
    # What rounding left below zero is no distance.
    assert Metric.EUCLIDEAN.from_faiss(np.array([-1e-7], np.float32))[0] == 0
    assert Metric.COSINE.to_faiss(0.25) == 0.25


@pytest.mark.parametrize("metric", [m for m in Metric if not m.binary])
def test_faiss_puts_the_nearest_first_as_a_loop_does(metric: Metric) -> None:
    import faiss

    rng = np.random.default_rng(0)
    vectors = metric.prepare(rng.normal(size=(30, 4)).astype(np.float32))
    query = metric.prepare(rng.normal(size=(1, 4)).astype(np.float32))
    index = faiss.IndexFlat(4, metric.faiss_metric)
    index.add(vectors)
    _, rows = index.search(query, 5)
    gaps = vectors - query
    closeness = {
        Metric.EUCLIDEAN: -np.sqrt((gaps**2).sum(axis=1)),
        Metric.MANHATTAN: -np.abs(gaps).sum(axis=1),
    }.get(metric, vectors @ query[0])
    assert rows[0].tolist() == np.argsort(-closeness)[:5].tolist()


def test_bits_lie_eight_to_a_byte() -> None:
    assert Metric.HAMMING.storage(64) == (np.dtype("u1"), 8)
    assert Metric.COSINE.storage(64) == (np.dtype("<f4"), 64)
