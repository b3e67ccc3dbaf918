"""`simsearch info`: which indexes there are, and what is in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from simsearch.commands.bases import base_called, bases_in, describe_base
from simsearch.commands.index_options import indexes_option, version_options
from simsearch.commands.options import format_option
from simsearch.errors import VectorIndexError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]


@click.command(short_help="List the indexes and bases, or describe one.")
@click.argument("name", required=False)
@format_option("How to print it.", csv_too=False)
@click.option("--versions", is_flag=True, help="List the versions that can be opened.")
@version_options()
@indexes_option()
def command(
    name: str | None,
    form: str,
    versions: bool,
    version: int | None,
    salvage: bool,
    indexes: Path | None,
) -> None:
    """Describe the index or base NAME; without NAME, list the indexes and the bases of groups.

    \b
    Examples:
      simsearch info
      simsearch info customers
      simsearch info customers --format json
      simsearch info customers --versions
    """
    from simsearch.index.index import Index
    from simsearch.report.indexes import print_index, print_indexes, print_versions
    from simsearch.store.roots import indexes_root

    if name is None and (versions or version or salvage):
        raise click.UsageError("--versions, --version and --salvage need the NAME of an index")
    if name is not None and (base := base_called(name, indexes)) is not None:
        describe_base(base, form)
        return
    if name is not None:
        index = Index.open(name, indexes, version=version, salvage=salvage)
        if versions:
            print_versions(index.versions(), form)
        else:
            print_index(index.info(), form)
        return
    found = []
    for each in Index.names(indexes):
        try:
            found.append(Index.open(each, indexes).info())
        except VectorIndexError as error:  # the others can still be listed
            click.echo(f"Warning: {error}", err=True)
    print_indexes(found, bases_in(indexes), indexes_root(indexes), form)
