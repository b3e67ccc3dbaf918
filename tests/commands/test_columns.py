"""`simsearch columns`: what a table's columns are taken for."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simsearch.commands import main

NAMES = ["Anna Miller", "Peter Smith", "Mary Jones", "John Brown", "Zoe Clark", "Paul Hall"]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    rows = [
        f"{100 + row},{name},{name.split()[0].lower()}{row}@example.org,19{60 + row}-03-1{row}"
        for row, name in enumerate(NAMES)
    ]
    path.write_text("no,name,email,date of birth\n" + "\n".join(rows) + "\n")
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["columns", *map(str, arguments)])


def told(table: Path, *arguments: object) -> dict[str, dict[str, object]]:
    result = run(table, *arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    return {row["column"]: row for row in json.loads(result.stdout)}


def test_roles_are_told_with_what_is_compared(table: Path) -> None:
    found = told(table)
    assert list(found) == ["no", "name", "email", "date of birth"]
    assert found["email"]["role"] == "email"
    assert found["date of birth"]["role"] == "birth_date"
    assert found["name"]["role"] == "full_name"


def test_a_role_that_is_given_is_taken(table: Path) -> None:
    assert told(table, "--role", "no=identifier")["no"]["role"] == "identifier"


def test_csv_and_the_table_for_people_say_the_same(table: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(table, "--format", "csv").stdout)))
    assert [row["column"] for row in rows] == list(told(table))
    assert [row["role"] for row in rows] == [row["role"] for row in told(table).values()]
    shown = run(table).stdout
    assert "6 rows, 4 columns" in shown
    assert all(row["role"] in shown for row in rows)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--role", "colour=email"], "colour"),
        (["--role", "no=spam"], "spam"),
        (["--columns", "name", "--ignore", "no"], "--ignore"),
    ],
)
def test_wrong_options_are_named(table: Path, arguments: list[str], error: str) -> None:
    result = run(table, *arguments)
    assert result.exit_code in (1, 2)
    assert error in result.stderr
    assert "Traceback" not in result.output
