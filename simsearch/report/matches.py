"""Matches of queries, as a table for people, as JSON or as CSV."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from simsearch.report.cells import cell, plain, short
from simsearch.report.rows import DIGITS, print_columns, print_csv, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simsearch.index.index import QueryMatches
    from simsearch.schema import Match

__all__ = ["print_matches", "print_query_matches"]

# Digits after the point of a score, for people.
SHOWN_DIGITS = 3


def print_matches(found: Sequence[Match], columns: Sequence[str], form: str) -> None:
    """Print the matches of one query to standard output.

    Args:
        found: nearest first.
        columns: the stored columns, in order.
        form: table; json: one array; csv: id, score and the stored columns.
    """
    if form == "json":
        print(json.dumps([_as_json(match) for match in found], indent=1, ensure_ascii=False))
    elif form == "csv":
        print_csv(["id", "score", *columns], (_fields(match, columns) for match in found))
    else:
        _print_table(found, columns)


def print_query_matches(found: Iterable[QueryMatches], columns: Sequence[str], form: str) -> None:
    """Print the matches of many queries to standard output, each as it comes.

    Args:
        found: in the order of the queries.
        columns: the stored columns, in order.
        form: table; json: one object a line, `query` and `matches`; csv: query, id, score and
            the stored columns, one match a row.
    """
    if form == "csv":
        rows = ([str(a.id), *_fields(match, columns)] for a in found for match in a.matches)
        print_csv(["query", "id", "score", *columns], rows)
        return
    for each in found:
        if form == "json":
            content = {"query": each.id, "matches": [_as_json(m) for m in each.matches]}
            print_json(content)
        else:
            print(f"query {short(each.id)}")
            _print_table(each.matches, columns)
            print()


def _as_json(match: Match) -> dict[str, Any]:
    score = round(match.score, DIGITS)
    content = {"id": match.id, "score": score, "metadata": plain(dict(match.metadata))}
    return content | {"words": list(match.words)} if match.words else content


def _fields(match: Match, columns: Sequence[str]) -> list[str]:
    cells = [cell(match.metadata.get(name)) for name in columns]
    return [str(match.id), str(round(match.score, DIGITS)), *cells]


def _print_table(found: Sequence[Match], columns: Sequence[str]) -> None:
    """Aligned columns; on a terminal as many as fit, empty ones left out."""
    if not found:
        print("no match")
        return
    table = {
        "id": [short(match.id) for match in found],
        "score": [f"{match.score:.{SHOWN_DIGITS}f}" for match in found],
    }
    if any(match.words for match in found):
        table["words"] = [short(" ".join(match.words)) for match in found]
    names = [name for name in columns if any(cell(match.metadata.get(name)) for match in found)]
    stored = [[short(match.metadata.get(name)) for match in found] for name in names]
    if names and stored[0] == table["id"]:  # the id column itself
        names, stored = names[1:], stored[1:]
    headers = [*table, *(short(name) for name in names)]
    print_columns(headers, [*table.values(), *stored])
