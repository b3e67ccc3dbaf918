"""How time grows with rows: simsearch and splink on made person files.

    python benchmarks/growth.py                 25,000 to 1,000,000 rows
    python benchmarks/growth.py --rows 2000,4000 --matchers simsearch

Writes growth.md, growth.csv and growth.png into benchmarks/results/. Exit code 1 where a mark is
missed; those of sizes that were not run are left out. The exponent is the slope of
the least-squares line of log seconds on log rows: 1 is linear, 2 quadratic. It counts what a user
waits for, the start of the interpreter included.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks import machine, made
from benchmarks.datasets import RecordSet
from benchmarks.records_tables import write_csv
from benchmarks.runner import MATCHERS, Matcher, Run, run
from simsearch.evaluation import group_pairs

RESULTS = Path(__file__).resolve().parent / "results"
ROWS = (25_000, 200_000, 1_000_000)
HIGHEST_EXPONENT = 1.1
# Of a million rows: seconds, MiB and F1. Of so many rows: no slower than splink.
MILLION, SECONDS, MIB, F1 = 1_000_000, 240.0, 4_096.0, 0.97
BESIDE_SPLINK = 200_000
# Colours that stay apart for colour-blind readers (Okabe and Ito, 2008).
COLOURS = {"simsearch": "#0072B2", "splink": "#D55E00", "recordlinkage": "#009E73"}


def person_set(rows: int) -> RecordSet:
    """A made person file of that many rows."""
    table, person = made.persons(rows)
    return RecordSet(f"persons {rows // 1000}k", "persons", table, None, group_pairs(person))


def exponent(rows: list[int], seconds: list[float]) -> float:
    """Slope of log seconds on log rows."""
    return float(np.polyfit(np.log(rows), np.log(seconds), 1)[0])


def series(runs: list[Run], matcher: str, measure: str) -> tuple[list[int], list[float]]:
    """Rows and values of one matcher, failed runs left out."""
    kept = [run for run in runs if run.matcher == matcher and measure in run.measures]
    return [run.rows for run in kept], [run.measures[measure] for run in kept]


def plot(runs: list[Run], names: list[str], facts: dict[str, str], path: Path) -> None:
    """Seconds and peak memory against rows, both axes logarithmic."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(10, 4.2), layout="constrained")
    for axis, measure, label in zip(
        axes, ("seconds", "peak_mib"), ("seconds, whole process", "peak memory, MiB"), strict=True
    ):
        for name in names:
            rows, values = series(runs, name, measure)
            power = f", rows^{exponent(rows, values):.2f}" if len(rows) > 1 else ""
            colour = COLOURS.get(name, "#444444")
            axis.plot(rows, values, "o-", color=colour, label=f"{name}{power}")
            for place, value in zip(rows, values, strict=True):
                axis.annotate(
                    f"{value:,.0f}", (place, value), xytext=(0, 6), ha="center",
                    textcoords="offset points", fontsize=8, color=colour,
                )  # fmt: skip
        axis.set(xscale="log", yscale="log", xlabel="rows", ylabel=label)
        ticks = sorted({run.rows for run in runs})
        axis.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
        axis.minorticks_off()
        axis.grid(visible=True, alpha=0.3)
        axis.margins(y=0.15)
        axis.legend(frameon=False)
    figure.suptitle(f"Made person file: {facts['machine']}, {facts['date']}", fontsize=10)
    figure.savefig(path, dpi=150)


def page(runs: list[Run], names: list[str], facts: dict[str, str]) -> str:
    """The page for the documentation."""
    lines = [
        "# Growth", "", f"{facts['date']}; {facts['machine']}. {facts['versions']}.", "",
        "![Seconds and memory against rows](growth.png)", "",
        "| rows | matcher | F1 | candidates a row | seconds | peak MiB |",
        f"|{'---|' * 6}",
    ]  # fmt: skip
    keys = (("f1", ".3f"), ("candidates_per_row", ".1f"), ("seconds", ".1f"), ("peak_mib", ".0f"))
    for one in runs:
        cells = [format(one.measures[key], form) if one.measures else "" for key, form in keys]
        lines.append(f"| {one.rows:,} | {one.matcher} | {' | '.join(cells)} |{one.error}")
    lines.append("")
    for name in names:
        rows, seconds = series(runs, name, "seconds")
        if len(rows) > 1:
            lines.append(f"- {name}: seconds grow as rows^{exponent(rows, seconds):.2f}.")
    lines += ["", "| mark | found | |", "|---|---|---|"]
    lines += [f"| {one.said} | {one.found} | {one.verdict} |" for one in marks(runs)]
    return "\n".join([*lines, ""])


class Mark(NamedTuple):
    """Something to reach.

    Attributes:
        said: what is asked.
        found: the figures.
        reached: whether they are good enough.
    """

    said: str
    found: str
    reached: bool

    @property
    def verdict(self) -> str:
        """In a word."""
        return "reached" if self.reached else "missed"


def marks(runs: list[Run]) -> list[Mark]:
    """The marks of the sizes that were run."""
    of = {(one.rows, one.matcher): one.measures for one in runs if one.measures}
    ours, splink = MATCHERS[0].name, "splink"
    out = []
    rows, seconds = series(runs, ours, "seconds")
    if len(rows) > 1:
        power = exponent(rows, seconds)
        found = f"exponent {power:.2f}"
        out.append(Mark(f"exponent <= {HIGHEST_EXPONENT}", found, power <= HIGHEST_EXPONENT))
    large = of.get((MILLION, ours))
    if large:
        said = f"{MILLION:,} rows: <= {SECONDS:.0f} s, <= {MIB:,.0f} MiB, F1 >= {F1}"
        found = f"{large['seconds']:.0f} s, {large['peak_mib']:,.0f} MiB, F1 {large['f1']:.3f}"
        reached = large["seconds"] <= SECONDS and large["peak_mib"] <= MIB and large["f1"] >= F1
        out.append(Mark(said, found, reached))
    for size, better in ((BESIDE_SPLINK, False), (MILLION, True)):
        mine, its = of.get((size, ours)), of.get((size, splink))
        if mine and its:
            said = f"{size:,} rows: no slower than splink{' at a higher F1' if better else ''}"
            found = (
                f"{mine['seconds']:.0f} s at F1 {mine['f1']:.3f}, "
                f"splink {its['seconds']:.0f} s at F1 {its['f1']:.3f}"
            )
            higher = not better or mine["f1"] > its["f1"]
            out.append(Mark(said, found, higher and mine["seconds"] <= its["seconds"]))
    return out


def main() -> int:
    """Run, fit, plot; exit code 1 when a mark is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", help="comma-separated; default 25000,200000,1000000")
    parser.add_argument("--matchers", default="simsearch,splink")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--engine", help="module to run in the place of simsearch")
    args = parser.parse_args()
    sizes = [int(rows) for rows in args.rows.split(",")] if args.rows else list(ROWS)
    matchers = [matcher for matcher in MATCHERS if matcher.name in args.matchers.split(",")]
    names = [matcher.name for matcher in matchers]
    runs: list[Run] = []
    for size in sizes:
        records = person_set(size)
        for matcher in matchers:
            runs.append(run(_replaced(matcher, args.engine), records))
            print(runs[-1].records, matcher.name, runs[-1].measures or runs[-1].error, flush=True)
    args.out.mkdir(parents=True, exist_ok=True)
    facts = machine.facts()
    plot(runs, names, facts, args.out / "growth.png")
    (args.out / "growth.md").write_text(page(runs, names, facts), encoding="utf-8")
    write_csv(runs, args.out / "growth.csv")
    reached = marks(runs)
    for one in reached:
        print(f"{one.said}: {one.found}: {one.verdict}")
    return 0 if all(one.reached for one in reached) else 1


def _replaced(matcher: Matcher, engine: str | None) -> Matcher:
    """The matcher, with another module when it is ours and one is named."""
    ours = matcher.name == MATCHERS[0].name
    return replace(matcher, module=engine) if ours and engine else matcher


if __name__ == "__main__":
    sys.exit(main())
