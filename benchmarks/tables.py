"""The table benchmark: ordinary tables, small pictures of faults, and changes that change nothing.

    python benchmarks/tables.py --data FOLDER            everything (about half an hour)
    python benchmarks/tables.py --data FOLDER --quick    one seed, fewer changes, no peer
    python benchmarks/tables.py --parts ordinary,cases   some of the parts

`ordinary` makes tables of families that no model is trained on (ORDINARY and, made once those had
been looked at, EVERYDAY and STRANGERS of the generator) with fresh seeds: right is F1 >= .9, or
less than 1 % of the rows grouped where nothing is the same.
GoldenMatch, without a configuration, gets the first seed's (those of one table; it wants two
tables to have columns of the same names). `cases` are the files of FOLDER/cases. `changes` are
F1 lost when nothing that matters changes, `faded` when half, or all, of the second-best column is
missing. `scoring` is the time of the processor a pair, of made persons. Calibration is of all
pairs that were compared in the ordinary tables and (`real`) in the record sets, none of which any
model was fitted to. Defaults throughout, no labels. Writes tables.md into benchmarks/results/;
parts that are not run stay there as they were.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import numpy as np

from benchmarks import machine
from benchmarks.datasets import RecordSet, load
from benchmarks.runner import ROOT, Matcher, run
from benchmarks.tables_calibration import curve, expected_error
from benchmarks.tables_cases import verdicts
from benchmarks.tables_changes import CHANGES, FADED, Changed, changed
from benchmarks.tables_merged import merged
from benchmarks.tables_page import page
from benchmarks.tables_results import Results
from benchmarks.tables_run import answered, is_right, made_set
from benchmarks.tables_scoring import scoring
from simsearch.training.pair_model.tables import EVERYDAY, ORDINARY, STRANGERS, Wanted, generate

RESULTS = Path(__file__).resolve().parent / "results"
PARTS = ("ordinary", "cases", "changes", "faded", "real", "scoring")
PERSONS = 20_000
# Seeds from here are for measuring; training takes those below, and models were looked at on
# those from 900,000 to 970,000 while they were made.
FIRST_SEED = 980_000
ROWS = 600
RECORD_SETS = ("febrl1", "fake_1000", "abt_buy", "restaurants", "dblp_acm", "cora")
MADE_SETS = ("library_loans", "suppliers_twice", "marketplace", "voters_and_donors")
QUICK_CHANGES = ("rows shuffled", "columns renamed", "+ key", "+ copy", "+ amount")
GOLDENMATCH = Matcher(
    "GoldenMatch",
    "benchmarks.peers.goldenmatch_3",
    python=os.environ.get(
        "SIMSEARCH_GOLDENMATCH_PYTHON", str(ROOT / ".venv-goldenmatch/bin/python")
    ),
)


def main() -> int:
    """Run what the command line asks for; exit code 1 when a mark is missed."""
    args = _arguments()
    results = Results()
    if "ordinary" in args.parts:
        run_ordinary(results, seeds=1 if args.quick else args.seeds, peer=not args.quick)
    if "cases" in args.parts:
        results.cases = verdicts(args.data / "cases")
        for verdict in results.cases:
            print(f"{verdict.case:<50} {verdict.found}  {'right' if verdict.right else 'WRONG'}")
    if "changes" in args.parts:
        sets = _sets(args.sets, args.data)
        wanted = QUICK_CHANGES if args.quick else tuple(CHANGES)
        results.changes += run_changes(sets, wanted)
    if "faded" in args.parts:
        results.faded += run_changes(_sets(args.sets, args.data), tuple(FADED))
    if "real" in args.parts:
        run_real(results, args.data)
    if "scoring" in args.parts:
        run_scoring(results)
    text, missed = page(results, machine.facts())
    args.out.mkdir(parents=True, exist_ok=True)
    written = args.out / "tables.md"
    before = written.read_text(encoding="utf-8") if written.exists() else ""
    written.write_text(merged(before, text), encoding="utf-8")
    print(f"\n{args.out / 'tables.md'} written; {missed} marks missed")
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    data = os.environ.get("SIMSEARCH_DATA", "data")
    parser.add_argument(
        "--data", type=Path, default=Path(data), help="folder with cases/, records_*"
    )
    parser.add_argument("--parts", type=lambda text: text.split(","), default=list(PARTS))
    parser.add_argument("--seeds", type=int, default=2, help="tables of each family")
    parser.add_argument(
        "--sets",
        type=lambda text: text.split(","),
        default=[*MADE_SETS, *RECORD_SETS],
        help="sets that are changed",
    )
    parser.add_argument("--quick", action="store_true", help="one seed, few changes, no peer")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the result")
    return parser.parse_args()


def run_ordinary(results: Results, *, seeds: int, peer: bool) -> None:
    """Every family of all lots, `seeds` tables each, by simsearch; the first by the peer too."""
    if peer and not GOLDENMATCH.is_installed:
        print(f"GoldenMatch: left out, no {GOLDENMATCH.python}", file=sys.stderr)
    for family in ORDINARY | EVERYDAY | STRANGERS:
        for seed in range(FIRST_SEED, FIRST_SEED + seeds):
            records = ordinary_set(family, seed)
            answer = results.ordinary[family, seed] = answered(records)
            print(
                f"{family:<30} {seed} {_told(answer.f1, answer.grouped, answer.right)}", flush=True
            )
            if peer and GOLDENMATCH.is_installed and records.right is None and seed == FIRST_SEED:
                results.peer[family, seed] = _of_peer(records, results)


def ordinary_set(family: str, seed: int) -> RecordSet:
    """A table of an ordinary family."""
    return made_set(generate(family, seed, Wanted(rows=ROWS)), family)


def _told(f1: float, grouped: float, right: bool) -> str:
    figure = f"{grouped:.1%} grouped" if np.isnan(f1) else f"F1 {f1:.3f}"
    return f"{figure}  {'right' if right else 'WRONG'}"


def _of_peer(records: RecordSet, results: Results) -> tuple[float, float, bool]:
    """F1, share grouped, right; a run without an answer has found nothing."""
    done = run(GOLDENMATCH, records, limit=300)
    if done.error:
        results.failed.append(f"{records.name}: {done.error}")
    f1 = done.measures.get("f1", 0.0) if len(records.truth[0]) else float("nan")
    grouped = done.measures.get("grouped_share", 0.0)
    return f1, grouped, is_right(f1, grouped)


def run_real(results: Results, data: Path) -> None:
    """Answers on the record sets, for the calibration of their probabilities."""
    for records in _sets([*RECORD_SETS, "amazon_google"], data):
        answer = results.real[records.name] = answered(records)
        error = expected_error(curve(answer.probability, answer.same))
        print(f"{records.name:<20} F1 {answer.f1:.3f}  calibration error {error:.4f}", flush=True)


def run_scoring(results: Results) -> None:
    """Time a pair, among so many persons that what a run costs once does not count."""
    found = results.scoring = scoring(PERSONS)
    print(f"scoring {found.read:,} pairs: {found.scored:.1f} microseconds a pair")


def _sets(names: list[str], data: Path) -> list[RecordSet]:
    """Made tables and record sets by their names; those whose files are not there are told of."""
    sets = []
    for name in names:
        try:
            sets.append(ordinary_set(name, FIRST_SEED) if name in MADE_SETS else load(name, data))
        except FileNotFoundError as error:
            print(f"{name}: left out, {error.filename} is not there", file=sys.stderr)
    return sets


def run_changes(sets: list[RecordSet], changes: tuple[str, ...]) -> list[Changed]:
    """What each change costs on each set."""
    out = []
    for records in sets:
        before = answered(records).f1
        for change in changes:
            after = answered(changed(records, change)).f1
            out.append(Changed(records.name, change, before, after))
            print(f"{records.name:<20} {change:<20} {before:.3f} -> {after:.3f}", flush=True)
    return out


if __name__ == "__main__":
    sys.exit(main())
