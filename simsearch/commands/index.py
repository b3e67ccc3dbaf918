"""`simsearch index`: make an index of items of any kind, or change what one holds."""

from __future__ import annotations

from functools import partial
from itertools import combinations
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.index_options import indexes_option, search_options
from simsearch.commands.notes import how_to_query, note_of_reading, note_of_unknown, warn_of_skipped
from simsearch.commands.options import (
    STANDARD_STREAM,
    exclusive,
    is_given,
    option,
    quiet_option,
    refuse_given,
    threads_option,
)
from simsearch.commands.progress import progress_bars
from simsearch.commands.source_options import (
    column_options,
    database_options,
    id_option,
    item_source_options,
    kind_choice,
)
from simsearch.commands.table_options import table_reading_options
from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.index.keywords import CreateKeywords

if TYPE_CHECKING:
    from simsearch.index.index import Index

__all__ = ["command"]

MODES = ("update", "overwrite", "migrate", "re_embed")
# What an index keeps as it was made: in an update, and when it takes another encoder.
KEPT = ("kind", "engine", "recall", "memory")
KEPT_BY_UPDATE = (*KEPT, "metric", "encoder", "dim", "columns", "ignore")


@click.command(short_help="Make an index of items of any kind, to be searched by `query`.")
@click.argument("source")
@click.option(
    "-n",
    "--name",
    metavar="NAME",
    help="What to call the index.  [default: as the file, folder or table of SOURCE is called]",
)
@option(CreateKeywords, "kind", type=kind_choice())
@id_option()
@click.option(
    "--ids",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Ids of the vectors of a .npy file: a text file, one a line.",
)
@column_options()
@option(CreateKeywords, "metric", type=click.Choice([metric.value for metric in Metric]))
@option(CreateKeywords, "encoder", metavar="FOLDER")
@option(CreateKeywords, "dim", type=click.IntRange(min=1), metavar="N")
@item_source_options()
@search_options()
@option(CreateKeywords, "overwrite", is_flag=True)
@click.option(
    "--update",
    is_flag=True,
    help="Read SOURCE again: add what is new, replace what changed, remove what is gone.",
)
@click.option(
    "--migrate",
    is_flag=True,
    help="Give the index another --encoder without embedding its items again: a map that is "
    "fitted to some thousand items of SOURCE takes every stored vector there.",
)
@click.option(
    "--re-embed",
    is_flag=True,
    help="Read SOURCE again and embed all of it, by another --encoder or the same. If it was "
    "stopped, it goes on where it was.",
)
@click.option(
    "--force",
    is_flag=True,
    help="With --migrate: take the map even if it keeps too little of what the index knew.",
)
@database_options()
@table_reading_options()
@indexes_option()
@threads_option()
@quiet_option()
def command(
    source: str, name: str | None, indexes: Path | None, force: bool, quiet: bool, **keywords: Any
) -> None:
    """Make an index of what SOURCE holds, to be searched by `simsearch query`.

    SOURCE is a CSV, TSV, Excel, Parquet or JSONL file, - for standard input, or a database URL
    with --table or --sql. Every column is stored, also those that are not compared. Or it
    holds vectors: a .npy file, or a table with a column of them; or it is a folder of images or
    signals, or a file of texts. What cannot be read is skipped and listed.
    An index is complete or not there at all. Rows are told apart by --id, else by their number;
    files by their paths.

    \b
    Examples:
      simsearch index customers.csv
      simsearch index customers.csv -n customers --id customer_no --ignore notes --overwrite
      simsearch index customers.csv -n customers --update
      simsearch index sqlite:///shop.db --table customers -n customers --recall 0.99
      simsearch index vectors.npy -n words --ids words.txt
      simsearch index papers.parquet -n papers --vectors embedding --id doi --memory 2GiB
      simsearch index photos/ -n photos
      simsearch index questions.txt -n questions
      simsearch index photos/ -n photos --encoder photo-encoder/
      simsearch index reviews.csv -n reviews --encoder minilm --column text --id review
      simsearch index photos/ -n photos --migrate --encoder newer-encoder/
      simsearch index photos/ -n photos --re-embed --encoder newer-encoder/
    """
    context = click.get_current_context()
    exclusive(context, ("columns", "ignore"), ("table", "sql"), *combinations(MODES, 2))
    modes = {mode: keywords.pop(mode) for mode in MODES}
    if force and not modes["migrate"]:
        raise click.UsageError("--force goes with --migrate", context)
    given = {named: value for named, value in keywords.items() if is_given(value)}
    name = _named_after(source, given) if name is None else name
    if modes["migrate"] or modes["re_embed"]:
        refuse_given(KEPT, "stays as the index was made; see `simsearch compact` or --overwrite")
        if modes["migrate"] and "encoder" not in given:
            raise click.UsageError("--migrate needs the new encoder: --encoder FOLDER", context)
        from simsearch.commands.index_encoder import migrate, re_embed

        change = partial(migrate, force=force) if modes["migrate"] else re_embed
        change(name, source, indexes, quiet, given)
    elif modes["update"]:
        _update(name, source, indexes, quiet, given)
    else:
        _create(name, source, indexes, quiet, {**given, "overwrite": modes["overwrite"]})


def _named_after(source: str, given: dict[str, Any]) -> str:
    """The name of an index for which none is given: that of what it is made of.

    Raises:
        click.UsageError: the source has no name that an index can have.
    """
    from simsearch.store.format.layout import check_name

    path = Path(source).resolve()
    named = path.name if path.is_dir() else path.name.partition(".")[0]
    if "://" in source:
        named = str(given.get("table", ""))
    elif source == STANDARD_STREAM:
        named = ""
    try:
        return check_name(named)
    except OptionError:
        raise click.UsageError("say what to call the index: -n NAME") from None


def _create(
    name: str, source: str, indexes: Path | None, quiet: bool, given: dict[str, Any]
) -> None:
    from simsearch.index.index import Index

    started = perf_counter()
    with progress_bars(quiet) as progress:
        index = Index.create(name, source, indexes=indexes, progress=progress, **given)
    warn_of_skipped(index.skipped, index.info().kind)
    if not quiet:
        note_of_reading(index.notes)
        _print_summary(index, perf_counter() - started)
        note_of_unknown(index)


def _update(
    name: str, source: str, indexes: Path | None, quiet: bool, given: dict[str, Any]
) -> None:
    from simsearch.index.index import Index
    from simsearch.report.cells import count

    refuse_given(
        KEPT_BY_UPDATE,
        "is not for --update, which keeps what the index was made with; see --migrate and "
        "--re-embed (encoder), `simsearch compact` (engine, recall, memory) or --overwrite",
    )
    index = Index.open(name, indexes)
    with progress_bars(quiet) as progress:
        done = index.update(source, progress=progress, **given)
    warn_of_skipped(index.skipped, index.info().kind)
    if not quiet:
        note_of_reading(index.notes)
        click.echo(
            f"Added {done.added:,}, replaced {done.replaced:,}, removed {done.removed:,}, "
            f"left {done.unchanged:,} alone: {count(len(index), 'item')} in {name!r}"
        )


def _print_summary(index: Index, seconds: float) -> None:
    from simsearch.report.cells import count, size

    info = index.info()
    engines = " and ".join(dict.fromkeys(segment.engine for segment in info.segments))
    click.echo(f"Indexed {count(info.items, 'item')} as {info.name!r} ({engines}, {info.metric})")
    click.echo(f"Took {seconds:.1f} s and {size(info.bytes)} in {info.folder}")
    click.echo(how_to_query(info.name, info.kind))
