"""Save what was trained: encoder, calibration, model card and log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.training.checkpoint import FILE as CHECKPOINT
from simsearch.training.model_card import write_records
from simsearch.training.text.watch import drop_checkpoint

if TYPE_CHECKING:
    from pathlib import Path

    from simsearch.training.result import TrainingResult

__all__ = ["save_training"]


def save_training(result: TrainingResult, folder: Path) -> None:
    """Write the encoder folder; the checkpoint goes, for the run is over.

    Raises:
        OutputError: it cannot be written.
    """
    result.encoder.save(folder)
    if result.calibration is not None:
        result.calibration.save(folder, result.encoder.fingerprint)
    write_records(folder, result)
    (folder / CHECKPOINT).unlink(missing_ok=True)
    drop_checkpoint(folder)
