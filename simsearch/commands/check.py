"""`simsearch check`: is every byte of an index what was written?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from simsearch.commands.index_options import indexes_option
from simsearch.commands.options import quiet_option
from simsearch.errors import IndexCorruptError

if TYPE_CHECKING:
    from pathlib import Path

    from simsearch.index.check import Repair

__all__ = ["command"]


@click.command(short_help="Compare every byte of an index with what was written.")
@click.argument("name")
@click.option(
    "--repair",
    is_flag=True,
    help="Make a new version of what is intact, and give up the versions that are damaged.",
)
@indexes_option()
@quiet_option()
def command(name: str, repair: bool, indexes: Path | None, quiet: bool) -> None:
    """Read all files of the index NAME and of its older versions, and name what is damaged.

    The exit code is 1 if anything is. What is intact can still be read (query --salvage,
    export --salvage), and --repair makes a new version of it.

    \b
    Examples:
      simsearch check customers
      simsearch check customers --repair
    """
    from simsearch.index.check import check
    from simsearch.report.cells import count, size

    found = check(name, repair=repair, indexes=indexes)
    if found.repair is not None:
        _tell_of_repair(found.repair)
    for problem in found.problems:
        click.echo(problem)
    if found.problems:
        raise IndexCorruptError(_advice(name, found.result.newest))
    if not quiet:
        read = f"{count(found.result.files, 'file')}, {size(found.result.bytes)}"
        click.echo(f"All is well: {count(found.result.versions, 'version')}, {read}")


def _tell_of_repair(done: Repair) -> None:
    from simsearch.report.cells import count

    for lost in done.lost:
        click.echo(f"Lost: {lost}", err=True)
    click.echo(f"Made version {done.version} of {count(done.items, 'item')}", err=True)


def _advice(name: str, newest_is_intact: bool) -> str:
    if newest_is_intact:
        return (
            f"{name!r}: the newest version is intact, older ones are not; "
            f"give them up: simsearch compact {name} --prune"
        )
    return (
        f"{name!r} is damaged; read what is left (simsearch query {name} --salvage …) "
        f"or make a new version of it: simsearch check {name} --repair"
    )
