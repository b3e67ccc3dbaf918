"""What every run of training is told, whatever it trains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["RunOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How a run is watched, where it computes, and how it is kept.

    Attributes:
        validations: times that the validation figure is taken in a run.
        patience: validations without gain until the run ends early; 0 never.
        arithmetic: `auto` (probed), `float32` or `bfloat16`.
        device: `auto`, `cpu`, `cuda` …
        seed: of everything that is drawn.
        checkpoints: folder to keep the run in; None keeps nothing.
        every: seconds between checkpoints.
        resume: go on from the checkpoint in that folder.
    """

    validations: int = 8
    patience: int = 0
    arithmetic: str = "auto"
    device: str = "auto"
    seed: int = 0
    checkpoints: Path | None = None
    every: float = 30.0
    resume: bool = False
