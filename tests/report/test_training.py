"""Figures and thresholds of an encoder as lines for people."""

from simsearch.calibration.calibration import Calibration, Threshold
from simsearch.distance import Metric
from simsearch.evaluation.figures import Evaluation, Figure
from simsearch.report.training import figure_table, score_word, threshold_rows, threshold_table

EER = Figure("EER", 0.125, 0.1, 0.15, 400)
MADE = Calibration(
    Metric.EUCLIDEAN, 4, 4, {"eer": Threshold("eer", 0.5, 0.4, 0.6, 0.125, 0.25)}, (0.0, 1.0),
    (0.9, 0.1), refused={"far_0.001": "too few pairs"},
)  # fmt: skip


def test_a_line_a_figure_and_a_column_an_encoder() -> None:
    head, line = figure_table((Evaluation("ours", (EER,)), Evaluation("pixels", ())))
    assert head.split() == ["ours", "pixels"]
    assert line.split() == ["EER", "0.1250", "[0.1000,", "0.1500]", "–"]
    assert len(head) == len(line)


def test_thresholds_with_what_is_refused() -> None:
    assert threshold_rows(MADE) == [
        ["threshold", "distance", "interval", "FAR", "FRR"],
        ["eer", "0.5000", "0.4000 to 0.6000", "0.1250", "0.2500"],
    ]
    *_, refused = threshold_table(MADE)
    assert refused == "far_0.001: refused, too few pairs"


def test_numbers_are_called_what_the_metric_makes_them() -> None:
    assert {metric: score_word(metric) for metric in Metric} == {
        Metric.COSINE: "score",
        Metric.INNER_PRODUCT: "score",
        Metric.EUCLIDEAN: "distance",
        Metric.MANHATTAN: "distance",
        Metric.HAMMING: "distance",
    }
