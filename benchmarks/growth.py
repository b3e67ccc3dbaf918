"""How time grows with rows: simsearch and splink on made person files.

    python benchmarks/growth.py                 25,000 to 200,000 rows
    python benchmarks/growth.py --rows 2000,4000 --matchers simsearch

Writes growth.md, growth.csv and growth.png into benchmarks/results/. The exponent is the slope of
the least-squares line of log seconds on log rows: 1 is linear, 2 quadratic. It counts what a user
waits for, the start of the interpreter included.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks import machine, made
from benchmarks.datasets import RecordSet
from benchmarks.records_tables import write_csv
from benchmarks.runner import MATCHERS, Matcher, Run, run
from simsearch.evaluation import group_pairs

RESULTS = Path(__file__).resolve().parent / "results"
ROWS = (25_000, 50_000, 100_000, 200_000)
HIGHEST_EXPONENT = 1.1
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
    return "\n".join([*lines, ""])


def main() -> int:
    """Run, fit, plot; exit code 1 when simsearch grows faster than its mark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", help="comma-separated; default 25000,50000,100000,200000")
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
    return _verdict(runs)


def _replaced(matcher: Matcher, engine: str | None) -> Matcher:
    """The matcher, with another module when it is ours and one is named."""
    ours = matcher.name == MATCHERS[0].name
    return replace(matcher, module=engine) if ours and engine else matcher


def _verdict(runs: list[Run]) -> int:
    """Print the exponent of simsearch against its mark; 1 when it is missed."""
    rows, seconds = series(runs, MATCHERS[0].name, "seconds")
    if len(rows) < 2:
        return 0
    power = exponent(rows, seconds)
    reached = power <= HIGHEST_EXPONENT
    verdict = "pass" if reached else "FAIL"
    print(f"exponent {power:.2f}, mark <= {HIGHEST_EXPONENT}: {verdict}")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
