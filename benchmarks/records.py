"""The record benchmark: one command, one table, simsearch and its peers side by side.

    python benchmarks/records.py --data FOLDER           everything (about half an hour)
    python benchmarks/records.py --data FOLDER --quick   the small sets, simsearch alone
    python benchmarks/records.py --data FOLDER --sets febrl3,cora --matchers simsearch,splink

From raw tables to all true pairs: a pair that blocking missed is a miss. simsearch runs with
default settings and no labels, the same for every set; each run is a process of its own, so that
its time and peak memory are its own. Writes records.md and records.csv into benchmarks/results/.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks import machine
from benchmarks.datasets import SETS, load
from benchmarks.records_tables import console_line, write_csv, write_markdown
from benchmarks.runner import MATCHERS, Matcher, Run, run

RESULTS = Path(__file__).resolve().parent / "results"
QUICK = ("febrl1", "fake_1000", "abt_buy", "restaurants", "abt_buy 5% overlap", "all duplicates")


def main() -> int:
    """Run what the command line asks for; exit code 1 when a mark is missed."""
    args = _arguments()
    matchers = _chosen_matchers(args)
    runs: list[Run] = []
    for name in _chosen_sets(args):
        try:
            records = load(name, args.data)
        except FileNotFoundError as error:
            print(f"{name}: left out, {error.filename} is not there", file=sys.stderr)
            continue
        for matcher in (matcher for matcher in matchers if matcher.takes(records)):
            runs.append(run(matcher, records, limit=args.limit))
            print(console_line(runs[-1]), flush=True)
    args.out.mkdir(parents=True, exist_ok=True)
    missed = write_markdown(runs, matchers, machine.facts(), args.out / "records.md")
    write_csv(runs, args.out / "records.csv")
    print(f"\n{args.out / 'records.md'} written; {missed} marks missed")
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    data = os.environ.get("SIMSEARCH_DATA", "data")
    parser.add_argument("--data", type=Path, default=Path(data), help="folder with records_*")
    parser.add_argument("--sets", help="comma-separated names; default: all")
    parser.add_argument("--matchers", help="comma-separated names; default: all installed")
    parser.add_argument("--quick", action="store_true", help="small sets, simsearch alone")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the results")
    parser.add_argument("--limit", type=float, default=1800, help="seconds allowed for one run")
    parser.add_argument("--engine", help="module to run in the place of simsearch")
    return parser.parse_args()


def _chosen_sets(args: argparse.Namespace) -> list[str]:
    """Names of the sets to run, in table order."""
    wanted = args.sets.split(",") if args.sets else (QUICK if args.quick else list(SETS))
    unknown = sorted(set(wanted) - set(SETS))
    if unknown:
        sys.exit(f"unknown set {unknown[0]!r}; there are: {', '.join(SETS)}")
    return [name for name in SETS if name in wanted]


def _chosen_matchers(args: argparse.Namespace) -> list[Matcher]:
    """Matchers to run; one that is not installed is named and left out."""
    names = [matcher.name for matcher in MATCHERS]
    wanted = args.matchers.split(",") if args.matchers else (names[:1] if args.quick else names)
    unknown = sorted(set(wanted) - set(names))
    if unknown:
        sys.exit(f"unknown matcher {unknown[0]!r}; there are: {', '.join(names)}")
    chosen = [matcher for matcher in MATCHERS if matcher.name in wanted]
    for matcher in chosen:
        if not matcher.is_installed:
            print(f"{matcher.name}: left out, no {matcher.python}", file=sys.stderr)
    chosen = [matcher for matcher in chosen if matcher.is_installed]
    if args.engine:
        ours = names[0]
        return [replace(one, module=args.engine) if one.name == ours else one for one in chosen]
    return chosen


if __name__ == "__main__":
    sys.exit(main())
