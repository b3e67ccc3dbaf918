"""Where cells lie: as many as were asked for, none much larger than the others."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.distance import Metric
from simsearch.store.engines import centres
from simsearch.store.engines.centres import learnt_centres, seats

NUMBERS = [metric for metric in Metric if not metric.binary]


def lopsided(rows: int, dimension: int = 8) -> np.ndarray:
    """Most of them in one narrow cluster."""
    rng = np.random.default_rng(0)
    made = rng.normal(size=(rows, dimension)).astype(np.float32)
    made[: rows * 3 // 4] = 5 + made[: rows * 3 // 4] / 10
    return made


@pytest.mark.parametrize("metric", NUMBERS)
@pytest.mark.parametrize("cells", [1, 2, 5, 30])
def test_there_are_as_many_as_asked_for(metric: Metric, cells: int) -> None:
    vectors = metric.prepare(lopsided(1_000))
    found = learnt_centres(vectors, cells, metric)
    assert found.shape == (cells, 8)
    assert np.isfinite(found).all()
    if metric.larger_is_closer:
        np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-5)


def test_crowded_places_get_more_of_them() -> None:
    vectors = lopsided(2_000)
    found = learnt_centres(vectors, 40, Metric.EUCLIDEAN)
    homes = np.linalg.norm(vectors[:, None] - found[None], axis=2).argmin(axis=1)
    assert np.bincount(homes, minlength=40).max() <= 6 * 2_000 / 40
    assert (found.mean(axis=1) > 3).sum() >= 15


def test_they_are_the_same_whatever_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, found = lopsided(1_500), []
    for threads in (1, 2):
        monkeypatch.setattr(centres, "threads", lambda threads=threads: threads)
        found.append(learnt_centres(vectors, 25, Metric.EUCLIDEAN))
    np.testing.assert_array_equal(*found)


def test_copies_are_no_reason_to_stop() -> None:
    vectors = np.zeros((400, 4), np.float32)
    assert learnt_centres(vectors, 12, Metric.EUCLIDEAN).shape == (12, 4)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=8), st.integers(0, 30))
def test_whoever_has_the_largest_parts_gets_one_more(sizes: list[int], more: int) -> None:
    """Compared with giving one part at a time, looked for among all."""
    total = len(sizes) + more
    given_, expected = seats(sizes, total), Counter(range(len(sizes)))
    for _ in range(more):
        at = max(range(len(sizes)), key=lambda group: (sizes[group] / expected[group], -group))
        if expected[at] >= sizes[at]:
            break
        expected[at] += 1
    assert given_ == [expected[group] for group in range(len(sizes))]
    assert all(parts <= max(size, 1) for parts, size in zip(given_, sizes, strict=True))
    assert sum(given_) == total or sum(given_) >= sum(sizes)
