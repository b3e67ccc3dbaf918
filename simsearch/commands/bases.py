"""A base of groups in the place of an index: what the commands that take NAME do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.options import refuse_given

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from simsearch.duplicates.record_base import RecordBase
    from simsearch.report.base_matches import BaseInfo

__all__ = [
    "base_called",
    "bases_in",
    "compact_base",
    "describe_base",
    "export_base",
    "match_records",
    "remove_rows",
]

# By this ending a base is meant where an index has the same name.
_ENDING = ".groups"
_SHARED = {"name", "indexes", "quiet"}


def base_called(name: str, indexes: Path | None) -> RecordBase | None:
    """The base that a name means; None where it means an index.

    Args:
        name: of an index, or of a base, which may end in `.groups` as its folder does.
        indexes: the folder that holds both.

    Raises:
        IndexNotFoundError: it ends in `.groups`, and there is no such base.
    """
    from simsearch.store.roots import indexes_root, names

    # A query of an index takes less time than what a base imports.
    if not name.endswith(_ENDING) and not (indexes_root(indexes) / f"{name}{_ENDING}").is_dir():
        return None
    from simsearch.duplicates.base_files import base_folder, is_base
    from simsearch.duplicates.record_base import RecordBase

    if name.endswith(_ENDING):
        return RecordBase.open(name.removesuffix(_ENDING), indexes)
    if not is_base(base_folder(name, indexes)):
        return None
    if name in names(indexes_root(indexes)):
        click.echo(f"{name} is the index here; the base of that name is {name}{_ENDING}", err=True)
        return None
    return RecordBase.open(name, indexes)


def bases_in(indexes: Path | None) -> list[BaseInfo]:
    """What is told of each base in a folder; one that cannot be read is warned of."""
    from simsearch.store.roots import indexes_root

    if not any(indexes_root(indexes).glob(f"*{_ENDING}")):  # what a base imports takes time
        return []
    from simsearch.duplicates.base_files import base_names
    from simsearch.duplicates.record_base import RecordBase
    from simsearch.errors import VectorIndexError
    from simsearch.report.base_matches import BaseInfo

    found = []
    for name in base_names(indexes):
        try:
            base = RecordBase.open(name, indexes)
            found.append(BaseInfo.of(base, _bytes(base)))
        except VectorIndexError as error:
            click.echo(f"Warning: {error}", err=True)
    return found


def export_base(base: RecordBase, output: Path, *, log: bool, quiet: bool) -> None:
    """Write the groups of a base as a table, or what its runs changed.

    Args:
        base: that is asked.
        output: a CSV, or `-`.
        log: write the log instead.
        quiet: say nothing.
    """
    from simsearch.commands.results import Results
    from simsearch.report.cells import count

    _refuse_others({"output", "log"}, "is for an index, not for a base of groups")
    table = base.log() if log else base.table()
    with Results([output], []) as results:
        results.write(output, table)
        results.publish()
    if not quiet and not results.to_stdout:
        what = "of the log" if log else "with their groups"
        click.echo(f"Wrote {count(table.num_rows, 'row')} {what} to {output}")


def describe_base(base: RecordBase, form: str) -> None:
    """Print what a base is.

    Args:
        base: that is described.
        form: table (a line for each property) or json (an object).
    """
    from simsearch.report.base_matches import print_base

    _refuse_others({"form"}, "is for an index, not for a base of groups")
    print_base(base, _bytes(base), form)


def remove_rows(base: RecordBase, ids: tuple[str, ...], quiet: bool) -> None:
    """Remove rows of a base.

    Args:
        base: that has them.
        ids: of the rows.
        quiet: say nothing.
    """
    from simsearch.report.cells import count

    _refuse_others(
        {"ids"},
        "is for an index: a base keeps columns only as they are compared; name rows by --id",
    )
    before, name = len(base), base.folder.stem
    run = base.remove(ids)
    if not quiet:
        click.echo(
            f"run {run} of {name}: removed {count(before - len(base), 'row')}; {len(base):,} are "
            f"left, in the groups they were in\n"
            f"to take it back: simsearch dedupe --into {name} --undo {run}"
        )


def compact_base(base: RecordBase, quiet: bool) -> None:
    """Make one run of all runs of a base.

    Args:
        base: that is compacted.
        quiet: say nothing.
    """
    from simsearch.report.cells import count, size

    _refuse_others(set(), "is for an index, not for a base of groups")
    runs, before = len(base.runs), _bytes(base)
    run = base.compact()
    if not quiet:
        click.echo(
            f"run {run} of {base.folder.stem}: {count(len(base), 'row')} in the place of "
            f"{count(runs, 'run')}, {size(_bytes(base))} instead of {size(before)}; earlier runs "
            "cannot be undone any more"
        )


def match_records(
    base: RecordBase,
    record: dict[str, Any] | None,
    file: str | None,
    id_column: str | None,
    form: str,
) -> None:
    """Print the group that a record belongs to, or each row of a file.

    Args:
        base: that has the groups.
        record: one record; None for those of a file.
        file: a table of records; None for one record.
        id_column: of the file.
        form: table, json or csv.

    Raises:
        click.UsageError: neither is given, or an option that is for an index.
    """
    from simsearch.report.base_matches import print_base_match, print_base_matches

    fitting = {"record", "file", "id", "form", "text"}
    _refuse_others(fitting, "is for an index, not for a base of groups")
    if record is not None:
        print_base_match(base.match(record), form)
    elif file is not None:
        reading: Any = {} if id_column is None else {"id": id_column}
        print_base_matches(base.match_all(file, **reading), form)
    else:
        raise click.UsageError(
            f"{base.folder.stem} is a base of groups: give a record with --record or a table with "
            "--file"
        )


def _refuse_others(fitting: Collection[str], why: str) -> None:
    """Options that would have no effect are refused."""
    every = {param.name or "" for param in click.get_current_context().command.params}
    refuse_given(every - _SHARED - set(fitting), why)


def _bytes(base: RecordBase) -> int:
    return sum(path.stat().st_size for path in base.folder.rglob("*") if path.is_file())
