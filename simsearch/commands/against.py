"""`simsearch dedupe SOURCE --against OTHER`: the pairs across two sources, as `link` finds them."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

import simsearch
from simsearch.commands.flags import wording
from simsearch.commands.options import refuse_given
from simsearch.commands.progress import progress_bars
from simsearch.commands.results import PAGE, Results, float_columns

if TYPE_CHECKING:
    from pathlib import Path

    from simsearch.commands.results import Target

__all__ = ["link_against"]

# Options of dedupe that link has as well.
SHARED = (
    "kind", "tier", "threshold", "precision", "encoder", "mode", "cross_encoder", "labels", "seed",
    "column", "id", "no_cache",
)  # fmt: skip


def link_against(
    source: str,
    against: str,
    pairs: Target | None,
    page: tuple[Path | None, tuple[str, ...]],
    quiet: bool,
    keywords: dict[str, Any],
) -> None:
    """Find, write and print the pairs of an item of one source and one of another.

    Args:
        source: on the left.
        against: on the right.
        pairs: where they are written; None: they are only shown.
        page: where a page of them is written, and what is kept out of it.
        quiet: no progress bars, and no summary where a file is written.
        keywords: the options of the command.
    """
    from simsearch.report.linkage_summary import print_linkage
    from simsearch.report.redact import hidden_columns, redacted_pairs
    from simsearch.report.run import Run

    fitting = {"source", "against", "pairs", "report", "redact", "quiet", "threads", *SHARED}
    every = {param.name or "" for param in click.get_current_context().command.params}
    refuse_given(every - fitting, "does not go with --against; see simsearch link")
    started, chosen = perf_counter(), {name: keywords[name] for name in SHARED}
    report, redact = page
    with Results([pairs, report], [source, against, keywords["labels"]]) as results:
        with progress_bars(quiet) as progress:
            found = simsearch.link(source, against, progress=progress, **chosen)
            redact = hidden_columns(found, redact)
            results.write_page(report, found, redact, None, progress)
        if pairs is not None:
            shown = redacted_pairs(found, redact)
            results.write(pairs, shown, float_columns(shown))
        results.publish()
    saved = {"the pairs": pairs, PAGE: report}
    run = Run(perf_counter() - started, saved, quiet, results.to_stdout, redact, wording())
    print_linkage(found, run, "--pairs pairs.csv")
