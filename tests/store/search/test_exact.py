"""Comparing with every row, against comparing in double precision."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch.distance import Metric
from simsearch.store.search import blocks, exact
from simsearch.store.search.exact import nearest, within
from simsearch.store.search.rerank import rerankable

Vectors = npt.NDArray[Any]


def truth(queries: Vectors, vectors: Vectors, metric: Metric) -> npt.NDArray[np.float64]:
    if metric is Metric.HAMMING:
        differ = queries[:, None, :] ^ vectors[None, :, :]
        return np.unpackbits(differ, axis=2).sum(-1).astype(float)
    q, v = queries[:, None, :].astype(float), vectors[None, :, :].astype(float)
    if metric is Metric.EUCLIDEAN:
        return np.sqrt(((q - v) ** 2).sum(-1))
    if metric is Metric.MANHATTAN:
        return np.abs(q - v).sum(-1)
    return (q * v).sum(-1)


def whole_numbers(rows: int, width: int, metric: Metric, seed: int) -> Vectors:
    """Small ones: many values are equal, and all are exact."""
    rng = np.random.default_rng(seed)
    if metric.binary:
        return rng.integers(0, 4, (rows, width)).astype(np.uint8)
    return rng.integers(-2, 3, (rows, width)).astype(np.float32)


@settings(max_examples=80, deadline=None)
@given(
    metric=st.sampled_from([metric for metric in Metric if metric is not Metric.COSINE]),
    rows=st.integers(0, 50),
    queries=st.integers(0, 5),
    threshold=st.integers(-3, 9),
    seed=st.integers(0, 1_000),
    some=st.booleans(),
)
def test_everything_within_a_threshold(
    metric: Metric, rows: int, queries: int, threshold: int, seed: int, some: bool
) -> None:
    """What is exactly as far as the threshold included."""
    vectors = whole_numbers(rows, 3, metric, seed)
    asked = whole_numbers(queries, 3, metric, seed + 1)
    wanted = np.random.default_rng(seed).random(rows) < 0.5 if some else None
    limits, values, found = within(asked, vectors, threshold, metric, wanted)
    assert (limits.dtype, values.dtype, found.dtype) == (np.int64, np.float32, np.int64)
    true = truth(asked, vectors, metric)
    close = metric.as_close(true.astype(np.float32), threshold)
    if wanted is not None:
        close &= wanted
    for query in range(queries):
        mine = slice(limits[query], limits[query + 1])
        order = np.lexsort((np.arange(rows), true[query] * (-1 if metric.larger_is_closer else 1)))
        expected = [row for row in order.tolist() if close[query, row]]
        assert found[mine].tolist() == expected
        np.testing.assert_allclose(values[mine], true[query, expected], atol=1e-6)


@pytest.mark.parametrize("metric", list(Metric))
def test_chunks_make_no_difference(metric: Metric, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = metric.prepare(whole_numbers(200, 4, metric, 0))
    wanted = np.arange(200) % 3 > 0

    def both(mask: Vectors | None) -> list[Vectors]:
        return [
            nearest(vectors[:30], vectors, 7, metric, mask)[0],  # of equals at the end any will do
            *within(vectors[:30], vectors, 1.0, metric, mask),
        ]

    whole = both(None) + both(wanted)
    monkeypatch.setattr(exact, "CHUNK_ROWS", 17)
    monkeypatch.setattr(exact, "BLOCK_ROWS", 13)
    monkeypatch.setattr(exact, "BLOCK_QUERIES", 7)
    for one, other in zip(whole, both(None) + both(wanted), strict=True):
        np.testing.assert_array_equal(one, other)


@settings(max_examples=80, deadline=None)
@given(
    metric=st.sampled_from([metric for metric in Metric if metric is not Metric.COSINE]),
    rows=st.integers(1, 50),
    queries=st.integers(1, 3),
    k=st.integers(1, 12),
    seed=st.integers(0, 1_000),
)
def test_the_nearest_of_some_rows(
    metric: Metric, rows: int, queries: int, k: int, seed: int
) -> None:
    """Few or none of them, and of equals those of lesser row numbers."""
    vectors = whole_numbers(rows, 3, metric, seed)
    asked = whole_numbers(queries, 3, metric, seed + 1)
    rng = np.random.default_rng(seed)
    wanted = rng.random(rows) < rng.random()
    values, found = nearest(asked, vectors, k, metric, wanted)
    assert (values.dtype, found.dtype) == (np.float32, np.int64)
    assert values.shape == found.shape == (queries, k)
    true = truth(asked, vectors, metric)
    for query in range(queries):
        keys = -true[query] if metric.larger_is_closer else true[query]
        left = [row for row in np.argsort(keys, kind="stable") if wanted[row]][:k]
        there = len(left)
        np.testing.assert_allclose(values[query, :there], true[query, left], rtol=1e-6)
        if queries == 1 and rerankable(metric):
            assert found[query, :there].tolist() == left
        assert (found[query, there:] == -1).all()
        assert np.isnan(values[query, there:]).all()


@pytest.mark.parametrize("queries", [3, 150, 320, 1_000])
def test_neighbours_close_together_and_far_from_the_origin(queries: int) -> None:
    """Many distances at once are derived from inner products, of which rounding leaves nothing."""
    rng = np.random.default_rng(0)
    vectors = (rng.normal(size=(2_000, 200)) * 0.01 + 1_000).astype(np.float32)
    values, rows = nearest(vectors[:queries], vectors, 5, Metric.EUCLIDEAN)
    some = np.arange(0, queries, max(1, queries // 10))
    true = np.sort(truth(vectors[some], vectors, Metric.EUCLIDEAN), axis=1)[:, :5]
    np.testing.assert_allclose(values[some], true, rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(rows[:, 0], np.arange(queries))
    assert (values[:, 0] == 0).all()


@pytest.mark.parametrize("metric", [Metric.COSINE, Metric.INNER_PRODUCT, Metric.EUCLIDEAN])
@pytest.mark.parametrize("queries", [1, 100, 250, 400, 1_300])
def test_as_many_queries_as_you_like(metric: Metric, queries: int) -> None:
    rng = np.random.default_rng(1)
    vectors = metric.prepare(rng.normal(size=(1_300, 128)).astype(np.float32))
    values, rows = nearest(vectors[:queries], vectors, 3, metric)
    assert values.shape == rows.shape == (queries, 3)
    true = truth(vectors[:queries:50], vectors, metric)
    best = np.sort(true, axis=1)
    best = best[:, ::-1][:, :3] if metric.larger_is_closer else best[:, :3]
    np.testing.assert_allclose(values[::50], best, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("metric", [Metric.COSINE, Metric.INNER_PRODUCT, Metric.EUCLIDEAN])
@pytest.mark.parametrize("rows", [40, 8_192])
def test_thousands_that_are_equally_near(
    metric: Metric, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Products cannot tell them apart, and lists of all of them would fill the memory."""
    monkeypatch.setattr(blocks, "ROWS", rows)
    held: list[int] = []
    table = blocks._Candidates.table
    monkeypatch.setattr(
        blocks._Candidates, "table", lambda self: held.append(table(self).shape[1]) or table(self)
    )
    rng = np.random.default_rng(2)
    made = np.repeat(rng.normal(size=(3, 8)), 700, axis=0)
    made = np.concatenate([made, np.zeros((600, 8)), rng.normal(size=(300, 8))])
    vectors = metric.prepare(made.astype(np.float32))
    queries = vectors[::100]
    values, found = nearest(queries, vectors, 5, metric)
    true = truth(queries, vectors, metric)
    best = np.sort(true, axis=1)
    best = best[:, ::-1][:, :5] if metric.larger_is_closer else best[:, :5]
    np.testing.assert_allclose(values, best, atol=1e-5)
    np.testing.assert_allclose(values, np.take_along_axis(true, found, 1), atol=1e-5)
    assert all(len(set(row)) == 5 for row in found.tolist())
    assert max(held) <= blocks.HELD


def test_squares_that_are_no_numbers_any_more() -> None:
    vectors = np.full((50, 4), 1e20, np.float32)
    assert (nearest(vectors, vectors, 3, Metric.EUCLIDEAN)[1] >= 0).all()
    for threshold, found in ((0.0, 50 * 50), (1e30, 50 * 50), (-1.0, 0)):
        assert len(within(vectors, vectors, threshold, Metric.EUCLIDEAN)[2]) == found
