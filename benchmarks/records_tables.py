"""The result table of the record benchmark, as Markdown, as CSV and on the screen."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from benchmarks.marks import verdicts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.runner import Matcher, Run

__all__ = ["console_line", "write_csv", "write_markdown"]

NOT_RUN = "- **dedupe** 3 is not run: it needs labelled pairs to start, and nothing here has any."
OURS = "simsearch"
# Measure, heading, format.
COLUMNS = (
    ("precision", "precision", "{:.3f}"),
    ("recall", "recall", "{:.3f}"),
    ("f1", "F1", "{:.3f}"),
    ("bcubed_f1", "B³ F1", "{:.3f}"),
    ("grouped_share", "rows grouped", "{:.2%}"),
    ("candidates_per_row", "candidates a row", "{:.1f}"),
    ("blocking_recall", "blocking recall", "{:.3f}"),
    ("seconds", "seconds", "{:.1f}"),
    ("peak_mib", "peak MiB", "{:.0f}"),
)
LEGEND = """\
Pairwise figures are against all true pairs of the raw tables, so a pair that blocking missed is a
miss. One table: the pairs within the groups. Two tables: the links; B³ is of the groups they
make. *Candidates a row*: compared pairs over the rows of the table (of both tables). *Seconds*
and *peak MiB* are of the whole process, from starting the interpreter to the answer. The
simsearch rows share one setting, the default, and use no labels. `‡` marks the sets that the
benchmark makes itself (`benchmarks/datasets.py`, `benchmarks/made.py`)."""


def console_line(run: Run) -> str:
    """One run on one line, for whoever watches."""
    head = f"{run.records:<26} {run.matcher:<14}"
    if run.error:
        return f"{head} failed: {run.error}"
    cells = [f"{name} {_cell(run, key, form)}" for key, name, form in COLUMNS]
    return f"{head} {'  '.join(cells)}"


def _cell(run: Run, key: str, form: str) -> str:
    """A measure as text, empty when it was not taken."""
    return form.format(run.measures[key]) if key in run.measures else ""


def judged(runs: Sequence[Run]) -> dict[str, list[tuple[str, bool]]]:
    """Set name -> its marks as text and whether simsearch reached them."""
    out = {}
    for run in runs:
        if run.matcher != OURS:
            continue
        peers = {
            other.matcher: other.measures
            for other in runs
            if other.records == run.records and other.matcher != OURS
        }
        warned = bool(run.facts.get("warnings"))
        out[run.records] = verdicts(run.records, run.measures, warned, peers)
    return out


def write_markdown(
    runs: Sequence[Run], matchers: Sequence[Matcher], facts: dict[str, str], path: Path
) -> int:
    """Write the page for the documentation.

    Returns:
        How many marks simsearch missed.
    """
    marks = judged(runs)
    results = [reached for found in marks.values() for _, reached in found]
    headings = ["set", "rows", "matcher", *(name for _, name, _ in COLUMNS), "marks"]
    lines = [
        "# Record benchmark",
        "",
        f"{facts['date']}; {facts['machine']}. {facts['versions']}.",
        "",
        LEGEND,
        "",
        f"**Marks reached: {sum(results)} of {len(results)}.**",
        "",
        f"| {' | '.join(headings)} |",
        f"|{'---|' * len(headings)}",
        *(f"| {' | '.join(_row(run, marks))} |" for run in runs),
        "",
        *(f"- **{matcher.name}**: {matcher.note}." for matcher in matchers if matcher.note),
        NOT_RUN,
        *_failures(runs),
        *_warnings(runs),
        "",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return results.count(False)


def _row(run: Run, marks: dict[str, list[tuple[str, bool]]]) -> list[str]:
    """The cells of one run."""
    made = any(word in run.records for word in ("overlap", "large", "duplicates", "persons"))
    name = f"{run.records} ‡" if made else run.records
    cells = [_cell(run, key, form) for key, _, form in COLUMNS]
    if run.error:
        cells[0] = "failed"
    found = marks.get(run.records, []) if run.matcher == OURS else []
    told = "; ".join(f"{text}: {'pass' if reached else '**FAIL**'}" for text, reached in found)
    return [name, f"{run.rows:,}", run.matcher, *cells, told]


def _failures(runs: Sequence[Run]) -> list[str]:
    """A line for each run that gave no answer."""
    return [
        f"- {run.matcher} failed on {run.records}: `{run.error[:200]}`" for run in runs if run.error
    ]


def _warnings(runs: Sequence[Run]) -> list[str]:
    """A line for each warning that simsearch gave."""
    return [
        f"- simsearch warned on {run.records}: {warning}"
        for run in runs
        for warning in run.facts.get("warnings", ())
    ]


def write_csv(runs: Sequence[Run], path: Path) -> None:
    """Every measure of every run, one run a line."""
    names = sorted({name for run in runs for name in run.measures})
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["set", "rows", "matcher", *names, "version", "error"])
        for run in runs:
            values = [run.measures.get(name, "") for name in names]
            version = run.facts.get("version", "")
            writer.writerow([run.records, run.rows, run.matcher, *values, version, run.error])
