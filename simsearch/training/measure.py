"""What a trained encoder is worth on items that were kept back, beside what needs no training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.calibration.held_out import calibrate
from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.evaluation.baselines import baseline_embeddings, baseline_name
from simsearch.sources.example_pairs import known_pairs
from simsearch.training.evaluate import evaluate_embeddings

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from simsearch.calibration.calibration import Calibration
    from simsearch.encoders.text.encoder import TextEncoder
    from simsearch.encoders.tower import TowerEncoder
    from simsearch.evaluation.figures import Evaluation
    from simsearch.records.encoder.encoder import RecordEncoder
    from simsearch.sources.examples import Examples

    Floats = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.int64]
    Drawn = tuple[Rows, Rows, npt.NDArray[np.bool_]]

__all__ = ["Measurement", "measure"]


@dataclass(frozen=True, slots=True)
class Measurement:
    """Figures of items that were kept back.

    Attributes:
        calibration: thresholds and probabilities; None where there are too few pairs.
        evaluations: of the encoder, of it before training, and of the baseline.
        notes: what could not be measured, and why.
        embeddings: (n, d) of the kept-back items.
        before: the same, before training.
        pairs: rows of the pairs that were judged, and which are the same.
        held_out: the items.
    """

    calibration: Calibration | None
    evaluations: tuple[Evaluation, ...]
    notes: tuple[str, ...]
    embeddings: Floats
    before: Floats
    pairs: Drawn
    held_out: Examples


def measure(
    encoder: TowerEncoder | TextEncoder | RecordEncoder,
    held_out: Examples,
    before: Floats,
    seed: int,
    *,
    before_name: str = "untrained",
) -> Measurement:
    """Measure an encoder and fit its thresholds.

    The figures and the thresholds come from the same items, the accuracy by thresholds of other
    pairs among them.

    Args:
        encoder: trained.
        held_out: items that it has not learned from and was not chosen by.
        before: (n, d) their embeddings before training.
        seed: of the drawing of pairs.
        before_name: what the encoder was before.
    """
    embeddings = encoder.encode(held_out.items)
    sides = [
        ("trained", embeddings, encoder.metric),
        (before_name, before, encoder.metric),
        (
            baseline_name(held_out.kind),
            baseline_embeddings(held_out.kind, held_out.items),
            Metric.COSINE,
        ),
    ]
    pairs = known_pairs(held_out, seed)
    evaluations, notes = [], []
    for name, vectors, metric in sides:
        try:
            evaluations.append(evaluate_embeddings(name, vectors, held_out, (pairs, metric), seed))
        except OptionError as error:
            notes.append(f"{name}: {error}")
    calibration = None
    try:
        calibration = calibrate(embeddings, held_out, encoder.metric, seed)
    except OptionError as error:
        notes.append(f"no thresholds: {error}")
    return Measurement(
        calibration, tuple(evaluations), tuple(notes), embeddings, before, pairs, held_out
    )
