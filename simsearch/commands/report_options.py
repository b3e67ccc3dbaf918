"""Options of the page that shows what a run found, and what is kept out of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simsearch.commands.options import Function, stacked
from simsearch.commands.source_options import split_names

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["report_options"]


def report_options() -> Callable[[Function], Function]:
    """`--report` and `--redact`: a page to look at, and what is kept out of it."""
    return stacked(
        click.option(
            "--report",
            type=click.Path(path_type=Path, dir_okay=False),
            callback=_page_name,
            metavar="OUT.html",
            help="Write a page to look at and to mark pairs on; the marks are labels for --labels.",
        ),
        click.option(
            "--redact",
            metavar="X,Y",
            multiple=True,
            callback=split_names,
            help="Keep the values of these columns out of the report, the pairs and the summary.",
        ),
    )


def _page_name(_ctx: click.Context, _param: click.Parameter, value: Path | None) -> Path | None:
    if value is not None:
        from simsearch.report.write_report import check_page_name

        check_page_name(value)
    return value
