"""`simsearch index`: make an index of a table, of images, texts or signals, or of vectors."""

from __future__ import annotations

import shlex
from itertools import combinations
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.index_options import indexes_option, search_options
from simsearch.commands.notes import warn_of_skipped
from simsearch.commands.options import (
    exclusive,
    is_given,
    quiet_option,
    refuse_given,
    threads_option,
)
from simsearch.commands.progress import progress_bars
from simsearch.commands.source_options import (
    column_options,
    database_options,
    encoder_option,
    item_source_options,
    vectors_option,
)
from simsearch.commands.table_options import table_reading_options
from simsearch.distance import Metric

if TYPE_CHECKING:
    from simsearch.index.index import Index

__all__ = ["command"]

# Options that are fields of `IndexOptions`.
SEARCH = ("engine", "recall", "memory")
# What an index is made with and keeps.
MADE_WITH = (*SEARCH, "metric", "encoder", "dimension", "columns", "ignore", "item_kind")
# What a change of the encoder leaves.
KEPT = (*SEARCH, "item_kind")
# Options that say what to read: of records, of vectors, of items that are encoded.
READING = ("delimiter", "encoding", "skip_rows", "no_header")
OF_RECORDS = ("id_column", "columns", "ignore", "table", "sql", *READING)
OF_VECTORS = ("id_column", "vector_column", "ids")
OF_ITEMS = ("column", "label", "time")
# What Python calls an option that has another name here.
IN_PYTHON = {"id_column": "id", "vector_column": "vectors"}
# How to ask an index of each kind.
ASKED_BY = {"record": "TEXT", "text": "TEXT", "image": "FILE", "signal": "FILE"}


@click.command(short_help="Make an index of items of any kind, to be asked by `query`.")
@click.argument("source")
@click.option("-n", "--name", required=True, metavar="NAME", help="What to call the index.")
@click.option(
    "--id",
    "id_column",
    metavar="COLUMN",
    help="Column that names each row in the results. Default: the row number, from 0.",
)
@click.option(
    "--ids",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Ids of the vectors of a .npy file: a text file, one a line.",
)
@column_options()
@vectors_option("SOURCE")
@click.option(
    "--kind",
    "item_kind",
    type=click.Choice(["record", "vector", "image", "text", "signal"]),
    help="What SOURCE holds. Default: what the encoder takes; without one, vectors if it is a "
    ".npy file, or with --vectors or --ids; else records.",
)
@click.option(
    "--metric",
    type=click.Choice([metric.value for metric in Metric]),
    help="How items are compared; hamming is for vectors of bits (uint8, eight to a byte). "
    "Default: as the encoder was trained for, else cosine.",
)
@encoder_option("one fitted to the data, for records")
@click.option(
    "--dim",
    "dimension",
    type=click.IntRange(min=1),
    metavar="N",
    help="Keep the first N numbers of each embedding, if the encoder was trained for it.",
)
@item_source_options()
@search_options()
@click.option("--overwrite", is_flag=True, help="Replace an index of that name.")
@click.option(
    "--update",
    is_flag=True,
    help="Read SOURCE again: add what is new, replace what changed, remove what is gone.",
)
@click.option(
    "--upgrade",
    is_flag=True,
    help="Take the index to another --encoder by a map: fitted to some thousand items of SOURCE, "
    "it aligns every stored vector, and no other item is embedded.",
)
@click.option(
    "--re-embed",
    is_flag=True,
    help="Read SOURCE again and embed all of it, by another --encoder or the same. Stopped, it "
    "goes on where it was.",
)
@click.option(
    "--force",
    is_flag=True,
    help="With --upgrade: also when the map keeps too little to be taken otherwise.",
)
@database_options()
@table_reading_options()
@indexes_option()
@threads_option()
@quiet_option()
def command(source: str, name: str, update: bool, quiet: bool, **keywords: Any) -> None:
    """Make an index of what SOURCE holds, to be asked by `simsearch query`.

    SOURCE is a CSV, TSV, Parquet or JSONL file, - for standard input, or a database URL
    with --table or --sql. Every column is stored, also those that are not compared. Or it
    holds vectors: a .npy file, or Parquet with a column of them. With an encoder for them, it is
    a folder of images or signals, or a file of texts; what cannot be read is skipped and listed.
    An index is complete or not there at all. Rows are told apart by --id, else by their number;
    files by their paths.

    \b
    Examples:
      simsearch index customers.csv -n customers
      simsearch index customers.csv -n customers --id customer_no --ignore notes --overwrite
      simsearch index customers.csv -n customers --update
      simsearch index sqlite:///shop.db --table customers -n customers --recall 0.99
      simsearch index vectors.npy -n words --ids words.txt
      simsearch index papers.parquet -n papers --vectors embedding --id doi --memory 2GiB
      simsearch index photos/ -n photos --encoder photo-encoder/
      simsearch index reviews.csv -n reviews --encoder minilm --column text --id review
      simsearch index photos/ -n photos --upgrade --encoder newer-encoder/
      simsearch index photos/ -n photos --re-embed --encoder newer-encoder/
    """
    context = click.get_current_context()
    exclusive(context, ("columns", "ignore"), ("table", "sql"))
    exclusive(context, *combinations(("update", "overwrite", "upgrade", "re_embed"), 2))
    upgraded, anew = keywords.pop("upgrade"), keywords.pop("re_embed")
    if keywords["force"] and not upgraded:
        raise click.UsageError("--force goes with --upgrade", context)
    if upgraded or anew:
        from simsearch.commands.index_encoder import change_encoder

        refuse_given(KEPT, "stays as the index was made; see `simsearch compact` or --overwrite")
        if upgraded and keywords["encoder"] is None:
            raise click.UsageError("--upgrade needs the new encoder: --encoder FOLDER", context)
        change_encoder(name, source, quiet, keywords, given_options(keywords), anew=anew)
    elif update:
        _update(name, source, quiet, keywords)
    else:
        _create(name, source, quiet, keywords)


def _create(name: str, source: str, quiet: bool, keywords: dict[str, Any]) -> None:
    from simsearch.index.index import Index

    names = (*SEARCH, "metric", "encoder", "overwrite")
    making = {key: keywords[key] for key in names if keywords[key] is not None}
    if not _is_encoded(source, keywords):
        _refuse_misplaced(_holds_vectors(source), keywords)
    making |= {"kind": keywords["item_kind"], **given_options(keywords)}
    started = perf_counter()
    with progress_bars(quiet) as progress:
        index = Index.create(name, source, indexes=keywords["indexes"], progress=progress, **making)
    warn_of_skipped(index.skipped, index.info().kind)
    if not quiet:
        _print_summary(index, perf_counter() - started)


def _is_encoded(source: str, keywords: dict[str, Any]) -> bool:
    """Whether an encoder says what SOURCE holds, or should: it is no table and no vectors."""
    from simsearch.kinds import detect

    if keywords["encoder"] is not None:
        return True
    kind = keywords["item_kind"] or detect(source)
    return kind not in ("record", "vector")


def given_options(keywords: dict[str, Any]) -> dict[str, Any]:
    """The options of the source that were given, and the length of embeddings."""
    names = dict.fromkeys((*OF_RECORDS, *OF_VECTORS, *OF_ITEMS, "dimension"))
    given = {name: keywords[name] for name in names if is_given(keywords.get(name))}
    return {IN_PYTHON.get(name, name): value for name, value in given.items()}


def _holds_vectors(source: str) -> bool:
    """What SOURCE holds: what --kind says, or else what it looks like."""
    from simsearch.kinds import detect

    given = click.get_current_context().params
    if given["item_kind"] is not None:
        return bool(given["item_kind"] == "vector")
    told = is_given(given["vector_column"]) or is_given(given["ids"])
    return told or detect(source) == "vector"


def _refuse_misplaced(vectors: bool, keywords: dict[str, Any]) -> None:
    """Refuse options that say nothing about what SOURCE holds: vectors, or records."""
    own, others = (OF_VECTORS, OF_RECORDS) if vectors else (OF_RECORDS, OF_VECTORS)
    for key in (*OF_ITEMS, "dimension"):
        if is_given(keywords[key]):
            raise click.UsageError(f"{_flag(key)} goes with an encoder; give --encoder FOLDER")
    for key in others:
        if key not in own and is_given(keywords[key]):
            held, wanted = ("vectors", "records") if vectors else ("records", "vectors")
            text = f"{_flag(key)} is for {wanted}, and this is an index of {held}"
            raise click.UsageError(text, click.get_current_context())


def _update(name: str, source: str, quiet: bool, keywords: dict[str, Any]) -> None:
    from simsearch.index.index import Index
    from simsearch.report.cells import count

    context = click.get_current_context()
    for option in MADE_WITH:
        given = context.get_parameter_source(option) is click.core.ParameterSource.COMMANDLINE
        if given:
            raise click.UsageError(
                f"--update keeps what the index was made with, and {_flag(option)} would change "
                "it; see --upgrade and --re-embed (encoder), `simsearch compact` (engine, recall, "
                "memory) or --overwrite",
                context,
            )
    index = Index.open(name, keywords["indexes"])
    settings = index.vectors.settings
    if not settings.encoder or settings.item_kind == "record":
        _refuse_misplaced(settings.item_kind == "vector", keywords)
    with progress_bars(quiet) as progress:
        done = index.update(source, progress=progress, **given_options(keywords))
    warn_of_skipped(index.skipped, index.info().kind)
    if not quiet:
        click.echo(
            f"Added {done.added:,}, replaced {done.replaced:,}, removed {done.removed:,}, "
            f"left {done.unchanged:,} alone: {count(len(index), 'item')} in {name!r}"
        )


def _flag(key: str) -> str:
    """The option that a parameter belongs to, as the user writes it."""
    params = click.get_current_context().command.params
    return next(param.opts[-1] for param in params if param.name == key)


def _print_summary(index: Index, seconds: float) -> None:
    from simsearch.report.cells import count, size

    info = index.info()
    engines = " and ".join(dict.fromkeys(segment.engine for segment in info.segments))
    click.echo(f"Indexed {count(info.items, 'item')} as {info.name!r} ({engines}, {info.metric})")
    click.echo(f"Took {seconds:.1f} s and {size(info.bytes)} in {info.folder}")
    asked = ASKED_BY.get(info.kind, "--like ID")
    click.echo(f"Ask it: simsearch query {shlex.quote(info.name)} {asked}")
