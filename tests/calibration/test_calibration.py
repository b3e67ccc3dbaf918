"""Scores as probabilities and decisions, and the file that holds them."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.calibration.calibration import CALIBRATION_FILE, Calibration, Threshold
from simsearch.distance import Metric
from simsearch.errors import EncoderError, OptionError

MADE = Calibration(
    Metric.COSINE, 40, 60, {"eer": Threshold("eer", 0.5, 0.4, 0.6, 0.1, 0.1)},
    scores=(0.0, 0.5, 1.0), probabilities=(0.1, 0.4, 0.9), refused={"far_0.001": "too few"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("score", "probability"),
    [(-1, 0.1), (0, 0.1), (0.25, 0.25), (0.5, 0.4), (0.75, 0.65), (1, 0.9), (2, 0.9)],
)
def test_between_knots_it_is_a_line_and_beyond_them_flat(score: float, probability: float) -> None:
    assert MADE.probability(score) == pytest.approx(probability)


@given(st.floats(0, 1), st.floats(0.001, 0.999))
def test_another_share_of_same_pairs_changes_the_odds_by_bayes(score: float, prior: float) -> None:
    before, after = float(MADE.probability(score)), float(MADE.probability(score, prior))
    same, different = before * prior, (1 - before) * (1 - prior)  # of pairs half and half
    assert after == pytest.approx(same / (same + different))


def test_what_is_unknown_stays_unknown() -> None:
    assert np.isnan(MADE.probability(np.nan, 0.01))
    assert not MADE.same(np.nan, 0.5)


@pytest.mark.parametrize("metric", [Metric.COSINE, Metric.EUCLIDEAN])
def test_a_pair_as_close_as_the_threshold_is_the_same(metric: Metric) -> None:
    closer = 0.1 if metric is Metric.COSINE else -0.1
    made = replace(MADE, metric=metric)
    for threshold in ("eer", 0.5):
        found = made.same([0.5 - closer, 0.5, 0.5 + closer], threshold)
        assert found.tolist() == [False, True, True]


def test_thresholds_that_there_are_not_say_why() -> None:
    with pytest.raises(OptionError, match=r"no threshold far_0\.001: too few"):
        MADE.threshold("far_0.001")
    with pytest.raises(OptionError, match="'best'; choose one of: eer"):
        MADE.threshold("best")
    for prior in (0, 1, -1):
        with pytest.raises(OptionError, match="between 0 and 1"):
            MADE.probability(0.5, prior)


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert Calibration.load(tmp_path, "print") is None
    MADE.save(tmp_path, "print")
    assert Calibration.load(tmp_path, "print") == MADE


def test_of_another_encoder_or_altered_it_is_refused(tmp_path: Path) -> None:
    MADE.save(tmp_path, "print")
    with pytest.raises(EncoderError, match="belongs to another encoder"):
        Calibration.load(tmp_path, "other")
    path = tmp_path / CALIBRATION_FILE
    content = json.loads(path.read_text())
    content["calibration"]["positives"] = 4_000
    path.write_text(json.dumps(content))
    with pytest.raises(EncoderError, match=CALIBRATION_FILE):
        Calibration.load(tmp_path, "print")
