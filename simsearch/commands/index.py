"""`simsearch index`: make an index of a table, or of vectors."""

from __future__ import annotations

import shlex
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.options import (
    column_options,
    database_options,
    exclusive,
    id_option,
    indexes_option,
    is_given,
    quiet_option,
    search_options,
    threads_option,
    vectors_option,
)
from simsearch.commands.progress import progress_bars
from simsearch.distance import Metric

if TYPE_CHECKING:
    from simsearch.search import Index
    from simsearch.sources import RecordSource
    from simsearch.sources.vectors import VectorSource

__all__ = ["command"]

SHOWN_SKIPPED = 10
# Options that are fields of `IndexOptions`.
SEARCH = ("kind", "recall", "memory")
# What an index is made with and keeps.
MADE_WITH = (*SEARCH, "metric", "encoder", "columns", "ignore", "item_kind")
# Options that say what to read: of records, of vectors.
OF_RECORDS = ("id_column", "columns", "ignore", "encoder", "table", "sql")
OF_VECTORS = ("id_column", "vector_column", "ids")


@click.command(short_help="Make an index of a table or of vectors, to be asked by `query`.")
@click.argument("source")
@click.option("-n", "--name", required=True, metavar="NAME", help="What to call the index.")
@id_option()
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
    type=click.Choice(["record", "vector"]),
    help="What SOURCE holds. Default: vectors if it is a .npy file, or with --vectors or --ids; "
    "else records.",
)
@click.option(
    "--metric",
    type=click.Choice([metric.value for metric in Metric]),
    default=Metric.COSINE.value,
    show_default=True,
    help="How items are compared; hamming is for vectors of bits (uint8, eight to a byte).",
)
@click.option(
    "--encoder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="A saved encoder. Default: one fitted to the data.",
)
@search_options()
@click.option("--overwrite", is_flag=True, help="Replace an index of that name.")
@click.option(
    "--update",
    is_flag=True,
    help="Read SOURCE again: add what is new, replace what changed, remove what is gone.",
)
@database_options()
@indexes_option()
@threads_option()
@quiet_option()
def command(source: str, name: str, update: bool, quiet: bool, **keywords: Any) -> None:
    """Make an index of the rows of SOURCE, to be asked by `simsearch query`.

    SOURCE is a CSV, TSV, Parquet or JSONL file, - for standard input, or a database URL
    with --table or --sql. Every column is stored, also those that are not compared. Or it
    holds vectors: a .npy file, or Parquet with a column of them. An index is complete or not
    there at all. Rows are told apart by --id, else by their number.

    \b
    Examples:
      simsearch index customers.csv -n customers
      simsearch index customers.csv -n customers --id customer_no --ignore notes --overwrite
      simsearch index customers.csv -n customers --update
      simsearch index sqlite:///shop.db --table customers -n customers --recall 0.99
      simsearch index vectors.npy -n words --ids words.txt
      simsearch index papers.parquet -n papers --vectors embedding --id doi --memory 2GiB
    """
    context = click.get_current_context()
    exclusive(context, ("columns", "ignore"), ("table", "sql"), ("update", "overwrite"))
    if update:
        _update(name, source, quiet, keywords)
    else:
        _create(name, source, quiet, keywords)


def _create(name: str, source: str, quiet: bool, keywords: dict[str, Any]) -> None:
    from simsearch.index.options import IndexOptions
    from simsearch.search import Index

    asked = {key: keywords.pop(key) for key in SEARCH}
    search = IndexOptions(**{key: value for key, value in asked.items() if value is not None})
    opened = _opened(source, _holds_vectors(source), keywords)
    making = {key: keywords[key] for key in ("metric", "encoder", "overwrite")}
    started = perf_counter()
    with progress_bars(quiet) as progress:
        index = Index.create(
            name, opened, search=search, root=keywords["indexes"], progress=progress, **making
        )
    _warn_of_skipped(index)
    if not quiet:
        _print_summary(index, perf_counter() - started)


def _holds_vectors(source: str) -> bool:
    """What SOURCE holds: what --kind says, or else what it looks like."""
    from simsearch.sources.vectors import is_array

    given = click.get_current_context().params
    if given["item_kind"] is not None:
        return bool(given["item_kind"] == "vector")
    return is_given(given["vector_column"]) or is_given(given["ids"]) or is_array(source)


def _opened(
    source: str, vectors: bool, keywords: dict[str, Any], binary: bool | None = None
) -> RecordSource | VectorSource:
    """SOURCE, open; options that say nothing about what it holds are refused."""
    own, others = (OF_VECTORS, OF_RECORDS) if vectors else (OF_RECORDS, OF_VECTORS)
    for key in others:
        if key not in own and is_given(keywords[key]):
            held, wanted = ("vectors", "records") if vectors else ("records", "vectors")
            text = f"{_flag(key)} is for {wanted}, and this is an index of {held}"
            raise click.UsageError(text, click.get_current_context())
    if not vectors:
        from simsearch.sources import RecordOptions, open_records

        reading = {key: keywords[key] for key in OF_RECORDS if key != "encoder"}
        return open_records(source, options=RecordOptions(**reading))
    from simsearch.sources.vectors import VectorOptions, open_vectors

    if binary is None:
        binary = Metric(keywords["metric"]).binary
    reading = {key: keywords[key] for key in OF_VECTORS}
    return open_vectors(source, VectorOptions(binary=binary, **reading))


def _update(name: str, source: str, quiet: bool, keywords: dict[str, Any]) -> None:
    from simsearch.report.cells import count
    from simsearch.search import Index

    context = click.get_current_context()
    for option in MADE_WITH:
        given = context.get_parameter_source(option) is click.core.ParameterSource.COMMANDLINE
        if given:
            raise click.UsageError(
                f"--update keeps what the index was made with, and {_flag(option)} would change "
                "it; see `simsearch compact` (search, recall, memory) or --overwrite",
                context,
            )
    index = Index.open(name, keywords["indexes"])
    settings = index.vectors.settings
    if keywords["id_column"] is None:
        keywords["id_column"] = settings.id_column
    opened = _opened(source, settings.item_kind == "vector", keywords, settings.metric.binary)
    with progress_bars(quiet) as progress:
        done = index.update(opened, progress=progress)
    _warn_of_skipped(index)
    if not quiet:
        click.echo(
            f"Added {done.added:,}, replaced {done.replaced:,}, removed {done.removed:,}, "
            f"left {done.unchanged:,} alone: {count(len(index), 'item')} in {name!r}"
        )


def _flag(key: str) -> str:
    """The option that a parameter belongs to, as the user writes it."""
    params = click.get_current_context().command.params
    return next(param.opts[-1] for param in params if param.name == key)


def _warn_of_skipped(index: Index) -> None:
    from simsearch.report.cells import count, line

    if not index.skipped:
        return
    number = len(index.skipped)
    left_out = "is left out" if number == 1 else "are left out"
    click.echo(f"Warning: {count(number, 'row')} could not be read and {left_out}", err=True)
    for row in index.skipped[:SHOWN_SKIPPED]:
        click.echo(f"  line {row.row}: {line(row.reason, 300)}", err=True)
    if len(index.skipped) > SHOWN_SKIPPED:
        click.echo(f"  … and {len(index.skipped) - SHOWN_SKIPPED} more", err=True)


def _print_summary(index: Index, seconds: float) -> None:
    from simsearch.report.cells import count, size

    info = index.info()
    kinds = " and ".join(dict.fromkeys(segment.kind for segment in info.segments))
    click.echo(f"Indexed {count(info.items, 'item')} as {info.name!r} ({kinds}, {info.metric})")
    click.echo(f"Took {seconds:.1f} s and {size(info.bytes)} in {info.folder}")
    asked = "--like ID" if info.item_kind == "vector" else "TEXT"
    click.echo(f"Ask it: simsearch query {shlex.quote(info.name)} {asked}")
