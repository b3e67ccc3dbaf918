"""`simsearch remove`: delete items of an index, or rows of a base."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from simsearch.commands.bases import base_called, remove_rows
from simsearch.commands.index_options import indexes_option
from simsearch.commands.options import quiet_option

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]


@click.command(short_help="Delete items of an index, or rows of a base.")
@click.argument("name")
@click.option("--id", "ids", multiple=True, metavar="ID", help="An item; may be given often.")
@click.option(
    "--where", metavar="SQL", help="Whatever fulfils this condition on the stored columns."
)
@indexes_option()
@quiet_option()
def command(
    name: str, ids: tuple[str, ...], where: str | None, indexes: Path | None, quiet: bool
) -> None:
    """Delete items of the index NAME. Queries no longer find them from then on.

    Of a base of groups (`dedupe --into`) the rows go, by their columns as they were given; all
    others keep their groups.

    \b
    Examples:
      simsearch remove customers --id 1042 --id 1043
      simsearch remove customers --where "country = 'GB'"
    """
    if not ids and where is None:
        raise click.UsageError("say what to remove: --id ID or --where SQL")
    if (base := base_called(name, indexes)) is not None:
        remove_rows(base, ids, where, quiet)
        return
    from simsearch.index.index import Index

    index = Index.open(name, indexes)
    removed = index.remove(ids, where=where)
    if not quiet:
        from simsearch.report.cells import count

        click.echo(f"Removed {count(removed, 'item')}; {len(index):,} are left")
