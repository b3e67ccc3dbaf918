"""`simsearch train`, `verify` and `evaluate`, and what the other commands do with an encoder."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from simsearch.commands import main
from tests.training.made import digits


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of digits, and an encoder trained on it."""
    root = tmp_path_factory.mktemp("digits")
    pixels, labels = digits()
    for row in range(600):
        folder = root / "digits" / str(labels[row])
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels[row]).save(folder / f"{row}.png")
    (root / "digits" / "3" / "broken.png").write_bytes(b"no")
    result = run(
        "train", root / "digits", "-o", root / "encoder", "--steps", 60, "--batch", 64,
        "--arithmetic", "float32",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "raw pixels" in result.output
    assert "broken.png: not an image" in result.output
    assert "far_0.01" in result.output
    return root


@pytest.fixture
def folder(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that, as the current folder."""
    shutil.copytree(made, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def digit(name: int, place: int) -> Path:
    return sorted(path for path in Path(f"digits/{name}").iterdir() if path.stem.isdigit())[place]


def test_verify(folder: Path) -> None:
    one = run("verify", "encoder", digit(1, 0), digit(1, 0))
    assert one.output.startswith("same  probability 0.9")
    two = run("verify", "encoder", digit(1, 0), digit(0, 0), "--threshold", "far_0.01")
    assert two.output.startswith("different  probability 0.")
    assert run("verify", "encoder", digit(1, 0), "nowhere.png").output == (
        "Error: nowhere.png: there is no such file or folder\n"
    )
    assert "there is no threshold 'best'" in run(
        "verify", "encoder", digit(1, 0), digit(1, 1), "--threshold", "best"
    ).output  # fmt: skip


def test_evaluate(folder: Path) -> None:
    result = run("evaluate", "encoder", "digits", "--format", "json")
    found = {each["name"]: each for each in json.loads(result.stdout)}
    assert set(found) == {"encoder", "raw pixels"}
    value = {each["name"]: each["value"] for each in found["encoder"]["figures"]}
    assert value["recall@1"] > 0.8
    told = run("evaluate", "encoder", "digits", "--ways", 50)
    assert "there are no 50 classes with enough items to choose among" in told.output


def test_the_main_job(folder: Path) -> None:
    assert run("index", "digits", "-n", "digits", "--encoder", "encoder").exit_code == 0
    found = run("query", "digits", digit(1, 0), "-k", 3, "--format", "json")
    matches = json.loads(found.stdout)
    rows = matches if isinstance(matches, list) else [matches]
    assert rows
    assert run("classify", "digits", digit(1, 0), "--format", "csv").stdout.splitlines()[1].split(
        ","
    )[1] == "1"  # fmt: skip
    assert run("anomalies", "digits", "--top", 2).exit_code == 0
    (folder / "digits" / "8" / "new.png").write_bytes(digit(1, 0).read_bytes())
    updated = run("index", "digits", "-n", "digits", "--update")
    assert "Added 1, replaced 0, removed 0" in updated.output
    copies = run(
        "dedupe", "digits", "--encoder", "encoder", "-o", "out.csv", "--threshold", "far_0.01"
    )
    assert copies.exit_code == 0, copies.output
    lines = (folder / "out.csv").read_text().splitlines()
    assert len(lines) == 602
    assert lines[0].startswith("id,")


def test_an_altered_encoder_is_refused(folder: Path) -> None:
    path = folder / "encoder" / "weights.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    result = run("verify", "encoder", digit(1, 0), digit(1, 1))
    assert result.exit_code == 1
    assert "weights.safetensors is not the file that was saved" in result.output
    path.unlink()
    assert "cannot read" in run("verify", "encoder", digit(1, 0), digit(1, 1)).output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "nowhere", "-o", "x"], "nowhere"),
        (["train", "digits", "-o", "x", "--loss", "best"], "there is no loss 'best'"),
        (["train", "digits", "-o", "x", "--budget", "soon"], "written as 90s, 5m or 1h"),
        (["train", "digits", "-o", "x", "--steps", 2, "--epochs", 1], "exclude each other"),
        (["train", "digits", "-o", "x", "--network", "dense"], "no network 'dense' for images"),
        (["train", "digits", "-o", "x", "--resume"], "no checkpoint"),
        (["train", "digits", "-o", "x", "--steps", 1, "--device", "moon"], "no device 'moon'"),
    ],
)
def test_bad_input(arguments: list[object], message: str, folder: Path) -> None:
    result = run(*arguments)
    assert result.exit_code in (1, 2)
    assert message in result.output
    assert len(result.output.strip().splitlines()[-1]) > 10
    assert "Traceback" not in result.output


def test_columns_of_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    lines = ["no,species,length,width,weight"]
    for row in range(200):
        species = row % 4
        values = rng.normal(size=3) + species * np.array([1, -1, 2])
        lines.append(f"{row},kind {species}," + ",".join(f"{value:.3f}" for value in values))
    Path("a.csv").write_text("\n".join(lines) + "\n")
    result = run(
        "train", "a.csv", "-o", "encoder", "--label", "species", "--id", "no", "--steps", 30,
        "--batch", 32,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    settings = json.loads(Path("encoder/encoder.json").read_text())["settings"]
    assert settings["reading"] == {"columns": ["length", "width", "weight"]}
