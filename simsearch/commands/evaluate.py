"""`simsearch evaluate`: what an encoder is worth on items with a known truth."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.options import format_option, seed_option, threads_option
from simsearch.commands.source_options import (
    column_option,
    database_options,
    time_option,
    truth_options,
)

if TYPE_CHECKING:
    from simsearch.evaluation.figures import EvaluationResult

__all__ = ["command"]


@click.command(short_help="Measure an encoder on items whose truth is known.")
@click.argument("encoder", type=click.Path(path_type=Path), metavar="ENCODER|PAIRS.csv")
@click.argument("source", required=False, metavar="[SOURCE|TRUTH.csv]")
@column_option()
@truth_options()
@time_option()
@database_options()
@click.option("--id", "id", metavar="COLUMN", help="Column that names each row.")
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
    if encoder.is_file() and source is None:
        raise click.UsageError("pairs are measured by a truth: give TRUTH.csv as well")
    from simsearch.training.evaluate import evaluate

    _show(evaluate(encoder, source, **keywords), form)


def _show(found: EvaluationResult, form: str) -> None:
    from simsearch.report.training import figure_table

    if form == "json":
        click.echo(json.dumps([asdict(each) for each in found.evaluations], indent=2))
        return
    for line in figure_table(found.evaluations):
        click.echo(line)
    for note in found.notes:
        click.echo(note)
