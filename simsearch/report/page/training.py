"""The page of a training run: what it learned, what it is worth, and where it errs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simsearch.evaluation.figures import figure_rows
from simsearch.evaluation.scores import pair_scores
from simsearch.evaluation.verification import ScoredPairs
from simsearch.report.page.drawing import ClassPoints, curves, histograms, points, roc
from simsearch.report.page.mistakes import worst
from simsearch.report.page.placing import placed
from simsearch.report.page.render import rendered
from simsearch.report.training import (
    comparison_lines,
    refused_thresholds,
    score_word,
    threshold_rows,
    what_was_trained,
)
from simsearch.training.model_card import network_of
from simsearch.training.validation import FIGURES

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.training.result import TrainingResult

    Floats = npt.NDArray[np.float32]

__all__ = ["REPORT", "training_page"]

# Its name in the folder of an encoder.
REPORT = "report.html"
# Places on the map, at most.
_ON_MAP = 2_000
# Figures that stand at the top.
_TILES = ("pair accuracy", "ROC-AUC", "EER", "recall@1", "Spearman")


class _Tile(NamedTuple):
    name: str
    value: str
    beside: str


def training_page(made: TrainingResult, seed: int = 0) -> str:
    """The page, as HTML that needs no other file.

    Args:
        made: a finished run.
        seed: of the map.
    """
    measured = made.measured
    shown, count = _shown(made)
    return rendered(
        "training.html.j2",
        title=f"Encoder of {made.encoder.kind}s from {made.examples.name}",
        summary=what_was_trained(made),
        rule=f"Measured on {len(measured.held_out):,} items that were kept back: {made.split.rule}",
        warnings=[*made.warnings, *(line for line in comparison_lines(made) if line)],
        tiles=_tiles(made),
        curves=_curves(made),
        notes=[*measured.notes, *_refused(made)],
        figures=figure_rows(measured.evaluations) if measured.evaluations else [],
        word=score_word(made.encoder.metric),
        network=network_of(made.encoder),
        pairs=f"{count:,}",
        **shown,
        **_mapped(made, seed),
        sorts=_sorts(made),
    )


def _refused(made: TrainingResult) -> list[str]:
    calibration = made.calibration
    return [] if calibration is None else refused_thresholds(calibration)


def _tiles(made: TrainingResult) -> list[_Tile]:
    found = made.measured.evaluations
    tiles = []
    for name in _TILES if found else ():
        figure = found[0].figure(name)
        if figure is not None:
            others = [(each.name, each.figure(name)) for each in found[1:]]
            beside = ", ".join(f"{who} {other.value:.4f}" for who, other in others if other)
            tiles.append(_Tile(name, f"{figure.value:.4f}", beside))
    return tiles


def _curves(made: TrainingResult) -> Any:
    log = [each for each in made.log if np.isfinite(each.loss)]
    validations = {each.step: each.validation for each in made.log if each.validation is not None}
    losses = [each.loss for each in log]
    figure = FIGURES.get(made.form, "validation")
    return curves([each.step for each in log], losses, validations, figure)


def _shown(made: TrainingResult) -> tuple[dict[str, Any], int]:
    """Histograms and ROC, where there are pairs of both sorts."""
    measured = made.measured
    left, right, same = measured.pairs
    calibration = made.calibration
    empty: dict[str, Any] = {"histograms": "", "roc": "", "thresholds": []}
    if not same.any() or same.all():
        return empty, len(same)
    metric = made.encoder.metric
    before = measured.evaluations[1].name if len(measured.evaluations) > 1 else "before"
    scores = [
        (name, np.asarray(pair_scores(vectors, left, right, metric), np.float64))
        for name, vectors in (("trained", measured.embeddings), (before, measured.before))
    ]
    rocs = [(name, ScoredPairs(values, same, metric).roc()) for name, values in scores]
    marked = {} if calibration is None else dict(calibration.thresholds)
    at = next((each.score for name, each in marked.items() if name == "accuracy"), None)
    return {
        "histograms": histograms(scores, same, score_word(made.encoder.metric), at),
        "roc": roc([(name, each.far, each.tar) for name, each in rocs], marked),
        "thresholds": [] if calibration is None else threshold_rows(calibration),
    }, len(same)


def _mapped(made: TrainingResult, seed: int) -> dict[str, Any]:
    """The map of some kept-back items, by class where there are any."""
    held, embeddings = made.measured.held_out, made.measured.embeddings
    if len(held) < 3:
        return {"map": "", "method": "", "shown": ""}
    rows = np.arange(len(held))
    if len(rows) > _ON_MAP:
        rows = np.sort(np.random.default_rng(seed).choice(rows, _ON_MAP, replace=False))
    places, method = placed(embeddings[rows], seed)
    labels = np.full(len(rows), -1) if held.labels is None else held.labels[rows]
    classes = len(np.unique(labels[labels >= 0]))
    titles = [
        f"{name} · {held.class_names[label]}" if label >= 0 else name
        for name, label in zip(held.ids.take(rows).to_pylist(), labels.tolist(), strict=True)
    ]
    shown = f"{len(rows):,} of {len(held):,} items" + (f", {classes} classes" if classes else "")
    drawn = points(ClassPoints(places, labels, held.class_names, titles))
    return {"map": drawn, "method": method, "shown": shown}


def _sorts(made: TrainingResult) -> list[tuple[str, str, list[Any]]]:
    measured = made.measured
    same, other = worst(measured.held_out, measured.embeddings, measured.pairs, made.encoder.metric)
    return [
        ("The same, and far apart", "Are they the same? Look for wrong labels first.", same),
        ("Different, and close", "What do they share that the encoder looks at?", other),
    ]
