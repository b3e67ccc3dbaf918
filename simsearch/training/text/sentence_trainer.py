"""The trainer of sentence-transformers, with our schedule, progress, checkpoints and no output.

Nothing is printed, no model card is written, no report sent, and only the folder that is given for
checkpoints is written to.
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
import time
import warnings
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from sentence_transformers import SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from sentence_transformers.sentence_transformer import losses
from torch import nn
from transformers import PrinterCallback, TrainerCallback

from simsearch.encoders.text.transformer import offline
from simsearch.errors import TrainingError
from simsearch.files import replace_file
from simsearch.training.progress import Progress
from simsearch.training.text.batches import BalancedPairs, Shuffled, Views
from simsearch.training.text.data import TEXT_LOSSES
from simsearch.training.text.watch import CLOCK_FILE, find_checkpoint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sentence_transformers import SentenceTransformer

    from simsearch.training.schedule import Schedule
    from simsearch.training.text.data import TextData
    from simsearch.training.text.options import TextTrainOptions
    from simsearch.training.text.watch import Watch

__all__ = ["batch_sampler", "make_loss", "run_trainer"]

# More steps than any run: the schedule says when it ends.
_ENDLESS = 2**31 - 1
# Options that may be others when a run is gone on with.
_FREE = {"checkpoints", "every", "resume", "patience", "validations", "device"}
_TELL_EVERY = 0.5


def run_trainer(
    model: SentenceTransformer,
    data: TextData,
    options: TextTrainOptions,
    schedule: Schedule,
    watch: Watch,
    folder: Path,
) -> None:
    """Train a model in place.

    Args:
        model: changed.
        data: what it learns from.
        options: see there; batch and rate are set.
        schedule: when it ends.
        watch: reports progress, and validates the model in between.
        folder: for checkpoints.

    Raises:
        TrainingError: the loss is no number, memory runs out, or there is nothing to resume.
    """
    from datasets import Dataset

    rows = Dataset.from_dict(dict(data.columns))
    if data.form == "views":
        rows.set_transform(Views(options.seed))
    of_run = _signature(data, options)
    found = find_checkpoint(folder, of_run) if options.resume else None
    with offline(), _silence():
        loss = make_loss(model, data.loss, options.dims)
        clock = _Clock(schedule, watch, loss, options, of_run)
        trainer = _Trainer(
            model=model,
            args=_arguments(options, schedule, folder, batch_sampler(data.form)),
            train_dataset=rows,
            loss=loss,
            callbacks=[clock],
        )
        trainer.schedule = schedule
        trainer.remove_callback(PrinterCallback)
        try:
            trainer.train(resume_from_checkpoint=str(found) if found else None)
        except (RuntimeError, MemoryError) as error:
            if isinstance(error, MemoryError) or "memory" in str(error).lower():
                smaller = max(2, (options.batch or 2) // 2)
                raise TrainingError(
                    f"out of memory with batches of {options.batch} texts; try `batch={smaller}`"
                ) from error
            raise


def make_loss(model: SentenceTransformer, name: str, dims: Sequence[int] = ()) -> nn.Module:
    """A loss of sentence-transformers, at each length of a Matryoshka embedding where there are."""
    made = TEXT_LOSSES[name]
    arguments = dict(made.arguments)
    if name == "triplet":
        arguments["distance_metric"] = losses.TripletDistanceMetric.COSINE
    if name == "semihard":
        arguments["distance_metric"] = losses.BatchHardTripletLossDistanceFunction.cosine_distance
    loss: nn.Module = getattr(losses, made.cls)(model, **arguments)
    if not dims:
        return loss
    lengths = [model.get_embedding_dimension() or 0, *dims]
    return losses.MatryoshkaLoss(model, _Noted(loss), lengths)


def batch_sampler(form: str) -> Any:
    """Which batches examples of a form are drawn in: a class, or a name of the library's own.

    No text comes twice where the others of a batch are taken for different ones; classes come
    with two items at least; pairs of both sorts are in every batch.
    """
    return {
        "positives": "no_duplicates",
        "triplets": "no_duplicates",
        "classes": "group_by_label",
        "pairs": BalancedPairs,
    }.get(form, Shuffled)


class _Noted(nn.Module):
    """A loss that remembers what it gave at each length."""

    def __init__(self, loss: nn.Module) -> None:
        super().__init__()
        self.loss = loss
        self.values: list[float] = []

    def forward(self, features: Any, labels: Any) -> torch.Tensor:
        """The loss."""
        value: torch.Tensor = self.loss(features, labels)
        self.values.append(float(value.detach()))
        return value


class _Trainer(SentenceTransformerTrainer):
    """The library's, with our schedule, and without its model card and its pickles of settings."""

    schedule: Schedule
    latest = math.nan

    def add_model_card_callback(self, default_args_dict: dict[str, Any]) -> None:
        """Write no model card: ours says the same, and the library's would ask the hub."""

    def create_scheduler(
        self,
        num_training_steps: int,  # noqa: ARG002  the library's signature
        optimizer: torch.optim.Optimizer | None = None,
    ) -> Any:
        """The learning rate as our schedule has it, which also knows of time budgets."""
        chosen: Any = self.optimizer if optimizer is None else optimizer
        schedule = self.schedule
        self.lr_scheduler = torch.optim.lr_scheduler.LambdaLR(chosen, lambda _: schedule.rate)
        self._created_lr_scheduler = True
        return self.lr_scheduler

    def compute_loss(self, *arguments: Any, **keywords: Any) -> Any:
        """The loss, which must be a number."""
        out = super().compute_loss(*arguments, **keywords)
        self.latest = float((out[0] if isinstance(out, tuple) else out).detach())
        step = self.schedule.step + 1
        if not math.isfinite(self.latest):
            raise TrainingError(
                f"the loss is {self.latest} in step {step}; try a lower learning rate "
                f"(`rate={self.args.learning_rate / 4:g}`)"
            )
        for callback in self.callback_handler.callbacks:
            if isinstance(callback, _Clock):
                callback.losses.append(self.latest)
        return out

    def _save(
        self,
        output_dir: str | None = None,
        state_dict: Any = None,  # noqa: ARG002  the library's signature
    ) -> None:
        """The model alone."""
        folder = output_dir or str(self.args.output_dir)
        self.model.save_pretrained(folder, create_model_card=False)


class _Clock(TrainerCallback):
    """Counts steps and seconds, tells, validates, and says when to save and when to stop."""

    def __init__(
        self,
        schedule: Schedule,
        watch: Watch,
        loss: nn.Module,
        options: TextTrainOptions,
        of_run: str,
    ) -> None:
        self.schedule = schedule
        self.watch = watch
        self.loss = loss
        self.options = options
        self.of_run = of_run
        self.losses: list[float] = []
        self.items = 0
        self.began = self.reported = self.saved = time.perf_counter()
        self.reported_spent = 0.0

    # The library calls each with everything it has.
    def on_train_begin(self, args: Any, state: Any, *_: Any, **__: Any) -> None:
        """Go on from the time of the checkpoint, where there is one."""
        if state.global_step:
            folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
            content = json.loads((folder / CLOCK_FILE).read_text("utf-8"))
            self.schedule.spent = self.reported_spent = float(content["spent"])
            self.schedule.step = int(state.global_step)
            self.watch.restore(folder, content["watch"])

    def on_step_begin(self, *_: Any, **__: Any) -> None:
        """A step begins."""
        self.began = time.perf_counter()

    def on_step_end(
        self,
        args: Any,
        state: Any,  # noqa: ARG002  the library's signature
        control: Any,
        **rest: Any,
    ) -> None:
        """A step is done."""
        self.schedule.count(self.began)
        self.items += args.train_batch_size
        now = time.perf_counter()
        if self.watch.due(self.schedule.done):
            model = rest["model"]
            self._tell(self.watch.look(model.eval(), self.schedule.done))
            model.train()
        elif now - self.reported >= _TELL_EVERY or self.schedule.finished:
            self._tell(None)
        if self.options.checkpoints is not None and (
            now - self.saved >= self.options.every or self.schedule.finished
        ):
            control.should_save = True
        control.should_training_stop = control.should_training_stop or (
            self.schedule.finished or self.watch.stopped
        )

    def on_save(self, args: Any, state: Any, *_: Any, **__: Any) -> None:
        """A checkpoint is whole when its clock is in it."""
        folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        watch = self.watch.save(folder)
        content = {"run": self.of_run, "spent": self.schedule.spent, "watch": watch}
        replace_file(folder / CLOCK_FILE, json.dumps(content).encode())
        self.saved = time.perf_counter()

    def _tell(self, validation: float | None) -> None:
        schedule, seconds = self.schedule, self.schedule.spent - self.reported_spent
        parts = _parts(self.loss)
        self.watch.tell(
            Progress(
                step=schedule.step,
                done=schedule.done,
                seconds=schedule.spent,
                loss=sum(self.losses) / len(self.losses) if self.losses else math.nan,
                items_per_second=self.items / seconds if seconds > 0 else 0.0,
                seconds_left=schedule.seconds_left,
                validation=validation,
                parts=parts,
            )
        )
        self.losses, self.items, self.reported_spent = self.losses[-1:], 0, schedule.spent
        self.reported = time.perf_counter()


def _parts(loss: nn.Module) -> dict[int, float]:
    """The latest loss at each length of a Matryoshka embedding."""
    noted = getattr(loss, "loss", None)
    if not isinstance(noted, _Noted):
        return {}
    lengths: Any = loss.matryoshka_dims
    latest, noted.values = noted.values[-len(lengths) :], []
    return dict(zip(lengths, latest, strict=True))


def _arguments(
    options: TextTrainOptions, schedule: Schedule, folder: Path, sampler: Any
) -> SentenceTransformerTrainingArguments:
    """Its arguments: nothing that leaves this machine, nothing that it prints."""
    return SentenceTransformerTrainingArguments(
        output_dir=str(folder),
        max_steps=schedule.steps or _ENDLESS,
        per_device_train_batch_size=options.batch or 1,
        learning_rate=options.rate or 0.0,
        weight_decay=options.decay,
        max_grad_norm=options.clip,
        batch_sampler=sampler,
        seed=options.seed,
        data_seed=options.seed,
        bf16=options.arithmetic == "bfloat16",
        use_cpu=options.device == "cpu" or not torch.cuda.is_available(),
        logging_strategy="no",
        save_strategy="no",
        save_total_limit=2,
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=False,
        push_to_hub=False,
    )


def _signature(data: TextData, options: TextTrainOptions) -> str:
    """What makes a run this one: its rows and its options."""
    own = {key: str(value) for key, value in asdict(options).items() if key not in _FREE}
    text = json.dumps([data.form, data.loss, dict(data.columns), own], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def _silence() -> Iterator[None]:
    """Let only our own words be heard."""
    names = ("transformers", "sentence_transformers", "datasets", "accelerate")
    levels = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
