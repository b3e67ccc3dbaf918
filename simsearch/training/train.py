"""train: a source and what is known of it in, an encoder out that has been measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from simsearch.errors import OptionError, TrainingError
from simsearch.kinds import detect
from simsearch.sources.examples import Examples, side_by_side
from simsearch.sources.items import open_items
from simsearch.sources.read_examples import read_examples, source_options
from simsearch.sources.supervision import first_items
from simsearch.training.batches import form_for, told_forms
from simsearch.training.checks import check_examples, check_leakage
from simsearch.training.compatible import declare, load_old
from simsearch.training.defaults import default_loss, reading_for
from simsearch.training.finetune import fine_tune, load_parent
from simsearch.training.loop import fit
from simsearch.training.measure import measure
from simsearch.training.options import TrainOptions
from simsearch.training.plan import encoder_for, loop_options, task_for
from simsearch.training.progress import Log
from simsearch.training.records import train_records
from simsearch.training.result import TrainingResult, save_training
from simsearch.training.split import split
from simsearch.training.text.data import choose_loss
from simsearch.training.text.run import check_options, learn_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simsearch.encoders.text.encoder import TextEncoder
    from simsearch.encoders.tower import TowerEncoder
    from simsearch.training.compatible import Compatibility
    from simsearch.training.progress import Progress

__all__ = ["TrainingResult", "train", "train_examples"]


def train(
    source: Any,
    output: str | Path | None = None,
    options: TrainOptions | None = None,
    tell: Callable[[Progress], None] | None = None,
    say: Callable[[str], None] | None = None,
) -> TrainingResult:
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
    if chosen.parent is not None:
        return _go_on(source, output, chosen, tell, say)
    old = load_old(chosen)
    kind = chosen.kind or (_kind(source, chosen) if old is None else old.kind)
    if kind not in ("image", "text", "vector", "signal", "record"):
        raise OptionError(f"there is no kind {kind!r}; take image, text, vector, signal or record")
    reading = _reading(source, kind, chosen) if old is None else old.reading
    (say or _nothing)("reading")
    examples = read_examples(source, kind, reading, chosen.supervision, chosen.reading)
    if kind == "record":
        folder = None if output is None else Path(output)
        return train_records(examples, folder, chosen, say or _nothing)
    return train_examples(examples, reading, output, chosen, tell, say)


def train_examples(
    examples: Examples,
    reading: Mapping[str, Any],
    output: str | Path | None,
    options: TrainOptions,
    tell: Callable[[Progress], None] | None = None,
    say: Callable[[str], None] | None = None,
) -> TrainingResult:
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
    log = Log(tell)
    (say or _nothing)("training")
    encoder: TowerEncoder | TextEncoder
    compatibility: Compatibility | None = None
    if examples.kind == "text":
        encoder, trained, held, before, notes = learn_texts(examples, parts, options, folder, log)
        warnings += notes
    else:
        old = load_old(options)
        encoder = encoder_for(examples.kind, reading, options, old)
        held = parts.part(examples, parts.calibration)
        sides = (parts.part(examples, parts.train), parts.part(examples, parts.validation))
        task, finish = task_for(encoder, *sides, (loss, form), options, old=old)
        before = encoder.encode(held.items)
        trained = fit(task, loop_options(options, folder), log)
        finish()
        if old is not None:
            compatibility = declare(encoder, old, held)
    (say or _nothing)("measuring")
    measured = measure(encoder, held, before, options.seed)
    made = TrainingResult(
        encoder, measured, trained, loss, form, parts, examples, tuple(warnings), tuple(log.told),
        compatibility=compatibility,
    )  # fmt: skip
    if folder is not None:
        save_training(made, folder)
    return made


def _go_on(
    source: Any,
    output: str | Path | None,
    options: TrainOptions,
    tell: Callable[[Progress], None] | None,
    say: Callable[[str], None] | None,
) -> TrainingResult:
    """Train from a parent: its kind, and items as it reads them."""
    parent = load_parent(options.parent or "", options)
    (say or _nothing)("reading")
    reading, known = parent.reading, options.supervision
    examples = read_examples(source, parent.kind, reading, known, options.reading)
    replayed = None
    if options.replay is not None:
        before = replace(known, labels=options.replay, triplets=None, scores=None)
        replayed = read_examples(source, parent.kind, reading, before, options.reading)
        if source is None:
            examples, replayed = side_by_side(examples, replayed)
    return fine_tune(examples, replayed, output, options, tell, say)


def _loss(examples: Examples, options: TrainOptions) -> tuple[str, str]:
    """The loss, and what of the examples it learns from."""
    if examples.kind == "text":
        return choose_loss(examples, options.loss or "auto")
    loss = options.loss or default_loss(told_forms(examples)[0])
    return loss, form_for(examples, loss)


def _kind(source: Any, options: TrainOptions) -> str:
    if options.reading.get("column") is not None:
        return "text"  # only those lie in one column
    if source is None:
        raise TrainingError("say what the labels are of: kind image, text, vector or signal")
    found = detect(source)
    # A table of numbers with a label is what most mean who train on a table.
    return "vector" if found == "record" else found


def _reading(source: Any, kind: str, options: TrainOptions) -> dict[str, Any]:
    """How items are read; by looking at the source, or at the first file that pairs name."""
    if kind in ("text", "record"):
        return {}
    looked = first_items(options.supervision, 64) if source is None else source
    opened = open_items(looked, kind, {}, **source_options(options.reading))
    return reading_for(kind, opened, options.size)


def _nothing(_: str) -> None:
    """Nobody listens."""
