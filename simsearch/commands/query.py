"""`simsearch query`: what in an index is like this one?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

import click

from simsearch.commands.options import (
    id_option,
    indexes_option,
    threads_option,
    version_options,
)

if TYPE_CHECKING:
    from pathlib import Path

    from simsearch.search import Index

__all__ = ["command"]


def _record(ctx: click.Context, param: click.Parameter, value: str | None) -> dict[str, Any] | None:
    """A JSON object; an error says where it stops being one."""
    if value is None:
        return None
    try:
        found = json.loads(value, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        text = f'no JSON from {where} on: {error.msg}. Write it as \'{{"name": "Jon"}}\''
        raise click.BadParameter(text, ctx, param) from None
    except (ValueError, RecursionError) as error:
        raise click.BadParameter(f"no JSON: {error}", ctx, param) from None
    if not isinstance(found, dict):
        raise click.BadParameter('a record is a JSON object: {"name": …}', ctx, param)
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


@click.command(short_help="Find what is most like a record, a text or an item of an index.")
@click.argument("name")
@click.argument("text", nargs=-1)
@click.option(
    "--record",
    callback=_record,
    metavar="JSON",
    help="A record: a JSON object of column names and values. Columns may be left out.",
)
@click.option("--like", metavar="ID", help="An item of the index, by its id; it is left out.")
@click.option(
    "--file",
    "source",
    metavar="SOURCE",
    help="A table of records, each a query: a file, - for standard input, or a database URL.",
)
@id_option()
@click.option(
    "-k",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="How many matches at most.",
)
@click.option(
    "--min-score",
    type=float,
    metavar="S",
    help="Leave out what is not as close as this (for a distance: what is further away).",
)
@click.option(
    "--where",
    metavar="SQL",
    help="Consider only items that fulfil this condition on the stored columns.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="How to print the matches. With --file, json is one object a line.",
)
@version_options()
@indexes_option()
@threads_option()
def command(
    name: str,
    text: tuple[str, ...],
    form: str,
    indexes: Path | None,
    version: int | None,
    salvage: bool,
    **keywords: Any,
) -> None:
    """Find the items of the index NAME that are most like a record, a text or another item.

    TEXT is compared with all columns. The matches alone go to standard output, nearest first.
    In --where, columns of a CSV are text: a number is TRY_CAST(age AS DOUBLE) > 30.

    \b
    Examples:
      simsearch query customers smiht leeds
      simsearch query customers --record '{"name": "Jon Smiht", "city": "Leeds"}' -k 3
      simsearch query customers --like 1042 --where "country = 'GB'" --min-score 0.6
      simsearch query customers --file more.csv --format csv > matches.csv
    """
    ways = ("record", "like", "source")
    asked = {way: keywords.pop(way) for way in ways}
    asked["text"] = " ".join(text) if text else None
    given = [way for way in asked if asked[way] is not None]
    context = click.get_current_context()
    if len(given) != 1:
        raise click.UsageError("give one of TEXT, --record, --like and --file", context)
    if keywords["id_column"] is not None and given != ["source"]:
        raise click.UsageError("--id names a column of --file; give it with --file", context)
    from simsearch.search import Index

    index = Index.open(name, indexes, version=version, salvage=salvage)
    if given == ["source"]:
        _print_batch(index, asked["source"], form, keywords)
    else:
        del keywords["id_column"]
        _print_one(index, asked, form, keywords)


def _print_one(index: Index, asked: dict[str, Any], form: str, keywords: dict[str, Any]) -> None:
    from simsearch.report.matches import print_matches

    if asked["like"] is not None:
        found = index.query_like(asked["like"], **keywords)
    else:
        item = asked["text"] if asked["record"] is None else asked["record"]
        found = index.query(item, **keywords)
    print_matches(found, index.info().stored_columns, form)


def _print_batch(index: Index, source: str, form: str, keywords: dict[str, Any]) -> None:
    from simsearch.report.matches import print_answers
    from simsearch.sources import RecordOptions, open_records

    options = RecordOptions(id_column=keywords.pop("id_column"))
    records = open_records(source, options=options)
    print_answers(index.query_batch(records, **keywords), index.info().stored_columns, form)
    if records.skipped:
        from simsearch.report.cells import count

        first = records.skipped[0]
        click.echo(
            f"Warning: {count(len(records.skipped), 'row')} of {records.name} could not be read, "
            f"the first in line {first.row}: {first.reason}",
            err=True,
        )
