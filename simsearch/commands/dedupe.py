"""`simsearch dedupe`: find the rows of a table, or the items, that are the same thing."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

import simsearch
from simsearch.commands.against import link_against
from simsearch.commands.comparing_options import (
    encoder_option,
    kind_option,
    labels_option,
    mode_option,
    no_cache_option,
    tier_option,
    until_options,
)
from simsearch.commands.golden_options import Golden, golden_options
from simsearch.commands.into import dedupe_into, undo_run
from simsearch.commands.options import (
    exclusive,
    output_path,
    quiet_option,
    seed_option,
    table_output_options,
    threads_option,
)
from simsearch.commands.progress import progress_bars
from simsearch.commands.report_options import report_options
from simsearch.commands.results import PAGE, Results, Target, target_of, write_deduplication
from simsearch.commands.source_options import (
    column_options,
    database_options,
    id_option,
    item_source_options,
    names_option,
)
from simsearch.commands.table_options import (
    rejects_option,
    role_options,
    table_reading_options,
    write_rejects,
)
from simsearch.duplicates.keywords import DedupeKeywords
from simsearch.report.redact import hidden_columns
from simsearch.report.summary import Run, print_deduplication

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]

ALL_ROWS = "every row, with its group"


@click.command(short_help="Find the rows of a table, or the items, that are the same thing.")
@click.argument("source", required=False)
@table_output_options()
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
@click.option(
    "--plan",
    type=output_path(),
    metavar="PLAN.csv",
    help="Of pictures in files: write what to keep and what to remove, and why, for `apply`.",
)
@click.option(
    "--against",
    metavar="OTHER",
    help="Instead find what of SOURCE is in this folder or file too, as `link` does: what of a "
    "test set is in what one trains on. Duplicates within either are not asked for.",
)
@click.option(
    "--into",
    metavar="NAME",
    help="Of records: let the rows of SOURCE join the groups of this base; they alone are "
    "compared. The first time, the base is made of SOURCE.",
)
@click.option(
    "--undo",
    type=click.IntRange(1),
    metavar="RUN",
    help="With --into and no SOURCE: take back this run, the last one.",
)
@golden_options()
@report_options()
@kind_option()
@id_option()
@column_options()
@until_options()
@labels_option()
@encoder_option()
@tier_option()
@names_option(DedupeKeywords, "keep", metavar="A,B")
@mode_option()
@no_cache_option()
@seed_option()
@role_options()
@item_source_options()
@database_options()
@table_reading_options()
@rejects_option()
@threads_option()
@quiet_option()
def command(
    source: str | None,
    output: Path | str | None,
    unique: Path | None,
    pairs: Path | None,
    plan: Path | None,
    rejects: Path | None,
    report: Path | None,
    redact: tuple[str, ...],
    quiet: bool,
    **keywords: Any,
) -> None:
    """Find the rows or items of SOURCE that are the same thing.

    SOURCE is a CSV, TSV, Excel, Parquet or JSONL file, - for standard input, or a database
    URL with --table or --sql. No labels and no rules are needed. Rows come out untouched and
    in order, with three columns more: duplicate_group, is_representative and
    group_confidence.

    It may also be a folder of images or signals, a file of texts, or vectors. Then exact and
    near copies are found, and with an encoder all pairs that are closer than different items
    come by chance among so many: the threshold is found in the items, for the precision asked.
    Images are compared by their bytes, pixels and details as well, whatever the encoder, unless
    a threshold of its scores is given.

    \b
    Examples:
      simsearch dedupe customers.csv
      simsearch dedupe customers.csv -o deduped.csv --unique unique.csv
      simsearch dedupe customers.csv --id customer_no --ignore notes -o deduped.csv
      simsearch dedupe customers.csv --golden golden.csv --provenance from.csv
      simsearch dedupe customers.csv --report report.html --redact email,phone
      simsearch dedupe sqlite:///shop.db --table customers --pairs pairs.csv
      simsearch dedupe sqlite:///shop.db --table customers -o sqlite:///shop.db --output-table done
      cat customers.csv | simsearch dedupe - -o - > deduped.csv
      simsearch dedupe photos/ --encoder photo-encoder/ -o deduped.csv --pairs pairs.csv
      simsearch dedupe photos/ --plan plan.csv --keep folder:originals,resolution,oldest
      simsearch dedupe photos/ --tier "identical bytes"
      simsearch dedupe customers.csv --into customers
      simsearch dedupe new.csv --into customers -o new-with-groups.csv
      simsearch dedupe --into customers --undo 2
      simsearch dedupe test/ --against train/ --pairs leaks.csv
      simsearch dedupe test/ --against train/ --encoder photo-encoder/ --report leaks.html
      simsearch dedupe sentences.txt --encoder minilm --precision 0.95
      simsearch dedupe sentences.txt --encoder minilm --mode balanced --threshold 0.9
    """
    exclusive(click.get_current_context(), ("columns", "ignore"), ("table", "sql"))
    into, undo = keywords.pop("into"), keywords.pop("undo")
    if undo is not None and into is not None:
        undo_run(into, undo, quiet)
        return
    if undo is not None:
        raise click.UsageError("--undo is of a base: name it with --into")
    if source is None:
        raise click.UsageError("Missing argument 'SOURCE'.")
    target = target_of(output, source, keywords)
    if into is not None:
        dedupe_into(source, into, target, quiet, keywords)
        return
    if (against := keywords.pop("against")) is not None:
        link_against(source, against, pairs, (report, redact), quiet, keywords)
        return
    started, golden = perf_counter(), Golden.taken(keywords)
    saved: dict[str, Target | None] = {
        ALL_ROWS: target,
        "one row for each thing": unique,
        "the pairs and their evidence": pairs,
        **golden.saved,
        "what to keep and what to remove; next: simsearch apply PLAN": plan,
        "the rows that could not be read": rejects,
        PAGE: report,
    }
    with Results(list(saved.values()), [source, keywords["labels"]]) as results:
        with progress_bars(quiet) as progress:
            found = simsearch.dedupe(source, progress=progress, **keywords)
            redact = hidden_columns(found, redact)
            results.write_page(report, found, redact, source, progress)
        write_deduplication(results, found, target, unique, pairs, redact)
        if plan:
            results.write(plan, found.plan(), {"probability"})
        golden.write(results, found)
        write_rejects(results, rejects, found.records)
        results.publish()
    if found.records.skipped:  # "every row" is said only when it is true
        saved["every row that could be read, with its group"] = saved.pop(ALL_ROWS)
    run = Run(perf_counter() - started, saved, quiet, results.to_stdout, redact)
    print_deduplication(found, run)
