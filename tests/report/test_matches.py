"""Matches on standard output: for people, as JSON, as CSV."""

import csv
import io
import json
import math

import pytest

from simsearch.report.matches import print_matches, print_query_matches
from simsearch.schema import Match
from simsearch.store.search.matches import QueryMatches

FOUND = (
    Match("a", 0.123456789, {"name": "Zoë, Ann", "born": 1990, "empty": None}),
    Match(7, 1.0, {"name": 'say "x"\nnow', "born": math.nan, "empty": None}),
)
COLUMNS = ["name", "born", "empty"]


def test_json_is_one_array(capsys: pytest.CaptureFixture[str]) -> None:
    print_matches(FOUND, COLUMNS, "json")
    first, second = json.loads(capsys.readouterr().out)
    assert first == {
        "id": "a",
        "score": 0.123457,
        "metadata": {"name": "Zoë, Ann", "born": 1990, "empty": None},
    }
    assert (second["id"], second["metadata"]["born"]) == (7, None)


def test_csv_holds_every_value(capsys: pytest.CaptureFixture[str]) -> None:
    print_matches(FOUND, COLUMNS, "csv")
    assert list(csv.reader(io.StringIO(capsys.readouterr().out))) == [
        ["id", "score", "name", "born", "empty"],
        ["a", "0.123457", "Zoë, Ann", "1990", ""],
        ["7", "1.0", 'say "x"\nnow', "", ""],
    ]


def test_a_table_leaves_out_what_is_empty_and_what_could_steer_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_matches(FOUND, COLUMNS, "table")
    head, first, second = capsys.readouterr().out.splitlines()
    assert head.split() == ["id", "score", "name", "born"]
    assert first.split() == ["a", "0.123", "Zoë,", "Ann", "1990"]
    assert 'say "x" now' in second


def test_what_columns_say_is_shown_where_they_were_compared(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = Match("a", 0.5, {"name": "Zoë"}, evidence=-1.23456789)
    print_matches([told], ["name"], "table")
    head, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["id", "score", "evidence", "name"]
    assert row.split() == ["a", "0.500", "-1.2", "Zoë"]
    print_matches([told], ["name"], "json")
    assert json.loads(capsys.readouterr().out)[0]["evidence"] == -1.234568
    print_query_matches([QueryMatches("q", (told,))], ["name"], "csv", evidence=True)
    assert capsys.readouterr().out.splitlines() == [
        "query,id,score,evidence,name",
        "q,a,0.5,-1.234568,Zoë",
    ]


def test_no_match(capsys: pytest.CaptureFixture[str]) -> None:
    print_matches([], COLUMNS, "table")
    assert capsys.readouterr().out == "no match\n"


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_many_queries_each_with_its_own(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    answers = [QueryMatches("q1", FOUND), QueryMatches("q2", ())]
    print_query_matches(answers, COLUMNS, form)
    out = capsys.readouterr().out
    if form == "json":
        told = [json.loads(line) for line in out.splitlines()]
        assert [(each["query"], len(each["matches"])) for each in told] == [("q1", 2), ("q2", 0)]
    elif form == "csv":
        rows = list(csv.reader(io.StringIO(out)))
        assert rows[0][:3] == ["query", "id", "score"]
        assert [row[:2] for row in rows[1:]] == [["q1", "a"], ["q1", "7"]]
    else:
        assert out.index("query q1") < out.index("0.123") < out.index("query q2")
        assert out.rstrip().endswith("no match")
