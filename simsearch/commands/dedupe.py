"""`simsearch dedupe`: find the rows of a table that are the same thing."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

import simsearch
from simsearch.commands.options import (
    column_options,
    database_options,
    exclusive,
    id_option,
    match_options,
    output_path,
    quiet_option,
    threads_option,
)
from simsearch.commands.progress import progress_bars
from simsearch.commands.results import Results, float_columns
from simsearch.report.summary import Run, print_deduplication

if TYPE_CHECKING:
    from pathlib import Path

    from simsearch import Deduplication

__all__ = ["command"]


@click.command(short_help="Find the rows of a table that are the same thing.")
@click.argument("source")
@click.option(
    "-o",
    "--output",
    type=output_path(),
    metavar="OUT.csv",
    help="Write every row, untouched and in order, with its group. - is standard output.",
)
@click.option(
    "--unique",
    type=output_path(),
    metavar="UNIQUE.csv",
    help="Write one row for each thing: the representative of its group.",
)
@click.option(
    "--pairs",
    type=output_path(),
    metavar="PAIRS.csv",
    help="Write the pairs that were found, with their probability and the evidence.",
)
@id_option()
@column_options()
@match_options()
@database_options()
@threads_option()
@quiet_option()
def command(
    source: str,
    output: Path | None,
    unique: Path | None,
    pairs: Path | None,
    quiet: bool,
    **keywords: Any,
) -> None:
    """Find the rows of SOURCE that are the same thing.

    SOURCE is a CSV, TSV, Parquet or JSONL file, - for standard input, or a database URL
    with --table or --sql. No labels and no rules are needed. Rows come out untouched and
    in order, with three columns more: duplicate_group, is_representative and
    group_confidence.

    \b
    Examples:
      simsearch dedupe customers.csv
      simsearch dedupe customers.csv -o deduped.csv --unique unique.csv
      simsearch dedupe customers.csv --id customer_no --ignore notes -o deduped.csv
      simsearch dedupe sqlite:///shop.db --table customers --pairs pairs.csv
      cat customers.csv | simsearch dedupe - -o - > deduped.csv
    """
    exclusive(click.get_current_context(), ("columns", "ignore"), ("table", "sql"))
    started = perf_counter()
    saved = {
        "every row, with its group": output,
        "one row for each thing": unique,
        "the pairs and their evidence": pairs,
    }
    with Results(list(saved.values()), [source, keywords["labels"]]) as results:
        with progress_bars(quiet) as progress:
            found = simsearch.dedupe(source, progress=progress, **keywords)
        _write(results, found, output, unique, pairs)
        results.publish()
    run = Run(perf_counter() - started, saved, quiet, results.to_stdout)
    print_deduplication(found, run)


def _write(
    results: Results,
    found: Deduplication,
    output: Path | None,
    unique: Path | None,
    pairs: Path | None,
) -> None:
    if output:
        results.write(output, found.table(), {"group_confidence"})
    if unique:
        results.write(unique, found.records.table.filter(found.representative))
    if pairs:
        results.write(pairs, found.pairs, float_columns(found.pairs))
