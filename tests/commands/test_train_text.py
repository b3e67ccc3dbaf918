"""`simsearch train` with texts, and what the other commands do with the encoder."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simsearch.commands import main
from tests.training.text.made_text import classes_file, labelled_file, lines_file, sentences


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sentences in a table, and an encoder trained on it."""
    root = tmp_path_factory.mktemp("sentences")
    classes_file(root / "sentences.csv")
    lines_file(root / "lines.txt")
    labelled_file(root / "pairs.csv", "pairs")
    labelled_file(root / "sts.csv", "scores")
    result = run(
        "train", root / "sentences.csv", "--column", "text", "--label", "meaning",
        "-o", root / "encoder", "--steps", 40, "--batch", 64, "--dim", 64, "--dims", "32",
        "--vocabulary", 500,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "Trained a static network" in result.output
    assert "TF-IDF" in result.output
    assert "far_0.01" in result.output
    return root


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that, as the current folder."""
    shutil.copytree(made, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def test_what_the_folder_says(folder: Path) -> None:
    card = (folder / "encoder" / "MODEL_CARD.md").read_text()
    assert "by the loss semihard (classes)" in card
    assert "EmbeddingBag" in card
    assert "loss_64,loss_32" in (folder / "encoder" / "training.csv").read_text()


def test_verify_and_evaluate(folder: Path) -> None:
    one, two, *_, other = sentences()[0]
    assert run("verify", "encoder", one, two).output.startswith("same  probability 0.")
    assert run("verify", "encoder", one, two).output == run("verify", "encoder", two, one).output
    assert run("verify", "encoder", one, other).output.startswith("different  probability 0.")
    of_classes = ("sentences.csv", "--column", "text", "--label", "meaning")
    for told in (of_classes, ("--labels", "pairs.csv"), ("--scores", "sts.csv")):
        result = run("evaluate", "encoder", *told, "--format", "json")
        assert result.exit_code == 0, result.output
        figures = {each["name"]: each["figures"][0]["value"] for each in json.loads(result.stdout)}
        assert figures["encoder"] > figures["TF-IDF"]


def test_the_main_job(folder: Path) -> None:
    texts, meant = sentences()
    named = ("-n", "texts", "--encoder", "encoder")
    indexed = run("index", "sentences.csv", "--column", "text", *named)
    assert indexed.exit_code == 0, indexed.output
    found = run("query", "texts", texts[0], "-k", 2, "--format", "json")
    assert texts[0] in found.stdout
    asked = run("classify", "texts", texts[0], texts[40], "--label", "meaning", "--format", "csv")
    rows = [line.split(",")[:2] for line in asked.stdout.splitlines()[1:]]
    assert rows == [["0", f"meaning {meant[0]}"], ["1", f"meaning {meant[40]}"]]
    assert run("classify", "texts", "nowhere.csv", "--label", "meaning").exit_code == 1
    groups = run("duplicates", "texts", "-o", "duplicates.csv", "--threshold", "eer")
    assert groups.exit_code == 0, groups.output
    shorter = run("index", "lines.txt", "-n", "short", "--encoder", "encoder", "--dim", 32)
    assert shorter.exit_code == 0, shorter.output


def test_dedupe(folder: Path) -> None:
    result = run(
        "dedupe",
        "lines.txt",
        "--kind",
        "text",
        "--encoder",
        "encoder",
        "-o",
        "out.csv",
        "--threshold",
        "eer",
    )
    assert result.exit_code == 0, result.output
    assert len((folder / "out.csv").read_text().splitlines()) == 1 + len(sentences()[0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["lines.txt", "--loss", "best"], "there is no loss 'best' for texts; there are"),
        (["lines.txt", "--network", "glyph"], "network is no option for texts"),
        (["lines.txt", "--base", "nowhere"], "nowhere is no folder of a sentence-transformers"),
        (["lines.txt", "--resume"], "there is no checkpoint in"),
        (["lines.txt", "--label", "meaning"], "label"),
        (["sentences.csv", "--column", "nothing"], "nothing"),
        (["--labels", "sts.csv", "--kind", "text"], "a column named same or label"),
    ],
)
def test_bad_input(arguments: list[object], message: str, folder: Path) -> None:
    result = run("train", *arguments, "-o", "other", "--steps", 2)
    assert result.exit_code == 1
    assert message in result.output
    assert "Traceback" not in result.output
