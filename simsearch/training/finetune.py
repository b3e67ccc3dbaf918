"""An encoder that goes on from another: it learns more, and must not forget.

What it learned before is replayed, its weights are pulled to those of its parent, corrections take
a part of each batch, and at the end a regression check says whether it may take the parent's place.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from simsearch.distance import Metric
from simsearch.encoders.tower import TowerEncoder
from simsearch.errors import OptionError, TrainingError
from simsearch.kinds.loading import load_encoder
from simsearch.sources.example_pairs import known_pairs
from simsearch.training.anchors import WeightAnchor
from simsearch.training.batches import form_for, told_forms
from simsearch.training.checks import check_examples, check_leakage
from simsearch.training.compatible import declare, load_old
from simsearch.training.corrections import CorrectedBatches, CorrectedLoss
from simsearch.training.defaults import default_loss
from simsearch.training.loop import fit
from simsearch.training.measure import measure
from simsearch.training.options import TrainOptions
from simsearch.training.plan import batch_of, loop_options, task_for
from simsearch.training.progress import Log
from simsearch.training.regression_check import check_regression
from simsearch.training.result import TrainingResult, save_training
from simsearch.training.split import split

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from simsearch.sources.examples import Examples, LabelledPairs
    from simsearch.training.loop import Task
    from simsearch.training.progress import Progress
    from simsearch.training.regression_check import RegressionCheck
    from simsearch.training.split import Split

    Rows = npt.NDArray[np.int64]

__all__ = ["fine_tune", "load_parent"]

# A parent knows most of it already: a quarter of the usual rate.
RATE = 1e-3
# What its weights say of what an encoder is.
_INHERITED = (
    "network", "dimension", "dims", "size", "dropout", "batch_norm", "base", "teacher",
    "vocabulary",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What a successor learns from.

    Attributes:
        examples: all items; of them the train side of `parts` is replayed.
        parts: the sides of what was known before.
        learned: corrections to learn from, of rows of `examples`; None where there are none.
        kept: corrections that are kept back; None where there are none.
    """

    examples: Examples
    parts: Split
    learned: LabelledPairs | None
    kept: LabelledPairs | None


def load_parent(folder: str | Path, options: TrainOptions) -> TowerEncoder:
    """The encoder to go on from.

    Raises:
        EncoderError: it cannot be loaded.
        OptionError: it is none that is continued, or options say otherwise than it does.
    """
    parent = load_encoder(folder)
    if not isinstance(parent, TowerEncoder):
        how = {"text": f"; begin from it: `base={str(folder)!r}`", "record": "; fit it anew"}
        raise OptionError(f"encoders of {parent.kind}s are not continued{how.get(parent.kind, '')}")
    if parent.metric is not Metric.COSINE:
        raise OptionError(
            f"{folder} compares by {parent.metric}, the verification head of its run; only "
            "encoders that compare by cosine are continued: train anew"
        )
    if options.kind not in (None, parent.kind):
        raise OptionError(f"{folder} is of {parent.kind}s, not of {options.kind}s")
    plain = {field.name: field.default for field in fields(TrainOptions)}
    for name in _INHERITED:
        if getattr(options, name) != plain[name]:
            raise OptionError(f"{name} is that of the encoder to go on from; leave it out")
    if (options.loss or "").startswith("bce"):
        raise OptionError("a verification head belongs to a run from the start; take another loss")
    return parent


def fine_tune(
    examples: Examples,
    replayed: Examples | None,
    output: str | Path | None,
    options: TrainOptions,
    tell: Callable[[Progress], None] | None = None,
    say: Callable[[str], None] | None = None,
) -> TrainingResult:
    """Train an encoder that begins with the weights of another.

    Args:
        examples: items as the parent reads them. With classes, or with `replayed`, their pairs
            are corrections, and the classes are replayed; else what is known of them is learned.
        replayed: the same items with the pairs that were learned before; None for none.
        output: folder of the new encoder; None saves nothing.
        options: with `parent`.
        tell, say: as for `train`.

    Raises:
        TrainingError: the new encoder does worse than its parent, unless `accept_worse`; or as
            for `train`.
        EncoderError, OptionError, OutputError: as for `train`.
    """
    folder = None if output is None else Path(output)
    parent, child = (load_parent(options.parent or "", options) for _ in range(2))
    _refuse_place_of_parent(folder, options)
    lesson, warnings = _lesson(examples, replayed, options)
    loss = options.loss or default_loss(told_forms(lesson.examples)[0])
    form = form_for(lesson.examples, loss)
    torch.manual_seed(options.seed)
    own = replace(options, dims=parent.dims, rate=options.rate or RATE)
    (say or _nothing)("training")
    log = Log(tell)
    old = load_old(own)
    task = _task(child, lesson, (loss, form), own, old)
    trained = fit(task, loop_options(own, folder), log)
    (say or _nothing)("measuring")
    held = lesson.parts.part(lesson.examples, lesson.parts.calibration)
    measured = measure(child, held, parent.encode(held.items), options.seed, before_name="parent")
    check = _regression_check((parent, child), held, lesson, options.seed)
    compatibility = None if old is None else declare(child, old, held)
    made = TrainingResult(
        child, measured, trained, loss, form, lesson.parts, lesson.examples, tuple(warnings),
        tuple(log.told), check, compatibility,
    )  # fmt: skip
    if not check.accepted and not options.accept_worse:
        raise TrainingError(_refusal(check, options))
    if folder is not None:
        save_training(made, folder)
    return made


def _refuse_place_of_parent(folder: Path | None, options: TrainOptions) -> None:
    """The parent stays, for indexes are of it and it may yet be the better one."""
    parent = Path(options.parent or "")
    if folder is not None and folder.exists() and parent.exists() and folder.samefile(parent):
        raise OptionError(f"{folder} is the encoder to go on from; give the new one another folder")


def _lesson(
    examples: Examples, replayed: Examples | None, options: TrainOptions
) -> tuple[_Lesson, list[str]]:
    """What is replayed, and which corrections are learned from and which are kept back."""
    warnings = check_examples(replace(examples, pairs=None) if examples.pairs else examples)
    told = examples.pairs if examples.pairs is not None and not examples.pairs.scored else None
    before = replayed
    if before is None and told is not None and examples.labels is not None:
        before = replace(examples, pairs=None)
    if before is None or told is None:
        if told is not None:
            if not options.accept_worse:
                raise TrainingError(
                    "corrections alone make an encoder forget, and nothing would tell: give the "
                    "items with their classes as `source`, or the pairs of before as `replay`; "
                    "`accept_worse=True` goes on without"
                )
            warnings.append(
                "nothing is replayed, and no test of before is at hand: it may have forgotten much"
            )
        parts = split(examples, options.seed)
        return _Lesson(examples, parts, None, None), warnings + check_leakage(examples, parts)
    check_examples(replace(examples, labels=None))  # contradictory corrections
    parts = split(before, options.seed)
    held = _held_rows(before, parts)
    sides = split(replace(examples, labels=None), options.seed)
    learned = np.isin(np.arange(len(told.left)), sides.train)
    # What the old figures are taken from is not learned from in the guise of a correction.
    touching = np.isin(told.left, held) | np.isin(told.right, held)
    if not (learned & ~touching).any():
        raise TrainingError(
            f"all {len(told.left):,} corrections name items that are kept back; give more of them"
        )
    learned &= ~touching
    return _Lesson(before, parts, _some(told, learned), _some(told, ~learned)), warnings


def _held_rows(examples: Examples, parts: Split) -> Rows:
    """Rows of items that are kept back to validate and to calibrate."""
    kept = np.concatenate([parts.validation, parts.calibration])
    if not parts.of_tuples:
        return kept
    if examples.pairs is not None:
        return np.concatenate([examples.pairs.left[kept], examples.pairs.right[kept]])
    return kept if examples.triplets is None else examples.triplets[kept].reshape(-1)


def _some(pairs: LabelledPairs, chosen: npt.NDArray[np.bool_]) -> LabelledPairs | None:
    if not chosen.any():
        return None
    return replace(
        pairs, left=pairs.left[chosen], right=pairs.right[chosen], same=pairs.same[chosen]
    )


def _task(
    child: TowerEncoder,
    lesson: _Lesson,
    named: tuple[str, str],
    options: TrainOptions,
    old: TowerEncoder | None,
) -> Task:
    """The run: the lesson, corrections beside it, and the pull."""
    examples, parts, corrections = lesson.examples, lesson.parts, lesson.learned
    learned = parts.part(examples, parts.train)
    pairs = None
    if corrections is not None:
        learned, pairs = _with_items_of(corrections, examples, parts)
    held = parts.part(examples, parts.validation)
    task, _ = task_for(child, learned, held, named, options, old=old, fresh=False)
    if pairs is not None:
        batch = options.batch or batch_of(child)
        task = replace(
            task,
            batches=CorrectedBatches(task.batches, pairs, batch, options.seed + 1),
            loss=CorrectedLoss(task.loss, child.dimension),
        )
    return replace(task, anchor=WeightAnchor(child.tower, options.pull) if options.pull else None)


def _with_items_of(
    corrections: LabelledPairs, examples: Examples, parts: Split
) -> tuple[Examples, LabelledPairs | None]:
    """The train side with the items of corrections, which have no class there; and the pairs."""
    named = np.concatenate([corrections.left, corrections.right])
    if parts.of_tuples:
        chosen = parts.part(examples, parts.train)
        place = {name: row for row, name in enumerate(chosen.ids.to_pylist())}
        known = examples.ids.to_pylist()
        rows = np.flatnonzero([name in place for name in known])
    else:
        rows = parts.train
    every = np.union1d(rows, named)
    labels = None
    if examples.labels is not None:
        labels = np.where(np.isin(np.arange(len(examples)), rows), examples.labels, -1)
    # First what is replayed, then the corrections, over the same rows.
    replayed = replace(examples, labels=labels)
    if parts.of_tuples and examples.pairs is not None:
        mask = np.isin(np.arange(len(examples.pairs.left)), parts.train)
        replayed = replace(replayed, pairs=_some(examples.pairs, mask))
    if parts.of_tuples and examples.triplets is not None:
        replayed = replace(replayed, triplets=examples.triplets[parts.train])
    pairs = replace(examples, pairs=corrections, triplets=None).take(every).pairs
    return replayed.take(every), pairs


def _regression_check(
    encoders: tuple[TowerEncoder, TowerEncoder], held: Examples, lesson: _Lesson, seed: int
) -> RegressionCheck:
    kept = None
    if lesson.kept is not None:
        of_kept = replace(lesson.examples, pairs=lesson.kept, triplets=None)
        kept = of_kept.take_tuples(np.arange(len(lesson.kept.left)))
    return check_regression(encoders, (held, known_pairs(held, seed)), kept, seed)


def _refusal(check: RegressionCheck, options: TrainOptions) -> str:
    lost = "; ".join(str(each) for each in check.failed)
    harder = f"`pull={(options.pull or 100) * 3:g}`"
    return (
        f"the new encoder does worse than its parent and is not saved: {lost}; give more "
        f"corrections, pull harder ({harder}), or keep the parent and fit its threshold to the "
        "corrections (`recalibrate()`); `accept_worse=True` saves it all the same"
    )


def _nothing(_: str) -> Any:
    """Nobody listens."""
