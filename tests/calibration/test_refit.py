"""Corrections shift threshold and probability at once, and can be taken back."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from simsearch.calibration.calibration import Calibration
from simsearch.calibration.fit import fit_calibration
from simsearch.calibration.refit import ANCHORS, refit
from simsearch.distance import Metric
from simsearch.errors import OptionError


def pairs(count: int, seed: int, moved: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Cosines of pairs, half of them the same."""
    rng = np.random.default_rng(seed)
    same = np.arange(count) % 2 == 0
    scores = np.where(same, rng.normal(0.7, 0.1, count), rng.normal(0.3, 0.1, count))
    return scores + moved, same


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    scores, same = pairs(2_000, 0)
    return fit_calibration(scores, same, Metric.COSINE)


def test_corrections_move_the_threshold_towards_them(calibration: Calibration) -> None:
    """Different pairs at .55 were taken for the same: the user says no, forty times."""
    scores = np.random.default_rng(1).normal(0.55, 0.02, 40)
    found = refit(calibration, scores, np.zeros(40, bool))
    assert found.before.accuracy < 0.2
    assert found.after is not None
    assert found.after.accuracy > 0.7
    assert found.after.loss < found.before.loss
    assert found.old_after.accuracy > found.old_before.accuracy - 0.1
    assert found.calibration.threshold("accuracy").score > 0.53
    assert found.calibration.probability([0.55])[0] < calibration.probability([0.55])[0]
    assert found.calibration.corrections == 40
    assert found.weight == pytest.approx(40 / 240)
    for name in ("eer", "far_0.01"):  # they are of pairs drawn at random, and corrections are not
        assert found.calibration.threshold(name) == calibration.threshold(name)


def test_one_correction_moves_little_and_many_do_not_take_over(calibration: Calibration) -> None:
    one = refit(calibration, [0.6], [False])
    assert one.after is None
    change = one.calibration.threshold("accuracy").score - calibration.threshold("accuracy").score
    assert abs(change) < 0.05
    many = refit(calibration, np.full(5_000, 0.7), np.zeros(5_000, bool))
    assert many.weight == 0.3
    assert many.old_after.accuracy > 0.6


def test_the_same_corrections_twice_change_nothing_more(calibration: Calibration) -> None:
    scores, same = pairs(60, 3, moved=0.1)
    once = refit(calibration, scores, same).calibration
    twice = refit(once, scores, same).calibration
    np.testing.assert_allclose(once.probabilities, twice.probabilities, atol=1e-4)
    assert once.threshold("accuracy").score == twice.threshold("accuracy").score


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1_000), count=st.integers(1, 50), moved=st.floats(-0.3, 0.3))
def test_probabilities_stay_monotone(seed: int, count: int, moved: float) -> None:
    known = fit_calibration(*pairs(200, 0), Metric.COSINE)
    made = refit(known, *pairs(count, seed, moved)).calibration
    assert (np.diff(made.probabilities) >= 0).all()
    assert 0 < made.probabilities[0] <= made.probabilities[-1] < 1


def test_the_shift_is_a_weighted_logistic_regression(calibration: Calibration) -> None:
    """Longhand: by scikit-learn, on the log odds of anchors and corrections."""
    scores, same = pairs(60, 5, moved=0.15)
    made = refit(calibration, scores, same).calibration
    anchors = np.array([*calibration.same_scores, *calibration.different_scores])
    truth = np.concatenate([np.repeat([True, False], 500), same])
    probability = calibration.probability(np.concatenate([anchors, scores]))
    odds = np.log(probability / (1 - probability))
    weights = np.concatenate(
        [np.full(1_000, ANCHORS / 1_000), np.full(60, 200 * 0.2308 / 0.7692 / 60)]
    )
    model = LogisticRegression(C=1e9).fit(odds[:, None], truth, weights)
    expected = float(model.coef_[0, 0]), float(model.intercept_[0])
    assert made.shift == pytest.approx(expected, abs=0.02)


def test_distances(calibration: Calibration) -> None:
    scores, same = pairs(400, 0)
    known = fit_calibration(1 - scores, same, Metric.EUCLIDEAN)
    found = refit(known, np.full(20, 0.45), np.zeros(20, bool))
    assert found.calibration.threshold("accuracy").score < 0.5
    assert not found.calibration.same([0.6])[0]


def test_a_calibration_of_the_first_format(calibration: Calibration) -> None:
    old = replace(calibration, same_scores=(), different_scores=())
    scores = np.random.default_rng(1).normal(0.55, 0.02, 40)
    found = refit(old, scores, np.zeros(40, bool))
    assert found.after is not None
    assert found.after.loss < found.before.loss


def test_it_is_kept(calibration: Calibration, tmp_path: Path) -> None:
    made = refit(calibration, *pairs(20, 2)).calibration
    made.save(tmp_path, "f")
    assert Calibration.load(tmp_path, "f") == made
    assert len(made.same_scores) == 500


def test_what_is_refused(calibration: Calibration) -> None:
    with pytest.raises(OptionError, match="for corrections of"):
        refit(calibration, [], [])
    with pytest.raises(OptionError, match="the score of correction 1 is no number"):
        refit(calibration, [0.1, np.nan], [True, False])
