"""Retrieval, one-shot questions, pair scores and correlation against brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from scipy.stats import spearmanr

from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.evaluation.correlation import spearman
from simsearch.evaluation.one_shot import one_shot
from simsearch.evaluation.retrieval import nearest_of_class, retrieval_figures
from simsearch.evaluation.scores import as_closeness, closeness_blocks, pair_scores

SCIPY = {Metric.EUCLIDEAN: "euclidean", Metric.MANHATTAN: "cityblock"}


def items(count: int = 60, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Vectors around six centres; the last class has one member, two items have none."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 6
    vectors = rng.normal(size=(6, 5))[labels] + rng.normal(scale=0.8, size=(count, 5))
    labels[0], labels[1], labels[2] = -1, -1, 6
    return vectors.astype(np.float32), labels


def closeness(vectors: np.ndarray, metric: Metric) -> np.ndarray:
    if metric is Metric.COSINE:
        return 1 - cdist(vectors, vectors, "cosine")
    return -cdist(vectors, vectors, SCIPY[metric])


@pytest.mark.parametrize("metric", [Metric.COSINE, Metric.EUCLIDEAN, Metric.MANHATTAN])
def test_retrieval_longhand(metric: Metric) -> None:
    vectors, labels = items()
    near = closeness(vectors, metric)
    known = np.flatnonzero(labels >= 0)
    hits: dict[int, list[bool]] = {1: [], 5: [], 10: []}
    precisions = []
    for row in known:
        others = [each for each in known if each != row]
        wanted = sum(labels[each] == labels[row] for each in others)
        if not wanted:
            continue
        order = sorted(others, key=lambda each: -near[row, each])
        right = [labels[each] == labels[row] for each in order]
        for k, found in hits.items():
            found.append(any(right[:k]))
        so_far = [sum(right[: place + 1]) / (place + 1) for place in range(wanted)]
        precisions.append(sum(p for p, ok in zip(so_far, right, strict=False) if ok) / wanted)
    found_figures = {each.name: each.value for each in retrieval_figures(vectors, labels, metric)}
    for k, found in hits.items():
        assert found_figures[f"recall@{k}"] == pytest.approx(np.mean(found))
    assert found_figures["MAP@R"] == pytest.approx(np.mean(precisions))
    assert nearest_of_class(vectors, vectors, labels, metric) == pytest.approx(np.mean(hits[1]))


def test_an_item_is_never_its_own_neighbour() -> None:
    """Equal vectors in different classes: whoever finds one of its class found itself."""
    vectors = np.ones((4, 3), np.float32)
    vectors[2:] *= -1
    labels = np.array([0, 1, 0, 1])
    assert nearest_of_class(vectors, vectors, labels, Metric.COSINE) == 0.0


def test_without_two_of_a_class_nothing_is_asked() -> None:
    vectors, labels = np.eye(3, dtype=np.float32), np.arange(3)
    assert nearest_of_class(vectors, vectors, labels, Metric.COSINE) == 0.0
    with pytest.raises(OptionError, match="a class with two items"):
        retrieval_figures(vectors, labels, Metric.COSINE)


@settings(max_examples=25)
@given(st.sampled_from([Metric.COSINE, *SCIPY]), st.integers(0, 100))
def test_scores_of_pairs_and_blocks_are_those_of_scipy(metric: Metric, seed: int) -> None:
    vectors, _ = items(30, seed)
    left, right = np.random.default_rng(seed).integers(30, size=(2, 50))
    expected = closeness(vectors, metric)
    found = as_closeness(pair_scores(vectors, left, right, metric), metric)
    assert found == pytest.approx(expected[left, right], abs=1e-4)
    whole = np.concatenate([part for _, part in closeness_blocks(vectors, vectors, metric)])
    # A norm taken by products is off by the root of a rounding where two are equal.
    assert whole == pytest.approx(expected, abs=3e-3)


def test_one_shot_of_clear_classes_is_right_and_of_noise_is_chance() -> None:
    labels = np.repeat(np.arange(10), 8)
    clear = np.eye(10, dtype=np.float32)[labels]
    assert one_shot(clear, labels, Metric.COSINE, ways=5).value == 1.0
    noise = np.random.default_rng(0).normal(size=(80, 40)).astype(np.float32)
    found = one_shot(noise, labels, Metric.COSINE, ways=5)
    assert found.value == pytest.approx(0.2, abs=0.06)
    assert found.name == "5-way 1-shot"


def test_one_shot_within_families_asks_near_classes() -> None:
    """Classes of one family differ little, families much: within one it is harder."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(20), 6)
    families = labels // 5
    centres = 4 * np.eye(4, 12)[families] + rng.normal(scale=0.4, size=(20, 12))[labels]
    vectors = (centres + rng.normal(scale=0.5, size=(120, 12))).astype(np.float32)
    asked = {"ways": 4, "seed": 1}
    within = one_shot(vectors, labels, Metric.COSINE, families=families, **asked)
    assert within.value < one_shot(vectors, labels, Metric.COSINE, **asked).value
    with pytest.raises(OptionError, match="no 30 classes"):
        one_shot(vectors, labels, Metric.COSINE, ways=30)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=4, max_size=30))
def test_spearman_is_that_of_scipy(rows: list[tuple[int, int]]) -> None:
    first, second = (np.array(each, float) for each in zip(*rows, strict=True))
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        with pytest.raises(OptionError, match="scores that vary"):
            spearman(first, second)
        return
    found = spearman(first, second)
    assert found.value == pytest.approx(spearmanr(first, second).statistic)
    assert -1 <= found.low <= found.value + 1e-6
    assert found.value - 1e-6 <= found.high <= 1
