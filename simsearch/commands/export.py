"""`simsearch export`: an index as one file, its vectors as a table, the groups of a base."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simsearch.commands.bases import base_called, export_base
from simsearch.commands.index_options import indexes_option, version_options
from simsearch.commands.options import STANDARD_STREAM, quiet_option, refuse_given
from simsearch.errors import OutputError

if TYPE_CHECKING:
    from simsearch.index.index import Index

__all__ = ["command"]


@click.command(short_help="Write an index as one file, its vectors, or the groups of a base.")
@click.argument("name")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write: NAME.simsearch for the index, NAME.parquet for its vectors, NAME.csv "
    "for the groups of a base.",
)
@click.option(
    "--vectors",
    is_flag=True,
    help="Write a Parquet table of ids, vectors and stored columns.",
)
@click.option(
    "--log",
    is_flag=True,
    help="Of a base of groups: write what its runs changed, a row each: run, action, id, group, "
    "before.",
)
@version_options()
@indexes_option()
@quiet_option()
def command(
    name: str,
    output: Path,
    vectors: bool,
    log: bool,
    version: int | None,
    salvage: bool,
    indexes: Path | None,
    quiet: bool,
) -> None:
    """Write the index NAME as one file, for another machine or as a backup.

    `simsearch import` makes an index of it again. With --vectors (or when FILE ends in
    .parquet) the file is a table of ids, vectors and stored columns that other programs read.

    With --salvage, what is intact of a damaged index is written.

    Of a base of groups (`dedupe --into`) the ids of all rows are written with their groups.

    \b
    Examples:
      simsearch export customers -o customers.simsearch
      simsearch export customers -o customers.parquet --vectors
      simsearch export customers -o rescued.simsearch --salvage
      simsearch export customers -o groups.csv
      simsearch export customers -o log.csv --log
    """
    if (base := base_called(name, indexes)) is not None:
        export_base(base, output, log=log, quiet=quiet)
        return
    refuse_given(("log",), "is for a base of groups, not for an index")
    if str(output) == STANDARD_STREAM:
        raise click.UsageError("an index goes to a file, not to standard output: -o FILE")
    if not output.absolute().parent.is_dir():
        raise OutputError(f"{output}: there is no folder {output.parent}; create it first")
    from simsearch.index.index import Index

    index = Index.open(name, indexes, version=version, salvage=salvage)
    index.export(output, vectors=vectors)
    if not quiet:
        _print_summary(index, output)


def _print_summary(index: Index, output: Path) -> None:
    from simsearch.report.cells import count, size

    room = size(output.stat().st_size)
    click.echo(f"Wrote {count(len(index), 'item')} to {output} ({room})")
