"""`simsearch evaluate`: what an encoder is worth on items with a known truth."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.options import (
    format_option,
    seed_option,
    text_column_option,
    threads_option,
    truth_options,
)

if TYPE_CHECKING:
    from simsearch.evaluation.figures import Evaluation

__all__ = ["command"]


@click.command(short_help="Measure an encoder on items whose truth is known.")
@click.argument("encoder", type=click.Path(path_type=Path))
@click.argument("source", required=False)
@text_column_option()
@truth_options()
@format_option("How to print the figures.", csv_too=False)
@seed_option()
@threads_option()
def command(encoder: Path, source: str | None, form: str, seed: int, **keywords: Any) -> None:
    """Measure ENCODER on SOURCE: pictures in a folder a class, a table with --label, pairs, scores.

    Printed are pair accuracy, ROC-AUC, EER, TAR at FAR .01 and .001, recall@1, @5, @10 and MAP@R,
    20-way one-shot accuracy where there are 20 classes, or Spearman's correlation, each with a
    95 % interval, beside a baseline that needs no training.

    \b
    Examples:
      simsearch evaluate glyphs.encoder unseen-alphabets/
      simsearch evaluate sentences.encoder --scores sts.csv --format json
    """
    from simsearch.encoders.store import load_encoder
    from simsearch.report.training import figure_table
    from simsearch.training.examples import Known, read_examples
    from simsearch.training.measure import compare

    used = load_encoder(encoder)
    known = Known(pairs=keywords.pop("pairs"), scores=keywords.pop("scores"))
    reading = {key: value for key, value in keywords.items() if value is not None}
    examples = read_examples(source, used.kind, getattr(used, "reading", {}), known, reading)
    found, notes = compare(used, examples, seed)
    if form == "json":
        click.echo(json.dumps([_plain(each) for each in found], indent=2))
        return
    for line in figure_table(found):
        click.echo(line)
    for note in notes:
        click.echo(note)


def _plain(evaluation: Evaluation) -> dict[str, Any]:
    return asdict(evaluation)
