# ruff: noqa: N999  a command's module is called as the command; no statement imports it
"""`simsearch import`: make an index of a file that `export` wrote."""

from __future__ import annotations

from pathlib import Path

import click

from simsearch.commands.index_options import indexes_option
from simsearch.commands.notes import how_to_query
from simsearch.commands.options import quiet_option

__all__ = ["command"]


@click.command(short_help="Make an index of a file that `export` wrote.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "-n",
    "--name",
    metavar="NAME",
    help="What to call the index. Default: the name of FILE without its ending.",
)
@indexes_option()
@quiet_option()
def command(file: Path, name: str | None, indexes: Path | None, quiet: bool) -> None:
    """Make an index of FILE, which `simsearch export` wrote.

    Everything in it is checked before anything is put in place. For a table of vectors
    (Parquet, .npy) see `simsearch index`.

    \b
    Examples:
      simsearch import customers.simsearch
      simsearch import customers.simsearch -n customers-2025
    """
    from simsearch.index.index import Index

    index = Index.import_archive(file, name, indexes)
    if not quiet:
        from simsearch.report.cells import count

        click.echo(f"Imported {count(len(index), 'item')} as {index.name!r}")
        click.echo(how_to_query(index.name, index.info().kind))
