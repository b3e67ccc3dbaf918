"""What answers are worth: F1 after so many, asked by `simsearch label` and at random.

    python benchmarks/asking.py --data FOLDER        # write results/asking.md

Answers come from the truth. Each row of the table is a run of its own over the whole table with the
answers so far as labels; random are candidates of probability .01 to .99, by a seed.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

import simsearch
from benchmarks.datasets import load
from benchmarks.machine import facts
from simsearch import Answer, AskedPair, label
from simsearch.evaluation import group_pairs

if TYPE_CHECKING:
    from collections.abc import Callable

SETS = ("febrl1", "fake_1000", "cora")
STEPS = (0, 10, 20, 50, 100)
RESULTS = Path(__file__).resolve().parent / "results" / "asking.md"
HEAD = """# What answers are worth

F1 of all pairs within the groups of a whole table after so many answers, given as labels; the
truth answers. By label: the pairs that `simsearch label` asks about. At random: compared pairs of
probability .01 to .99, by seed 0. The last column is the share of answers that were same.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("SIMSEARCH_DATA"), type=Path)
    parser.add_argument("--sets", nargs="*", default=SETS)
    chosen = parser.parse_args()
    lines = [
        f"| set | asked | {' | '.join(f'{step} answers' for step in STEPS)} | same |",
        "|---|---|" + "---|" * (len(STEPS) + 1),
    ]
    for name in chosen.sets:
        one = load(name, chosen.data)
        groups = one.labels(one.truth)
        for way, ask in (("by label", by_label), ("at random", at_random)):
            scores, share = curve(one.left, groups, ask)
            shown = " | ".join(f"{score:.4f}" for score in scores)
            lines.append(f"| {name} | {way} | {shown} | {share:.0%} |")
            print(lines[-1], flush=True)
    told = facts()
    about = f"{told['date']}; {told['machine']}; {told['versions']}."
    RESULTS.write_text("\n".join([HEAD, *lines, "", about, ""]), "utf-8")


def curve(
    table: pd.DataFrame, groups: np.ndarray, ask: Callable[..., None]
) -> tuple[list[float], float]:
    """F1 at each step, and the share of answers that were same."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "labels.csv"
        scores, done = [], 0
        for step in STEPS:
            if step > done:
                ask(table, groups, path, step - done)
                done = step
            labels = path if path.exists() else None
            scores.append(f1(simsearch.dedupe(table, kind="record", labels=labels).group, groups))
        return scores, float(pd.read_csv(path)["same"].mean())


def by_label(table: pd.DataFrame, groups: np.ndarray, path: Path, count: int) -> None:
    left = count

    def answer(pair: AskedPair) -> Answer:
        nonlocal left
        left -= 1
        if left < 0:
            return Answer.STOP
        same = groups[int(pair.left_id)] == groups[int(pair.right_id)]
        return Answer.SAME if same else Answer.DIFFERENT

    label(table, path, kind="record", ask=answer)


def at_random(table: pd.DataFrame, groups: np.ndarray, path: Path, count: int) -> None:
    known = pd.read_csv(path) if path.exists() else None
    found = simsearch.dedupe(table, kind="record", labels=known)
    unsure = np.flatnonzero((found.probability > 0.01) & (found.probability < 0.99))
    chosen = np.random.default_rng(0).permutation(unsure)[:count]
    left, right = (
        found.exact.kept[side[chosen]]
        for side in (found.compared_pairs.left, found.compared_pairs.right)
    )
    new = pd.DataFrame(
        {"left_id": left, "right_id": right, "same": (groups[left] == groups[right]).astype(int)}
    )
    pd.concat([new] if known is None else [known, new]).to_csv(path, index=False)


def f1(found: np.ndarray, groups: np.ndarray) -> float:
    ours, theirs = (
        set(zip(*map(np.ndarray.tolist, group_pairs(g)), strict=True)) for g in (found, groups)
    )
    return 2 * len(ours & theirs) / max(len(ours) + len(theirs), 1)


if __name__ == "__main__":
    main()
