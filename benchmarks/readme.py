"""Puts the short table of results into README.md: `python benchmarks/readme.py`.

Reads benchmarks/results/records.csv and records.md; run it after records.py.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
PEERS = ("simsearch", "splink", "splink at 0.5", "recordlinkage")
SETS = (
    "febrl3",
    "fake_1000",
    "cora",
    "large groups",
    "persons 200k",
    "dblp_acm",
    "abt_buy",
    "amazon_google",
    "restaurants",
    "dblp_acm 5% overlap",
    "abt_buy 5% overlap",
)
START, END = "<!-- benchmark-table -->", "<!-- /benchmark-table -->"


def main() -> None:
    """Replace what stands between the two markers."""
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    between = f"{START}\n{table()}\n{END}"
    pattern = re.compile(f"{re.escape(START)}.*?{re.escape(END)}", re.DOTALL)
    readme.write_text(pattern.sub(lambda _: between, text), encoding="utf-8")


def table() -> str:
    """Pairwise F1 by set and matcher, and the seconds that each took."""
    with (RESULTS / "records.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["set"], row["matcher"]): row for row in csv.DictReader(file)}
    lines = ["| set | rows | " + " | ".join(PEERS) + " |", "|---|---|" + "---|" * len(PEERS)]
    for name in SETS:
        cells = [_cell(rows.get((name, peer))) for peer in PEERS]
        size = int(rows[name, "simsearch"]["rows"])
        lines.append(f"| {name} | {size:,} | " + " | ".join(cells) + " |")
    facts = (RESULTS / "records.md").read_text(encoding="utf-8").splitlines()[2]
    return "\n".join([*lines, "", facts])


def _cell(row: dict[str, str] | None) -> str:
    """`F1 (seconds)`; a dash where the matcher was not run, `failed` where it stopped."""
    if row is None:
        return "–"
    if row["error"]:
        return "failed"
    return f"{float(row['f1']):.3f} ({float(row['seconds']):.0f} s)"


if __name__ == "__main__":
    main()
