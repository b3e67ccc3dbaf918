"""`simsearch dedupe SOURCE --against OTHER`: the pairs across two sources, as `link` finds them."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

import simsearch
from simsearch.commands.options import refuse_given
from simsearch.commands.progress import progress_bars
from simsearch.commands.results import Results, float_columns
from simsearch.report.summary import Run, print_linkage

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["link_against"]

# Options of dedupe that link has as well.
SHARED = ("kind", "tier", "threshold", "column", "id")


def link_against(
    source: str, against: str, pairs: Path | None, quiet: bool, keywords: dict[str, Any]
) -> None:
    """Find, write and print the pairs of an item of one source and one of another.

    Args:
        source: on the left.
        against: on the right.
        pairs: where they are written; None: they are only shown.
        quiet: no progress bars, and no summary where a file is written.
        keywords: the options of the command.
    """
    fitting = {"source", "against", "pairs", "quiet", "threads", *SHARED}
    every = {param.name or "" for param in click.get_current_context().command.params}
    refuse_given(every - fitting, "does not go with --against; see simsearch link")
    started, chosen = perf_counter(), {name: keywords[name] for name in SHARED}
    with Results([pairs], [source, against]) as results:
        with progress_bars(quiet) as progress:
            found = simsearch.link(source, against, progress=progress, **chosen)
        if pairs is not None:
            results.write(pairs, found.pairs, float_columns(found.pairs))
        results.publish()
    run = Run(perf_counter() - started, {"the pairs": pairs}, quiet, results.to_stdout)
    print_linkage(found, run, "--pairs pairs.csv")
