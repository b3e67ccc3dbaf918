"""`simsearch compact`: merge the parts of an index, and drop what was deleted."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.bases import base_called, compact_base
from simsearch.commands.index_options import indexes_option, search_options
from simsearch.commands.options import quiet_option, threads_option

if TYPE_CHECKING:
    from pathlib import Path

    from simsearch.index.index import Index

__all__ = ["command"]


@click.command(short_help="Merge the parts of an index, and drop what was deleted.")
@click.argument("name")
@click.option(
    "--prune",
    is_flag=True,
    help="Give up older versions as well, but for those that somebody has open.",
)
@search_options()
@indexes_option()
@threads_option()
@quiet_option()
def command(name: str, prune: bool, indexes: Path | None, quiet: bool, **search: Any) -> None:
    """Write all items of the index NAME anew, in one part if possible, without the deleted ones.

    The index can be searched meanwhile. With --engine, --recall or --memory it is searched that way
    from now on. Disk space is freed once older versions are given up (--prune).

    Of a base of groups (`dedupe --into`) one run is made of all: what was removed is gone from the
    disk at once, and no run before can be undone.

    \b
    Examples:
      simsearch compact customers
      simsearch compact customers --prune
      simsearch compact customers --recall 0.99
    """
    if (base := base_called(name, indexes)) is not None:
        compact_base(base, quiet)
        return
    from simsearch.index.index import Index

    index = Index.open(name, indexes)
    before = index.info().bytes
    index.compact(prune=prune, **search)
    if not quiet:
        _print_summary(index, before)


def _print_summary(index: Index, bytes_before: int) -> None:
    from simsearch.report.cells import count, size

    info = index.info()
    parts = count(len(info.segments), "part")
    now, before = size(info.bytes), size(bytes_before)
    sizes = now if now == before else f"{now} instead of {before}"
    click.echo(f"{count(info.items, 'item')} in {parts}, {sizes}")
    others = len(index.versions()) - 1
    if others:
        kept = f"{count(others, 'older version')} can still be read; to give up what is older"
        click.echo(f"{kept}: simsearch compact {shlex.quote(info.name)} --prune")
