"""Measured numbers side by side."""

import pytest

from simsearch.evaluation.figures import Evaluation, EvaluationResult, Figure, figure_rows

EER = Figure("EER", 0.125, 0.1, 0.15, 400, smaller_is_better=True)
RECALL = Figure("recall@1", 0.5, 0.25, 0.75, 16)
OURS = Evaluation("ours", (RECALL, EER))
THEIRS = Evaluation("theirs", (EER, Figure("other", 1.0, 1.0, 1.0, 3)))


def test_a_figure_is_written_with_its_interval() -> None:
    assert str(EER) == "0.1250 [0.1000, 0.1500]"


@pytest.mark.parametrize(("name", "expected"), [("EER", EER), ("recall@1", RECALL), ("nDCG", None)])
def test_figures_are_found_by_name(name: str, expected: Figure | None) -> None:
    assert OURS.figure(name) == expected


def test_a_table_has_the_rows_of_the_first_and_dashes_for_what_others_lack() -> None:
    assert figure_rows([OURS, THEIRS]) == [
        ["", "ours", "theirs"],
        ["recall@1", str(RECALL), "–"],
        ["EER", str(EER), str(EER)],
    ]
    assert figure_rows([]) == [[""]]


def test_a_frame_has_a_row_a_figure_of_each() -> None:
    frame = EvaluationResult((OURS, THEIRS), ("a note",)).frame()
    assert frame["evaluation"].tolist() == ["ours", "ours", "theirs", "theirs"]
    assert frame["figure"].tolist() == ["recall@1", "EER", "EER", "other"]
    assert frame["count"].tolist() == [16, 400, 400, 3]
    assert frame.loc[0, ["low", "value", "high"]].tolist() == [0.25, 0.5, 0.75]
