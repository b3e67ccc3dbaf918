"""Encoders of texts in `train`: which options go with them, what is watched, and the run itself."""

from __future__ import annotations

import shutil
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simsearch.augmentations.texts import TextAugment
from simsearch.errors import OptionError
from simsearch.sources.examples import LabelledPairs
from simsearch.training.optimizer import device
from simsearch.training.text.data import choose_loss
from simsearch.training.text.train import STATIC, TextTrainOptions, fit_text, untrained_text
from simsearch.training.text.watch import find_checkpoint
from simsearch.training.validation import MOST_ITEMS, figure_of, matched

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    from simsearch.encoders.text.encoder import TextEncoder
    from simsearch.sources.examples import Examples
    from simsearch.training.loop import Trained
    from simsearch.training.options import TrainOptions
    from simsearch.training.progress import Progress
    from simsearch.training.split import Split

    Floats = npt.NDArray[np.float32]

__all__ = ["TextRun", "check_options", "drop_checkpoint", "learn_texts"]

# Options of `TrainOptions` that only texts have, and those that texts do not have.
_ONLY_TEXTS = ("base", "teacher", "vocabulary")
_NOT_TEXTS = {
    "network": "the base says what it is (static, or a model's folder)",
    "size": "only pictures have a size",
    "composites": "only pictures have halves",
    "batch_norm": "only the classic network of pictures has one",
    "dropout": "a transformer brings its own",
    "miner": "the losses of texts draw their own",
    "mine": "the batches of texts are drawn by what is known of them",
    "augment": "words are changed only where nothing is known of the texts, and then they must be",
}
_OF_VIEWS = (
    "nothing is known of the texts: figures and thresholds are of two altered views of each, and "
    "other texts count as different"
)
# The run's folder inside the encoder's.
_CHECKPOINTS = "checkpoint"


class TextRun(NamedTuple):
    """A run that is over.

    Attributes:
        encoder: trained.
        trained: how it went.
        held_out: what was kept for the thresholds: the examples, or views of unknown texts.
        before: (n, d) of it, before training.
        notes: what the user should know.
    """

    encoder: TextEncoder
    trained: Trained
    held_out: Examples
    before: Floats
    notes: tuple[str, ...]


def check_options(options: TrainOptions, kind: str) -> None:
    """Refuse options that mean nothing for the kind.

    Raises:
        OptionError: one is given; the text names it and says why.
    """
    plain = {field.name: field.default for field in fields(options)}
    asked = [name for name in (*_ONLY_TEXTS, *_NOT_TEXTS) if name in plain]
    given = {name for name in asked if getattr(options, name) != plain[name]}
    if kind != "text":
        for name in _ONLY_TEXTS:
            if name in given:
                raise OptionError(f"{name} is an option for texts; these are {kind}s")
        return
    for name, why in _NOT_TEXTS.items():
        if name in given:
            raise OptionError(f"{name} is no option for texts: {why}")
    if options.base in (None, STATIC):
        _check_table(options)
    elif options.teacher is not None or options.vocabulary is not None:
        raise OptionError(f"teacher and vocabulary go with the base {STATIC}, not {options.base}")
    elif options.dimension is not None:
        raise OptionError(
            f"the length of an embedding is that of the base {options.base}; dims trains it to be "
            "cut to shorter ones"
        )


def _check_table(options: TrainOptions) -> None:
    if options.arithmetic == "bfloat16":
        raise OptionError("a table of tokens is trained in float32")
    if options.teacher is not None and options.vocabulary is not None:
        raise OptionError("the vocabulary is the teacher's; leave one of the two out")


def learn_texts(
    examples: Examples,
    parts: Split,
    options: TrainOptions,
    folder: Path | None,
    tell: Callable[[Progress], None],
) -> TextRun:
    """Train an encoder of texts on one side of a split, watched on another.

    Args:
        examples: all of them.
        parts: which are learned from, watched, and kept for the thresholds.
        options: how.
        folder: of the encoder, where the checkpoints are put too; None keeps nothing.
        tell: called while it runs.

    Raises:
        see `text.train_text`.
    """
    learned, held, last = (
        parts.part(examples, side) for side in (parts.train, parts.validation, parts.calibration)
    )
    own = _text_options(options, folder)
    notes: tuple[str, ...] = ()
    if choose_loss(learned, own.loss)[1] == "views":
        last, notes = _viewed(last, options.seed), (_OF_VIEWS,)
    before = untrained_text(learned, own).encode(last.items)
    encoder, trained = fit_text(learned, own, tell, _figure(held, own))
    return TextRun(encoder, trained, last, before, notes)


def drop_checkpoint(folder: Path) -> None:
    """Remove what a run left in the encoder's folder to be gone on from."""
    shutil.rmtree(folder / _CHECKPOINTS, ignore_errors=True)


def _text_options(options: TrainOptions, folder: Path | None) -> TextTrainOptions:
    """The options of `train` as those of `train_text`; what is None is left to its defaults."""
    if options.resume and folder is None:
        raise OptionError("resuming needs the output folder of the run")
    device(options.device)  # refused here, in our words
    known = {field.name for field in fields(options)}
    names = [field.name for field in fields(TextTrainOptions) if field.name in known]
    given: dict[str, Any] = {name: getattr(options, name) for name in names}
    given = {name: value for name, value in given.items() if value is not None}
    checkpoints = None if folder is None else folder / _CHECKPOINTS
    if options.resume and checkpoints is not None:
        find_checkpoint(checkpoints, None)  # before anything is read or made
    return TextTrainOptions(**given, checkpoints=checkpoints)


def _viewed(held: Examples, seed: int) -> Examples:
    """Two altered views of each text, as pairs that are the same."""
    import pyarrow as pa

    texts = [text or "" for text in held.items.column("text").to_pylist()]
    augment, rng, rows = TextAugment(), np.random.default_rng(seed), np.arange(len(held))
    views = pa.array([*augment(texts, rng), *augment(texts, rng)], pa.string())
    twice = held.take(np.concatenate([rows, rows]))
    pairs = LabelledPairs(rows, rows + len(rows), np.ones(len(rows), np.float32))
    return replace(twice, items=pa.table({"text": views}), pairs=pairs)


def _figure(held: Examples, options: TextTrainOptions) -> Callable[[TextEncoder], float]:
    """A function that takes the figure of an encoder on texts that it does not learn from."""
    _, form = choose_loss(held, options.loss)
    rng = np.random.default_rng(options.seed)
    if form in ("classes", "views") and len(held) > MOST_ITEMS:
        held = held.take(np.sort(rng.choice(len(held), MOST_ITEMS, replace=False)))
    texts = [text or "" for text in held.items.column("text").to_pylist()]
    if form == "views":
        augment = TextAugment()
        first, second = augment(texts, rng), augment(texts, rng)
    if form == "positives" and held.pairs is not None:
        first, second = (
            [texts[row] for row in side.tolist()] for side in (held.pairs.left, held.pairs.right)
        )

    def figure(encoder: TextEncoder) -> float:
        if form in ("views", "positives"):
            return matched(encoder.encode_text(first), encoder.encode_text(second), encoder.metric)
        return figure_of(encoder.encode_text(texts), held, form, encoder.metric)

    return figure
