"""Progress, validation and checkpoints of a training run on texts."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from simsearch.errors import TrainingError
from simsearch.training.best_weights import BestWeights

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from torch import nn

    from simsearch.training.progress import Progress

__all__ = ["CHECKPOINTS", "CLOCK_FILE", "Watch", "drop_checkpoint", "find_checkpoint"]

# The folder of a run inside that of the encoder.
CHECKPOINTS = "checkpoint"
# A checkpoint is whole when its clock is in it, which is written last.
CLOCK_FILE = "clock.json"
_BEST_FILE = "best.safetensors"


class Watch:
    """Reports how a run goes, and keeps its best weights.

    Args:
        tell: called some times a second at most, and after every validation.
        validate: a figure of the model as it is, larger is better; None for none.
        validations: times that it is taken in a run.
        patience: validations without gain until the run ends early; 0 never.
    """

    def __init__(
        self,
        tell: Callable[[Progress], None],
        validate: Callable[[], float] | None = None,
        validations: int = 8,
        patience: int = 0,
    ) -> None:
        self.tell = tell
        self.validate = validate
        self.best = BestWeights(validations, patience)

    @property
    def stopped(self) -> bool:
        """Whether there was no gain for too long."""
        return self.best.stopped

    def due(self, done: float) -> bool:
        """Whether it is time to validate again, at that share of the run."""
        return self.validate is not None and self.best.due(done)

    def look(self, model: nn.Module, done: float) -> float:
        """Take the figure; the best weights are kept."""
        figure = self.validate() if self.validate is not None else 0.0
        self.best.offer(figure, model, done)
        return figure

    def save(self, folder: Path) -> dict[str, Any]:
        """Keep the best weights in a file; what else is to be kept, as JSON."""
        from safetensors.torch import save_file

        if self.best.weights:
            # Each as its own: tensors that share memory cannot be saved.
            whole = {name: each.clone() for name, each in self.best.weights.items()}
            save_file(whole, folder / _BEST_FILE)
        best = self.best
        return {"best": best.figure, "stale": best.stale, "taken": best.taken}

    def restore(self, folder: Path, state: dict[str, Any]) -> None:
        """Go on from what `save` kept."""
        from safetensors.torch import load_file

        self.best.restore(state["best"], state["stale"], state["taken"])
        if (folder / _BEST_FILE).is_file():
            self.best.weights = load_file(folder / _BEST_FILE)


def find_checkpoint(folder: Path, of_run: str | None) -> Path:
    """The newest whole checkpoint, which must be of this run.

    Args:
        folder: of the checkpoints.
        of_run: what makes a run this one; None looks at no more than whether there is one.

    Raises:
        TrainingError: there is none, or it is of another run.
    """
    whole = {
        int(clock.parent.name.rpartition("-")[2]): clock
        for clock in folder.glob(f"checkpoint-*/{CLOCK_FILE}")
    }
    if not whole:
        raise TrainingError(f"there is no checkpoint in {folder} to go on from")
    clock = whole[max(whole)]
    try:
        content = json.loads(clock.read_bytes())
        same = of_run in (None, content["run"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(
            f"{clock} cannot be gone on from ({error}); delete its folder to begin anew"
        ) from None
    if not same:
        raise TrainingError(
            f"the checkpoint in {folder} is of another run; give the options and the texts of "
            "that one, or delete it to begin anew"
        )
    return clock.parent


def drop_checkpoint(folder: Path) -> None:
    """Remove what a run left in the encoder's folder to be gone on from."""
    shutil.rmtree(folder / CHECKPOINTS, ignore_errors=True)
