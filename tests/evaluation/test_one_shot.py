"""Classes chosen by one example, where the answer is known."""

import numpy as np
import pytest

from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.evaluation.one_shot import one_shot

LABELS = np.repeat(np.arange(30), 4)


def test_classes_apart_are_always_right() -> None:
    points = np.eye(30, dtype=np.float32)[LABELS]
    figure = one_shot(points, LABELS, Metric.COSINE, episodes=200)
    assert (figure.name, figure.value, figure.count) == ("20-way 1-shot", 1.0, 200)
    assert figure.low > 0.9


def test_noise_is_right_as_often_as_chance() -> None:
    points = np.random.default_rng(0).normal(size=(len(LABELS), 16)).astype(np.float32)
    figure = one_shot(points, LABELS, Metric.EUCLIDEAN, ways=5, episodes=3_000)
    assert figure.low - 0.05 < 1 / 5 < figure.high + 0.05


def test_a_tie_is_no_match() -> None:
    points = np.ones((len(LABELS), 3), np.float32)
    assert one_shot(points, LABELS, Metric.COSINE, ways=3, episodes=50).value == 0


def test_classes_of_a_family_are_harder_to_tell_apart() -> None:
    """Families lie far apart, and the classes of one on top of each other."""
    families = LABELS // 10
    rng = np.random.default_rng(1)
    points = np.eye(3, 8)[families] * 50 + rng.normal(size=(len(LABELS), 8))
    vectors = points.astype(np.float32)
    apart = one_shot(vectors, LABELS, Metric.EUCLIDEAN, ways=3, episodes=500)
    within = one_shot(vectors, LABELS, Metric.EUCLIDEAN, ways=3, episodes=500, families=families)
    assert within.name == "3-way 1-shot within a family"
    assert within.value < apart.value


def test_items_without_a_class_and_classes_with_too_few_are_left_out() -> None:
    labels = np.where(LABELS < 5, LABELS, -1)
    points = np.eye(31, dtype=np.float32)[labels]
    assert one_shot(points, labels, Metric.COSINE, ways=5, episodes=20).value == 1
    for ways, shots in ((6, 1), (5, 4)):
        with pytest.raises(OptionError, match=f"no {ways} classes with enough items"):
            one_shot(points, labels, Metric.COSINE, ways=ways, shots=shots)
