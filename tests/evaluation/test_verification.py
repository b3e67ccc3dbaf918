"""ROC, AUC, EER, thresholds and cross-fitting against scikit-learn and against longhand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score, roc_curve

from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.evaluation.verification import (
    ScoredPairs,
    area_under_roc,
    cross_fitted,
    needed_negatives,
    pair_accuracy,
    pair_f1,
    verification_figures,
)

FEW = st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=2, max_size=40).filter(
    lambda rows: 0 < sum(same for _, same in rows) < len(rows)
)


def drawn(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    same = rng.random(count) < 0.4
    return np.round(rng.normal(size=count) + 1.5 * same, 2), same


@given(FEW)
def test_the_area_is_that_of_scikit_learn(rows: list[tuple[int, bool]]) -> None:
    scores, same = (np.array(each) for each in zip(*rows, strict=True))
    assert area_under_roc(scores, same) == pytest.approx(roc_auc_score(same, scores))


@given(FEW)
def test_the_curve_is_that_of_scikit_learn(rows: list[tuple[int, bool]]) -> None:
    scores, same = (np.array(each) for each in zip(*rows, strict=True))
    roc = ScoredPairs(scores, same, Metric.COSINE).roc()
    far, tar, _ = roc_curve(same, scores, drop_intermediate=False)
    assert roc.far == pytest.approx(far)
    assert roc.tar == pytest.approx(tar)


def test_a_distance_is_a_score_turned_round() -> None:
    scores, same = drawn(300)
    near = ScoredPairs(scores, same, Metric.COSINE).roc()
    far = ScoredPairs(-scores, same, Metric.EUCLIDEAN).roc()
    assert far.auc == near.auc
    cut = near.cut_of_best_accuracy()
    assert far.threshold(cut) == pytest.approx(-near.threshold(cut))


def test_weights_count_as_repeats() -> None:
    scores, same = drawn(60)
    times = np.random.default_rng(1).integers(1, 4, 60)
    weighed = ScoredPairs(scores, same, Metric.COSINE).roc(times.astype(float))
    repeated = ScoredPairs(np.repeat(scores, times), np.repeat(same, times), Metric.COSINE).roc()
    assert weighed.auc == pytest.approx(repeated.auc)
    assert weighed.eer == pytest.approx(repeated.eer)


def test_the_equal_error_rate_longhand() -> None:
    """Of four same pairs one lies below the highest different one of four."""
    scores = [0.9, 0.8, 0.7, 0.4, 0.5, 0.3, 0.2, 0.1]
    same = [1, 1, 1, 1, 0, 0, 0, 0]
    roc = ScoredPairs(scores, same, Metric.COSINE).roc()
    assert roc.eer == pytest.approx(0.25)
    assert roc.auc == pytest.approx(15 / 16)


@given(FEW, st.floats(0.01, 0.99))
def test_no_threshold_errs_less_than_the_best(rows: list[tuple[int, bool]], prior: float) -> None:
    scores, same = (np.array(each) for each in zip(*rows, strict=True))
    roc = ScoredPairs(scores, same, Metric.COSINE).roc()

    def error(threshold: float) -> float:
        taken = scores >= threshold
        return float(prior * (~taken)[same].mean() + (1 - prior) * taken[~same].mean())

    best = error(roc.threshold(roc.cut_of_best_accuracy(prior)))
    assert best <= min(error(each) for each in [*np.unique(scores), np.inf]) + 1e-9


@given(FEW, st.floats(0, 1))
def test_a_rate_is_not_exceeded(rows: list[tuple[int, bool]], rate: float) -> None:
    scores, same = (np.array(each) for each in zip(*rows, strict=True))
    roc = ScoredPairs(scores, same, Metric.COSINE).roc()
    taken = scores >= roc.threshold(roc.cut_at_far(rate))
    assert taken[~same].mean() <= rate + 1e-9


def test_cross_fitting_classifies_by_other_pairs() -> None:
    """Scores without a meaning: the best threshold flatters itself, the cross-fitted does not."""
    rng = np.random.default_rng(0)
    flattered, honest = [], []
    for seed in range(30):
        same = np.arange(60) % 2 == 0
        pairs = ScoredPairs(rng.normal(size=60), same, Metric.COSINE)
        roc = pairs.roc()
        at = roc.threshold(roc.cut_of_best_accuracy())
        flattered.append(((pairs.scores >= at) == same).mean())
        honest.append((cross_fitted(pairs, seed=seed) == same).mean())
    assert np.mean(flattered) > 0.57
    assert np.mean(honest) < 0.53


def test_cross_fitting_keeps_groups_together() -> None:
    """With two groups each is judged by a threshold of the other alone, which does not fit it."""
    scores = np.array([0.2, 0.25, 0.8, 0.9, 0.05, 0.06, 0.1, 0.15])
    same = np.array([0, 0, 1, 1, 0, 0, 1, 1], bool)
    found = cross_fitted(ScoredPairs(scores, same, Metric.COSINE), np.repeat([0, 1], 4))
    assert found.tolist() == [True] * 4 + [False] * 4


def test_accuracy_weighs_both_sorts_alike() -> None:
    same = np.array([True] * 2 + [False] * 8)
    said = np.array([True, False] + [False] * 8)
    found = pair_accuracy(said, same)
    assert found.value == pytest.approx((0.5 + 1.0) / 2)
    assert found.low < found.value < found.high <= 1


def test_f1_is_of_the_pairs_that_are_taken_for_the_same() -> None:
    same = np.array([True] * 4 + [False] * 6)
    said = np.array([True] * 3 + [False] + [True] * 2 + [False] * 4)
    found = pair_f1(said, same)
    precision, recall = 3 / 5, 3 / 4
    assert found.value == pytest.approx(2 * precision * recall / (precision + recall))
    assert 0 < found.low < found.value < found.high < 1
    assert pair_f1(same, same).value == 1
    assert pair_f1(~same, same).value == 0
    assert pair_f1(same & False, same & False).value == 0


def test_rates_that_the_pairs_are_too_few_for() -> None:
    scores, same = drawn(800)
    figures, notes = verification_figures(ScoredPairs(scores, same, Metric.COSINE))
    assert [each.name for each in figures] == ["ROC-AUC", "EER"]
    assert [note.split(" needs")[0] for note in notes] == ["TAR at FAR 0.01", "TAR at FAR 0.001"]
    assert needed_negatives(0.01) == 1_000
    for each in figures:
        assert each.low <= each.value <= each.high


@pytest.mark.parametrize(
    ("scores", "same", "message"),
    [
        ([0.1, 0.2], [1], "scores of the shape"),
        ([0.1, np.nan], [1, 0], "pair 1 is no finite number"),
        ([0.1, 0.2], [1, 1], "none of them different"),
        ([0.1, 0.2], [0, 0], "none of them same"),
    ],
)
def test_pairs_that_say_nothing(scores: list[float], same: list[int], message: str) -> None:
    with pytest.raises(OptionError, match=message):
        ScoredPairs(scores, same, Metric.COSINE)
