"""Scores of pairs and of all against all, against loops."""

import numpy as np
import pytest

from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.evaluation.scores import as_closeness, closeness_blocks, drop_self, pair_scores


def vectors(metric: Metric, rows: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    if metric.binary:
        return rng.integers(0, 256, (rows, 4)).astype(np.uint8)
    return rng.normal(size=(rows, 6)).astype(np.float32)


def longhand(metric: Metric, left: np.ndarray, right: np.ndarray) -> float:
    if metric is Metric.HAMMING:
        return float(sum(bin(int(a) ^ int(b)).count("1") for a, b in zip(left, right, strict=True)))
    product = float(sum(a * b for a, b in zip(left, right, strict=True)))
    return {
        Metric.COSINE: product / float(np.sqrt((left**2).sum() * (right**2).sum())),
        Metric.INNER_PRODUCT: product,
        Metric.EUCLIDEAN: float(np.sqrt(((left - right) ** 2).sum())),
        Metric.MANHATTAN: float(np.abs(left - right).sum()),
    }[metric]


@pytest.mark.parametrize("metric", list(Metric))
def test_pairs_and_blocks_are_those_of_a_loop(metric: Metric) -> None:
    queries, gallery = vectors(metric, 5, 0), vectors(metric, 7, 1)
    every = np.array([[longhand(metric, a, b) for b in gallery] for a in queries])
    left, right = np.divmod(np.arange(35), 7)
    found = pair_scores(queries, left, right, metric, gallery)
    np.testing.assert_allclose(found.reshape(5, 7), every, rtol=1e-4, atol=1e-4)
    whole = np.empty((5, 7), np.float32)
    for part, block in closeness_blocks(queries, gallery, metric):
        whole[part] = block
    np.testing.assert_allclose(as_closeness(whole, metric), every, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("metric", list(Metric))
def test_an_item_is_not_its_own_neighbour(metric: Metric) -> None:
    points = vectors(metric, 9, 2)
    for part, block in closeness_blocks(points, points, metric):
        rows = np.arange(9)[part]
        assert (block.argmax(axis=1) == rows).all() or metric is Metric.INNER_PRODUCT
        drop_self(block, rows)
        assert not (block.argmax(axis=1) == rows).any()


def test_other_dimensions_are_refused() -> None:
    with pytest.raises(OptionError, match=r"\(2, 3\) and \(2, 4\)"):
        next(closeness_blocks(np.ones((2, 3), "f4"), np.ones((2, 4), "f4"), Metric.COSINE))
