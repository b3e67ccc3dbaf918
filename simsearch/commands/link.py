"""`simsearch link`: find the rows of two tables, or items of two sources, that are the same."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

import simsearch
from simsearch.commands.comparing_options import (
    cross_encoder_option,
    encoder_option,
    kind_option,
    labels_option,
    mode_option,
    no_cache_option,
    precision_option,
    tier_option,
)
from simsearch.commands.flags import wording
from simsearch.commands.options import (
    STANDARD_STREAM,
    exclusive,
    option,
    quiet_option,
    resume_option,
    seed_option,
    table_output_options,
    threads_option,
)
from simsearch.commands.progress import progress_bars
from simsearch.commands.report_options import report_options
from simsearch.commands.results import PAGE, Results, float_columns, target_of
from simsearch.commands.source_options import (
    column_option,
    column_options,
    database_options,
    id_option,
    vectors_option,
)
from simsearch.commands.table_options import (
    rejects_option,
    role_options,
    table_reading_options,
    write_rejects,
)
from simsearch.duplicates.keywords import ComparingKeywords, LinkKeywords

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["command"]

# How the columns of pairs begin that say what each field tells.
EVIDENCE = "evidence_"


@click.command(short_help="Find what two tables, folders or files of texts have in common.")
@click.argument("left")
@click.argument("right")
@table_output_options(
    "Write the pairs: left_id, right_id, probability; of items also the tier and what differs."
)
@report_options()
@kind_option()
@id_option()
@option(LinkKeywords, "left_id", metavar="COLUMN")
@option(LinkKeywords, "right_id", metavar="COLUMN")
@option(LinkKeywords, "one_to_one", "--one-to-one/--no-one-to-one", default=None)
@column_options()
@column_option()
@vectors_option()
@option(ComparingKeywords, "threshold", type=click.FloatRange(0.0, 1.0), metavar="T")
@precision_option()
@tier_option()
@labels_option()
@encoder_option()
@mode_option()
@cross_encoder_option()
@no_cache_option()
@seed_option()
@role_options()
@database_options()
@table_reading_options()
@rejects_option()
@resume_option()
@threads_option()
@quiet_option()
def command(
    left: str,
    right: str,
    output: Path | str | None,
    report: Path | None,
    redact: tuple[str, ...],
    rejects: Path | None,
    quiet: bool,
    **keywords: Any,
) -> None:
    """Find the rows or items of LEFT and RIGHT that are the same thing.

    Each is a CSV, TSV, Excel, Parquet or JSONL file, - for standard input, or a database URL with
    --table or --sql. The columns may have different names: they are paired by name and content.
    Or each is a folder of images, or a file of texts: what of a test set is in the training set?

    \b
    Examples:
      simsearch link ours.csv theirs.csv
      simsearch link ours.csv theirs.csv -o pairs.csv
      simsearch link ours.csv theirs.csv --left-id no --right-id code -o pairs.csv
      simsearch link ours.csv theirs.csv --report report.html
      simsearch link ours.csv theirs.csv -o pairs.csv --resume
      simsearch link ours.csv theirs.csv -o sqlite:///shop.db --output-table pairs
      simsearch link train/ test/ -o leaked.csv
      simsearch link train/ test/ --encoder photo-encoder/ -o leaked.csv
      simsearch link train.txt test.txt -o leaked.csv
      simsearch link train.txt test.txt --encoder minilm --threshold 0.9 -o leaked.csv
      simsearch link ours.csv theirs.csv --one-to-one -q -o - | head
    """
    from simsearch.report.linkage_summary import print_linkage
    from simsearch.report.redact import hidden_columns, redacted_pairs
    from simsearch.report.run import Run

    context = click.get_current_context()
    exclusive(context, ("columns", "ignore"), ("table", "sql"))
    exclusive(context, ("threshold", "precision"))
    exclusive(context, ("id", "left_id"), ("id", "right_id"))
    if left == right == STANDARD_STREAM:
        raise click.UsageError("only one of LEFT and RIGHT can be standard input (-)", context)
    started, target = perf_counter(), target_of(output, [left, right], keywords)
    with Results([target, rejects, report], [left, right, keywords["labels"]]) as results:
        with progress_bars(quiet) as progress:
            found = simsearch.link(left, right, progress=progress, **keywords)
            redact = hidden_columns(found, redact)
            results.write_page(report, found, redact, None, progress)
        if target is not None:
            pairs = redacted_pairs(found, redact)
            pairs = pairs.select([n for n in pairs.column_names if not n.startswith(EVIDENCE)])
            results.write(target, pairs, float_columns(pairs))
        write_rejects(results, rejects, *found.sources)
        results.publish()
    saved = {"the pairs": target, "the rows that could not be read": rejects, PAGE: report}
    run = Run(perf_counter() - started, saved, quiet, results.to_stdout, redact, wording())
    print_linkage(found, run, "-o pairs.csv")
