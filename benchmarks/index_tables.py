"""The page of the index benchmark, its plot and its CSV."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.index_marks import ours_at, promised, verdicts
from benchmarks.index_recipes import OURS, TARGETS, front
from benchmarks.index_run import BUILDS, QUICK_BUILD, READERS, THREADS
from benchmarks.vectors import difficulty

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from benchmarks.index_recipes import Trial
    from benchmarks.index_run import Outcome

__all__ = ["COLOURS", "plot", "write_csv", "write_page"]

LEGEND = f"""\
Each index is built in one process and then opened in another, which keeps it while it is asked;
all these processes live side by side, and only one is at work at a time. First a sweep: each
configuration answers the 1,000 queries with {max(THREADS)} threads, the indexes taking turns, and
what looks quickest answers them twice more;
the least setting (cells visited, ef) that reaches a recall is found by halving, for each number of
cells and each depth of the second look. Then rounds: the quickest configuration of each family at
each recall (of faiss IVF-PQ the two quickest) and the simsearch index that was made for this
recall answer one right after the other, in an order drawn anew each time, one batch with each
number of threads and then single queries. A batch is the 1,000 queries repeated to 10,000; where
that would take too long, fewer, but at least 1,000. Figures are medians over the rounds, ratios
medians of the ratios within a round: a busy moment of the machine hits neighbours alike. Threads
that wait sleep, in every process (OMP_WAIT_POLICY is PASSIVE unless the environment says
otherwise): on a machine that others use as well, spinning ones cost many times the work itself.

simsearch is given a recall and nothing else: `VectorIndex`, ids that are no row numbers, a stored
column to filter by, open for deletion. Its build holds what it measures of itself, and what it
builds, adds and removes is on disk when the call returns; the others are in memory then, and
saving is told apart. Everything is euclidean, and recall is of the 10 nearest."""
BUILDING = f"""\
Built with {max(THREADS)} threads; the median of {BUILDS} where it takes less than {QUICK_BUILD:g}
seconds. *Bytes a vector*: of the files (simsearch: vectors, ids, stored column and index), and
what the process has grown by after all queries, mapped files included. *First answer*: from
closed to the first answer. Deleting and adding are of one index of each family; `refused`: the
index cannot."""


def write_page(outcomes: Sequence[Outcome], facts: dict[str, str], path: Path) -> int:
    """Write the page.

    Returns:
        How many marks were missed.
    """
    found = [verdict for outcome in outcomes for verdict in verdicts(outcome)]
    reached = sum(verdict.reached for verdict in found)
    lines = [
        "# Index benchmark", "", f"{facts['date']}; {facts['machine']}. {facts['versions']}.", "",
        LEGEND, "", f"**Marks reached: {reached} of {len(found)}.**", "",
        f"![Queries a second against recall]({path.stem}.png)", "",
    ]  # fmt: skip
    for outcome in outcomes:
        lines += _section(outcome)
    path.write_text("\n".join(lines), encoding="utf-8")
    return len(found) - reached


def _section(outcome: Outcome) -> list[str]:
    dimension, contrast = difficulty(outcome.vectors)
    phases = ", ".join(f"{phase} {taken:.0f} s" for phase, taken in outcome.seconds.items())
    lines = [
        f"## {outcome.vectors.name}", "",
        f"{outcome.vectors.about}. Local intrinsic dimension {dimension:.1f}, relative contrast "
        f"{contrast:.2f}. The run: {phases}.", "",
        *_marks(outcome), "### Queries a second", "", *_rates(outcome),
        "### Single queries, one thread, milliseconds", "", *_singles(outcome),
        "### Building, opening, changing", "", BUILDING, "", *_builds(outcome),
    ]  # fmt: skip
    if any(family == OURS for family in outcome.families):
        lines += ["### What was promised, and what deleting a tenth does", "", *_ours(outcome)]
    failures = [f"- {line}" for line in outcome.failures]
    return [*lines, *(["### Not measured", "", *failures, ""] if failures else [])]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [
        f"| {' | '.join(head)} |",
        f"|{'---|' * len(head)}",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
    ]


def _marks(outcome: Outcome) -> list[str]:
    rows = [
        (one.mark, one.measured, "pass" if one.reached else "**FAIL**") for one in verdicts(outcome)
    ]
    return _table(("mark", "measured", ""), rows) if rows else []


def _rates(outcome: Outcome) -> list[str]:
    head = ["", *(f"{target:.2f}, {n}" for target in TARGETS for n in THREADS)]
    head += [f"what, at {target:.2f}" for target in TARGETS]
    rows = []
    for family in outcome.families:
        cells, names = [], []
        for target in TARGETS:
            for threads in THREADS:
                best = outcome.best([family], target, threads)
                cells.append("–" if best is None else f"{outcome.rate(best, threads):,.0f}")
            names.append("–" if best is None else f"{best.label} ({best.recall:.3f})")
        rows.append([family, *cells, *names])
    legend = f"Recall, threads ({' or '.join(map(str, THREADS))}); in brackets the recall reached."
    return [legend, "", *_table(head, rows)]


def _singles(outcome: Outcome) -> list[str]:
    head = ["", *(f"{target:.2f}, {what}" for target in TARGETS for what in ("p50", "p99"))]
    rows = []
    for family in outcome.families:
        cells = [family]
        for target in TARGETS:
            best = outcome.best([family], target, 1)
            taken = outcome.singles.get(best, []) if best else []
            found = np.quantile(taken, [0.5, 0.99]) if taken else ()
            cells += [f"{value:.3f}" for value in found] or ["–", "–"]
        rows.append(cells)
    return _table(head, rows)


def _builds(outcome: Outcome) -> list[str]:
    head = ("", "build s", "save s", "bytes a vector, disk", "memory", "open ms",
            "first answer ms", "delete 10 % s", "add 1 % s", "save after s")  # fmt: skip
    today = {build["date"] for build in outcome.builds.values()}
    rows = []
    for key, recipe in outcome.recipes.items():
        build, opened = outcome.builds[key], outcome.opened.get(key, {})
        old = f" (on {build['date']})" if len(today) > 1 and recipe.kept else ""
        count = outcome.vectors.shape[0]
        changes = outcome.changes.get(key)
        refused = "" if changes is None else "refused"
        told = changes or {}
        rows.append([
            f"{recipe.family}, {recipe.name}",
            f"{build['seconds']:.2f}{old}",
            "" if recipe.family == OURS else f"{build['saving']:.2f}",
            f"{build['bytes'] / count:.0f}",
            f"{opened['memory'] / count:.0f}" if "memory" in opened else "",
            f"{opened['opening']:.1f}" if opened else "",
            f"{opened['answering']:.1f}" if opened else "",
            f"{told['removing']:.3f}" if "removing" in told else refused,
            f"{told['adding']:.3f}" if "adding" in told else refused,
            "" if recipe.family == OURS or "saving" not in told else f"{told['saving']:.2f}",
        ])  # fmt: skip
    return _table(head, rows)


def _ours(outcome: Outcome) -> list[str]:
    head = ("recall asked for", "kind", "promised", "measured", "queries a second",
            "with 10 % deleted", "recall then",
            *(f"single queries a second, readers: {count}" for count in READERS))  # fmt: skip
    rows = []
    for trial in filter(None, (ours_at(outcome, target) for target in TARGETS)):
        key = trial.recipe.key
        details = outcome.builds[key]["details"]
        changed = outcome.changes.get(key, {})
        rows.append([
            f"{trial.recipe.options['recall']:.2f}",
            "; ".join(_kind(segment) for segment in details["segments"]),
            f"{promised(details):.4f}",
            f"{trial.recall:.4f}",
            f"{changed['before']:,.0f}" if "before" in changed else "",
            f"{changed['after']:,.0f}" if "after" in changed else "",
            f"{changed['recall_after']:.4f}" if "recall_after" in changed else "",
            *(f"{changed[name]:,.0f}" if (name := f"readers {count}") in changed else ""
              for count in READERS),
        ])  # fmt: skip
    legend = (
        f"With {max(THREADS)} threads, before and right after deleting. Readers are threads of one "
        "process, each asks one query after the other."
    )
    return [legend, "", *_table(head, rows)]


def _kind(segment: dict[str, object]) -> str:
    parameters = segment["parameters"]
    told = [f"{name} {value}" for name, value in dict(parameters).items()]  # type: ignore[call-overload]  # from JSON
    return ", ".join([str(segment["kind"]), *told])


def write_csv(outcomes: Sequence[Outcome], path: Path) -> None:
    """Every configuration that was tried, one a line."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        timed = [f"queries_a_second_{threads}" for threads in THREADS]
        writer.writerow(["set", "family", "configuration", "recall", "in_the_sweep", *timed])
        for outcome in outcomes:
            for trial in outcome.trials:
                rates = (outcome.rates.get((trial, threads)) for threads in THREADS)
                medians = [f"{np.median(rate):.0f}" if rate else "" for rate in rates]
                cells = [f"{trial.recall:.4f}", f"{trial.rate:.0f}", *medians]
                writer.writerow([outcome.vectors.name, trial.recipe.family, trial.label, *cells])


# Colours that stay apart for colour-blind readers (Okabe and Ito, 2008).
COLOURS = {
    "simsearch": "#000000",
    "faiss flat": "#999999",
    "faiss IVF": "#56B4E9",
    "faiss IVF-PQ": "#0072B2",
    "faiss PQ": "#F0E442",
    "faiss HNSW": "#009E73",
    "faiss IVF-SQ8": "#56B4E9",
    "faiss IVF-PQ, SQ8": "#0072B2",
    "faiss IVF-PQ alone": "#F0E442",
    "hnswlib": "#D55E00",
    "usearch": "#CC79A7",
}
LEAST_RECALL = 0.8


def plot(outcomes: Sequence[Outcome], facts: dict[str, str], path: Path) -> None:
    """Queries a second, logarithmic, against recall: a panel for each set."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    width = 6.2 * len(outcomes)
    figure, axes = plt.subplots(
        1, len(outcomes), figsize=(width, 4.8), layout="constrained", squeeze=False
    )
    for axis, outcome in zip(axes[0], outcomes, strict=True):
        for family in outcome.families:
            recalls, rates = zip(*_curve(outcome, family), strict=True)
            style = {"ls": "", "marker": "*", "ms": 13} if family == OURS else {"marker": "o"}
            zorder = 5 if family == OURS else 2
            axis.plot(
                recalls, rates, **{"ms": 3.5, **style}, color=COLOURS[family],
                label=family, zorder=zorder,
            )  # fmt: skip
        axis.set(
            yscale="log", xlim=(LEAST_RECALL, 1.005), xlabel="recall of the 10 nearest",
            ylabel=f"queries a second, {max(THREADS)} threads", title=outcome.vectors.name,
        )  # fmt: skip
        axis.yaxis.set_major_locator(mpl.ticker.LogLocator(subs=(1, 2, 5)))
        axis.yaxis.set_major_formatter(mpl.ticker.StrMethodFormatter("{x:,.0f}"))
        axis.yaxis.set_minor_locator(mpl.ticker.NullLocator())
        axis.grid(visible=True, alpha=0.25)
        axis.legend(frameon=False, fontsize=8, loc="lower left")
    figure.suptitle(f"{facts['machine']}, {facts['date']}", fontsize=10)
    figure.savefig(path, dpi=150)


def _curve(outcome: Outcome, family: str) -> list[tuple[float, float]]:
    """What a family reaches: medians where a configuration was timed, else the sweep's figure."""
    points = list(_points(outcome, family))
    if family == OURS:
        return points
    shown = [point for point in front(points) if point[0] >= LEAST_RECALL]
    return shown or [(float("nan"), float("nan"))]


def _points(outcome: Outcome, family: str) -> Iterator[tuple[float, float]]:
    for trial in outcome.trials:
        if trial.recipe.family == family:
            yield trial.recall, _rate(outcome, trial)


def _rate(outcome: Outcome, trial: Trial) -> float:
    threads = max(THREADS)
    return outcome.rate(trial, threads) if (trial, threads) in outcome.rates else trial.rate
