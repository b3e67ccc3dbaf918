"""Matches of queries, as a table for people, as JSON or as CSV."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from simsearch.report.cells import cell, excerpt, plain, short
from simsearch.report.rows import DIGITS, print_columns, print_csv, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simsearch.schema import Match
    from simsearch.store.search.matches import QueryMatches

__all__ = ["print_matches", "print_query_matches"]

# The stored column of texts.
_TEXT = "text"
# Digits after the point of a score, for people.
SHOWN_DIGITS = 3


def print_matches(found: Sequence[Match], columns: Sequence[str], form: str) -> None:
    """Print the matches of one query to standard output.

    Args:
        found: nearest first.
        columns: the stored columns, in order.
        form: table; json: one array; csv: id, score, the evidence if there is some, and the
            stored columns.
    """
    if form == "json":
        print(json.dumps([_as_json(match) for match in found], indent=1, ensure_ascii=False))
    elif form == "csv":
        told = any(match.evidence is not None for match in found)
        rows = (_fields(match, columns, evidence=told) for match in found)
        print_csv(_header(columns, evidence=told), rows)
    else:
        _print_table(found, columns)


def print_query_matches(
    found: Iterable[QueryMatches], columns: Sequence[str], form: str, *, evidence: bool = False
) -> None:
    """Print the matches of many queries to standard output, each as it comes.

    Args:
        found: in the order of the queries.
        columns: the stored columns, in order.
        form: table; json: one object a line, `query` and `matches`; csv: query, id, score and
            the stored columns, one match a row.
        evidence: whether columns of records are compared, so that CSV has what they say.
    """
    if form == "csv":
        rows = (
            [str(a.id), *_fields(match, columns, evidence=evidence)]
            for a in found
            for match in a.matches
        )
        print_csv(["query", *_header(columns, evidence=evidence)], rows)
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
    content: dict[str, Any] = {"id": match.id, "score": score}
    if match.evidence is not None:
        content["evidence"] = round(match.evidence, DIGITS)
    content["metadata"] = plain(dict(match.metadata))
    return content | {"words": list(match.words)} if match.words else content


def _header(columns: Sequence[str], *, evidence: bool) -> list[str]:
    return ["id", "score", *(["evidence"] if evidence else []), *columns]


def _fields(match: Match, columns: Sequence[str], *, evidence: bool) -> list[str]:
    told = [] if match.evidence is None else [str(round(match.evidence, DIGITS))]
    cells = [cell(match.metadata.get(name)) for name in columns]
    return [
        str(match.id), str(round(match.score, DIGITS)), *((told or [""]) if evidence else []),
        *cells,
    ]  # fmt: skip


def _print_table(found: Sequence[Match], columns: Sequence[str]) -> None:
    """Aligned columns; on a terminal as many as fit, empty ones left out."""
    if not found:
        print("no match")
        return
    table = {
        "id": [short(match.id) for match in found],
        "score": [f"{match.score:.{SHOWN_DIGITS}f}" for match in found],
    }
    if any(match.evidence is not None for match in found):
        table["evidence"] = ["" if m.evidence is None else f"{m.evidence:+.1f}" for m in found]
    if any(match.words for match in found):
        table["words"] = [short(" ".join(match.words)) for match in found]
    for name in columns:
        stored = [_shown(match, name) for match in found]
        if any(stored) and stored != table["id"]:  # the id column itself says nothing more
            table[short(name)] = stored
    print_columns(list(table), list(table.values()))


def _shown(match: Match, name: str) -> str:
    """A stored value; of a text that the words of a query are in, the part that has them."""
    value = match.metadata.get(name)
    return excerpt(value, match.words) if name == _TEXT and value else short(value)
