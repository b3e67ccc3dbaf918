"""What `make demo` runs, from end to end; and README shows what is printed."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from simsearch.commands import main

ROOT = Path(__file__).parent.parent.parent
DEMO = ROOT / "examples" / "demo.sh"


class Ran(NamedTuple):
    """The demo: its end, and where its files are."""

    done: subprocess.CompletedProcess[str]
    folder: Path


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "DEMO": str(folder), "BIN": ""}
    done = subprocess.run(
        ["sh", str(DEMO)], env=environment, capture_output=True, text=True, check=False
    )
    return Ran(done, folder)


def test_the_demo_runs_and_finds_what_it_shows(demo: Ran) -> None:
    done, folder = demo
    assert (done.returncode, done.stderr) == (0, "")
    assert {file.name for file in folder.iterdir()} == {
        "customers_deduped.csv",
        "customers_pairs.csv",
        "customers_unique.csv",
        "indexes",
        "photos_pairs.csv",
        "sentences_pairs.csv",
    }
    with (folder / "photos_pairs.csv").open() as file:
        photos = {(row["left_id"], row["right_id"]): row["tier"] for row in csv.DictReader(file)}
    assert photos == {
        ("IMG_1002 (copy).jpg", "IMG_1002.jpg"): "identical bytes",
        ("IMG_1004.jpg", "forwarded.jpg"): "same picture",
        ("IMG_1006.jpg", "mirrored.png"): "same picture",
        ("IMG_1008.jpg", "old-look.jpg"): "same picture",
    }
    with (folder / "sentences_pairs.csv").open() as file:
        lines = {
            (int(row["left_id"]), int(row["right_id"])): row["tier"] for row in csv.DictReader(file)
        }
    apart = {pair for pair, tier in lines.items() if tier == "kept apart"}
    assert apart == {(3, 4), (5, 6), (11, 12), (18, 19), (22, 23)}
    assert set(lines) - apart == {(1, 2), (7, 8), (9, 10), (14, 15), (25, 26)}
    by_record = done.stdout.split("--record", 1)[1].split("# ", 1)[0]
    assert "Llewellyn" in by_record
    assert "C10719" in done.stdout.split("--like C10009", 1)[1]


def in_readme(start: str) -> list[str]:
    """What README shows of a command: the runs of lines between those that it leaves out."""
    text = (ROOT / "README.md").read_text("utf-8")
    shown = text.partition(f"\n$ {start}")[2].partition("\n")[2].partition("```")[0]
    return [run.rstrip() for run in re.split(r"^…\n", shown, flags=re.M)]


def without_ends(text: str) -> str:
    """The same without spaces at the ends of lines."""
    return "\n".join(line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize(
    "start", ["simsearch dedupe examples/customers.csv", "simsearch dedupe examples/photos"]
)
def test_readme_shows_what_the_demo_prints(demo: Ran, start: str) -> None:
    printed = without_ends(demo.done.stdout.partition(f"$ {start}")[2])
    parts = in_readme(start)
    assert len(parts) > 1
    for run in parts:
        assert run in printed


def test_readme_shows_what_sentences_print(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    start = "simsearch dedupe examples/sentences.txt"
    words = ["dedupe", "examples/sentences.txt", "--pairs", str(tmp_path / "pairs.csv")]
    printed = without_ends(CliRunner().invoke(main, words).stdout)
    parts = in_readme(start)
    assert len(parts) > 1
    for run in parts:
        assert run in printed
