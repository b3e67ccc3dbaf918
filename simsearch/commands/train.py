"""`simsearch train`: turn a folder, a table, arrays or a file of pairs into an encoder."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.options import (
    Function,
    option,
    quiet_option,
    seed_option,
    threads_option,
)
from simsearch.commands.source_options import (
    column_option,
    database_options,
    kind_choice,
    time_option,
    truth_options,
    vectors_option,
)
from simsearch.keywords import keywords_of
from simsearch.training.keywords import TrainKeywords

if TYPE_CHECKING:
    from collections.abc import Callable

    from simsearch.training.result import TrainingResult

__all__ = ["command"]


PATH = click.Path(path_type=Path)


def shown_default(name: str, **how: Any) -> Callable[[Function], Function]:
    """An option whose value without it is shown."""
    default = keywords_of(TrainKeywords)[name].default
    return option(TrainKeywords, name, default=default, show_default=True, **how)


def _numbers(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, ...]:
    try:
        return tuple(int(each) for each in value.split(",")) if value else ()
    except ValueError:
        raise click.BadParameter(f"{value!r} is no list such as 32,16", ctx, param) from None


@click.command(short_help="Train an encoder, measure it on what is kept back, and save it.")
@click.argument("source", required=False)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="ENCODER",
    help="Folder of the encoder.",
)
@option(TrainKeywords, "kind", type=kind_choice())
@option(TrainKeywords, "columns", multiple=True, metavar="NAME", more="May be given several times.")
@column_option()
@vectors_option()
@option(TrainKeywords, "id", metavar="COLUMN")
@time_option()
@database_options()
@option(TrainKeywords, "triplets", type=PATH, metavar="TRIPLETS.csv")
@truth_options()
@option(TrainKeywords, "group", metavar="COLUMN")
@option(TrainKeywords, "loss", metavar="LOSS")
@option(TrainKeywords, "miner", metavar="NAME")
@option(TrainKeywords, "mine", "--mine/--no-mine", default=None)
@option(TrainKeywords, "composites", is_flag=True)
@option(TrainKeywords, "network", metavar="NAME")
@option(TrainKeywords, "dim", type=click.IntRange(2, 4096), metavar="N")
@option(TrainKeywords, "dims", callback=_numbers, metavar="A,B")
@option(TrainKeywords, "size", type=click.IntRange(8, 1024), metavar="PIXELS")
@option(TrainKeywords, "base", metavar="static|scratch|FOLDER|minilm")
@option(TrainKeywords, "teacher", metavar="FOLDER|minilm")
@option(TrainKeywords, "vocabulary", type=click.IntRange(min=100), metavar="N")
@option(TrainKeywords, "steps", type=click.IntRange(min=1), metavar="N")
@option(TrainKeywords, "epochs", type=click.IntRange(min=1), metavar="N")
@option(TrainKeywords, "budget", metavar="TIME")
@option(TrainKeywords, "batch", type=click.IntRange(min=8), metavar="N")
@option(TrainKeywords, "rate", type=click.FloatRange(0, 1, min_open=True))
@shown_default("dropout", type=click.FloatRange(0, 0.9))
@option(TrainKeywords, "batch_norm", "--batch-norm/--no-batch-norm", default=None)
@shown_default("patience", type=click.IntRange(min=0), metavar="N")
@option(TrainKeywords, "augment", "--augment/--no-augment", default=True)
@shown_default("arithmetic", type=click.Choice(["auto", "float32", "bfloat16"]))
@shown_default("device")
@option(TrainKeywords, "parent", "--from", type=PATH, metavar="PARENT")
@option(TrainKeywords, "replay", type=PATH, metavar="PAIRS.csv")
@shown_default("pull", type=click.FloatRange(min=0))
@option(TrainKeywords, "accept_worse", is_flag=True)
@option(TrainKeywords, "compatible", type=PATH, metavar="OLD")
@shown_default("checkpoint_every", type=click.FloatRange(min=0), metavar="SECONDS")
@option(TrainKeywords, "resume", is_flag=True)
@seed_option()
@threads_option()
@quiet_option()
def command(source: str | None, output: Path, quiet: bool, **keywords: Any) -> None:
    """Train an encoder of SOURCE, so that what is the same lies close together.

    SOURCE is a folder or zip of pictures or WAV files (the folders in it are classes), an array
    (.npy, .npz, idx), a table with numeric columns, or texts: lines, or a column of a table.
    Where there are no classes and no pairs, two altered views of an item are the same thing. A
    tenth of the classes (or of the items, where there are fewer than 20 groups) is kept back to
    fit the thresholds and to measure, beside the untrained encoder and a baseline that needs no
    training.

    With --from an encoder goes on from another: what that one knows is replayed, its weights
    pull, and what does worse than it on kept-back items or corrections is not saved.

    With --steps or --epochs and the same --seed the run repeats bit for bit on the same machine.

    \b
    Examples:
      simsearch train photos/ -o photos.encoder
      simsearch train train-images-idx3-ubyte.gz -o digits.encoder --budget 90s
      simsearch train glyphs.zip -o glyphs.encoder --dim 128 --dims 64,32
      simsearch train measurements.csv --label species -o flowers.encoder --epochs 20
      simsearch train sensors.csv --kind signal --id run --time t --label fault -o faults.encoder
      simsearch train photos/ --classes classes.csv -o photos.encoder
      simsearch train --labels signatures.csv --kind image -o signatures.encoder --loss bce
      simsearch train sentences.csv --column text --label topic -o topics.encoder
      simsearch train --scores sts.csv --kind text -o sentences.encoder --teacher minilm
      simsearch train --labels questions.csv --kind text -o questions.encoder --base minilm
      simsearch train customers.csv --kind record --labels judged.csv -o customers.encoder
      simsearch train photos/ --from photos.encoder --labels corrections.csv -o better.encoder
      simsearch train photos/ --compatible photos.encoder -o newer.encoder
    """
    from simsearch.commands.training_table import training_table
    from simsearch.report.page.training import REPORT
    from simsearch.training.train import train

    with training_table(quiet) as table:
        made = train(source, output, progress=table.tell, stage=table.say, **keywords)
    for warning in made.warnings:
        click.echo(f"Warning: {warning}", err=True)
    if not quiet:
        from simsearch.report.training import print_training

        print_training(made)
    _write_page(made, output)
    if not quiet:
        click.echo(f"How it went: {output / REPORT}")
        click.echo(
            f"Saved in {output}. Next: simsearch index SOURCE -n NAME --encoder "
            f"{shlex.quote(str(output))}"
        )


def _write_page(made: TrainingResult, output: Path) -> None:
    """Put the page of the run into the folder of the encoder."""
    from simsearch.errors import OutputError
    from simsearch.files import replace_file
    from simsearch.report.page.training import REPORT, training_page

    try:
        replace_file(output / REPORT, training_page(made).encode())
    except OSError as error:
        raise OutputError(f"cannot write {output / REPORT}: {error.strerror}") from None
