"""How long small commands take, whole process, against the imports that nothing could avoid.

    python benchmarks/startup.py [--runs 15]

Runs of a command and of its yardstick alternate, so that a busy moment hits both; figures are
medians. Writes startup.md into benchmarks/results/.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks import machine, made

RESULTS = Path(__file__).resolve().parent / "results"
COMMAND = str(Path(sys.executable).with_name("simsearch"))
# What `simsearch --help` must not load.
HEAVY = ("torch", "faiss", "pandas")


@dataclass(frozen=True)
class Race:
    """A command against a yardstick.

    Attributes:
        name: what the table calls it.
        command: argv of ours.
        yardstick: argv of what it is measured against.
        factor: the mark: at most that many times the yardstick.
    """

    name: str
    command: list[str]
    yardstick: list[str]
    factor: float


def races(folder: Path) -> list[Race]:
    """The two commands with a mark; the CSV they need is written to the folder."""
    source = folder / "persons.csv"
    made.persons(1_000)[0].to_csv(source, index=False)
    out = str(folder / "out.csv")
    return [
        Race("simsearch --help", [COMMAND, "--help"], _python("import click"), 4.0),
        Race(
            "simsearch dedupe, 1,000 rows",
            [COMMAND, "dedupe", str(source), "-o", out, "--quiet"],
            _python("import pandas, faiss, sklearn"),
            3.0,
        ),
    ]


def _python(code: str) -> list[str]:
    """argv that runs a line of Python."""
    return [sys.executable, "-c", code]


def seconds(command: list[str]) -> float:
    """Wall time of one run.

    Raises:
        CalledProcessError: the command failed.
    """
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def timed(race: Race, runs: int) -> tuple[float, float]:
    """Median seconds of the command and of its yardstick, runs alternating, the first dropped."""
    taken = [(seconds(race.command), seconds(race.yardstick)) for _ in range(runs + 1)][1:]
    return median(ours for ours, _ in taken), median(theirs for _, theirs in taken)


def loaded_by_help() -> list[str]:
    """Which of the heavy packages `simsearch --help` imports."""
    command = [sys.executable, "-X", "importtime", "-m", "simsearch", "--help"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    modules = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    return [name for name in HEAVY if name in modules]


def main() -> int:
    """Time, print and write; exit code 1 when a mark is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args()
    facts = machine.facts()
    lines = [
        "# Start-up", "", f"{facts['date']}; {facts['machine']}. {facts['versions']}.", "",
        f"Medians of {args.runs} alternating runs, whole process.", "",
        "| command | seconds | yardstick | seconds | ratio | mark | |",
        f"|{'---|' * 7}",
    ]  # fmt: skip
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        for race in races(Path(folder)):
            ours, theirs = timed(race, args.runs)
            ratio = ours / theirs
            missed += ratio > race.factor
            lines.append(
                f'| `{race.name}` | {ours:.3f} | `python -c "{race.yardstick[-1]}"` | '
                f"{theirs:.3f} | {ratio:.2f} | <= {race.factor:g} | "
                f"{'pass' if ratio <= race.factor else '**FAIL**'} |"
            )
    heavy = loaded_by_help()
    missed += bool(heavy)
    told = f"loads {', '.join(heavy)}: **FAIL**" if heavy else "loads none of them: pass"
    lines += ["", f"`simsearch --help` and {', '.join(HEAVY)}: {told}.", ""]
    print("\n".join(lines))
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "startup.md").write_text("\n".join(lines), encoding="utf-8")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
