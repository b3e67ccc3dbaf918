"""Short texts of many kinds: what `dedupe` finds and what it keeps apart without any option.

    python benchmarks/everyday_texts.py                # write results/everyday_texts.md
    python benchmarks/everyday_texts.py --data DATA    # among 3,000 questions as well

Questions, headlines, products, lines of logs, addresses, names, books; German, French, Spanish,
Italian, Japanese and Chinese. Each set of everyday_texts.txt is a file of lines of its own, as
someone would bring it; then each is put among 3,000 titles of questions, so that copies are rare.
The sets called `... 2` were not looked at while the guards were written. Those called `... 3` and
`... 4` were written together before either was run (names, one-word lists, codes, versions, dates,
quantities, parts, sides, negations, questions of one template, chemistry, sport, law, songs, ten
languages); the latter were run once, when all else was done, and of what they showed `he` and
`she`, `am` and `pm` were mended since. Those called `... 5` were written before any of them was
run (tickets, gadgets, streets, recipes, firms, bugs, songs, tweets, quotes, errors, drugs, surnames
and six languages), and much of what they showed was mended: short forms, models, names, drugs. The
sets `... 6` were written when that was done and before they were run: of 65 copies 1 was missed and
of 110 look-alikes 7 were grouped, of which 4 were mended since.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from typing import NamedTuple

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import simsearch
from benchmarks import machine

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "everyday_texts.md"
AMONG = 3_000


class Pair(NamedTuple):
    """Two texts, and whether they are the same."""

    left: str
    right: str
    same: bool


class Texts(NamedTuple):
    """A set: pairs, and texts without a partner."""

    pairs: list[Pair]
    alone: list[str]


class Outcome(NamedTuple):
    """What was found of a set: pairs missed, look-alikes grouped, and other pairs grouped."""

    missed: list[Pair]
    grouped: list[Pair]
    others: int


def sets() -> dict[str, Texts]:
    found: dict[str, Texts] = {}
    for line in (HERE / "everyday_texts.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            last = found[line[1:-1]] = Texts([], [])
        elif line.startswith(("= ", "# ")) and " | " in line:
            left, right = line[2:].split(" | ")
            last.pairs.append(Pair(left, right, line.startswith("=")))
        elif line.startswith(". "):
            last.alone.append(line[2:])
    return found


def outcome(texts: Texts, among: list[str]) -> Outcome:
    own = [text for pair in texts.pairs for text in pair[:2]] + texts.alone
    lines = list(dict.fromkeys([*own, *among]))
    found = simsearch.dedupe(lines, kind="text")
    group = dict(zip(lines, found.group.tolist(), strict=True))
    told = {frozenset(pair[:2]) for pair in texts.pairs}
    others = 0
    for pair in found.pairs.to_pylist():
        ends = frozenset(lines[int(pair[name])] for name in ("left_id", "right_id"))
        others += bool(ends & set(own)) and ends not in told
    together = [pair for pair in texts.pairs if group[pair.left] == group[pair.right]]
    apart = [pair for pair in texts.pairs if group[pair.left] != group[pair.right]]
    return Outcome([p for p in apart if p.same], [p for p in together if not p.same], others)


def table(found: dict[str, Texts], among: list[str]) -> list[str]:
    rows = ["| set | same, missed | look-alikes, grouped | other pairs |", "|---|---|---|---|"]
    wrong: list[str] = []
    totals = [0, 0, 0, 0, 0]
    for name, texts in found.items():
        got = outcome(texts, among)
        same = sum(pair.same for pair in texts.pairs)
        counts = (same, len(got.missed), len(texts.pairs) - same, len(got.grouped), got.others)
        totals = [a + b for a, b in zip(totals, counts, strict=True)]
        rows.append(
            f"| {name} | {counts[0]}, {counts[1]} | {counts[2]}, {counts[3]} | {got.others} |"
        )
        wrong += [f"- missed: {p.left} | {p.right}" for p in got.missed]
        wrong += [f"- grouped: {p.left} | {p.right}" for p in got.grouped]
    rows.append(f"| all | {totals[0]}, {totals[1]} | {totals[2]}, {totals[3]} | {totals[4]} |")
    return [*rows, "", *wrong, ""]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path)
    asked = parser.parse_args()
    found = sets()
    about = __doc__.partition("\n\n")[2].partition("\n\n")[2].strip()
    lines = ["# Short texts of many kinds", "", about, "", "## Each set alone", ""]
    lines += table(found, [])
    if asked.data is not None:
        with (asked.data / "stackoverflow_titles" / "titles.csv").open(encoding="utf-8") as file:
            titles = [row["title"] for row in csv.DictReader(file)][:AMONG]
        lines += [f"## Each set among {AMONG:,} other titles", "", *table(found, titles)]
    lines.append("; ".join(machine.facts().values()) + ".")
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
