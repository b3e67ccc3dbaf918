"""Which threshold decides, where the user names one, gives a score, or says nothing."""

from dataclasses import replace

import numpy as np
import pytest

from simsearch.calibration.calibration import Calibration, Threshold
from simsearch.calibration.threshold import choose_threshold
from simsearch.distance import Metric
from simsearch.errors import OptionError


def calibration(*names: str) -> Calibration:
    rates = {"accuracy": 0.1, "far_0.01": 0.01, "far_0.001": 0.001}
    thresholds = {
        name: Threshold(name, 1 - rates[name], 0.0, 1.0, rates[name], 0.2) for name in names
    }
    return Calibration(Metric.COSINE, 50, 20_000, thresholds, (0.0, 1.0), (0.1, 0.9))


ALL = calibration("accuracy", "far_0.01", "far_0.001")


def test_the_strictest_is_taken_where_nothing_is_said() -> None:
    found = choose_threshold(Metric.COSINE, ALL)
    assert found is not None
    assert (found.name, found.score, found.far) == ("far_0.001", 0.999, 0.001)
    assert found.probability(np.array([0.5])) == pytest.approx([0.5])
    assert found.words == "cosine >= 0.999 (far_0.001)"


def test_a_name_or_a_score_of_the_user() -> None:
    named = choose_threshold(Metric.COSINE, ALL, "accuracy")
    given = choose_threshold(Metric.EUCLIDEAN, None, 0.25)
    assert named is not None
    assert given is not None
    assert named.score == 0.9
    assert (given.score, given.larger_is_closer, given.best) == (0.25, False, 0.0)
    assert np.isnan(given.probability(np.array([0.1]))).all()


def test_without_a_calibration_nothing_decides() -> None:
    assert choose_threshold(Metric.COSINE, None) is None


@pytest.mark.parametrize(
    ("known", "threshold", "message"),
    [
        (ALL, float("nan"), "not nan"),
        (None, "accuracy", "the encoder is not calibrated"),
        (calibration("accuracy", "far_0.01"), None, "on 20,000 different pairs, too few"),
        (ALL, "best", "there is no threshold 'best'"),
    ],
)
def test_what_is_refused(
    known: Calibration | None, threshold: float | str | None, message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        choose_threshold(Metric.COSINE, known, threshold)


def test_a_warning_where_more_may_be_false_than_right() -> None:
    found = choose_threshold(Metric.COSINE, ALL)
    assert found is not None
    assert found.warnings(items=10, found=5) == ()
    (text,) = found.warnings(items=10_000, found=5)
    assert "49,995,000 pairs" in text
    assert "lets 49,995 different ones pass" in text
    assert replace(found, far=float("nan")).warnings(10_000, 5) == ()
