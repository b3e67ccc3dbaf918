"""`simsearch link` from the outside."""

import csv
import re
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simsearch.commands import main

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
RENAMED = {
    "customer_no": "no",
    "first_name": "given name",
    "last_name": "surname",
    "address": "street",
    "city": "town",
    "phone": "telephone",
    "email": "mail",
    "date_of_birth": "born",
}

WARNING = r"Warning: only \d+% of the smaller table's rows have a match; [^\n]*\n"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The example cut in two; the right half has other column names."""
    folder = tmp_path_factory.mktemp("link")
    with (EXAMPLES / "customers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    write(folder / "ours.csv", rows[::2])
    write(
        folder / "theirs.csv",
        [{RENAMED.get(k, k): v for k, v in row.items()} for row in rows[1::2]],
    )
    return folder / "ours.csv", folder / "theirs.csv"


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["link", *map(str, arguments)])


def test_rows_are_found_across_other_column_names(
    tables: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "pairs.csv"
    result = run(*tables, "--left-id", "customer_no", "--right-id", "no", "-o", out)
    assert result.exit_code == 0
    # Few customers are in both halves, and that is said.
    assert re.fullmatch(WARNING, result.stderr)
    with out.open(encoding="utf-8", newline="") as file:
        header, *pairs = list(csv.reader(file))
    assert header == ["left_id", "right_id", "probability"]
    with (EXAMPLES / "customers_truth.csv").open(newline="") as file:
        person = {row["customer_no"]: row["person"] for row in csv.DictReader(file)}
    right = sum(person[a] == person[b] for a, b, _ in pairs)
    # A relative at the same address passes for a customer who is not in the other half.
    assert right / len(pairs) >= 0.75
    assert "least certain pairs" in result.stdout
    assert "compared: " in result.stdout


def test_results_alone_on_standard_output(tables: tuple[Path, Path]) -> None:
    result = run(*tables, "-q", "-o", "-")
    assert result.stdout.startswith("left_id,right_id,probability\n")
    assert re.fullmatch(WARNING, result.stderr)


@pytest.mark.parametrize(
    "arguments",
    [
        ["-", "-", "-o", "x.csv"],
        ["a.csv", "b.csv", "-o", "x.csv", "--id", "a", "--left-id", "b"],
        ["a.csv", "b.csv", "-o", "x.csv", "--columns", "a", "--ignore", "b"],
    ],
    ids=["standard input twice", "two ids", "columns and ignore"],
)
def test_wrong_usage(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_neither_side_is_replaced(tables: tuple[Path, Path]) -> None:
    for side in tables:
        result = run(*tables, "-o", side)
        assert result.exit_code == 1
        assert "would replace the input" in result.stderr


def test_the_pairs_go_into_a_table_of_a_database(tables: tuple[Path, Path], tmp_path: Path) -> None:
    url, out = f"sqlite:///{tmp_path / 'shop.db'}", tmp_path / "pairs.csv"
    ids = ["--left-id", "customer_no", "--right-id", "no"]
    assert run(*tables, *ids, "-o", url, "--output-table", "pairs").exit_code == 0
    assert run(*tables, *ids, "-o", out).exit_code == 0
    with sqlite3.connect(tmp_path / "shop.db") as shop:
        found = shop.execute("select left_id, right_id from pairs").fetchall()
    with out.open(encoding="utf-8", newline="") as file:
        assert found == [(row["left_id"], row["right_id"]) for row in csv.DictReader(file)]
    again = ["-o", url, "--output-table", "pairs", "--overwrite"]
    read = run(tables[0], url, "--table", "pairs", *again)
    assert (read.exit_code, "is the table that is read" in read.stderr) == (1, True)
