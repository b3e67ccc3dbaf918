"""`simsearch evaluate`: what an encoder is worth on items with a known truth."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.options import seed_option, threads_option

if TYPE_CHECKING:
    from simsearch.evaluation.figures import Evaluation

__all__ = ["command"]


@click.command(short_help="Measure an encoder on items whose truth is known.")
@click.argument("encoder", type=click.Path(path_type=Path))
@click.argument("source", required=False)
@click.option("--label", metavar="COLUMN", help="Column of a table with the class of each row.")
@click.option("--column", metavar="COLUMN", help="Column of a table that holds the texts.")
@click.option(
    "--labels",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Classes of the pictures of an array.",
)
@click.option(
    "--pairs",
    type=click.Path(path_type=Path),
    metavar="PAIRS.csv",
    help="Pairs: left,right,same (1 or 0).",
)
@click.option(
    "--scores",
    type=click.Path(path_type=Path),
    metavar="SCORES.csv",
    help="How alike pairs are: left,right,score (or sentence1,sentence2,score).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to print the figures.",
)
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
