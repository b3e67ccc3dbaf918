"""`simsearch check`: is every byte of an index what was written?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from simsearch.commands.index_options import indexes_option
from simsearch.commands.options import quiet_option
from simsearch.errors import IndexCorruptError

if TYPE_CHECKING:
    from pathlib import Path

    from simsearch.store.upkeep.check import CheckResult

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

    Exit code 1 when something is. What is intact can still be read (query --salvage,
    export --salvage), and --repair makes a new version of it.

    \b
    Examples:
      simsearch check customers
      simsearch check customers --repair
    """
    from simsearch.store.roots import existing, indexes_root
    from simsearch.store.upkeep.check import check

    folder = existing(name, indexes_root(indexes))
    if repair:
        _repair(folder)
    found = check(folder)
    for problem in found.problems:
        click.echo(problem)
    if found.problems:
        raise IndexCorruptError(_advice(name, found))
    if not quiet:
        from simsearch.report.cells import count, size

        read = f"{count(found.files, 'file')}, {size(found.bytes)}"
        click.echo(f"All is well: {count(found.versions, 'version')}, {read}")


def _advice(name: str, found: CheckResult) -> str:
    if found.newest:
        return (
            f"{name!r}: the newest version is intact, older ones are not; "
            f"give them up: simsearch compact {name} --prune"
        )
    return (
        f"{name!r} is damaged; read what is left (simsearch query {name} --salvage …) "
        f"or make a new version of it: simsearch check {name} --repair"
    )


def _repair(folder: Path) -> None:
    from simsearch.report.cells import count
    from simsearch.store.upkeep.salvage import repair

    made = repair(folder)
    for lost in made.lost:
        click.echo(f"Lost: {lost}", err=True)
    number = made.reader.generation.number
    click.echo(f"Made version {number} of {count(len(made.reader), 'item')}", err=True)
