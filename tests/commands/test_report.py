"""`--report` and `--redact` from the outside."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simsearch.commands import main
from tests.report.page.made import CUSTOMERS


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("report")
    CUSTOMERS.to_csv(folder / "all.csv", index=False)
    CUSTOMERS[60:].to_csv(folder / "copies.csv", index=False)
    return folder / "all.csv", folder / "copies.csv"


def test_dedupe_writes_a_page_without_what_is_kept_out(
    tables: tuple[Path, Path], tmp_path: Path
) -> None:
    page = tmp_path / "out.html"
    result = run("dedupe", tables[0], "--id", "no", "--report", page, "--redact", "mail,street")
    assert result.exit_code == 0, result.output
    assert f"Wrote {page}: a page to open in a browser" in result.stdout
    text = page.read_text("utf-8")
    assert "Anna Berger" in text
    for told in (text, result.stdout):
        assert "@mail.example" not in told
        assert "High Street" not in told


def test_texts_keep_what_differs_out_of_pairs(tmp_path: Path) -> None:
    texts = tmp_path / "texts.txt"
    texts.write_text("How do I reset my secret password?\nHow do I reset my secrett password\n")
    pairs = tmp_path / "pairs.csv"
    result = run("dedupe", texts, "--pairs", pairs, "--redact", "text", "-q")
    assert result.exit_code == 0, result.output
    assert "secret" not in pairs.read_text()
    assert pairs.read_text().count("\n") == 2


def test_link_writes_a_page_in_place_of_pairs(tables: tuple[Path, Path], tmp_path: Path) -> None:
    page = tmp_path / "out.html"
    result = run("link", *tables, "--id", "no", "--report", page, "--redact", "mail")
    assert result.exit_code == 0, result.output
    assert "Links between" in page.read_text("utf-8")
    assert "@mail.example" not in page.read_text("utf-8") + result.stdout


def test_link_needs_no_option(tables: tuple[Path, Path]) -> None:
    result = run("link", *tables)
    assert result.exit_code == 0, result.output
    assert "Nothing was saved. To save the pairs, add: -o pairs.csv" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("dedupe", "--report", "out.csv"), 1, "choose a name that ends in .html"),
        (("dedupe", "--report", "out.html", "--redact", "mial"), 1, "nearest: 'mail'"),
        (("dedupe", "--report", "out.html", "--id", "no", "--redact", "no"), 1, "leave --id out"),
        (("dedupe", "--redact", "a,,b"), 2, "a column name is empty"),
    ],
)
def test_what_is_refused(
    arguments: tuple[str, ...],
    code: int,
    said: str,
    tables: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    name, *options = arguments
    sources = tables if name == "link" else tables[:1]
    result = run(name, *sources, *options)
    assert result.exit_code == code
    assert said in result.stderr
    assert list(tmp_path.iterdir()) == []
