"""`simsearch duplicates`: find the items of an index that are the same thing."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.comparing_options import labels_option, until_options
from simsearch.commands.flags import wording
from simsearch.commands.index_options import indexes_option
from simsearch.commands.notes import note_of_alignment
from simsearch.commands.options import (
    output_path,
    quiet_option,
    seed_option,
    threads_option,
)
from simsearch.commands.progress import progress_bars
from simsearch.commands.report_options import report_options
from simsearch.commands.results import PAGE, Results, group_options, write_deduplication

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]


@click.command(short_help="Find the items of an index that are the same thing.")
@click.argument("name")
@click.option(
    "-o",
    "--output",
    type=output_path(),
    metavar="OUT.csv",
    help="Write every item with its stored columns and its group. - is standard output.",
)
@group_options("item")
@report_options()
@click.option(
    "--where",
    metavar="SQL",
    help="Consider only items that fulfil this condition on the stored columns.",
)
@until_options()
@labels_option()
@seed_option()
@indexes_option()
@threads_option()
@quiet_option()
def command(
    name: str,
    output: Path | None,
    unique: Path | None,
    pairs: Path | None,
    report: Path | None,
    redact: tuple[str, ...],
    quiet: bool,
    **keywords: Any,
) -> None:
    """Find the items of the index NAME that are the same thing, as `dedupe` does.

    Nothing is encoded again: records are compared by their stored columns, all other items by
    the vectors in the index.

    \b
    Examples:
      simsearch duplicates customers -o deduped.csv
      simsearch duplicates photos --pairs pairs.csv --where "width > 1000"
      simsearch duplicates words --precision 0.9
      simsearch duplicates words --threshold 0.95
    """
    from simsearch.index.index import Index
    from simsearch.report.redact import hidden_columns
    from simsearch.report.run import Run
    from simsearch.report.summary import print_deduplication

    started = perf_counter()
    saved = {
        "every item, with its group": output,
        "one item for each thing": unique,
        "the pairs and their evidence": pairs,
        PAGE: report,
    }
    index = Index.open(name, keywords.pop("indexes"))
    note_of_alignment(index)
    with Results(list(saved.values()), [keywords["labels"]]) as results:
        with progress_bars(quiet) as progress:
            found = index.duplicates(progress=progress, **keywords)
            redact = hidden_columns(found, redact)
            results.write_page(report, found, redact, None, progress)
        write_deduplication(results, found, output, unique, pairs, redact)
        results.publish()
    print_deduplication(
        found, Run(perf_counter() - started, saved, quiet, results.to_stdout, redact, wording())
    )
