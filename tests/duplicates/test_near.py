"""Close pairs and their groups, against a comparison of everything with everything."""

import numpy as np
import numpy.typing as npt
import pytest

from simsearch.distance import Metric
from simsearch.duplicates.near import find_near, group_near
from simsearch.errors import OptionError

Vectors = npt.NDArray[np.float32]


def clusters(seed: int, centres: int = 12, each: int = 5) -> Vectors:
    rng = np.random.default_rng(seed)
    middle = rng.normal(size=(centres, 8)) * 5
    spread = rng.normal(size=(centres, each, 8)) * 0.15
    return (middle[:, None] + spread).reshape(-1, 8).astype(np.float32)


@pytest.mark.parametrize(
    ("metric", "threshold"), [(Metric.COSINE, 0.95), (Metric.EUCLIDEAN, 0.6)], ids=str
)
def test_every_close_pair_is_found_and_no_other(metric: Metric, threshold: float) -> None:
    vectors = metric.prepare(clusters(1))
    found = find_near(vectors, metric, threshold)
    if metric is Metric.COSINE:
        close = vectors @ vectors.T >= threshold
    else:
        close = np.linalg.norm(vectors[:, None] - vectors, axis=2) <= threshold
    expected = list(zip(*np.nonzero(np.triu(close, 1)), strict=True))
    left, right = found.pairs.left[: found.found], found.pairs.right[: found.found]
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == expected
    assert found.recall == 1.0


def test_other_pairs_of_what_hangs_together_come_behind() -> None:
    # A chain: each is close to the next, the ends are far from each other.
    chain = np.arange(5, dtype=np.float32)[:, None]
    found = find_near(chain, Metric.EUCLIDEAN, 1.0)
    assert (found.found, len(found.pairs)) == (4, 10)
    assert found.scores[: found.found].tolist() == [1.0] * 4
    # On average the chain is farther apart than the threshold, so it is not one group.
    assert len(np.unique(group_near(found, 5, Metric.EUCLIDEAN, 1.0))) > 1


def test_clusters_become_groups() -> None:
    vectors = clusters(2)
    found = find_near(vectors, Metric.EUCLIDEAN, 1.5)
    group = group_near(found, len(vectors), Metric.EUCLIDEAN, 1.5)
    assert group.tolist() == np.repeat(np.arange(12), 5).tolist()


def test_nothing_is_close() -> None:
    found = find_near(np.eye(6, dtype=np.float32), Metric.COSINE, 0.9)
    assert (found.found, len(found.pairs), found.recall) == (0, 0, 1.0)
    assert group_near(found, 6, Metric.COSINE, 0.9).tolist() == list(range(6))


def test_a_threshold_that_takes_everything_is_refused() -> None:
    many = np.random.default_rng(3).normal(size=(2_100, 4)).astype(np.float32)
    with pytest.raises(OptionError, match=r"more than 2,000,000 pairs are as close as -1, .* str"):
        find_near(many, Metric.COSINE, -1.0)
