"""What `make demo` runs, from end to end."""

import csv
import os
import subprocess
import sys
from pathlib import Path

DEMO = Path(__file__).parent.parent.parent / "examples" / "demo.sh"


def test_the_demo_runs_and_finds_what_it_shows(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "DEMO": str(folder), "BIN": ""}
    done = subprocess.run(
        ["sh", str(DEMO)], env=environment, capture_output=True, text=True, check=False
    )
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
