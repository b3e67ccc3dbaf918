"""recalibrate: pairs that a user has labelled change the threshold at once, without training."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from simsearch.calibration.calibration import Calibration
from simsearch.calibration.refit import refit
from simsearch.errors import EncoderError
from simsearch.evaluation.scores import pair_scores
from simsearch.kinds.kind import kind_named
from simsearch.kinds.loading import load_encoder
from simsearch.sources.read_examples import read_examples
from simsearch.sources.supervision import Supervision

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from simsearch.calibration.refit import Recalibration
    from simsearch.encoders.encoder import Encoder
    from simsearch.sources.examples import Examples

__all__ = ["TakesCalibration", "recalibrate"]


class TakesCalibration(Protocol):
    """What keeps a calibration of its encoder, such as an `Index`."""

    def recalibrate(self, calibration: Calibration) -> object:
        """Take another calibration over."""


def recalibrate(
    encoder: str | os.PathLike[str],
    source: Any = None,
    *,
    labels: str | os.PathLike[str],
    column: str | None = None,
    id: str | None = None,  # noqa: A002
    indexes: Sequence[TakesCalibration] = (),
    seed: int = 0,
) -> Recalibration:
    """Refit threshold and probability of an encoder by pairs that you have labelled.

    The encoder stays as it is, so its indexes stay valid; its folder gets the new calibration.

    Args:
        encoder: its folder.
        source: the items that the labels name by their ids; None: the labels hold the texts, or
            the paths of files beside the file.
        labels: all pairs that you have labelled so far, a CSV of left, right and same (1 or 0).
        column: of a table, which holds the texts.
        id: of a table: column that names each row; None for row numbers from 0.
        indexes: open indexes that take the new calibration over.
        seed: of what is held out to measure.

    Returns:
        What the calibration was worth before, and is now.

    Raises:
        EncoderError: the encoder cannot be loaded or has no calibration, or no pair can be read.
        SourceError, ColumnError, TrainingError: items or pairs cannot be read.
        OutputError: the calibration cannot be written.
    """
    folder = Path(encoder)
    used = load_encoder(folder)
    before = Calibration.load(folder, used.fingerprint)
    if before is None:
        raise EncoderError(f"{folder} has no calibration that corrections could change; train it")
    supervision = Supervision(labels=Path(labels))
    options = {"column": column, "id": id}
    examples = read_examples(source, kind_named(used.kind), used.reading, supervision, options)
    found = _refitted(before, used, examples, labels, seed)
    found.calibration.save(folder, used.fingerprint)
    for index in indexes:
        index.recalibrate(found.calibration)
    return found


def _refitted(
    before: Calibration,
    encoder: Encoder,
    examples: Examples,
    file: str | os.PathLike[str],
    seed: int,
) -> Recalibration:
    judged = examples.pairs
    if judged is None or not len(judged.left):
        raise EncoderError(f"{file} has no pair of items that can be read")
    embeddings = encoder.encode(examples.items)
    scores = pair_scores(embeddings, judged.left, judged.right, encoder.metric)
    return refit(before, scores, judged.same > 0.5, judged.left, seed)
