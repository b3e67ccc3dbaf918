"""`simsearch duplicates`: find the items of an index that are the same thing."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.dedupe import OF_ITEMS, OF_RECORDS, one_threshold, write_results
from simsearch.commands.index_encoder import note_lifted
from simsearch.commands.options import (
    exclusive,
    indexes_option,
    is_given,
    output_path,
    quiet_option,
    refuse_given,
    sameness_options,
    seed_option,
    threads_option,
)
from simsearch.commands.progress import progress_bars
from simsearch.commands.results import Results
from simsearch.report.summary import Run, print_deduplication

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
@click.option(
    "--unique",
    type=output_path(),
    metavar="UNIQUE.csv",
    help="Write one item for each thing: the representative of its group.",
)
@click.option(
    "--pairs",
    type=output_path(),
    metavar="PAIRS.csv",
    help="Write the pairs that were found, with their probability.",
)
@click.option(
    "--where",
    metavar="SQL",
    help="Consider only items that fulfil this condition on the stored columns.",
)
@click.option(
    "--threshold",
    type=click.FloatRange(0.0, 1.0),
    metavar="P",
    help="Of records: probability from which two are the same thing.  [default: 0.5]",
)
@click.option(
    "--labels",
    metavar="LABELS.csv",
    help="Of records: pairs that you have judged: left_id,right_id,same (1 or 0).",
)
@sameness_options()
@seed_option()
@indexes_option()
@threads_option()
@quiet_option()
def command(
    name: str,
    output: Path | None,
    unique: Path | None,
    pairs: Path | None,
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
      simsearch duplicates words --threshold-score 0.95
    """
    from simsearch.index.index import Index

    started = perf_counter()
    exclusive(click.get_current_context(), ("at", "threshold_score"))
    saved = {
        "every item, with its group": output,
        "one item for each thing": unique,
        "the pairs and their evidence": pairs,
    }
    index = Index.open(name, keywords.pop("indexes"))
    if index.info().kind == "record":
        refuse_given(OF_ITEMS, "is not for records; see --threshold")
    else:
        refuse_given(OF_RECORDS, "is for records; see --at and --threshold-score")
        note_lifted(index)
    given = {key: value for key, value in keywords.items() if is_given(value)}
    asked = one_threshold(index.info().kind, given)
    with Results(list(saved.values()), [keywords["labels"]]) as results:
        with progress_bars(quiet) as progress:
            found = index.duplicates(progress=progress, **asked)
        write_results(results, found, output, unique, pairs)
        results.publish()
    print_deduplication(found, Run(perf_counter() - started, saved, quiet, results.to_stdout))
