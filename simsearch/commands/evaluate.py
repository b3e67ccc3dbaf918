"""`simsearch evaluate`: what an encoder is worth on items with a known truth."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.options import (
    database_options,
    format_option,
    seed_option,
    text_column_option,
    threads_option,
    time_option,
    truth_options,
)

if TYPE_CHECKING:
    from simsearch.evaluation.figures import Evaluation

__all__ = ["command"]


@click.command(short_help="Measure an encoder on items whose truth is known.")
@click.argument("encoder", type=click.Path(path_type=Path), metavar="ENCODER|PAIRS.csv")
@click.argument("source", required=False, metavar="[SOURCE|TRUTH.csv]")
@text_column_option()
@truth_options()
@time_option()
@database_options()
@click.option("--id", "id_column", metavar="COLUMN", help="Column that names each row.")
@click.option(
    "--group",
    metavar="COLUMN",
    help="Stored column whose values part the classes, such as the alphabet: one-shot questions "
    "within one are asked too.",
)
@click.option(
    "--ways",
    type=click.IntRange(min=2),
    default=20,
    show_default=True,
    help="Classes of a one-shot question.",
)
@click.option(
    "--shots",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Examples of each class in a one-shot question.",
)
@format_option("How to print the figures.", csv_too=False)
@seed_option()
@threads_option()
def command(
    encoder: Path,
    source: str | None,
    form: str,
    seed: int,
    ways: int,
    shots: int,
    group: str | None,
    **keywords: Any,
) -> None:
    """Measure ENCODER on SOURCE: pictures in a folder a class, a table with --label, pairs, scores.

    Printed are pair accuracy, ROC-AUC, EER, TAR at FAR .01 and .001, recall@1, @5, @10 and MAP@R,
    20-way one-shot accuracy where there are 20 classes, or Spearman's correlation, each with a
    95 % interval, beside a baseline that needs no training.

    PAIRS.csv as `dedupe --pairs` and `link -o` write it is measured by TRUTH.csv: the pairs that
    are the same thing (left_id,right_id[,same]), or the entity of each item (id,entity).

    \b
    Examples:
      simsearch evaluate glyphs.encoder unseen-alphabets/
      simsearch evaluate sentences.encoder --scores sts.csv --format json
      simsearch evaluate glyphs.encoder unseen-alphabets/ --ways 5 --shots 5
      simsearch evaluate pairs.csv truth.csv
    """
    if encoder.is_file():
        if source is None:
            raise click.UsageError("pairs are measured by a truth: give TRUTH.csv as well")
        _show(_of_pairs(encoder, Path(source), seed), [], form)
        return
    from simsearch.encoders.store import load_encoder
    from simsearch.sources.read_examples import read_examples
    from simsearch.sources.supervision import Supervision
    from simsearch.training.measure import Episodes, compare

    used = load_encoder(encoder)
    supervision = Supervision(
        pairs=keywords.pop("pairs"), scores=keywords.pop("scores"), group=group
    )
    reading = {key: value for key, value in keywords.items() if value is not None}
    examples = read_examples(source, used.kind, getattr(used, "reading", {}), supervision, reading)
    found, notes = compare(used, examples, seed, Episodes(ways, shots, group is not None))
    _show(found, notes, form)


def _of_pairs(pairs: Path, truth: Path, seed: int) -> tuple[Evaluation, ...]:
    """Pairs that were found, against those that are true."""
    import numpy as np

    from simsearch.evaluation.judged_pairs import judged_pairs
    from simsearch.sources.judged_pairs import found_pairs, true_pairs

    found, true = found_pairs(pairs), true_pairs(truth)
    right = np.array([pair in true for pair in found], bool)
    return judged_pairs(
        np.array(list(found.values())), right, len(true.difference(found)), seed=seed
    )


def _show(found: tuple[Evaluation, ...], notes: list[str], form: str) -> None:
    from simsearch.report.training import figure_table

    if form == "json":
        click.echo(json.dumps([_plain(each) for each in found], indent=2))
        return
    for line in figure_table(found):
        click.echo(line)
    for note in notes:
        click.echo(note)


def _plain(evaluation: Evaluation) -> dict[str, Any]:
    return asdict(evaluation)
