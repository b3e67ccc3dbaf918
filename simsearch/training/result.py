"""What a run gives, and the folder that it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.training.checkpoint import FILE as CHECKPOINT
from simsearch.training.model_card import write_records
from simsearch.training.text.run import drop_checkpoint

if TYPE_CHECKING:
    from pathlib import Path

    from simsearch.encoders.text.encoder import TextEncoder
    from simsearch.encoders.tower import TowerEncoder
    from simsearch.records.encoder.encoder import RecordEncoder
    from simsearch.sources.examples import Examples
    from simsearch.training.compatible import Compatibility
    from simsearch.training.loop import Trained
    from simsearch.training.measure import Measurement
    from simsearch.training.progress import Progress
    from simsearch.training.regression_check import RegressionCheck
    from simsearch.training.split import Split

__all__ = ["TrainingResult", "save_training"]


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """A finished run.

    Attributes:
        encoder: as it is now.
        measured: figures on items that were kept back, thresholds, and the baseline.
        trained: how the run went.
        loss: its name.
        form: what was learned from, see `losses.FORMS`.
        split: which items were kept back, and by what rule.
        examples: all of them.
        warnings: what the user should know.
        log: what was told while it ran.
        regression_check: how it compares with its parent; None where there was none.
        compatibility: with the older encoder that it was to be compatible with; None for none.
    """

    encoder: TowerEncoder | TextEncoder | RecordEncoder
    measured: Measurement
    trained: Trained
    loss: str
    form: str
    split: Split
    examples: Examples
    warnings: tuple[str, ...]
    log: tuple[Progress, ...]
    regression_check: RegressionCheck | None = None
    compatibility: Compatibility | None = None


def save_training(made: TrainingResult, folder: Path) -> None:
    """Write the encoder folder; the checkpoint goes, for the run is over."""
    made.encoder.save(folder)
    if made.measured.calibration is not None:
        made.measured.calibration.save(folder, made.encoder.fingerprint)
    write_records(folder, made)
    (folder / CHECKPOINT).unlink(missing_ok=True)
    drop_checkpoint(folder)
