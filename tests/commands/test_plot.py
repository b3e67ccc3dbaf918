"""`simsearch plot`, and the table of a run."""

import io
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from simsearch.commands import main, training_table
from simsearch.index.index import Index
from simsearch.report.page import placing
from simsearch.training.progress import Progress


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture(autouse=True)
def without_umap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "find_spec", lambda _: None)


@pytest.fixture
def points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    import pandas as pd

    monkeypatch.chdir(tmp_path)
    vectors = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    table = pd.DataFrame({"v": list(vectors), "colour": ["red", "<b>blue</b>"] * 25})
    table.to_parquet("points.parquet")
    return Index.create("points", "points.parquet", vectors="v")


def test_a_map_of_an_index(points: Index) -> None:
    result = run("plot", "points", "-o", "map.html", "--by", "colour")
    assert result.exit_code == 0, result.output
    assert "Open map.html" in result.output
    page = Path("map.html").read_text()
    assert page.count("<title>") == 51
    assert "<b>" not in page
    assert "coloured by colour (2 values)" in page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("points", "-o", "map.html", "--by", "size"), "stores no column 'size'; it stores colour"),
        (("nothing", "-o", "map.html"), "there is no index 'nothing'"),
        (("points", "-o", "no/map.html"), "there is no folder no"),
    ],
)
def test_what_cannot_be_drawn(points: Index, arguments: tuple[str, ...], message: str) -> None:
    result = run("plot", *arguments)
    assert result.exit_code == 1
    assert message in result.output
    assert not Path("map.html").exists()


def test_an_encoder_without_a_page(points: Index) -> None:
    Path("enc").mkdir()
    Path("enc/encoder.json").write_text("{}")
    result = run("plot", "enc", "-o", "page.html")
    assert result.exit_code == 1
    assert "enc has no report.html" in result.output
    Path("enc/report.html").write_text("<!doctype html>run")
    assert run("plot", "enc", "-o", "page.html").exit_code == 0
    assert Path("page.html").read_text() == "<!doctype html>run"


def told(step: int, validation: float | None) -> Progress:
    return Progress(step, step / 100, 1.0, 0.5, 1000.0, 9.0, validation)


def test_a_line_a_validation(capsys: pytest.CaptureFixture[str]) -> None:
    with training_table.training_table(quiet=False) as table:
        table.say("training")
        table.tell(told(10, None))
        table.tell(told(20, 0.75))
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "training …"
    assert lines[1].split() == ["step", "loss", "validation", "items/s", "time", "left"]
    assert lines[2].split() == ["20", "0.5000", "0.7500", "1,000", "9", "s"]
    assert len(lines) == 3


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with training_table.training_table(quiet=True) as table:
        table.say("training")
        table.tell(told(20, 0.75))
    assert capsys.readouterr().err == ""


def test_a_live_table(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    monkeypatch.setattr("rich.console.Console", lambda **_: Console(file=file, force_terminal=True))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with training_table.training_table(quiet=False) as table:
        table.say("training")
        for step in range(1, 30):
            table.tell(told(step, 0.5 if step % 2 else None))
    shown = file.getvalue()
    assert "training …" in shown
    assert "validation" in shown
    assert "0.5000" in shown
