"""What a trained encoder is worth on items that were kept back, beside what needs no training."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from simsearch.calibration.fit import fit_calibration
from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.evaluation.baselines import baseline_embeddings, baseline_name
from simsearch.evaluation.held_out import (
    draw_pairs,
    evaluate_classes,
    evaluate_pairs,
    evaluate_scores,
)
from simsearch.evaluation.one_shot import one_shot
from simsearch.evaluation.scores import pair_scores

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.calibration.calibration import Calibration
    from simsearch.encoders.text.encoder import TextEncoder
    from simsearch.encoders.tower import TowerEncoder
    from simsearch.evaluation.figures import Evaluation, Figure
    from simsearch.records.encoder.encoder import RecordEncoder
    from simsearch.sources.examples import Examples

    Floats = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.int64]
    Drawn = tuple[Rows, Rows, npt.NDArray[np.bool_]]

__all__ = ["Measured", "compare", "drawn_pairs", "measure"]

# Pairs that a calibration is fitted to, at most.
_PAIRS = 40_000
_NEGATIVES = 100_000
# Classes of a one-shot question.
_WAYS = 20


@dataclass(frozen=True, slots=True)
class Measured:
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
) -> Measured:
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
    pairs = drawn_pairs(held_out, seed)
    evaluations, notes = [], []
    for name, vectors, metric in sides:
        try:
            evaluations.append(_evaluation(name, vectors, held_out, (pairs, metric), seed))
        except OptionError as error:
            notes.append(f"{name}: {error}")
    calibration = None
    try:
        if held_out.pairs is not None and held_out.pairs.scored:
            raise OptionError("scores do not say which pairs are the same; pairs would")
        left, right, same = _calibrating(held_out, pairs, seed)
        scores = pair_scores(embeddings, left, right, encoder.metric)
        groups = np.stack([held_out.groups[left], held_out.groups[right]], axis=1)
        calibration = fit_calibration(scores, same, encoder.metric, groups, seed=seed)
    except OptionError as error:
        notes.append(f"no thresholds: {error}")
    return Measured(
        calibration, tuple(evaluations), tuple(notes), embeddings, before, pairs, held_out
    )


def _calibrating(held_out: Examples, pairs: Drawn, seed: int) -> Drawn:
    """Pairs to calibrate with: of classes many more different ones, which rare errors need."""
    if _alike_only(held_out):
        return _beside_strangers(held_out, _NEGATIVES, seed)
    if held_out.pairs is not None or held_out.triplets is not None or held_out.labels is None:
        return pairs
    return draw_pairs(held_out.labels, _PAIRS, seed, negatives=_NEGATIVES)


@dataclass(frozen=True, slots=True)
class Episodes:
    """One-shot questions.

    Attributes:
        ways: classes of a question.
        shots: examples of each.
        within: ask within the groups of classes too.
    """

    ways: int = _WAYS
    shots: int = 1
    within: bool = False


def compare(
    encoder: Any, examples: Examples, seed: int, episodes: Episodes = Episodes()
) -> tuple[tuple[Evaluation, ...], list[str]]:
    """Figures of an encoder on examples that it has not seen, beside the baseline; and notes.

    Args:
        encoder: any, see `Encoder`.
        examples: with classes, pairs, triplets or scores.
        seed: of the drawing of pairs and episodes.
        episodes: which one-shot questions are asked.

    Raises:
        OptionError: nothing is known of the examples.
    """
    metric = Metric.parse(getattr(encoder, "metric", Metric.COSINE))
    baseline = baseline_embeddings(examples.kind, examples.items)
    sides = (
        ("encoder", encoder.encode(examples.items), metric),
        (baseline_name(examples.kind), baseline, Metric.COSINE),
    )
    pairs, found, notes = drawn_pairs(examples, seed), [], list[str]()
    for name, vectors, own in sides:
        made = _evaluation(name, vectors, examples, (pairs, own), seed)
        try:
            shown = _one_shot(vectors, examples, own, episodes, seed)
            made = replace(made, figures=(*made.figures, *shown))
        except OptionError as error:
            notes += [str(error)] if str(error) not in notes else []
        found.append(made)
        notes += [note for note in made.notes if note not in notes]
    return tuple(found), notes


def _one_shot(
    vectors: Floats, examples: Examples, metric: Metric, episodes: Episodes, seed: int
) -> list[Figure]:
    """Over all classes, and within their groups where these are told; none without classes."""
    if examples.labels is None:
        return []
    asked: dict[str, Any] = {"ways": episodes.ways, "shots": episodes.shots, "seed": seed}
    found = [one_shot(vectors, examples.labels, metric, **asked)]
    if episodes.within:
        found.append(one_shot(vectors, examples.labels, metric, families=examples.groups, **asked))
    return found


def _evaluation(
    name: str, vectors: Floats, held_out: Examples, asked: tuple[Drawn, Metric], seed: int
) -> Evaluation:
    pairs, metric = asked
    if held_out.pairs is not None and held_out.pairs.scored:
        told = held_out.pairs
        return evaluate_scores(name, vectors, told.left, told.right, told.same, metric)
    if held_out.pairs is None and held_out.labels is not None:
        return evaluate_classes(name, vectors, held_out.labels, metric, seed=seed)
    return evaluate_pairs(name, vectors, pairs, metric, held_out.groups)


def drawn_pairs(held_out: Examples, seed: int) -> Drawn:
    """Pairs whose truth is known: given, of classes, or of triplets."""
    if _alike_only(held_out):
        return _beside_strangers(held_out, held_out.tuple_count, seed)
    if held_out.pairs is not None and not held_out.pairs.scored:
        told = held_out.pairs
        return told.left, told.right, told.same > 0.5
    if held_out.triplets is not None:
        anchor, positive, negative = held_out.triplets.T
        left = np.concatenate([anchor, anchor])
        return left, np.concatenate([positive, negative]), np.arange(len(left)) < len(anchor)
    if held_out.labels is not None:
        return draw_pairs(held_out.labels, _PAIRS, seed)
    empty = np.empty(0, np.int64)
    return empty, empty, np.empty(0, bool)


def _alike_only(held_out: Examples) -> bool:
    """Whether pairs are told, and all of them are the same."""
    told = held_out.pairs
    if told is None or told.scored or not len(told.same):
        return False
    return bool((told.same > 0.5).all())


def _beside_strangers(held_out: Examples, count: int, seed: int) -> Drawn:
    """The pairs that are told, and others of what no pair joins, which count as different."""
    told = held_out.pairs
    if told is None:
        raise OptionError("there are no pairs")
    left, right, same = draw_pairs(held_out.groups, 2, seed, negatives=count)
    sides = [np.concatenate([told.left, left[~same]]), np.concatenate([told.right, right[~same]])]
    return sides[0], sides[1], np.arange(len(sides[0])) < len(told.left)
