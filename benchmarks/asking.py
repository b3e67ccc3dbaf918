"""What answers are worth: F1 after so many, asked by `simsearch label`, at random, and of dedupe 3.

    python benchmarks/asking.py --data FOLDER        # write results/asking.md
    python benchmarks/asking.py --data FOLDER --sets febrl1,cora

Answers come from the truth. Each cell is a run of its own over the whole table with the answers so
far as labels; random are candidates of probability .01 to .99, by a seed. dedupe 3 runs where
benchmarks/peers/setup.sh has made its environment ($SIMSEARCH_DEDUPE_PYTHON names another one).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import simsearch
from benchmarks.datasets import load
from benchmarks.machine import facts
from simsearch import Answer, AskedPair, label
from simsearch.evaluation import group_pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    Groups = npt.NDArray[np.int64]

HERE = Path(__file__).resolve().parent
SETS = ("febrl1", "fake_1000", "cora", "restaurants", "abt_buy")
STEPS = (0, 10, 20, 50, 100)
# Seconds after which dedupe is stopped.
LIMIT = 600
RESULTS = HERE / "results" / "asking.md"
PEER = HERE / "peers" / "dedupe_3.py"
PEER_PYTHON = Path(
    os.environ.get("SIMSEARCH_DEDUPE_PYTHON", HERE.parent / ".venv-dedupe/bin/python")
)
HEAD = """# What answers are worth

F1 of all pairs within the groups of a whole table after so many answers, given as labels; the
truth answers. By label: the pairs that `simsearch label` asks about. At random: compared pairs of
probability .01 to .99, by seed 0. dedupe 3 learns from answers alone: from the same that `label`
was given, and from those that it asks for itself; its columns are strings, or blocks of text where
they have more than twelve words in the mean, and the rest is its default. The last column is the
share of answers that were same. Two tables (restaurants, abt_buy) are put below each other.
"""


class Curve(NamedTuple):
    """What one way of asking came to.

    Attributes:
        way: of asking.
        scores: F1 at each step; None where there was nothing to learn from.
        same: share of the answers that were same.
    """

    way: str
    scores: list[float | None]
    same: float


def main() -> None:
    """Measure, and write the page after each set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("SIMSEARCH_DATA", "data"), type=Path)
    parser.add_argument("--sets", default=",".join(SETS), help="comma-separated")
    parser.add_argument("--out", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    lines = [
        f"| set | asked | {' | '.join(f'{step} answers' for step in STEPS)} | same |",
        "|---|---|" + "---|" * (len(STEPS) + 1),
    ]
    for name in chosen.sets.split(","):
        for one in curves(*one_table(name, chosen.data)):
            shown = " | ".join("" if score is None else f"{score:.4f}" for score in one.scores)
            same = "" if np.isnan(one.same) else f"{one.same:.0%}"
            lines.append(f"| {name} | {one.way} | {shown} | {same} |")
            print(lines[-1], flush=True)
        told = facts()
        about = f"{told['date']}; {told['machine']}; {told['versions']}."
        chosen.out.write_text("\n".join([HEAD, *lines, "", about, ""]), "utf-8")


def one_table(name: str, data: Path) -> tuple[pd.DataFrame, Groups]:
    """A set as one table, and which rows are one thing."""
    one = load(name, data)
    tables = [one.left] if one.right is None else [one.left, one.right]
    return pd.concat(tables, ignore_index=True), one.labels(one.truth)


def curves(table: pd.DataFrame, groups: Groups) -> Iterator[Curve]:
    """All ways of asking."""
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder) / "label.csv"
        yield curve("by label", table, groups, asked, by_label)
        yield curve("at random", table, groups, Path(folder) / "random.csv", at_random)
        if PEER_PYTHON.is_file():
            answers = pd.read_csv(asked)
            pairs = answers[["left_id", "right_id"]].to_numpy().tolist()
            yield of_peer("dedupe 3, the answers of label", table, groups, pairs, Path(folder))
            yield of_peer("dedupe 3, by itself", table, groups, None, Path(folder))


def curve(
    way: str, table: pd.DataFrame, groups: Groups, path: Path, ask: Callable[..., None]
) -> Curve:
    """Asked step by step; the answers are in the file at `path` then."""
    scores: list[float | None] = []
    done = 0
    for step in STEPS:
        if step > done:
            ask(table, groups, path, step - done)
            done = step
        labels = path if path.exists() else None
        scores.append(f1(simsearch.dedupe(table, kind="record", labels=labels).group, groups))
    return Curve(way, scores, float(pd.read_csv(path)["same"].mean()))


def by_label(table: pd.DataFrame, groups: Groups, path: Path, count: int) -> None:
    """So many answers to `simsearch label`."""
    left = count

    def answer(pair: AskedPair) -> Answer:
        nonlocal left
        left -= 1
        if left < 0:
            return Answer.STOP
        same = groups[int(pair.left_id)] == groups[int(pair.right_id)]
        return Answer.SAME if same else Answer.DIFFERENT

    label(table, path, kind="record", ask=answer)


def at_random(table: pd.DataFrame, groups: Groups, path: Path, count: int) -> None:
    """So many answers about unsure pairs."""
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


def of_peer(
    way: str, table: pd.DataFrame, groups: Groups, pairs: list[list[int]] | None, folder: Path
) -> Curve:
    """dedupe 3 in its own environment, with the answers to these pairs or those it asks for."""
    files = {name: str(folder / file) for name, file in (
        ("table", "table.csv"), ("groups", "groups.npy"), ("out", "found.npz"),
    )}  # fmt: skip
    table.to_csv(files["table"], index=False)
    np.save(files["groups"], groups)
    job = folder / "job.json"
    job.write_text(json.dumps({**files, "steps": STEPS[1:], "pairs": pairs}), "utf-8")
    command = [str(PEER_PYTHON), "-W", "ignore", str(PEER), str(job)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return Curve(f"{way}: not done in {LIMIT:,} s", [None] * len(STEPS), float("nan"))
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode(errors="replace")
        raised = [
            line for line in told.splitlines() if re.match(r"[\w.]+(Error|Exception)\b", line)
        ]
        why = raised[-1] if raised else f"exit code {error.returncode}"
        return Curve(f"{way}: ended with {why}", [None] * len(STEPS), float("nan"))
    with np.load(files["out"]) as found:
        scores = [None if each.min() < 0 else f1(each, groups) for each in found["groups"]]
        return Curve(way, [None, *scores], float(found["same"].mean()))


def f1(found: Groups, groups: Groups) -> float:
    """F1 of the pairs within groups."""
    ours, theirs = (
        set(zip(*map(np.ndarray.tolist, group_pairs(g)), strict=True)) for g in (found, groups)
    )
    return 2 * len(ours & theirs) / max(len(ours) + len(theirs), 1)


if __name__ == "__main__":
    main()
