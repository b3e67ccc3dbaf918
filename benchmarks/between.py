"""Pairs of tables by two strangers: what `link` says of them with its defaults.

    python benchmarks/between.py                 58 pairs of tables (about ten minutes)
    python benchmarks/between.py --seeds 3       others of the same kinds besides

The pairs (`stranger_tables.py`) are written down by their columns alone; no pair model is trained
on any of them, and no setting is tuned to one. Right is F1 >= .9 of the links, or fewer than 1 %
of the smaller table's rows linked where the two share nothing; tables of which no column is like
one of the other are refused, which is right where they share nothing. Pairs marked `held` were
first looked at when the work on what the others showed was done; what they showed of tables of
very different sizes (a few people beside a register) was mended after that, so they are held back
no more. Writes between.md into benchmarks/results/; exit code 1 when fewer than 95 % are right.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import simsearch
from benchmarks import machine
from benchmarks.stranger_tables import PAIRS, StrangerPair, made_pair
from benchmarks.tables_run import is_right
from simsearch.errors import ColumnError
from simsearch.evaluation import pair_metrics

RESULTS = Path(__file__).resolve().parent / "results"
MARK = 0.95


@dataclass(frozen=True)
class Answer:
    """What was said of one pair of tables.

    Attributes:
        pair: the two tables.
        seed: that they were made with.
        figure: in words.
        right: whether that is right.
    """

    pair: StrangerPair
    seed: int
    figure: str
    right: bool


def main() -> int:
    """Link every pair; exit code 1 when fewer are right than the mark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=1, help="pairs of each kind")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder for the result")
    args = parser.parse_args()
    answers = []
    for pair in PAIRS:
        for seed in range(args.seeds):
            answer = answered(pair, seed)
            answers.append(answer)
            print(f"{pair.name:<40} {seed} {answer.figure}{'' if answer.right else '  WRONG'}",
                  flush=True)  # fmt: skip
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "between.md").write_text(page(answers, machine.facts()), encoding="utf-8")
    share = sum(answer.right for answer in answers) / len(answers)
    print(f"\n{args.out / 'between.md'} written; {share:.0%} right")
    return 0 if share >= MARK else 1


def answered(pair: StrangerPair, seed: int) -> Answer:
    """What `link` says of the two tables."""
    records = made_pair(pair, seed)
    shared = len(records.truth[0]) > 0
    try:
        found = simsearch.link(records.left, records.right)
    except ColumnError:
        return Answer(pair, seed, "refused: no columns pair", not shared)
    table = found.pairs
    left, right = (table.column(name).to_numpy().astype(int) for name in ("left_id", "right_id"))
    linked = min(len(set(left)), len(set(right))) / min(len(records.left), len(records.right))
    if not shared:
        return Answer(pair, seed, f"{linked:.1%} linked", is_right(float("nan"), linked))
    of_pairs = pair_metrics((left, right), records.truth, two_tables=True)
    figure = f"F1 {of_pairs.f1:.3f} ({of_pairs.precision:.2f}, {of_pairs.recall:.2f})"
    return Answer(pair, seed, figure, is_right(of_pairs.f1, linked))


def page(answers: list[Answer], facts: dict[str, str]) -> str:
    """The page of all answers."""
    lots = (
        ("looked at while the work was done", [a for a in answers if not a.pair.held]),
        ("first looked at when it was done", [a for a in answers if a.pair.held]),
    )
    told = [f"{sum(a.right for a in lot)} of {len(lot)} {name}" for name, lot in lots]
    lines = [
        "# Pairs of tables by strangers",
        "",
        f"{facts['date']}; {facts['machine']}. {facts['versions']}.",
        "",
        "Defaults, no labels; `benchmarks/between.py` says what is measured.",
        "",
        f"**Right: {'; '.join(told)}.**",
        "",
        "| tables | seed | held | found: F1 (precision, recall), or rows linked |",
        "| --- | --- | --- | --- |",
    ]
    for answer in answers:
        figure = answer.figure if answer.right else f"**{answer.figure}**"
        held = "held" if answer.pair.held else ""
        lines.append(f"| {answer.pair.name} | {answer.seed} | {held} | {figure} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
