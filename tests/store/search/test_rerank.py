"""The second look, against comparing longhand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch.distance import Metric
from simsearch.store.search.rerank import candidates_for, compared, rerank, rerankable

RERANKED = [metric for metric in Metric if rerankable(metric)]


def test_what_faiss_can_compare_by_row() -> None:
    assert RERANKED == [Metric.COSINE, Metric.INNER_PRODUCT, Metric.EUCLIDEAN]


@settings(max_examples=40, deadline=None)
@given(
    metric=st.sampled_from(RERANKED),
    queries=st.integers(0, 6),
    candidates=st.integers(1, 30),
    k=st.integers(1, 40),
    seed=st.integers(0, 1_000),
)
def test_the_best_candidates_best_first(
    metric: Metric, queries: int, candidates: int, k: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    vectors = metric.prepare(rng.integers(-2, 3, size=(40, 3)).astype(np.float32))
    asked = metric.prepare(rng.integers(-2, 3, size=(queries, 3)).astype(np.float32))
    listed = np.array([rng.permutation(40)[:candidates] for _ in range(queries)], np.int64).reshape(
        queries, candidates
    )
    listed[rng.random(listed.shape) < 0.3] = -1
    values, rows = rerank(asked, listed, vectors, k, metric)
    assert values.shape == rows.shape == (queries, k)
    assert (values.dtype, rows.dtype) == (np.float32, np.int64)
    for query, mine, near, found in zip(asked, listed, values, rows, strict=True):
        listed_rows = mine[mine >= 0]
        true = vectors[listed_rows].astype(float) @ query
        if metric is Metric.EUCLIDEAN:
            true = np.linalg.norm(vectors[listed_rows].astype(float) - query, axis=1)
        best = np.sort(true)[:: -1 if metric.larger_is_closer else 1][:k]
        there = found[: len(best)]
        np.testing.assert_allclose(near[: len(best)], best, atol=1e-5)
        assert set(there.tolist()) <= set(listed_rows.tolist())
        assert len(set(there.tolist())) == len(there)
        assert (found[len(best) :] == -1).all()
        assert np.isnan(near[len(best) :]).all()


@pytest.mark.parametrize("metric", RERANKED)
@settings(max_examples=40, deadline=None)
@given(candidates=st.integers(1, 40), k=st.integers(1, 45), seed=st.integers(0, 1_000))
def test_ties_go_by_row_number(metric: Metric, candidates: int, k: int, seed: int) -> None:
    """Whatever the order of the candidates: at the last place too, where some are left out."""
    rng = np.random.default_rng(seed)
    few = metric.prepare(rng.integers(-1, 2, size=(6, 2)).astype(np.float32))
    vectors = few[rng.integers(0, 6, 40)]
    asked = metric.prepare(rng.integers(-1, 2, size=(3, 2)).astype(np.float32))
    listed = np.array([rng.permutation(40)[:candidates] for _ in asked], np.int64)
    listed[rng.random(listed.shape) < 0.2] = -1
    values, rows = rerank(asked, listed, vectors, k, metric)
    for query, mine, near, found in zip(asked, listed, values, rows, strict=True):
        those = np.sort(mine[mine >= 0])
        if not len(those):
            assert (found == -1).all()
            continue
        keys = compared(query[None], those[None], vectors, metric)[0]
        order = np.lexsort((those, -keys if metric.larger_is_closer else keys))[:k]
        np.testing.assert_array_equal(found[: len(order)], those[order])
        np.testing.assert_array_equal(near[: len(order)], metric.from_faiss(keys[order]))
        assert (found[len(order) :] == -1).all()


def test_a_copy_is_at_distance_zero() -> None:
    """Far from the origin a distance derived from inner products would be rounding alone."""
    vectors = (np.random.default_rng(0).normal(size=(100, 64)) + 1e4).astype(np.float32)
    everything = np.tile(np.arange(100), (100, 1))
    values, rows = rerank(vectors, everything, vectors, 1, Metric.EUCLIDEAN)
    assert (values == 0).all()
    np.testing.assert_array_equal(rows[:, 0], np.arange(100))


@pytest.mark.parametrize("depth", [1, 2, 7])
def test_candidates_grow_with_neighbours_and_depth(depth: int) -> None:
    counts = [candidates_for(k, depth, 10**6) for k in range(1, 200)]
    assert counts == sorted(counts)
    assert candidates_for(10, depth, 10**6) == 10 * depth
    assert candidates_for(50, depth, 60) <= 60
