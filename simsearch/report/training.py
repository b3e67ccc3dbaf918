"""A finished training run, for people: figures beside the baseline, and the thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.evaluation.figures import figure_rows

if TYPE_CHECKING:
    from simsearch.calibration.calibration import Calibration
    from simsearch.distance import Metric
    from simsearch.evaluation.figures import Evaluation
    from simsearch.training.result import TrainingResult

__all__ = [
    "comparison_lines",
    "figure_table",
    "print_training",
    "refused_thresholds",
    "score_word",
    "threshold_rows",
    "threshold_table",
    "what_was_trained",
]


def print_training(made: TrainingResult) -> None:
    """Print a trained encoder and its figures to standard output."""
    print(what_was_trained(made))
    print(f"Measured on {len(made.split.calibration):,} others: {made.split.rule}")
    print()
    for line in figure_table(made.measured.evaluations):
        print(line)
    for note in _notes(made):
        print(f"  {note}")
    for line in comparison_lines(made):
        print(line)
    if made.calibration is not None:
        print()
        for line in threshold_table(made.calibration):
            print(line)
    print()


def what_was_trained(made: TrainingResult) -> str:
    """The run in a sentence."""
    trained = made.trained
    return (
        f"Trained a {made.encoder.network} network on {_told(made)} by the loss {made.loss}: "
        f"{trained.steps:,} steps in {trained.seconds:.0f} s, {trained.arithmetic}"
        + ("" if trained.loss_share is None else f", {trained.loss_share:.1%} of it in the loss")
    )


def comparison_lines(made: TrainingResult) -> list[str]:
    """How it compares with the encoder that it began from, or is to be compatible with."""
    compared = [] if made.regression_check is None else list(made.regression_check.comparisons)
    lines = [f"  {each}{'' if each.holds else ': WORSE'}" for each in compared]
    if made.compatibility is not None:
        lines.append(f"  {made.compatibility}")
    return ["", *lines] if lines else []


def figure_table(evaluations: tuple[Evaluation, ...]) -> list[str]:
    """A line a figure, a column an encoder, each with its 95 % interval."""
    return [
        f"{name:<20}" + "".join(f"{cell:>26}" for cell in cells)
        for name, *cells in figure_rows(evaluations)
    ]


def threshold_table(calibration: Calibration) -> list[str]:
    """A line a threshold: score, interval, error rates."""
    lines = [
        f"{name:<12}{score:>10}{interval:>20}{far:>9}{frr:>9}"
        for name, score, interval, far, frr in threshold_rows(calibration)
    ]
    return [*lines, *refused_thresholds(calibration)]


def threshold_rows(calibration: Calibration) -> list[list[str]]:
    """Cells of a table: a header, then a row a threshold."""
    rows = [["threshold", score_word(calibration.metric), "interval", "FAR", "FRR"]]
    for name, each in calibration.thresholds.items():
        interval = f"{each.low:.4f} to {each.high:.4f}"
        rows.append([name, f"{each.score:.4f}", interval, f"{each.far:.4f}", f"{each.frr:.4f}"])
    return rows


def refused_thresholds(calibration: Calibration) -> list[str]:
    """A line for each threshold that the pairs were too few for."""
    return [f"{name}: refused, {reason}" for name, reason in calibration.refused.items()]


def score_word(metric: Metric) -> str:
    """What a number of a metric is called."""
    return "score" if metric.larger_is_closer else "distance"


def _told(made: TrainingResult) -> str:
    """What was learned from, in numbers."""
    examples, count = made.examples, len(made.split.train)
    if made.split.of_tuples:
        of = f"{examples.tuple_count:,} {made.form}"
        return f"{count:,} of {of} of {len(examples):,} {examples.kind}s"
    return f"{count:,} of {len(examples):,} {examples.kind}s"


def _notes(made: TrainingResult) -> list[str]:
    notes = list(made.measured.notes)
    for each in made.measured.evaluations[:1]:
        notes += each.notes
    return notes
