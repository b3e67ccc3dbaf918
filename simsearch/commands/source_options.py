"""Options that say what a source holds, and what to take from it; each is written once."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simsearch.commands.options import Function, stacked
from simsearch.kinds import kinds

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "column_option",
    "column_options",
    "database_options",
    "encoder_option",
    "id_option",
    "item_source_options",
    "kind_choice",
    "kind_option",
    "labels_option",
    "mode_option",
    "tier_option",
    "time_option",
    "truth_options",
    "vectors_option",
]


def split_names(
    ctx: click.Context, param: click.Parameter, value: tuple[str, ...]
) -> tuple[str, ...]:
    """Column names from `a,b,"c, d"`, given once or several times."""
    rows = [row or [""] for row in csv.reader(value, skipinitialspace=True)]
    names = [name.strip() for row in rows for name in row]
    if not all(names):
        raise click.BadParameter("a column name is empty; write them as a,b,c", ctx, param)
    return tuple(names)


def names_or_all(
    ctx: click.Context, param: click.Parameter, value: tuple[str, ...]
) -> tuple[str, ...] | None:
    """The same; None, for every column, when there are none."""
    return split_names(ctx, param, value) or None


def id_option() -> Callable[[Function], Function]:
    """`--id`: the column that names each row."""
    return click.option(
        "--id",
        metavar="COLUMN",
        help="Column that names each row in the results. Default: the row number, from 0.",
    )


def column_option() -> Callable[[Function], Function]:
    """`--column`: which column of a table holds the texts."""
    return click.option(
        "--column", metavar="COLUMN", help="Column of a table that holds the texts."
    )


def column_options() -> Callable[[Function], Function]:
    """`--columns` and `--ignore`: what to compare."""
    return stacked(
        click.option(
            "--columns",
            metavar="A,B,C",
            multiple=True,
            callback=names_or_all,
            help="Compare these columns only.",
        ),
        click.option(
            "--ignore",
            metavar="X,Y",
            multiple=True,
            callback=names_or_all,
            help="Compare all columns but these.",
        ),
    )


def vectors_option(source: str) -> Callable[[Function], Function]:
    """`--vectors`: the column that holds them, in a Parquet file named by `source`."""
    return click.option(
        "--vectors",
        metavar="COLUMN",
        help=f"Column of {source} (Parquet) that holds vectors: a list of numbers in each row.",
    )


def item_source_options() -> Callable[[Function], Function]:
    """`--column`, `--label`, `--time`: what to take from a source of items that are encoded."""
    return stacked(
        column_option(),
        click.option(
            "--label",
            metavar="COLUMN",
            help="Column with the class of each item. Default for files: their folder.",
        ),
        time_option(),
    )


def time_option() -> Callable[[Function], Function]:
    """`--time`: what puts the moments of a series in order."""
    return click.option(
        "--time",
        metavar="COLUMN",
        help="Column that puts the moments of a series in order. Default: as they stand.",
    )


def kind_choice() -> click.Choice[str]:
    """The names of the kinds of items, those that were added included."""
    return click.Choice([kind.name for kind in kinds()])


def kind_option() -> Callable[[Function], Function]:
    """`--kind`: what a source holds."""
    return click.option(
        "--kind",
        type=kind_choice(),
        help="What SOURCE holds. Default: what the encoder takes, or what it looks like.",
    )


def tier_option() -> Callable[[Function], Function]:
    """`--tier`: by what images are compared, and texts without an encoder."""
    return click.option(
        "--tier",
        multiple=True,
        callback=lambda _context, _param, value: value or None,
        metavar="NAME",
        help="Of images, and of texts without an encoder: compare by this tier alone, such as "
        "'identical bytes'; may be given several times. Default: the usual ones.",
    )


def database_options() -> Callable[[Function], Function]:
    """`--table` and `--sql`: what to read when the source is a database."""
    return stacked(
        click.option(
            "--table",
            metavar="NAME",
            help="Table to read when SOURCE is a database, or sheet when it is a workbook.",
        ),
        click.option("--sql", metavar="SELECT", help="Query to read when SOURCE is a database."),
    )


def mode_option() -> Callable[[Function], Function]:
    """`--mode`: how many of the texts a transformer sees."""
    return click.option(
        "--mode",
        type=click.Choice(["fast", "balanced", "exact"]),
        help="Of texts: how many of them a transformer sees. fast: none, a table of tokens "
        "compares them. balanced, with --threshold: those that a table adapted to them finds "
        "alike. exact: all.",
    )


def encoder_option(default: str) -> Callable[[Function], Function]:
    """`--encoder`: a folder, or the name of an encoder that is installed."""
    return click.option(
        "--encoder",
        metavar="FOLDER",
        help="A saved encoder; a folder that sentence-transformers wrote; lite or static, "
        "the encoders of photos and of texts that come along; tfidf, which compares the letters of "
        "texts; or minilm, where it is installed. "
        f"Default: {default}.",
    )


def labels_option() -> Callable[[Function], Function]:
    """`--labels`: pairs of rows that the user has labelled."""
    return click.option(
        "--labels",
        type=click.Path(path_type=Path),
        metavar="LABELS.csv",
        help="Pairs that you have labelled: left_id,right_id,same (1 or 0).",
    )


def truth_options() -> Callable[[Function], Function]:
    """What is known of items: `--label`, `--classes`, `--labels`, `--scores`."""
    path = click.Path(path_type=Path)
    return stacked(
        click.option(
            "--label", metavar="COLUMN", help="Column of a table with the class of each row."
        ),
        click.option(
            "--classes",
            type=path,
            metavar="FILE",
            help="Classes in a file of their own: of the pictures of an array .npy or idx; of any "
            "items a CSV with id (or file) and class.",
        ),
        click.option(
            "--labels",
            type=path,
            metavar="LABELS.csv",
            help="Pairs that you have labelled: left,right,same (1 or 0). Without SOURCE they hold "
            "the texts, or the paths of files, themselves.",
        ),
        click.option(
            "--scores",
            type=path,
            metavar="SCORES.csv",
            help="How alike pairs are: left,right,score (or sentence1,sentence2,score).",
        ),
    )
