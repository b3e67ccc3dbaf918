"""Where the seconds of building an index go, beside what FAISS takes for the same cells and codes.

    python benchmarks/index_build.py --data FOLDER
    python benchmarks/index_build.py --sets clustered --rows 1000000 --name index_build_1M

Each index is built in turns with FAISS, by two threads, and medians are given: of the time that
passes, and of that of the processor, which tells more where others compute as well. The stages are
those of one more build under Python's profiler, which hardly slows calls as long as these. Writes
NAME.md into benchmarks/results/.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import numpy as np

from benchmarks import machine, vectors
from benchmarks.index_engines import ENGINES
from benchmarks.index_recipes import TARGETS, twin
from simsearch.threads import set_threads

if TYPE_CHECKING:
    from benchmarks.vectors import Vectors

RESULTS = Path(__file__).resolve().parent / "results"
THREADS = 2
MADE_ROWS = 100_000
# What a stage is called, and the function whose time it is: file and name. Each is no part of
# another one.
STAGES = {
    "vectors, ids and columns written": [("segment_writer.py", "write")],
    "an engine chosen": [("choose.py", "choose")],
    "centres and codes learnt": [("cells.py", "_trained")],
    "vectors put into cells, codes written": [
        ("class_wrappers.py", "replacement_add"), ("faiss_file.py", "write_faiss"),
    ],
    "truth of the held-out points": [("measure.py", "held_out"), ("tried.py", "known")],
    "settings tried": [("tune.py", "_cheapest"), ("measure.py", "recall_of")],
    "what is within a distance": [("measure.py", "_range_recall")],
    "written to disk for good": [("files.py", "sync")],
}  # fmt: skip
# What FAISS does as well.
SHARED = ("centres and codes learnt", "vectors put into cells, codes written")


class Seconds(NamedTuple):
    """How long something took.

    Attributes:
        passed: by the clock.
        processor: of all threads together.
    """

    passed: float
    processor: float


def main() -> int:
    """Measure what the command line asks for."""
    args = _arguments()
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    set_threads(THREADS)
    facts = machine.facts()
    lines = [
        "# Building an index",
        "",
        f"{facts['date']}; {facts['machine']}. {facts['versions']}.",
    ]
    lines += ["", " ".join(line.strip() for line in __doc__.split("\n\n")[2].splitlines()), ""]
    for name in args.sets.split(","):
        chosen = _set(name, args)
        lines += [f"## {chosen.name}", "", f"{chosen.about}.", ""]
        lines += _section(np.load(chosen.base), args.rounds)
    args.out.mkdir(parents=True, exist_ok=True)
    page = args.out / f"{args.name}.md"
    page.write_text("\n".join(lines).rstrip() + "\n", "utf-8")
    print(f"{page} written")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    data = os.environ.get("SIMSEARCH_DATA", "data")
    parser.add_argument("--data", type=Path, default=Path(data), help="folder with glove100_100k")
    parser.add_argument("--sets", default="glove", help="comma-separated: glove, clustered")
    parser.add_argument("--rows", type=int, help=f"of the made set; default: {MADE_ROWS:,}")
    parser.add_argument("--rounds", type=int, default=5, help="of timing; default: 5")
    parser.add_argument("--cache", type=Path, default=vectors.default_cache())
    parser.add_argument("--name", default="index_build", help="of the page")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the page")
    return parser.parse_args()


def _set(name: str, args: argparse.Namespace) -> vectors.VectorSet:
    if name == "glove":
        return vectors.glove(args.data, args.cache, args.rows)
    return vectors.clustered(args.cache, args.rows or MADE_ROWS)


def _section(base: Vectors, rounds: int) -> list[str]:
    """The stages at each recall, and FAISS's own time for the same cells."""
    stages: dict[str, list[str]] = {name: [] for name in (*STAGES, "the rest")}
    totals: list[tuple[Seconds, Seconds]] = []
    for target in TARGETS:
        details = _built("simsearch", {"recall": target}, base)[1]
        same = twin(details, base.shape[1])
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(_built("simsearch", {"recall": target}, base)[0])
            if same is not None:
                theirs.append(_built("faiss", dict(same.options), base)[0])
        totals.append((_middle(ours), _middle(theirs)))
        for name, seconds in _staged(target, base).items():
            stages[name].append(f"{seconds:.3f}")
        print(f"recall {target}: {totals[-1][0]}, faiss {totals[-1][1]}", flush=True)
    head = ["seconds", *(f"recall {target:.2f}" for target in TARGETS)]
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for name, told in stages.items():
        lines.append(
            f"| {name}{', as FAISS does' if name in SHARED else ''} | {' | '.join(told)} |"
        )
    shown = {
        "**built, together**": [f"{ours.passed:.2f}" for ours, _ in totals],
        "FAISS, the same cells, saved": [f"{theirs.passed:.2f}" for _, theirs in totals],
        "times FAISS": [f"{ours.passed / theirs.passed:.2f}" for ours, theirs in totals],
        "of the processor": [f"{ours.processor:.2f}" for ours, _ in totals],
        "of the processor, FAISS": [f"{theirs.processor:.2f}" for _, theirs in totals],
        "times FAISS, of the processor": [
            f"{ours.processor / theirs.processor:.2f}" for ours, theirs in totals
        ],
    }
    return [*lines, *(f"| {name} | {' | '.join(told)} |" for name, told in shown.items()), ""]


def _middle(taken: list[Seconds]) -> Seconds:
    """The medians; of nothing they are no numbers."""
    if not taken:
        return Seconds(float("nan"), float("nan"))
    return Seconds(*(median(each) for each in zip(*taken, strict=True)))


def _built(engine: str, options: dict[str, Any], base: Vectors) -> tuple[Seconds, dict[str, Any]]:
    """Seconds to build and save, and what the engine says of itself."""
    with tempfile.TemporaryDirectory() as folder:
        made = ENGINES[engine](Path(folder), {**options, "rows": len(base)})
        started = Seconds(time.perf_counter(), time.process_time())
        made.build(base, THREADS)
        made.save()
        passed = time.perf_counter() - started.passed
        return Seconds(passed, time.process_time() - started.processor), made.details()


def _staged(target: float, base: Vectors) -> dict[str, float]:
    """Seconds of each stage of one build, and what is none of them."""
    profile = cProfile.Profile()
    profile.enable()
    _built("simsearch", {"recall": target}, base)
    profile.disable()
    stats = pstats.Stats(profile)
    calls: dict[tuple[str, int, str], Any] = stats.stats  # type: ignore[attr-defined]  # no stub
    spent = dict.fromkeys(STAGES, 0.0)
    for (file, _, function), (_, _, _, seconds, _) in calls.items():
        for name, functions in STAGES.items():
            if (Path(file).name, function) in functions:
                spent[name] += seconds
    return {**spent, "the rest": stats.total_tt - sum(spent.values())}  # type: ignore[attr-defined]


if __name__ == "__main__":
    sys.exit(main())
