"""train: a source and what is known of it in, an encoder out that has been measured."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from simsearch.errors import OptionError, TrainingError
from simsearch.sources.items import kind_of, open_items
from simsearch.training.batches import batches_for, form_for, told_forms
from simsearch.training.card import write_records
from simsearch.training.checkpoint import FILE as CHECKPOINT
from simsearch.training.checks import check_examples, check_leakage
from simsearch.training.defaults import augment_for, default_loss, new_encoder, reading_for
from simsearch.training.examples import Examples, Known, first_items, read_examples
from simsearch.training.loop import LoopOptions, Task, fit
from simsearch.training.losses import BinaryLoss, MatryoshkaLoss, make_loss, recipe
from simsearch.training.measure import Measured, measure
from simsearch.training.schedule import Schedule
from simsearch.training.split import Split, split
from simsearch.training.text_data import choose_loss
from simsearch.training.text_run import check_options, drop_checkpoint, learn_texts
from simsearch.training.validation import validation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    import numpy.typing as npt

    from simsearch.encoders.text import TextEncoder
    from simsearch.encoders.twin import TwinEncoder
    from simsearch.training.loop import Trained
    from simsearch.training.progress import Progress

__all__ = ["TrainOptions", "Training", "train", "train_examples"]

# Items of a batch, and how long a run is where nobody says: it ends after two minutes.
BATCH = 256
# Of pictures of more pixels than that.
LARGE_PIXELS, LARGE_BATCH = 96 * 96, 64
BUDGET = 120.0
RATE = 4e-3


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """How an encoder is trained. What is None is chosen.

    Attributes:
        kind: image, text, vector or signal.
        loss: see `losses.recipe`, of texts `TEXT_LOSSES`; None: by what is known of the items.
        network: see `networks`.
        dimension: of the embedding.
        dims: shorter lengths that it is to serve too (Matryoshka).
        steps, epochs, budget: how long; one of them. The budget is in seconds. Steps and epochs
            make a run that can be repeated bit for bit.
        batch: items of a step; None: 256, of large pictures 64.
        size: side of pictures, in pixels.
        dropout: see the towers.
        augment: see items differently at each step.
        rate: highest learning rate; None: 4e-3, of texts see `TextOptions`.
        patience: validations without gain until it ends early; 0 never.
        arithmetic: auto, float32 or bfloat16.
        device: auto, cpu, cuda …
        seed: of everything drawn.
        resume: go on from the checkpoint in the output folder.
        base: of texts: what training begins with, see `TextOptions`; None: a table of tokens.
        teacher: of texts: a model that a table takes its tokens and rows from.
        vocabulary: of texts: tokens of a table, at most; None: 30,000.
        known: pairs, triplets, scores, groups.
        reading: options of the source, such as label, columns, labels.
    """

    kind: str | None = None
    loss: str | None = None
    network: str | None = None
    dimension: int | None = None
    dims: tuple[int, ...] = ()
    steps: int | None = None
    epochs: int | None = None
    budget: float | None = None
    batch: int | None = None
    size: int | None = None
    dropout: float = 0.0
    augment: bool = True
    rate: float | None = None
    patience: int = 0
    arithmetic: str = "auto"
    device: str = "auto"
    seed: int = 0
    resume: bool = False
    base: str | Path | None = None
    teacher: str | Path | None = None
    vocabulary: int | None = None
    known: Known = field(default_factory=Known)
    reading: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if sum(each is not None for each in (self.steps, self.epochs, self.budget)) > 1:
            raise OptionError("steps, epochs and budget exclude each other; give one of them")
        if self.batch is not None and self.batch < 8:
            raise OptionError(f"a batch has 8 items or more, not {self.batch}")


@dataclass(frozen=True, slots=True)
class Training:
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
    """

    encoder: TwinEncoder | TextEncoder
    measured: Measured
    trained: Trained
    loss: str
    form: str
    split: Split
    examples: Examples
    warnings: tuple[str, ...]
    log: tuple[Progress, ...]


def train(
    source: Any,
    output: str | Path | None = None,
    options: TrainOptions | None = None,
    tell: Callable[[Progress], None] | None = None,
    say: Callable[[str], None] | None = None,
) -> Training:
    """Train an encoder, measure it on what was kept back, and save it.

    Args:
        source: of the items, see `open_items`; None where the file of pairs holds them.
        output: folder of the encoder; None saves nothing.
        options: how.
        tell: called while it runs, see `loop.fit`.
        say: called with a sentence at each stage.

    Raises:
        SourceError, ColumnError: something cannot be read.
        TrainingError: the examples do not allow it, or the run went wrong.
        OptionError: options that there are not, or that exclude each other.
        OutputError: the encoder cannot be written.
    """
    chosen = options or TrainOptions()
    kind = chosen.kind or _kind(source, chosen)
    if kind not in ("image", "text", "vector", "signal"):
        raise OptionError(
            f"{kind}s are not trained this way; image, text, vector and signal are. Records need "
            "no training: `simsearch dedupe` fits itself"
        )
    reading = _reading(source, kind, chosen)
    (say or _nothing)("reading")
    examples = read_examples(source, kind, reading, chosen.known, chosen.reading)
    return train_examples(examples, reading, output, chosen, tell, say)


def train_examples(
    examples: Examples,
    reading: Mapping[str, Any],
    output: str | Path | None,
    options: TrainOptions,
    tell: Callable[[Progress], None] | None = None,
    say: Callable[[str], None] | None = None,
) -> Training:
    """The same, of examples in memory. See `train`.

    Args:
        examples: to learn from and to measure with.
        reading: how they were read, see `Encoder.reading`.
        output, options, tell, say: as for `train`.
    """
    check_options(options, examples.kind)
    warnings = check_examples(examples)
    loss, form = _loss(examples, options)
    parts = split(examples, options.seed)
    warnings += check_leakage(examples, parts)
    torch.manual_seed(options.seed)
    folder = None if output is None else Path(output)
    log: list[Progress] = []

    def heard(progress: Progress) -> None:
        log.append(progress)
        if tell is not None:
            tell(progress)

    (say or _nothing)("training")
    encoder: TwinEncoder | TextEncoder
    if examples.kind == "text":
        encoder, before, trained = learn_texts(examples, parts, options, folder, heard)
    else:
        encoder = _new_encoder(examples.kind, reading, options)
        before, trained = _learn(encoder, examples, parts, (loss, form), options, folder, heard)
    (say or _nothing)("measuring")
    measured = measure(encoder, parts.part(examples, parts.calibration), before, options.seed)
    made = Training(
        encoder, measured, trained, loss, form, parts, examples, tuple(warnings), tuple(log)
    )
    if folder is not None:
        _save(made, folder)
    return made


def _loss(examples: Examples, options: TrainOptions) -> tuple[str, str]:
    """The loss, and what of the examples it learns from."""
    if examples.kind == "text":
        return choose_loss(examples, options.loss or "auto")
    loss = options.loss or default_loss(told_forms(examples)[0])
    return loss, form_for(examples, loss)


def _new_encoder(kind: str, reading: Mapping[str, Any], options: TrainOptions) -> TwinEncoder:
    return new_encoder(
        kind,
        reading,
        network=options.network,
        dimension=options.dimension,
        dims=options.dims,
        dropout=options.dropout,
    )


def _learn(
    encoder: TwinEncoder,
    examples: Examples,
    parts: Split,
    named: tuple[str, str],
    options: TrainOptions,
    folder: Path | None,
    tell: Callable[[Progress], None],
) -> tuple[npt.NDArray[np.float32], Trained]:
    """Train a tower in place: what the items kept for the thresholds were before, and the run."""
    task, finish = _task(encoder, examples, parts, named, options)
    before = encoder.encode(parts.part(examples, parts.calibration).items)
    trained = fit(task, _loop_options(options, folder), tell)
    finish()
    return before, trained


def _save(made: Training, folder: Path) -> None:
    """Write the encoder folder; the checkpoint goes, for the run is over."""
    made.encoder.save(folder)
    if made.measured.calibration is not None:
        made.measured.calibration.save(folder, made.encoder.fingerprint)
    write_records(folder, made)
    (folder / CHECKPOINT).unlink(missing_ok=True)
    drop_checkpoint(folder)


def _task(
    encoder: TwinEncoder,
    examples: Examples,
    parts: Split,
    named: tuple[str, str],
    options: TrainOptions,
) -> tuple[Task, Callable[[], None]]:
    """What the loop runs, and what is to be done after it."""
    name, form = named
    learned, held = (parts.part(examples, side) for side in (parts.train, parts.validation))
    batch = options.batch or _batch(encoder)
    batches = batches_for(learned, form, batch, options.seed)
    loss = make_loss(name, encoder.dimension, len(examples.class_names))
    if isinstance(loss, BinaryLoss):
        if options.dims:
            raise OptionError(f"the loss {name} weighs each number, so dims cannot be cut with it")
        encoder.metric = loss.head.metric
    elif options.dims:
        lengths = [encoder.dimension, *options.dims]
        made = [make_loss(name, each, len(examples.class_names)) for each in lengths]
        loss = MatryoshkaLoss(made, lengths)
    stack = encoder.stack(learned.items)
    encoder.learn_scale(stack)
    augment = augment_for(encoder) if options.augment or form == "views" else None
    task = Task(
        encoder=encoder,
        stack=stack,
        batches=batches,
        loss=loss,
        augment=augment,
        margin=recipe(name).arguments.get("margin"),
        schedule=_schedule(options, math.ceil(len(learned) / batch)),
        validate=validation(
            encoder, (held, encoder.stack(held.items)), form, augment, options.seed
        ),
    )

    def finish() -> None:
        """The weights of a verification head go into the tower."""
        if isinstance(loss, BinaryLoss):
            loss.head.fold(encoder.tower.descriptor)  # type: ignore[arg-type]  # a linear layer

    return task, finish


def _batch(encoder: TwinEncoder) -> int:
    """Items of a step: fewer where each takes long, so that there are steps enough."""
    large = encoder.kind == "image" and math.prod(encoder.reading["size"]) > LARGE_PIXELS
    return LARGE_BATCH if large else BATCH


def _schedule(options: TrainOptions, round_steps: int) -> Schedule:
    if options.steps is not None:
        return Schedule(options.steps, None)
    if options.epochs is not None:
        return Schedule(options.epochs * round_steps, None)
    return Schedule(None, options.budget or BUDGET)


def _loop_options(options: TrainOptions, folder: Path | None) -> LoopOptions:
    if options.resume and folder is None:
        raise OptionError("resuming needs the output folder of the run")
    return LoopOptions(
        rate=options.rate or RATE,
        patience=options.patience,
        arithmetic=options.arithmetic,
        device=options.device,
        seed=options.seed,
        checkpoints=folder,
        resume=options.resume,
    )


def _kind(source: Any, options: TrainOptions) -> str:
    if options.reading.get("column") is not None:
        return "text"  # only those lie in one column
    if source is None:
        raise TrainingError("say what the pairs are of (--kind image, text, vector or signal)")
    found = kind_of(source)
    # A table of numbers with a label is what most mean who train on a table.
    return "vector" if found == "record" else found


def _reading(source: Any, kind: str, options: TrainOptions) -> dict[str, Any]:
    """How items are read; by looking at the source, or at the first file that pairs name."""
    if kind == "text":
        return {}
    looked = first_items(options.known, 64) if source is None else source
    given = {key: value for key, value in options.reading.items() if value is not None}
    return reading_for(kind, open_items(looked, kind, {}, **given), options.size)


def _nothing(_: str) -> None:
    """Nobody listens."""
