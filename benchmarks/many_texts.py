"""Many titles: CPU seconds and memory of whole processes, from the start to the written file.

    python benchmarks/many_texts.py --data DATA [--counts 100000,250000]

Each row is the median of `--repeat` processes with one thread for arithmetic; seconds are those of
all threads of the process, its start and imports included.
Beside it, where it is installed (benchmarks/peers/setup.sh): SemHash at its own defaults, given a
table that model2vec distilled from all-MiniLM-L6-v2.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks import machine
from benchmarks.near_texts import titles
from benchmarks.text_peers import Process, kept_row, semhash_process, whole_process

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "many_texts.md"
WAYS = {"no option": (), "--mode fast": ("--mode", "fast")}
ONE = {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(HERE.parent)}


def dedupe(options: tuple[str, ...], lines: Path, out: Path) -> Process:
    command = [sys.executable, "-m", "simsearch", "dedupe", str(lines), "-o", str(out), "--quiet"]
    return whole_process([*command, *options], ONE)


def middle(measure: Callable[[Path, Path], Process], lines: Path, out: Path, times: int) -> str:
    runs = [measure(lines, out) for _ in range(times)]
    seconds, peak = np.median(np.array(runs), axis=0)
    return f"{seconds:.1f} | {peak:,.0f}"


def rows(texts: list[str], counts: list[int], times: int) -> list[str]:
    made = []
    with tempfile.TemporaryDirectory() as folder:
        lines, out = Path(folder) / "titles.txt", Path(folder) / "out"
        for count in counts:
            lines.write_text("\n".join(texts[:count]) + "\n", "utf-8")
            for name, options in WAYS.items():
                told = middle(partial(dedupe, options), lines, out, times)
                made.append(f"| simsearch, {name}, {count:,} | {told} | |")
            peer = f"SemHash, {count:,}"
            try:
                told = middle(semhash_process, lines, out, times)
                made.append(f"| {peer} | {told} | {date.today():%Y-%m-%d} |")
            except ImportError:
                made.append(kept_row(RESULTS, peer, 4))
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--counts", default="100000,250000")
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    texts = [" ".join(title.split()) for title in titles(asked.data)]
    lines = [
        "# Many titles", "", __doc__.partition("\n\n")[2].partition("\n\n")[2].strip(), "",
        "| what, titles | CPU s | MiB | measured |", "|---|---|---|---|",
        *rows(texts, [int(each) for each in asked.counts.split(",")], asked.repeat),
        "", "; ".join(machine.facts().values()) + ".",
    ]  # fmt: skip
    RESULTS.write_text("\n".join(lines) + "\n")
    print(RESULTS.read_text())


if __name__ == "__main__":
    main()
