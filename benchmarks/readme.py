"""Puts the short table of results into README.md: `python benchmarks/readme.py`.

Reads benchmarks/results/records.csv (the peers) and, where it is there, records_simsearch.csv (a
later run of simsearch alone, by `records.py --matchers simsearch`); run it after records.py.
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
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for name in ("records.csv", "records_simsearch.csv"):
        if (RESULTS / name).exists():
            with (RESULTS / name).open(encoding="utf-8", newline="") as file:
                rows |= {(row["set"], row["matcher"]): row for row in csv.DictReader(file)}
    lines = ["| set | rows | " + " | ".join(PEERS) + " |", "|---|---|" + "---|" * len(PEERS)]
    for name in SETS:
        cells = [_cell(rows.get((name, peer))) for peer in PEERS]
        size = int(rows[name, "simsearch"]["rows"])
        lines.append(f"| {name} | {size:,} | " + " | ".join(cells) + " |")
    pages = [RESULTS / name for name in ("records.md", "records_simsearch.md")]
    dates = [re.search(r"\d{4}-\d\d-\d\d; .*", page.read_text("utf-8")) for page in pages]
    facts = dates[0][0] if dates[0] else ""
    if dates[1]:
        facts += f" simsearch: {dates[1][0][:10]}."
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
