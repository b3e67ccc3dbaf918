"""`simsearch train`: turn a folder, a table, arrays or a file of pairs into an encoder."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.options import quiet_option, seed_option, threads_option
from simsearch.commands.source_options import (
    column_option,
    database_options,
    kind_choice,
    time_option,
    truth_options,
)

if TYPE_CHECKING:
    from simsearch.training.result import TrainingResult

__all__ = ["command"]


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
@click.option(
    "--kind",
    type=kind_choice(),
    help="What SOURCE holds. Default: what it looks like.",
)
@click.option(
    "--columns",
    multiple=True,
    metavar="NAME",
    help="Numeric column to learn from; may be given several times. Default: all.",
)
@column_option()
@click.option("--id", "id", metavar="COLUMN", help="Column that names each row.")
@time_option()
@database_options()
@click.option(
    "--triplets",
    type=click.Path(path_type=Path),
    metavar="TRIPLETS.csv",
    help="Triplets: anchor,positive,negative.",
)
@truth_options()
@click.option(
    "--group",
    metavar="COLUMN",
    help="Column whose values a split keeps together, such as the writer.",
)
@click.option(
    "--loss",
    metavar="LOSS",
    help="supcon, infonce, contrastive, triplet, semihard, multi-similarity, arcface, bce, "
    "bce-absolute, cosine, or pml:NAME; of texts infonce, online-contrastive, contrastive, "
    "triplet, semihard, cosine, cosent. Default: by what is known of the items.",
)
@click.option(
    "--miner",
    metavar="NAME",
    help="Which pairs or triplets of a batch it learns from: easy-first, semihard, hard, "
    "batch-hard … Default: what goes with the loss.",
)
@click.option(
    "--mine/--no-mine",
    default=None,
    help="Put classes beside those that they are taken for. Default: where there are more classes "
    "than a batch holds.",
)
@click.option(
    "--composites",
    is_flag=True,
    help="Learn classes made of halves of two pictures as well: for classes that it will meet "
    "later, at some cost to those that it learns.",
)
@click.option("--network", metavar="NAME", help="glyph, classic or photo (images), dense, wave.")
@click.option(
    "--dim", "dim", type=click.IntRange(2, 4096), metavar="N", help="Numbers in an embedding."
)
@click.option(
    "--dims",
    callback=_numbers,
    metavar="A,B",
    help="Shorter lengths that it is to serve as well (Matryoshka).",
)
@click.option(
    "--size",
    type=click.IntRange(8, 1024),
    metavar="PIXELS",
    help="Side of the pictures that it sees.",
)
@click.option(
    "--base",
    metavar="static|scratch|FOLDER|minilm",
    help="What an encoder begins with. Of texts: a table of tokens made here (static, default), "
    "or a sentence-transformers model or encoder of texts. Of images: lite, the default for "
    "photographs; scratch, for nothing; or the folder of an encoder.",
)
@click.option(
    "--teacher",
    metavar="FOLDER|minilm",
    help="Model that a table of tokens takes its tokens and rows from before it is trained.",
)
@click.option(
    "--vocabulary",
    type=click.IntRange(min=100),
    metavar="N",
    help="Tokens of a table at most.  [default: 30000]",
)
@click.option("--steps", type=click.IntRange(min=1), metavar="N", help="Length of the run.")
@click.option(
    "--epochs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Length of the run, in rounds through the items.",
)
@click.option(
    "--budget",
    metavar="TIME",
    help="Length of the run: 90s, 5m. Default: 120s; of texts 10 rounds for a table of tokens, "
    "2 for a transformer.",
)
@click.option(
    "--batch",
    type=click.IntRange(min=8),
    metavar="N",
    help="Items of a step. Default: 256, of large pictures 64; rows of texts 128, for a "
    "transformer 32.",
)
@click.option(
    "--rate",
    type=click.FloatRange(0, 1, min_open=True),
    help="Highest learning rate. Default: 4e-3; of texts 2e-3, for a transformer 2e-5.",
)
@click.option(
    "--dropout",
    type=click.FloatRange(0, 0.9),
    default=0.0,
    show_default=True,
    help="Share of values dropped in the last layer while training.",
)
@click.option(
    "--batch-norm/--no-batch-norm",
    default=None,
    help="Normalise after each convolution of the network classic. Default: yes.",
)
@click.option(
    "--patience",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="End after so many validations without gain; 0 never.  [default: 0]",
)
@click.option("--augment/--no-augment", default=True, help="See items differently at each step.")
@click.option(
    "--arithmetic",
    type=click.Choice(["auto", "float32", "bfloat16"]),
    default="auto",
    show_default=True,
    help="auto times both at the start.",
)
@click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda.")
@click.option(
    "--from",
    "parent",
    type=click.Path(path_type=Path),
    metavar="PARENT",
    help="Go on from this encoder; --labels are corrections then, and the classes of SOURCE, or "
    "--replay, what it knows already.",
)
@click.option(
    "--replay",
    type=click.Path(path_type=Path),
    metavar="PAIRS.csv",
    help="With --from: pairs that PARENT learned from, replayed beside the corrections.",
)
@click.option(
    "--pull",
    type=click.FloatRange(min=0),
    default=300.0,
    show_default=True,
    help="With --from: strength of the pull to the weights of PARENT.",
)
@click.option(
    "--accept-worse",
    is_flag=True,
    help="With --from: save the encoder even if it does worse than PARENT.",
)
@click.option(
    "--compatible",
    type=click.Path(path_type=Path),
    metavar="OLD",
    help="Learn embeddings that an index made by this older encoder can answer.",
)
@click.option(
    "--checkpoint-every",
    type=click.FloatRange(min=0),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="Time between checkpoints, from which --resume goes on.",
)
@click.option("--resume", is_flag=True, help="Go on from the checkpoint in ENCODER.")
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
