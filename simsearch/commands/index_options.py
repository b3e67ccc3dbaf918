"""Options about indexes: where they are, which version, how they are searched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simsearch.commands.options import Function, option, stacked
from simsearch.index.keywords import CreateKeywords

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "indexes_option",
    "search_options",
    "version_options",
]


def _bytes(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    """A size such as 2GiB."""
    if value is None:
        return None
    from simsearch.errors import OptionError
    from simsearch.store.options import parse_bytes

    try:
        return parse_bytes(value)
    except OptionError as error:
        raise click.BadParameter(str(error), ctx, param) from None


def _engine(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """A name that there is; whether it goes with the metric is checked later."""
    if value is None:
        return None
    from simsearch.store.engines import AUTO, ENGINES

    if value not in (AUTO, *ENGINES):
        known = ", ".join([AUTO, *ENGINES])
        raise click.BadParameter(f"{value!r} is none of {known}", ctx, param)
    return value


def search_options() -> Callable[[Function], Function]:
    """How an index is to be searched: `--engine`, `--recall`, `--memory`."""
    return stacked(
        option(
            CreateKeywords, "engine", metavar="ENGINE", callback=_engine, more="[default: auto]"
        ),
        option(
            CreateKeywords,
            "recall",
            type=click.FloatRange(0.0, 1.0, min_open=True),
            metavar="R",
            more="[default: 0.95]",
        ),
        click.option(
            "--memory",
            callback=_bytes,
            metavar="SIZE",
            help="What searching may keep in memory, such as 2GiB. Default: no limit.",
        ),
    )


def version_options() -> Callable[[Function], Function]:
    """Which state of an index is read: `--version`, `--salvage`."""
    return stacked(
        click.option(
            "--version",
            type=click.IntRange(min=1),
            metavar="N",
            help="Read an earlier version; `simsearch info NAME --versions` lists them.",
        ),
        click.option(
            "--salvage",
            is_flag=True,
            help="Read what is intact of a damaged index, and say what is lost.",
        ),
    )


def indexes_option() -> Callable[[Function], Function]:
    """`--indexes`: the folder that holds the indexes."""
    return click.option(
        "--indexes",
        type=click.Path(path_type=Path),
        envvar="SIMSEARCH_INDEXES",
        metavar="FOLDER",
        show_envvar=True,
        help="Folder that holds the indexes. Default: ./indexes.",
    )
