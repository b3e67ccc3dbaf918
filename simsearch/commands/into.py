"""`simsearch dedupe SOURCE --into NAME`: new rows join the groups of a base, or one is made."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.flags import wording
from simsearch.commands.options import is_given, refuse_given
from simsearch.commands.progress import progress_bars
from simsearch.commands.results import Results
from simsearch.errors import OptionError
from simsearch.sources.keywords import TableKeywords

if TYPE_CHECKING:
    from simsearch.commands.results import Target
    from simsearch.duplicates.base_added import Added
    from simsearch.duplicates.record_base import RecordBase
    from simsearch.schema import Records

__all__ = ["dedupe_into", "undo_run"]

# Options of dedupe by which a source is read.
READING = tuple(TableKeywords.__annotations__)


# What only the run that makes a base can be told.
FIRST = ("threshold", "labels", "encoder", "seed", "roles", "must_agree", "resume")
OUTPUT = ("output", "output_table", "overwrite")


def dedupe_into(
    source: str, into: str, output: Target | None, quiet: bool, keywords: dict[str, Any]
) -> None:
    """Let the rows of a source join a base; the first time, make it of them.

    Args:
        source: the new rows.
        into: name of the base.
        output: where every new row is written with its group; None: nowhere.
        quiet: no progress bars and no summary.
        keywords: the options of the command.
    """
    from simsearch.commands.notes import note_of_reading, warn_of_skipped
    from simsearch.duplicates.base_files import base_folder, is_base
    from simsearch.duplicates.record_base import RecordBase
    from simsearch.kinds.record import RECORD

    _refuse_others({"source", "into", *OUTPUT, "quiet", "threads", *FIRST, *READING})
    reading = {name: keywords[name] for name in READING if keywords[name]}
    known = is_base(base_folder(into, None))
    if known:
        _refuse_others(
            {"source", "into", *OUTPUT, "quiet", "threads", *READING}, "--into once there is one"
        )
    read: Added | Records
    with Results([output], [source]) as results:
        with progress_bars(quiet) as progress:
            if known:
                added = RecordBase.open(into).add(source, progress=progress, **reading)
                table, told, read = added.table, _of_run(into, added), added
            else:
                first = {name: keywords[name] for name in FIRST if is_given(keywords[name])}
                base = RecordBase.make(into, source, progress=progress, **first, **reading)
                table, told, read = base.made_table(), _of_base(into, base), _read_by(base)
        if output is not None:
            results.write(output, table, {"group_confidence"})
        results.publish()
    warn_of_skipped(read.skipped, RECORD.name, source)
    if not quiet:
        note_of_reading(read.notes)
        click.echo(told, err=results.to_stdout)


def undo_run(into: str | None, undo: int, quiet: bool) -> None:
    """Take back a run.

    Args:
        into: name of the base; None is refused.
        undo: number of the run.
        quiet: say nothing.
    """
    from simsearch.duplicates.record_base import RecordBase

    if into is None:
        raise click.UsageError("--undo is of a base: name it with --into")
    _refuse_others({"into", "undo", "quiet"}, "--undo")
    base = RecordBase.open(into)
    base.undo(undo)
    if not quiet:
        click.echo(f"run {undo} of {into} is undone; {len(base):,} rows are left")


def _refuse_others(fitting: set[str], when: str = "--into") -> None:
    """Options that would have no effect are refused."""
    every = {param.name or "" for param in click.get_current_context().command.params}
    refuse_given(every - fitting, f"does not go with {when}")


def _of_run(into: str, added: Added) -> str:
    """What a run changed, in words."""
    counts = Counter(added.log["action"].to_pylist())
    own = counts["attach"] + counts["new"]
    changed = []
    if own or not (added.unchanged or counts["update"]):
        changed = [
            f"{counts['attach']:,} of {own:,} rows joined groups that were there",
            f"{counts['new']:,} made new groups",
        ]
    if counts["update"]:
        changed.append(f"{counts['update']:,} took the place of the rows with their ids")
    if added.unchanged:
        changed.append(f"{added.unchanged:,} were there already")
    changed += [f"{counts[each]:,} earlier rows {word}" for each, word in _MOVES if counts[each]]
    lines = [f"run {added.run} of {into}: {', '.join(changed)}"]
    if added.unlike:
        more = f" and {len(added.unlike) - _SHOWN:,} more" if len(added.unlike) > _SHOWN else ""
        lines.append(
            f"{len(added.unlike):,} are not like the rows with their ids, and stand beside them: "
            f"{', '.join(added.unlike[:_SHOWN])}{more}"
        )
    if added.missing:
        lines.append(f"compared without {', '.join(added.missing)}: the rows have no such column")
    return "\n".join(
        [*lines, f"to take it back: simsearch dedupe --into {into} --undo {added.run}"]
    )


_MOVES = (("merge", "were merged into other groups"), ("split", "were split off"))
# Ids that are named.
_SHOWN = 5


def _read_by(base: RecordBase) -> Records:
    """What a base was just made of."""
    if base.made_from is None:
        raise OptionError("the base was opened, not made")
    return base.made_from.records


def _of_base(into: str, base: RecordBase) -> str:
    """What a new base is, in words."""
    groups = 0 if base.made_from is None else base.made_from.group_count
    told = () if base.made_from is None else base.made_from.statistics.told
    return "\n".join(
        [
            f"made the base {into}: {len(base):,} rows, {groups:,} groups of two and more",
            *map(wording(), told),
            f"the next rows join them: simsearch dedupe NEW --into {into}",
        ]
    )
