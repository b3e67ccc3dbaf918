"""The loop: draw, augment, embed, compare, step; watched, averaged, checkpointed.

Nothing here knows of kinds of items or forms of examples: those come in as a `Task`.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import torch
from torch.optim.swa_utils import AveragedModel

from simsearch.errors import TrainingError
from simsearch.training.best_weights import BestWeights, copied
from simsearch.training.checkpoint import (
    Checkpoint,
    load_checkpoint,
    optimizer_tensors,
    restore_optimizer,
)
from simsearch.training.collapse import check_collapse
from simsearch.training.corrections import CorrectedLoss
from simsearch.training.losses import LibraryLoss, MatryoshkaLoss
from simsearch.training.optimizer import averaged, device, optimizer
from simsearch.training.probe import Arithmetic, probe
from simsearch.training.progress import Reporter
from simsearch.training.trainer import TrainingRun

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt
    from torch import Tensor, nn

    from simsearch.encoders.tower import Batch
    from simsearch.training.losses import Target
    from simsearch.training.progress import Progress
    from simsearch.training.task import LoopOptions, Task

    Rows = npt.NDArray[np.int64]

__all__ = ["fit"]

# Looks in a row, 20 steps apart, that find a collapse: an encoder of photos may pass through one.
_LOOKS = 3
# Numbers in the batch that arithmetic is tried on.
_PROBE_NUMBERS = 200_000


def fit(
    task: Task, options: LoopOptions, tell: Callable[[Progress], None] | None = None
) -> TrainingRun:
    """Train an encoder.

    Killed at any moment, a run of fixed steps that is resumed ends with the same weights as one
    that was not, on the same machine with as many threads and the same arithmetic.

    Args:
        task: what is trained.
        options: how.
        tell: called some times a second at most, and after every validation.

    Raises:
        TrainingError: the loss is not a number, the embeddings collapse, memory runs out, or the
            checkpoint is of another run.
    """
    run = _Run(task, options)
    try:
        run.go(tell or (lambda _: None))
    except (RuntimeError, MemoryError) as error:
        if isinstance(error, MemoryError) or "memory" in str(error).lower():
            rows = run.batch_rows
            raise TrainingError(
                f"out of memory with batches of {rows} items; try `batch={max(4, rows // 2)}`"
            ) from error
        raise
    return run.result()


class _Run:
    """A run: everything that changes from step to step."""

    def __init__(self, task: Task, options: LoopOptions) -> None:
        self.task = task
        self.options = options
        self.device = device(options.device)
        self.tower = task.encoder.tower.to(self.device)
        task.loss.to(self.device)
        self.optimizer = optimizer([self.tower, task.loss], options.rate, options.decay)
        self.generator = torch.Generator(self.device).manual_seed(options.seed)
        self.average: AveragedModel | None = None
        if options.averaged:
            self.average = AveragedModel(self.tower, avg_fn=averaged, use_buffers=True)
        parts = task.loss.modules()
        self._miners = [each.miner for each in parts if isinstance(each, LibraryLoss)]
        self.best = BestWeights(options.validations, options.patience)
        self.in_loss = 0.0
        self.batch_rows = 0
        self.losses: list[float] = []
        self.collapsed = 0
        self.arithmetic = self._arithmetic()
        if options.resume:
            self._resume()

    def go(self, tell: Callable[[Progress], None]) -> None:
        """Until the end."""
        schedule, reporter = self.task.schedule, Reporter(tell, self.task.schedule)
        saved = time.monotonic()
        while not schedule.finished and not self.best.stopped:
            began = time.perf_counter()
            loss = self.step()
            schedule.count(began)
            reporter.step(loss, self.batch_rows, self.parts)
            if self._validation_due():
                reporter.validated(self._validate())
            if self.options.checkpoints and time.monotonic() - saved >= self.options.every:
                self.save()
                saved = time.monotonic()
        self._finish()

    def step(self) -> float:
        """One step; gives the loss."""
        for miner in filter(None, self._miners):
            miner.done = self.task.schedule.done
        rows, target = self.task.batches.draw()
        self.batch_rows = len(rows)
        batch = tuple(part.to(self.device) for part in self.task.stack.take(rows))
        with torch.no_grad():
            if self.task.augment is None:
                batch = self.task.encoder.as_input(batch)
            else:
                batch = self.task.augment(batch, self.generator)
        self.tower.train()
        with self.arithmetic.context(self.device):
            raw = self.tower(*self.arithmetic.lay(batch))
        loss = self._backward(raw, target.to(self.device), rows, batch)
        rate = self.options.rate * self.task.schedule.rate
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        torch.nn.utils.clip_grad_norm_(self._parameters(), self.options.clip)
        self.optimizer.step()
        if self.task.anchor is not None:
            self.task.anchor(rate)
        if self.average is not None:
            self.average.update_parameters(self.tower)
        return loss

    def _backward(self, raw: Tensor, target: Target, rows: Rows, batch: Batch) -> float:
        """The gradient; that of the embeddings comes first, so that its time can be measured."""
        self.optimizer.zero_grad(set_to_none=True)
        began = time.perf_counter()
        leaf = raw.detach().float().requires_grad_()
        embeddings = self.task.encoder.comparable(leaf)
        loss = self.task.loss(embeddings, target)
        if loss.requires_grad:  # a batch without a hard pair teaches nothing
            loss.backward()
        self.in_loss += time.perf_counter() - began
        value = float(loss.detach())
        self._check(value, embeddings.detach(), target)
        gradient = torch.zeros_like(leaf) if leaf.grad is None else leaf.grad
        extra = [term(rows, batch, raw) for term in self.task.terms]
        torch.autograd.backward(
            [raw, *extra], [gradient.to(raw.dtype), *(torch.ones_like(each) for each in extra)]
        )
        return value + sum(float(each.detach()) for each in extra)

    def _check(self, loss: float, embeddings: Tensor, target: Target) -> None:
        """Stop a run that learns nothing any more."""
        step = self.task.schedule.step + 1
        if not math.isfinite(loss):
            kept = self.options.checkpoints
            text = f"; the checkpoint in {kept} is from before" if kept else ""
            raise TrainingError(
                f"the loss is {loss} in step {step}{text}; try a lower learning rate "
                f"(`rate={self.options.rate / 4:g}`), or look for extreme values in the data"
            )
        self.losses.append(loss)
        if step % 20 == 0 and step >= 60:
            # Pairs may be of two things only, which one direction tells apart.
            things = 2 if target.labels is None else len(torch.unique(target.labels))
            found = check_collapse(embeddings, self.losses[-60:], self.task.margin, things)
            self.collapsed = 0 if found is None else self.collapsed + 1
            if self.collapsed >= _LOOKS:
                raise TrainingError(f"step {step}: {found}")

    @property
    def parts(self) -> dict[int, float]:
        """The loss at each length of a Matryoshka embedding."""
        loss = self.task.loss
        return dict(loss.parts) if isinstance(loss, (MatryoshkaLoss, CorrectedLoss)) else {}

    def _parameters(self) -> list[nn.Parameter]:
        return [each for group in self.optimizer.param_groups for each in group["params"]]

    def _arithmetic(self) -> Arithmetic:
        asked = self.options.arithmetic
        if asked != "auto":
            chosen = Arithmetic(
                bfloat16=asked == "bfloat16", channels_last=self.task.encoder.channels_last
            )
        else:
            import numpy as np

            # A little will do: a step of large pictures takes seconds.
            count = min(128, max(8, _PROBE_NUMBERS // self.task.stack.numbers))
            rows = np.arange(min(len(self.task.stack), count))
            batch = tuple(part.to(self.device) for part in self.task.stack.take(rows))
            state = torch.get_rng_state()
            chosen = probe(self.tower, self.task.encoder.as_input(batch))
            torch.set_rng_state(state)
        self._lay(chosen)
        return chosen

    def _lay(self, chosen: Arithmetic) -> None:
        layout = torch.channels_last if chosen.channels_last else torch.contiguous_format
        self.tower.to(memory_format=layout)  # type: ignore[call-overload]  # its stubs lag

    # -- validation --

    def _validation_due(self) -> bool:
        return self.task.validate is not None and self.best.due(self.task.schedule.done)

    def _validate(self) -> float:
        """The figure of the averaged weights; the best are kept."""
        own = copied(self.tower)
        self._use_average()
        figure = self.task.validate() if self.task.validate is not None else 0.0
        if self.task.mine is not None:
            self.task.mine()
        self.best.offer(figure, self.tower, self.task.schedule.done)
        self.tower.load_state_dict(own)
        return figure

    def _use_average(self) -> None:
        if self.average is not None:
            self.tower.load_state_dict(self.average.module.state_dict())

    def _finish(self) -> None:
        """The best weights that were seen; without validation the last (averaged) ones."""
        if self.options.checkpoints:
            self.save()
        if self.best.weights:
            self.tower.load_state_dict(self.best.weights)
        else:
            self._use_average()
        self.tower.eval()
        self.tower.cpu()

    # -- checkpoints --

    def save(self) -> None:
        """Keep everything that the next step depends on."""
        if self.options.checkpoints is None:
            return
        parts = {
            "tower.": self.tower.state_dict(),
            "loss.": self.task.loss.state_dict(),
            "optimizer.": optimizer_tensors(self.optimizer),
            "best.": self.best.weights,
            "random.": {"global": torch.get_rng_state(), "own": self.generator.get_state()},
        }
        if self.average is not None:
            parts["average."] = self.average.state_dict()
        tensors = {
            f"{at}{name}": value for at, part in parts.items() for name, value in part.items()
        }
        schedule = self.task.schedule
        state = {
            "step": schedule.step,
            "spent": schedule.spent,
            "batches": self.task.batches.state(),
            "best": self.best.figure,
            "stale": self.best.stale,
            "validated": self.best.taken,
            "in_loss": self.in_loss,
            "losses": self.losses[-60:],
            "collapsed": self.collapsed,
            "arithmetic": [self.arithmetic.bfloat16, self.arithmetic.channels_last],
            "seed": self.options.seed,
        }
        Checkpoint(tensors, state).save(self.options.checkpoints)

    def _resume(self) -> None:
        folder = self.options.checkpoints
        found = None if folder is None else load_checkpoint(folder)
        if found is None:
            raise TrainingError(f"there is no checkpoint in {folder} to go on from")
        try:
            self.tower.load_state_dict(found.part("tower."))
            self.task.loss.load_state_dict(found.part("loss."))
            if self.average is not None:
                self.average.load_state_dict(found.part("average."))
        except RuntimeError as error:
            raise TrainingError(
                f"the checkpoint in {folder} is of another run; give the options of that one"
            ) from error
        restore_optimizer(self.optimizer, found.part("optimizer."))
        random = found.part("random.")
        torch.set_rng_state(random["global"])
        self.generator.set_state(random["own"])
        self._restore(found.state)
        self.best.weights = found.part("best.")

    def _restore(self, state: dict[str, Any]) -> None:
        self.task.schedule.step = state["step"]
        self.task.schedule.spent = state["spent"]
        self.task.batches.restore(state["batches"])
        self.best.restore(state["best"], state["stale"], state["validated"])
        self.in_loss = state["in_loss"]
        self.losses, self.collapsed = list(state["losses"]), state.get("collapsed", 0)
        self.arithmetic = Arithmetic(*state["arithmetic"])
        self._lay(self.arithmetic)

    def result(self) -> TrainingRun:
        """How it ended."""
        schedule = self.task.schedule
        return TrainingRun(
            steps=schedule.step,
            seconds=schedule.spent,
            loss_share=self.in_loss / schedule.spent if schedule.spent else 0.0,
            arithmetic=str(self.arithmetic),
            stopped_early=self.best.stopped,
            best=self.best.figure,
        )
