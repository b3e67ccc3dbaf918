"""Rows on standard output."""

import csv
import io
import json

import pytest

from simsearch.report.rows import print_columns, print_rows

COLUMNS = ("id", "alarm", "score", "unknown")
ROWS = [("a", True, 0.1234567891, None), ("日本", False, None, None)]


def test_json_has_an_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(COLUMNS, ROWS, "json")
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told[0] == {"id": "a", "alarm": True, "score": 0.123457, "unknown": None}
    assert told[1]["score"] is None


def test_csv_has_all_columns(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(COLUMNS, ROWS, "csv")
    assert list(csv.reader(io.StringIO(capsys.readouterr().out))) == [
        list(COLUMNS),
        ["a", "true", "0.123457", ""],
        ["日本", "false", "", ""],
    ]


def test_a_table_is_aligned_and_shows_what_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows(COLUMNS, ROWS, "table")
    assert capsys.readouterr().out.splitlines() == [
        "id    alarm  score",
        "a     yes    0.1235",
        "日本  no",
    ]


def test_columns_of_no_rows_are_a_header(capsys: pytest.CaptureFixture[str]) -> None:
    print_columns(["id", "name"], [[], []])
    assert capsys.readouterr().out == "id  name\n"
