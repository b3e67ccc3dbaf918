"""`simsearch index`: make an index of a table."""

from __future__ import annotations

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
    quiet_option,
    search_options,
    threads_option,
)
from simsearch.commands.progress import progress_bars
from simsearch.distance import Metric

if TYPE_CHECKING:
    from simsearch.search import Index

__all__ = ["command"]

SHOWN_SKIPPED = 10
# Options that are fields of `IndexOptions`.
SEARCH = ("kind", "recall", "memory")


@click.command(short_help="Make an index of a table, to be asked by `query`.")
@click.argument("source")
@click.option("-n", "--name", required=True, metavar="NAME", help="What to call the index.")
@id_option()
@column_options()
@click.option(
    "--metric",
    type=click.Choice([metric.value for metric in Metric]),
    default=Metric.COSINE.value,
    show_default=True,
    help="How records are compared.",
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
    with --table or --sql. Every column is stored, also those that are not compared. An index
    is complete or not there at all. Rows are told apart by --id, else by their number.

    \b
    Examples:
      simsearch index customers.csv -n customers
      simsearch index customers.csv -n customers --id customer_no --ignore notes --overwrite
      simsearch index customers.csv -n customers --update
      simsearch index sqlite:///shop.db --table customers -n customers --recall 0.99
    """
    exclusive(
        click.get_current_context(),
        ("columns", "ignore"),
        ("table", "sql"),
        ("update", "overwrite"),
    )
    if update:
        _update(name, source, quiet, keywords)
    else:
        _create(name, source, quiet, keywords)


def _create(name: str, source: str, quiet: bool, keywords: dict[str, Any]) -> None:
    from simsearch.index.options import IndexOptions
    from simsearch.search import Index

    asked = {key: keywords.pop(key) for key in SEARCH}
    search = IndexOptions(**{key: value for key, value in asked.items() if value is not None})
    root = keywords.pop("indexes")
    started = perf_counter()
    with progress_bars(quiet) as progress:
        index = Index.create(name, source, search=search, root=root, progress=progress, **keywords)
    _warn_of_skipped(index)
    if not quiet:
        _print_summary(index, perf_counter() - started)


def _update(name: str, source: str, quiet: bool, keywords: dict[str, Any]) -> None:
    from simsearch.report.cells import count
    from simsearch.search import Index

    context = click.get_current_context()
    for option in (*SEARCH, "metric", "encoder", "columns", "ignore"):
        given = context.get_parameter_source(option) is click.core.ParameterSource.COMMANDLINE
        if given:
            raise click.UsageError(
                "--update keeps what the index was made with; change that with `simsearch "
                "compact` (search, recall, memory) or --overwrite",
                context,
            )
    reading = {key: keywords[key] for key in ("table", "sql")}
    if keywords["id_column"] is not None:
        reading["id_column"] = keywords["id_column"]
    index = Index.open(name, keywords["indexes"])
    with progress_bars(quiet) as progress:
        done = index.update(source, progress=progress, **reading)
    _warn_of_skipped(index)
    if not quiet:
        click.echo(
            f"Added {done.added:,}, replaced {done.replaced:,}, removed {done.removed:,}, "
            f"left {done.unchanged:,} alone: {count(len(index), 'item')} in {name!r}"
        )


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
    from simsearch.report.cells import count

    info = index.info()
    kinds = " and ".join(dict.fromkeys(segment.kind for segment in info.segments))
    click.echo(f"Indexed {count(info.items, 'item')} as {info.name!r} ({kinds}, {info.metric})")
    click.echo(f"Took {seconds:.1f} s and {info.bytes / 2**20:,.1f} MiB in {info.folder}")
    click.echo(f"Ask it: simsearch query {info.name} TEXT")
