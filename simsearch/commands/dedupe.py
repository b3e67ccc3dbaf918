"""`simsearch dedupe`: find the rows of a table, or the items, that are the same thing."""

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
    is_given,
    item_source_options,
    kind_option,
    match_options,
    output_path,
    quiet_option,
    refuse_given,
    sameness_options,
    threads_option,
)
from simsearch.commands.progress import progress_bars
from simsearch.commands.results import Results, float_columns
from simsearch.report.summary import Run, print_deduplication

if TYPE_CHECKING:
    from pathlib import Path

    from simsearch.records.deduplication import Deduplication

__all__ = ["command", "one_threshold", "write_results"]

# Options for tables alone, and for items that are encoded alone. The others are for both.
OF_RECORDS = ("columns", "ignore", "labels", "threshold")
OF_ITEMS = ("at", "threshold_score", "column", "label", "time")


@click.command(short_help="Find the rows of a table, or the items, that are the same thing.")
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
@kind_option()
@id_option()
@column_options()
@match_options()
@sameness_options()
@item_source_options()
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
    """Find the rows or items of SOURCE that are the same thing.

    SOURCE is a CSV, TSV, Parquet or JSONL file, - for standard input, or a database URL
    with --table or --sql. No labels and no rules are needed. Rows come out untouched and
    in order, with three columns more: duplicate_group, is_representative and
    group_confidence.

    It may also be a folder of images or signals, a file of texts, or vectors. Then exact copies
    are found, and with an encoder all that are as close as its strictest calibrated threshold:
    among n items there are n (n - 1) / 2 pairs, and next to none of them are the same.

    \b
    Examples:
      simsearch dedupe customers.csv
      simsearch dedupe customers.csv -o deduped.csv --unique unique.csv
      simsearch dedupe customers.csv --id customer_no --ignore notes -o deduped.csv
      simsearch dedupe sqlite:///shop.db --table customers --pairs pairs.csv
      cat customers.csv | simsearch dedupe - -o - > deduped.csv
      simsearch dedupe photos/ --encoder photo-encoder/ -o deduped.csv --pairs pairs.csv
      simsearch dedupe sentences.txt --encoder minilm --threshold-score 0.95
    """
    context = click.get_current_context()
    exclusive(context, ("columns", "ignore"), ("table", "sql"), ("at", "threshold_score"))
    started = perf_counter()
    saved = {
        "every row, with its group": output,
        "one row for each thing": unique,
        "the pairs and their evidence": pairs,
    }
    with Results(list(saved.values()), [source, keywords["labels"]]) as results:
        asked = _asked(source, keywords)
        with progress_bars(quiet) as progress:
            found = simsearch.dedupe(source, progress=progress, **asked)
        write_results(results, found, output, unique, pairs)
        results.publish()
    run = Run(perf_counter() - started, saved, quiet, results.to_stdout)
    print_deduplication(found, run)


def _asked(source: str, keywords: dict[str, Any]) -> dict[str, Any]:
    """The options for what SOURCE holds; those for something else are refused."""
    from simsearch.kinds import kind_for

    kind = kind_for(source, keywords.pop("kind"), keywords["encoder"]).name
    if kind == "record":
        refuse_given(OF_ITEMS, "is for images, texts, vectors and signals, and these are records")
    else:
        refuse_given(OF_RECORDS, f"is for tables of records, and these are {kind}s")
    given = {name: value for name, value in keywords.items() if is_given(value)}
    if "id_column" in given:
        given["id"] = given.pop("id_column")
    return {"kind": kind, **one_threshold(kind, given)}


def one_threshold(kind: str, given: dict[str, Any]) -> dict[str, Any]:
    """The options with the threshold for items of that kind as `threshold`."""
    at, score = given.pop("at", None), given.pop("threshold_score", None)
    if kind != "record":
        given["threshold"] = score if at is None else at
    return given


def write_results(
    results: Results,
    found: Deduplication,
    output: Path | None,
    unique: Path | None,
    pairs: Path | None,
) -> None:
    """Write what was asked for; it appears at `publish`."""
    if output:
        results.write(output, found.table(), {"group_confidence"})
    if unique:
        results.write(unique, found.records.table.filter(found.representative))
    if pairs:
        results.write(pairs, found.pairs, float_columns(found.pairs))
