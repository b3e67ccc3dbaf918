"""`simsearch label` from the outside."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simsearch.commands import main
from tests.report.page.made import CUSTOMERS


def run(*arguments: object, keys: str = "") -> Result:
    return CliRunner().invoke(main, ["label", *map(str, arguments)], input=keys)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("label") / "customers.csv"
    CUSTOMERS.to_csv(path, index=False)
    return path


def test_keys_become_labels(table: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    result = run(table, "--id", "no", "-o", labels, keys="yxnunb?yq")
    assert result.exit_code == 0, result.output
    assert [line.split(",")[2] for line in labels.read_text().splitlines()[1:]] == ["1", "0", "1"]
    assert f"3 answered; {labels} has 3 labels, 2 same and 1 not" in result.stdout
    assert f"simsearch dedupe {table} --id no --labels {labels}" in result.stdout
    assert "expected to move F1 by" in result.stdout


def test_the_end_of_the_keys_stops(table: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.csv"
    result = run(table, "--id", "no", "-o", labels, keys="y")
    assert result.exit_code == 0, result.output
    assert len(labels.read_text().splitlines()) == 2


def test_without_a_terminal_nobody_can_answer(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent() -> str:
        raise OSError(6, "No such device or address", "/dev/tty")

    monkeypatch.setattr("click.getchar", absent)
    result = run(table, "-o", tmp_path / "labels.csv")
    assert result.exit_code == 1
    assert "Error: there is no terminal to answer in; mark pairs on the page" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("-",), 2, "answers come from the terminal"),
        (("none.csv",), 1, "none.csv: no such file"),
    ],
)
def test_what_is_refused(arguments: tuple[str, ...], code: int, said: str, tmp_path: Path) -> None:
    result = run(*arguments, "-o", tmp_path / "labels.csv")
    assert result.exit_code == code
    assert said in result.stderr


def test_the_source_is_not_written_to(table: Path) -> None:
    before = table.read_bytes()
    result = run(table, "-o", table)
    assert result.exit_code == 1
    assert "would replace the input" in result.stderr
    assert table.read_bytes() == before
