"""Measure a trained encoder on held-out items, beside a baseline without training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.kinds.registry import kind_named
from simsearch.sources.example_pairs import known_pairs
from simsearch.training.evaluate import evaluate_embeddings

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from simsearch.evaluation.figures import Evaluation
    from simsearch.sources.example_pairs import TruePairs
    from simsearch.sources.examples import Examples
    from simsearch.training.trainer import TrainedEncoder, TrainingPlan

    Floats = npt.NDArray[np.float32]

__all__ = ["Measurement", "beaten", "measure"]


@dataclass(frozen=True, slots=True)
class Measurement:
    """Figures of items that were kept back.

    Attributes:
        evaluations: of the encoder, of it before training, and of the baseline.
        notes: what could not be measured, and why.
        embeddings: (n, d) float32 of the kept-back items.
        before: the same, before training.
        pairs: rows of the pairs that were judged, and which are the same.
        held_out: the items.
    """

    evaluations: tuple[Evaluation, ...]
    notes: tuple[str, ...]
    embeddings: Floats
    before: Floats
    pairs: TruePairs
    held_out: Examples


def measure(
    encoder: TrainedEncoder, held_out: Examples, plan: TrainingPlan, seed: int
) -> Measurement:
    """Measure an encoder beside what it was before training, and a baseline without training.

    The accuracy is by thresholds of other pairs among the same items.

    Args:
        encoder: trained.
        held_out: items that it has not learned from and was not chosen by.
        plan: has their embeddings before training.
        seed: of the drawing of pairs.
    """
    embeddings, kind = encoder.encode(held_out.items), held_out.kind
    sides = [
        ("trained", embeddings, encoder.metric),
        (plan.before_name, plan.before, encoder.metric),
    ]
    if (baseline := kind_named(kind).baseline) is not None:
        sides.append((baseline.name, baseline.embed(held_out.items), Metric.COSINE))
    pairs = known_pairs(held_out, seed)
    evaluations, notes = [], []
    for name, vectors, metric in sides:
        try:
            evaluations.append(evaluate_embeddings(name, vectors, held_out, (pairs, metric), seed))
        except OptionError as error:
            notes.append(f"{name}: {error}")
    ahead = beaten(evaluations)
    if ahead and baseline is not None and baseline.encoder:
        ahead.append(f"where these figures count, take `{baseline.encoder}` as encoder instead")
    notes += ahead
    return Measurement(tuple(evaluations), tuple(notes), embeddings, plan.before, pairs, held_out)


def beaten(evaluations: Sequence[Evaluation]) -> list[str]:
    """A note for each figure in which the last, which learned nothing, is ahead of the first.

    Args:
        evaluations: the trained encoder first, the baseline last.
    """
    if len(evaluations) < 2:
        return []
    trained, baseline, notes = evaluations[0], evaluations[-1], []
    for own in trained.figures:
        other = baseline.figure(own.name)
        sign = -1 if own.smaller_is_better else 1
        if other is not None and sign * other.value > sign * own.value:
            notes.append(
                f"{baseline.name}, which needs no training, is ahead in {own.name}: "
                f"{other.value:.4f}, and {own.value:.4f} trained"
            )
    return notes
