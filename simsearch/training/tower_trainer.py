"""Train an encoder of images, vectors or signals from the start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simsearch.training.batches import form_for, forms_of
from simsearch.training.checks import check_examples, check_leakage
from simsearch.training.compatible import declare, load_old
from simsearch.training.defaults import default_loss
from simsearch.training.loop import fit
from simsearch.training.refusals import refuse
from simsearch.training.split import split
from simsearch.training.tower_task import encoder_for, loop_options, task_for
from simsearch.training.trainer import Fitted, Review, TrainingData, TrainingPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from simsearch.encoders.tower import TowerEncoder
    from simsearch.sources.examples import Examples
    from simsearch.training.options import TrainOptions
    from simsearch.training.progress import Progress
    from simsearch.training.task import Task

__all__ = ["TowerTrainer", "loss_and_form"]


class TowerTrainer:
    """See `Trainer`.

    Args:
        kind: image, vector or signal.
        reading: how the items were read, see `Encoder.reading`.
        options: how.
        folder: of the encoder, for checkpoints; None keeps none.

    Raises:
        OptionError: an option that is only for texts.
    """

    def __init__(
        self, kind: str, reading: Mapping[str, Any], options: TrainOptions, folder: Path | None
    ) -> None:
        refuse([options.text], f"is an option for texts; these are {kind}s")
        self.kind = kind
        self.reading = reading
        self.options = options
        self.folder = folder
        # To be compatible with; loaded by the plan, after the seed is set: that draws numbers.
        self.old: TowerEncoder | None = None

    def check(self, examples: Examples) -> list[str]:
        """See `Trainer`."""
        return check_examples(examples)

    def split(self, examples: Examples) -> TrainingData:
        """See `Trainer`."""
        parts = split(examples, self.options.compute.seed)
        held = parts.part(examples, parts.calibration)
        return TrainingData(examples, parts, held, tuple(check_leakage(examples, parts)))

    def plan(self, data: TrainingData) -> TrainingPlan:
        """See `Trainer`."""
        loss, form = loss_and_form(data.examples, self.options)
        self.old = load_old(self.options)
        encoder = encoder_for(self.kind, self.reading, self.options, self.old)
        parts = (data.learned, data.watched)
        task, finish = task_for(encoder, *parts, (loss, form), self.options, old=self.old)
        before = encoder.encode(data.held_out.items)
        return TrainingPlan(loss, form, before, "untrained", self._fit(task, finish))

    def _fit(self, task: Task, finish: Callable[[], None]) -> Callable[..., Fitted]:
        """The run of a task."""

        def run(tell: Callable[[Progress], None]) -> Fitted:
            done = fit(task, loop_options(self.options, self.folder), tell)
            finish()
            return Fitted(task.encoder, done)

        return run

    def review(self, encoder: TowerEncoder, data: TrainingData) -> Review:
        """See `Trainer`."""
        if self.old is None:
            return Review()
        return Review(compatibility=declare(encoder, self.old, data.held_out))


def loss_and_form(examples: Examples, options: TrainOptions) -> tuple[str, str]:
    """The loss, and what of the examples it learns from.

    Raises:
        OptionError: there is no such loss.
        TrainingError: it can use nothing of what is known.
    """
    loss = options.loss or default_loss(forms_of(examples)[0])
    return loss, form_for(examples, loss)
