"""`simsearch evaluate`: what an encoder is worth on items with a known truth."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.options import format_option, option, seed_option, threads_option
from simsearch.commands.source_options import (
    column_option,
    database_options,
    time_option,
    truth_options,
    vectors_option,
)
from simsearch.training.keywords import EvaluateKeywords

if TYPE_CHECKING:
    from simsearch.evaluation.figures import EvaluationResult

__all__ = ["command"]


@click.command(short_help="Measure an encoder on items whose truth is known.")
@click.argument("encoder", type=click.Path(path_type=Path), metavar="ENCODER|PAIRS.csv")
@click.argument("source", required=False, metavar="[SOURCE|TRUTH.csv]")
@column_option()
@vectors_option()
@truth_options()
@time_option()
@database_options()
@option(EvaluateKeywords, "id", metavar="COLUMN")
@option(EvaluateKeywords, "group", metavar="COLUMN")
@option(EvaluateKeywords, "ways", type=click.IntRange(min=2), default=20, show_default=True)
@option(EvaluateKeywords, "shots", type=click.IntRange(min=1), default=1, show_default=True)
@format_option("How to print the figures.", csv_too=False)
@seed_option()
@threads_option()
def command(
    encoder: Path,
    source: str | None,
    form: str,
    **keywords: Any,
) -> None:
    """Measure ENCODER on the items of SOURCE, whose classes, pairs or scores are known.

    Classes are folders, a column (--label) or a file (--classes); pairs and scores are files
    (--labels, --scores). For classes and pairs it prints pair accuracy and F1, ROC-AUC, equal
    error rate (EER), the true accepts at false-accept rates of .01 and .001, recall@1, @5 and @10,
    MAP@R and one-shot accuracy; for scores Spearman's correlation. Each figure has a 95 %
    interval and stands beside that of a baseline without training.

    Given PAIRS.csv, which `dedupe --pairs` or `link -o` wrote, it measures those pairs by
    TRUTH.csv: the pairs that are the same thing (left_id,right_id[,same]), or the entity of each
    item (id,entity).

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
