"""`simsearch explain` from the outside."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simsearch.commands import main
from tests.report.page.made import CUSTOMERS


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explain")
    CUSTOMERS.to_csv(folder / "all.csv", index=False)
    out = folder / "pairs.csv"
    assert run("dedupe", folder / "all.csv", "--id", "no", "--pairs", out, "-q").exit_code == 0
    return out


def test_a_pair_of_the_file_that_dedupe_wrote(pairs: Path) -> None:
    left, right = next(
        row.split(",")[:2]
        for row in pairs.read_text("utf-8").splitlines()[1:]
        if row.split(",")[-1]
    )
    result = run("explain", pairs, "--pair", right, left)
    assert result.exit_code == 0, result.output
    assert f"{left} and {right}: probability 0." in result.stdout
    assert "together" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--pair", "C1", "nobody"), 1, "has no pair of 'C1' and 'nobody'"),
        (("--pair", "C1"), 2, "requires 2 arguments"),
        ((), 2, "Missing option '--pair'"),
    ],
)
def test_what_is_refused(arguments: tuple[str, ...], code: int, said: str, pairs: Path) -> None:
    result = run("explain", pairs, *arguments)
    assert result.exit_code == code
    assert said in result.stderr


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = run("explain", tmp_path / "none.csv", "--pair", "1", "2")
    assert result.exit_code == 1
    assert "no such file" in result.stderr


@pytest.mark.parametrize("made", ["base", "index"])
def test_two_rows_of_a_base_or_of_an_index(made: str, tmp_path: Path) -> None:
    CUSTOMERS.to_csv(tmp_path / "all.csv", index=False)
    where = ["--indexes", tmp_path / "there"]
    left, right = CUSTOMERS["no"].iloc[:2]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIMSEARCH_INDEXES", str(tmp_path / "there"))
        if made == "base":
            making = ("dedupe", tmp_path / "all.csv", "--id", "no", "--into", "people", "-q")
        else:
            making = ("index", tmp_path / "all.csv", "--id", "no", "-n", "people")
        result = run(*making)
        assert result.exit_code == 0, result.output
    result = run("explain", "people", "--pair", left, right, *where)
    assert result.exit_code == 0, result.output
    assert f"{left} and {right}" in result.stdout
    assert ("probability" in result.stdout) == (made == "base")
    assert "together" in result.stdout
    result = run("explain", "people", "--pair", left, "nobody", *where)
    assert (result.exit_code, "nobody" in result.stderr) == (1, True)
    result = run("explain", "nothing", "--pair", left, right, *where)
    assert (result.exit_code, "no file nothing of pairs" in result.stderr) == (1, True)
