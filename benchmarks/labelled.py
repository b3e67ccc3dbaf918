"""What labels are worth: labelled pairs held out as given, and whole tables with labels.

    python benchmarks/labelled.py --data FOLDER            # write results/labelled.md
    python benchmarks/labelled.py --data FOLDER --quick    # the small sets of pairs alone

*Pairs* are the sets of DeepMatcher (Mudgal et al., SIGMOD 2018) as Ditto ships them: `link` is
given both tables and the labels of train; the threshold is the one that is best on valid. *Tables*
are linked with the labels of four fifths of the compared pairs and scored on the fifth held out.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import simsearch
from benchmarks.datasets import load
from benchmarks.machine import facts

if TYPE_CHECKING:
    import numpy.typing as npt

    from benchmarks.datasets import RecordSet
    from simsearch.records.linkage import Linkage

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.int64]

# Sets of pairs, and the F1 to reach; None is reported alone.
PAIRS = {"Beer": None, "Fodors-Zagats": None, "Amazon-Google": 0.793, "DBLP-ACM": 0.990}
TABLES = {"dblp_acm": 0.995, "abt_buy": 0.96, "amazon_google": 0.80}
SEEDS = (0, 1, 2)
FOLDS = 5
RESULTS = Path(__file__).resolve().parent / "results" / "labelled.md"
HEAD = "# What labels are worth\n"
PAIRS_HEAD = """
## Labelled pairs

Train, valid and test as given (ditto_er_magellan). `link` is given both tables and the labels of
train; the threshold is the best on valid; pairs that were not compared count as different. The mean
of three seeds, and their range; R-SupCon is a fine-tuned RoBERTa (arXiv 2202.02098), string
features with trees reach .726 and .986 (a first study of these sets). Seconds are of the
processor, of one run with labels.

| set | test F1 | seeds | without labels | mark | seconds |
|---|---|---|---|---|---|
"""
TABLES_HEAD = """
## Whole tables

From raw tables, default settings, probability .5. A run without labels compares pairs; the truth
labels them, but for a fifth that is held out and scored, true pairs that were not compared among
them. *Pairs held out*: any fifth of the pairs. *Things held out*: a fifth of the things; no label
touches a row of them, and pairs of two of them are scored, which are fewer and therefore easier.
Seconds are of the processor, of the three runs together.

| set | pairs held out: without | with | things held out: without | with | mark | labels | seconds |
|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class LabelledPairs:
    """Two tables, and labelled pairs of their rows in three parts: (n, 3) left, right, same."""

    left: pd.DataFrame
    right: pd.DataFrame
    parts: dict[str, Rows]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("SIMSEARCH_DATA", "data"), type=Path)
    parser.add_argument("--quick", action="store_true", help="the small sets of pairs alone")
    parser.add_argument("--out", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    names = list(PAIRS)[:2] if chosen.quick else list(PAIRS)
    missed = 0
    lines = [HEAD, PAIRS_HEAD]
    for name in names:
        line, reached = pairs_line(name, chosen.data)
        missed += told(lines, line, chosen.out, reached=reached)
    if not chosen.quick:
        lines.append(TABLES_HEAD)
        for name, mark in TABLES.items():
            line, reached = tables_line(load(name, chosen.data), mark)
            missed += told(lines, line, chosen.out, reached=reached)
    print(f"{missed} marks missed")
    return 1 if missed else 0


def told(lines: list[str], line: str, out: Path, *, reached: bool) -> int:
    """Add a row, print it, and write the page so far; 1 where a mark is missed."""
    lines.append(line + "\n")
    print(line, flush=True)
    about = facts()
    end = f"\n{about['date']}; {about['machine']}; {about['versions']}.\n"
    out.write_text("".join([*lines, end]), "utf-8")
    return 0 if reached else 1


def pairs_line(name: str, data: Path) -> tuple[str, bool]:
    """One row of the first table, and whether the mark is reached."""
    one = read_pairs(data / "ditto_er_magellan" / f"Structured_{name}")
    scores, seconds = [], []
    for seed in SEEDS:
        started = process_time()
        scores.append(by_pairs(one, as_labels(one.parts["train"]), seed))
        seconds.append(process_time() - started)
    without = by_pairs(one, None, 0)
    mean, mark = float(np.mean(scores)), PAIRS[name]
    return (
        f"| {name} | {mean:.4f} | {min(scores):.4f} to {max(scores):.4f} | {without:.4f} | "
        f"{'' if mark is None else f'>= {mark}'} | {np.mean(seconds):.0f} |"
    ), mark is None or mean >= mark


def read_pairs(folder: Path) -> LabelledPairs:
    """The pairs of a set; the tables are the rows that occur in them, in order."""
    rows: tuple[dict[str, int], dict[str, int]] = ({}, {})
    parts = {}
    for part in ("train", "valid", "test"):
        found = []
        for line in (folder / f"{part}.txt").read_text("utf-8").splitlines():
            left, right, same = line.split("\t")
            a, b = rows[0].setdefault(left, len(rows[0])), rows[1].setdefault(right, len(rows[1]))
            found.append((a, b, int(same)))
        parts[part] = np.array(found, np.int64)
    return LabelledPairs(table(rows[0]), table(rows[1]), parts)


def table(rows: dict[str, int]) -> pd.DataFrame:
    """Rows written as `COL name VAL value COL ...`."""
    cells = (re.findall(r"COL (\S+) VAL (.*?)(?= COL |$)", row) for row in rows)
    return pd.DataFrame([{name: value.strip() or None for name, value in row} for row in cells])


def as_labels(pairs: Rows) -> pd.DataFrame:
    """Labelled pairs as `--labels` takes them.

    Rows that read the same are one row here, so a few pairs are labelled both ways: left out.
    """
    labels = pd.DataFrame(pairs, columns=["left_id", "right_id", "same"])
    ways = labels.groupby(["left_id", "right_id"])["same"].transform("nunique")
    return labels[ways == 1]


def by_pairs(one: LabelledPairs, labels: pd.DataFrame | None, seed: int) -> float:
    """F1 of the test pairs at the threshold that is best on the valid ones."""
    found = linked_rows(one.left, one.right, labels, seed)
    odds = {
        part: looked_up(found, pairs[:, 0], pairs[:, 1])
        for part, pairs in one.parts.items()
        if part != "train"
    }
    threshold = best_threshold(odds["valid"], one.parts["valid"][:, 2])
    same = one.parts["test"][:, 2]
    taken = odds["test"] >= threshold
    return float(2 * same[taken].sum() / (taken.sum() + same.sum()))


def linked_rows(
    left: pd.DataFrame, right: pd.DataFrame, labels: pd.DataFrame | None, seed: int = 0
) -> Linkage:
    """Two tables linked with default settings."""
    found = simsearch.link(left, right, kind="record", labels=labels, seed=seed)
    if not isinstance(found, simsearch.Linkage):
        raise TypeError("rows of tables were taken for other items")
    return found


def looked_up(found: Linkage, left: Rows, right: Rows) -> Floats:
    """(pairs,) ln odds of some pairs; those that were not compared have the least of all."""
    pairs, width = found.scored.pairs, len(found.right)
    key = pairs.left * width + pairs.right
    order = np.argsort(key)
    place = np.minimum(np.searchsorted(key[order], left * width + right), len(key) - 1)
    odds = found.scored.log_odds[order][place]
    return np.where(key[order][place] == left * width + right, odds, -np.inf)


def best_threshold(odds: Floats, same: Rows) -> float:
    """The ln odds from which on F1 is greatest."""
    order = np.argsort(-odds, kind="stable")
    hits = np.cumsum(same[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + same.sum())
    # Between two odds that are equal there is no threshold.
    last = np.append(odds[order][1:] != odds[order][:-1], True)
    return float(odds[order][np.where(last, f1, 0.0).argmax()])


def tables_line(one: RecordSet, mark: float) -> tuple[str, bool]:
    """One row of the second table, and whether the mark is reached."""
    right = pd.DataFrame(one.right)
    started = process_time()
    plain = linked_rows(one.left, right, None)
    pairs, width = plain.scored.pairs, len(right)
    compared = pairs.left * width + pairs.right
    true = one.truth[0] * width + one.truth[1]
    things, rng = one.labels(one.truth), np.random.default_rng(0)
    scores = []
    labels = 0
    for held in (
        held_pairs(np.union1d(compared, true), rng),
        held_things(np.union1d(compared, true), things, len(one.left), width, rng),
    ):
        free = np.setdiff1d(compared, np.concatenate(held))
        labels = max(labels, len(free))
        told = np.stack([free // width, free % width, np.isin(free, true)], axis=1)
        found = linked_rows(one.left, right, as_labels(told))
        scores += [f1(plain, true, held[0]), f1(found, true, held[0])]
    cells = [*(f"{score:.4f}" for score in scores), f">= {mark}", f"{labels:,}"]
    seconds = process_time() - started
    return f"| {one.name} | {' | '.join(cells)} | {seconds:.0f} |", scores[1] >= mark


def held_pairs(keys: Rows, rng: np.random.Generator) -> tuple[Rows, Rows]:
    """A fifth of the pairs; nothing beside them is kept from the labels."""
    return keys[rng.integers(FOLDS, size=len(keys)) == 0], keys[:0]


def held_things(
    keys: Rows, things: Rows, left_rows: int, right_rows: int, rng: np.random.Generator
) -> tuple[Rows, Rows]:
    """Pairs whose things are in a held-out fifth, and those of which one end is."""
    held = rng.integers(FOLDS, size=int(things.max()) + 1) == 0
    ends = np.stack([held[things[keys // right_rows]], held[things[left_rows + keys % right_rows]]])
    return keys[ends.all(axis=0)], keys[ends.any(axis=0)]


def f1(found: Linkage, true: Rows, tested: Rows) -> float:
    """F1 of the links among the tested pairs, against all true pairs among those."""
    left, right = found.rows
    links = np.intersect1d(left * len(found.right) + right, tested)
    wanted = np.intersect1d(true, tested)
    return float(2 * np.isin(links, wanted).sum() / max(len(links) + len(wanted), 1))


if __name__ == "__main__":
    sys.exit(main())
