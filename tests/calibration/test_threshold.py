"""Which threshold decides, where the user names one, gives a score, or says nothing."""

from dataclasses import replace

import numpy as np
import pytest

from simsearch.calibration.calibration import Calibration, Threshold
from simsearch.calibration.chance import ChanceTail
from simsearch.calibration.corpus import CorpusCurve
from simsearch.calibration.threshold import (
    AskedPrecision,
    DecisionThreshold,
    choose_threshold,
    threshold_of,
)
from simsearch.distance import Metric
from simsearch.errors import OptionError


def calibration(*names: str) -> Calibration:
    rates = {"accuracy": 0.1, "far_0.01": 0.01, "far_0.001": 0.001}
    thresholds = {
        name: Threshold(name, 1 - rates[name], 0.0, 1.0, rates[name], 0.2) for name in names
    }
    return Calibration(Metric.COSINE, 50, 20_000, thresholds, (0.0, 1.0), (0.1, 0.9))


ALL = calibration("accuracy", "far_0.01", "far_0.001")


def test_where_nothing_is_said_the_items_tell() -> None:
    known = replace(ALL, same_scores=tuple(np.linspace(0.7, 1.0, 101)))
    found = choose_threshold(Metric.COSINE, known)
    assert isinstance(found, AskedPrecision)
    assert (found.precision, found.copies) == (0.99, known.same_scores)
    assert found.least == pytest.approx(0.703)
    assert np.isnan(asked(None).least)
    far = AskedPrecision(Metric.EUCLIDEAN, copies=tuple(np.linspace(0.0, 1.0, 101)))
    assert far.least == pytest.approx(0.99)


def asked(precision: float | None) -> AskedPrecision:
    found = choose_threshold(Metric.COSINE, None, None, precision)
    assert isinstance(found, AskedPrecision)
    return found


def test_the_items_tell_threshold_and_probability() -> None:
    tail = ChanceTail(0.5, 1.0, 40.0, 0.05, np.inf, 0.0)
    curve = CorpusCurve(Metric.COSINE, 60, tail, np.array([0.97, 0.98, 0.6, 0.55]))
    found = threshold_of(curve, asked(0.9))
    assert 0.6 < found.score < 0.97
    assert found.words == f"cosine >= {found.score:.4g} (for a precision of 0.9 among these)"
    assert found.probability(np.array([0.98])) > 0.99
    assert found.warnings(10_000, 5) == ()
    assert found.score < threshold_of(curve, asked(0.99)).score


def test_less_precision_where_next_to_nothing_has_the_usual() -> None:
    # 300 pairs at .9, where 5 different ones are to be expected.
    tail = ChanceTail(0.5, 1.0, 300.0, 0.4 / np.log(60), np.inf, 295.0)
    curve = CorpusCurve(Metric.COSINE, 600, tail, np.full(300, 0.9))
    usual = threshold_of(curve, asked(None))
    assert (usual.precision, curve.count(usual.score)) == (0.95, 300)
    assert "as next to nothing has one of 0.99" in usual.words
    insisted = threshold_of(curve, asked(0.99))
    assert (insisted.precision, curve.count(insisted.score)) == (0.99, 0)
    nothing = threshold_of(replace(curve, found=np.full(5, 0.6)), asked(None))
    assert nothing.precision == 0.99
    (said,) = nothing.warnings(600, 0)
    assert said.startswith("about 295 pairs seem to be copies, and none of them is sure enough")
    assert "the closest has cosine 0.6" in said
    none = replace(curve, tail=replace(tail, copies=1.0), found=np.full(5, 0.6))
    assert threshold_of(none, asked(None)).warnings(600, 0) == ()


def named(name: str) -> DecisionThreshold:
    found = choose_threshold(Metric.COSINE, ALL, name)
    assert isinstance(found, DecisionThreshold)
    return found


def test_a_name_or_a_score_of_the_user() -> None:
    given = choose_threshold(Metric.EUCLIDEAN, None, 0.25)
    assert isinstance(given, DecisionThreshold)
    assert named("accuracy").score == 0.9
    assert named("far_0.001").words == "cosine >= 0.999 (far_0.001)"
    assert named("far_0.001").probability(np.array([0.5])) == pytest.approx([0.5])
    assert (given.score, given.larger_is_closer, given.best) == (0.25, False, 0.0)
    assert np.isnan(given.probability(np.array([0.1]))).all()


@pytest.mark.parametrize(
    ("known", "threshold", "message"),
    [
        (ALL, float("nan"), "not nan"),
        (None, "accuracy", "the encoder is not calibrated"),
        (ALL, "best", "there is no threshold 'best'"),
    ],
)
def test_what_is_refused(
    known: Calibration | None, threshold: float | str | None, message: str
) -> None:
    with pytest.raises(OptionError, match=message):
        choose_threshold(Metric.COSINE, known, threshold)


@pytest.mark.parametrize("precision", [0.0, 1.0, -1.0])
def test_a_precision_is_a_share(precision: float) -> None:
    with pytest.raises(OptionError, match="precision is"):
        choose_threshold(Metric.COSINE, None, None, precision)
    with pytest.raises(OptionError, match="exclude each other"):
        choose_threshold(Metric.COSINE, None, 0.5, 0.9)


def test_a_warning_where_more_may_be_false_than_right() -> None:
    found = named("far_0.001")
    assert found.warnings(items=10, found=5) == ()
    (text,) = found.warnings(items=10_000, found=5)
    assert "49,995,000 pairs" in text
    assert "lets 49,995 different ones pass" in text
    assert replace(found, far=float("nan")).warnings(10_000, 5) == ()
