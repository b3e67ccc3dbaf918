"""`simsearch query`: what in an index is like this one?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from simsearch.commands.bases import base_called, match_records
from simsearch.commands.index_options import indexes_option, version_options
from simsearch.commands.notes import note_of_alignment, warn_of_skipped
from simsearch.commands.options import exclusive, format_option, refuse_given, threads_option
from simsearch.commands.source_options import id_option, vectors_option

if TYPE_CHECKING:
    from simsearch.index.index import Index

__all__ = ["command"]

MATCHES = 10
# How to ask. The texts after the name of the index are one more way.
WAYS = ("record", "like", "file")
OF_FILE = ("id", "vectors")


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


@click.command(short_help="Find what is most like a record, a text, a file or an item.")
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
    metavar="SOURCE",
    help="A table of records, each a query: a file, - for standard input, or a database URL. "
    "For an index of vectors: .npy or Parquet; of images, texts or signals: such a source.",
)
@id_option()
@vectors_option()
@click.option(
    "-k",
    type=click.IntRange(min=1),
    metavar="N",
    help=f"How many matches at most.  [default: {MATCHES}]",
)
@click.option(
    "--within",
    type=float,
    metavar="S",
    help="Find all that are as close as this score (for a distance: no further away).",
)
@click.option(
    "--min-score",
    type=float,
    metavar="S",
    help="Of the N nearest, leave out those that are not as close as this.",
)
@click.option(
    "--where",
    metavar="SQL",
    help="Consider only items that fulfil this condition on the stored columns.",
)
@click.option(
    "--by",
    type=click.Choice(["both", "vectors", "words"]),
    help="Of texts: find by meaning, by words (BM25), or by both at once.  [default: both, but "
    "vectors with --within and --min-score]",
)
@click.option(
    "--rerank",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Of texts: sort the first answers by a cross-encoder that sentence-transformers saved in "
    "this folder; it reads each beside the query, and scores are its own.",
)
@format_option("How to print the matches. With --file, json is one object a line.")
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

    TEXT is compared with all columns; of an index of images or signals it is the path of one. An
    index of vectors is searched by --like and --file. The matches alone go to standard output,
    nearest first. In --where, columns of a CSV are text: a number is TRY_CAST(age AS DOUBLE) > 30.

    Of a base of groups (`dedupe --into`) it is said which group a record, a row of the base
    (--like), or each row of a file belongs to, how probable that is and why. Nothing is written.

    \b
    Examples:
      simsearch query customers smiht leeds
      simsearch query customers --record '{"name": "Jon Smiht", "city": "Leeds"}' -k 3
      simsearch query customers --like 1042 --where "country = 'GB'" --min-score 0.6
      simsearch query customers --like 1042 --within 0.8
      simsearch query customers --file more.csv --format csv > matches.csv
      simsearch query manuals "error 0x80070057 on start" --by words
      simsearch query manuals "printer will not start" --rerank cross-encoder/
      simsearch query words --file queries.npy -k 5 --format json
      simsearch query photos new.jpg
      simsearch query customers.groups --record '{"name": "Jon Smiht", "city": "Leeds"}'
    """
    if (base := base_called(name, indexes)) is not None:
        asked = _asked(text, keywords)
        match_records(base, asked, keywords["id"], form)
        return
    asked = _asked(text, keywords)
    given = [way for way in asked if asked[way] is not None]
    context = click.get_current_context()
    if len(given) != 1:
        raise click.UsageError("give one of TEXT, --record, --like and --file", context)
    of_file = {name: keywords.pop(name) for name in OF_FILE}
    if given != ["file"]:
        refuse_given(OF_FILE, "names a column of --file; give it with --file")
    exclusive(context, ("within", "k"), ("within", "min_score"))
    within, k = keywords.pop("within"), keywords.pop("k")
    if within is None:
        keywords["k"] = MATCHES if k is None else k
    else:
        keywords.update(k=None, min_score=within)
    from simsearch.index.index import Index

    index = Index.open(name, indexes, version=version, salvage=salvage)
    note_of_alignment(index)
    if given == ["file"]:
        _print_batch(index, asked["file"], form, of_file, keywords)
    else:
        _print_one(index, asked, form, keywords)


def _asked(text: tuple[str, ...], keywords: dict[str, Any]) -> dict[str, Any]:
    """What is asked with, by the way to ask, out of the options; None where it is not asked so."""
    asked = {way: keywords.pop(way) for way in WAYS}
    return {**asked, "text": " ".join(text) if text else None}


def _print_one(index: Index, asked: dict[str, Any], form: str, keywords: dict[str, Any]) -> None:
    from simsearch.report.matches import print_matches

    if asked["like"] is not None:
        refuse_given(("by", "rerank"), "is for texts that you ask with, not for --like")
        keywords.pop("by")
        keywords.pop("rerank")
        found = index.query_like(asked["like"], **keywords)
    else:
        # Of an index of images or signals, the text is the path of one.
        item = asked["text"] if asked["record"] is None else asked["record"]
        found = index.query(item, **keywords)
    print_matches(found, index.info().stored_columns, form)


def _print_batch(
    index: Index, file: str, form: str, of_file: dict[str, Any], keywords: dict[str, Any]
) -> None:
    from simsearch.kinds.record import RECORD
    from simsearch.report.matches import print_query_matches

    found = index.query_batch(file, **of_file, **keywords)
    info = index.info()
    told = info.kind == RECORD.name and keywords["k"] is not None
    print_query_matches(found, info.stored_columns, form, evidence=told)
    warn_of_skipped(index.skipped, index.info().kind, file)
