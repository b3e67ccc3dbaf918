"""Training the encoder of records: from the table alone, or with pairs that a user has judged.

The encoder is fitted in closed form (`encoders/projection.py`). Pairs that are the same thing join
the damaged copies that it learns from by itself. Whether they help is measured on pairs that are
kept back; where they do not, the encoder without them is the better one, and is what is saved.
"""

from __future__ import annotations

import time
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from simsearch.augmentations.records import corrupt
from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.evaluation.scores import pair_scores
from simsearch.evaluation.verification import area_under_roc
from simsearch.records.encoder.encoder import RecordEncoder
from simsearch.training.checks import check_examples
from simsearch.training.loop import Trained
from simsearch.training.measure import measure
from simsearch.training.options import TrainOptions
from simsearch.training.result import TrainingResult, save_training
from simsearch.training.split import Split, split

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyarrow as pa

    from simsearch.sources.examples import Examples

__all__ = ["train_records"]

# What goes with the closed form; of the rest of the options nothing does.
_USED = {"kind", "dimension", "seed", "supervision", "reading", "device", "pull"}
# Rows that are measured by damaged copies, where nothing is known of them.
_MEASURED = 5_000


def train_records(
    examples: Examples,
    output: Path | None,
    options: TrainOptions,
    say: Callable[[str], None],
) -> TrainingResult:
    """Fit an encoder of records, and measure it.

    Args:
        examples: rows of a table, with pairs or without.
        output: folder of the encoder; None saves nothing.
        options: dimension and seed; others are refused.
        say: called with a sentence at each stage.

    Raises:
        OptionError: an option that does not go with records.
        TrainingError: too few rows or pairs, or pairs that contradict each other.
        OutputError: it cannot be written.
    """
    _refuse_others(options)
    warnings = check_examples(examples)
    say("training")
    began = time.perf_counter()
    if examples.pairs is None:
        parts, held, before, encoder, note = _alone(examples, options)
        form = "views"
    else:
        parts = split(examples, options.seed)
        held = parts.part(examples, parts.calibration)
        before, encoder, note = _with_pairs(examples, parts, options)
        form = "pairs"
    trained = Trained(1, time.perf_counter() - began, None, "closed form", False, None)
    say("measuring")
    measured = measure(
        encoder, held, before.encode(held.items), options.seed,
        before_name="hashing alone" if examples.pairs is None else "without pairs",
    )  # fmt: skip
    measured = replace(measured, notes=(*measured.notes, note))
    made = TrainingResult(
        encoder, measured, trained, "discriminant", form, parts, examples, tuple(warnings), ()
    )
    if output is not None:
        save_training(made, output)
    return made


def _refuse_others(options: TrainOptions) -> None:
    plain = {field.name: field for field in fields(TrainOptions)}
    for name, field in plain.items():
        if name not in _USED and getattr(options, name) != field.default:
            raise OptionError(
                f"{name} is no option for records: their encoder is fitted in closed form, with "
                "pairs or without"
            )
    if options.supervision.triplets is not None or options.supervision.scores is not None:
        raise OptionError("records learn from pairs (left,right,same), not from triplets or scores")


def _alone(
    examples: Examples, options: TrainOptions
) -> tuple[Split, Examples, RecordEncoder, RecordEncoder, str]:
    """From the table: measured on rows that are kept back, each beside a damaged copy of it."""
    rows = np.random.default_rng(options.seed).permutation(len(examples))
    kept = np.sort(rows[: min(_MEASURED, len(rows) // 5)])
    learned = np.sort(rows[len(kept) :])
    rule = f"{len(kept):,} rows are kept back, each beside a damaged copy of itself"
    parts = Split(learned, kept, kept, rule)
    table = examples.items.take(learned)
    held = _beside_copies(examples.take(kept), options.seed)
    encoder = _fit(table, options)
    plain = _fit(table, options, train=False)
    note = (
        "damaged copies are what the encoder was fitted to; real duplicates may differ otherwise: "
        "give pairs that you have judged to measure by those"
    )
    return parts, held, plain, encoder, note


def _beside_copies(examples: Examples, seed: int) -> Examples:
    """Rows and damaged copies of them; a row and its copy are one class."""
    import pyarrow as pa

    copies = corrupt(examples.items, seed=seed + 1)
    count = len(examples)
    number = np.tile(np.arange(count), 2)
    names = tuple(examples.ids.to_pylist())
    return replace(
        examples,
        ids=pa.concat_arrays([examples.ids, pa.array([f"{name} (copy)" for name in names])]),
        items=pa.concat_tables([examples.items, copies.select(examples.items.column_names)]),
        labels=number,
        class_names=names,
        groups=number,
        group_names=names,
    )


def _with_pairs(
    examples: Examples, parts: Split, options: TrainOptions
) -> tuple[RecordEncoder, RecordEncoder, str]:
    """Without pairs and with them; whichever tells the validation pairs apart better."""
    learned = parts.part(examples, parts.train)
    watched = parts.part(examples, parts.validation)
    plain = _fit(examples.items, options)
    told = learned.pairs
    if told is None or not (told.same > 0.5).any():
        return plain, plain, "there are no pairs that are the same thing to learn from"
    same = told.same > 0.5
    sides = tuple(learned.items.take(side[same]) for side in (told.left, told.right))
    fitted = _fit(examples.items, options, pairs=sides)
    figures = [_figure(each, watched) for each in (plain, fitted)]
    found = f"ROC-AUC of the pairs watched {figures[1]:.4f} with pairs, {figures[0]:.4f} without"
    if figures[1] > figures[0]:
        return plain, fitted, f"the pairs helped: {found}"
    return plain, plain, f"the pairs did not help, and are not used: {found}"


def _fit(
    table: pa.Table,
    options: TrainOptions,
    *,
    train: bool = True,
    pairs: tuple[pa.Table, pa.Table] | None = None,
) -> RecordEncoder:
    chosen: dict[str, Any] = {"seed": options.seed, "train": train, "pairs": pairs}
    if options.dimension is not None:
        chosen["dimension"] = options.dimension
    return RecordEncoder.fit(table, **chosen)


def _figure(encoder: RecordEncoder, examples: Examples) -> float:
    """ROC-AUC of given pairs; 0 where they are all of one sort."""
    pairs = examples.pairs
    if pairs is None or not 0 < (pairs.same > 0.5).sum() < len(pairs.same):
        return 0.0
    scores = pair_scores(encoder.encode(examples.items), pairs.left, pairs.right, Metric.COSINE)
    return area_under_roc(scores, pairs.same > 0.5)
