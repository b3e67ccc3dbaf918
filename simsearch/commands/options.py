"""The options that several commands share, each written once."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from simsearch.threads import THREADS_VARIABLE, set_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

__all__ = [
    "STANDARD_STREAM",
    "column_options",
    "database_options",
    "exclusive",
    "format_option",
    "id_option",
    "indexes_option",
    "is_given",
    "item_encoder_option",
    "item_source_options",
    "kind_option",
    "match_options",
    "output_path",
    "quiet_option",
    "refuse_given",
    "sameness_options",
    "search_options",
    "seed_option",
    "text_column_option",
    "threads_option",
    "time_option",
    "truth_options",
    "vectors_option",
    "version_options",
]

Function = TypeVar("Function", bound="Callable[..., Any]")

# As a source: standard input. As an output: standard output.
STANDARD_STREAM = "-"


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


def output_path() -> click.Path:
    """The type of an option that names a result file. `Outputs` checks it."""
    return click.Path(allow_dash=True, path_type=Path)


def exclusive(ctx: click.Context, *pairs: tuple[str, str]) -> None:
    """Refuse options that contradict each other.

    Args:
        ctx: the command's context.
        pairs: parameter names (as in the function's signature) of which one at most may be given.
    """
    flags = {param.name: param.opts[-1] for param in ctx.command.params}
    for first, second in pairs:
        if is_given(ctx.params.get(first)) and is_given(ctx.params.get(second)):
            text = f"{flags[first]} and {flags[second]} exclude each other; give one of them"
            raise click.UsageError(text, ctx)


def is_given(value: object) -> bool:
    """Whether the value of an option without a default says that it was given."""
    return value is not None and value is not False and value != ()


def refuse_given(names: Collection[str], why: str) -> None:
    """Refuse options that the user gave and that do not go with the rest."""
    context = click.get_current_context()
    for param in context.command.params:
        source = context.get_parameter_source(param.name or "")
        if param.name in names and source is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(f"{param.opts[-1]} {why}", context)


def _stacked(*options: Callable[[Function], Function]) -> Callable[[Function], Function]:
    """Several option decorators as one; they are shown in the order in which they are given."""

    def decorate(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def id_option() -> Callable[[Function], Function]:
    """`--id`: the column that names each row."""
    return click.option(
        "--id",
        "id_column",
        metavar="COLUMN",
        help="Column that names each row in the results. Default: the row number, from 0.",
    )


def vectors_option(source: str) -> Callable[[Function], Function]:
    """`--vectors`: the column that holds them, in a Parquet file named by `source`."""
    return click.option(
        "--vectors",
        "vector_column",
        metavar="COLUMN",
        help=f"Column of {source} (Parquet) that holds vectors: a list of numbers in each row.",
    )


def item_encoder_option(
    default: str = "one fitted to the data, for records",
) -> Callable[[Function], Function]:
    """`--encoder`: a folder, or the name of an encoder that is installed."""
    return click.option(
        "--encoder",
        metavar="FOLDER",
        help="A saved encoder; a folder that sentence-transformers wrote; or minilm, where it is "
        f"installed. Default: {default}.",
    )


def item_source_options() -> Callable[[Function], Function]:
    """`--column`, `--label`, `--time`: what to take from a source of items that are encoded."""
    return _stacked(
        click.option("--column", metavar="COLUMN", help="Column of a table that holds the texts."),
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


def kind_option() -> Callable[[Function], Function]:
    """`--kind`: what a source holds."""
    return click.option(
        "--kind",
        type=click.Choice(["record", "image", "text", "vector", "signal"]),
        help="What SOURCE holds. Default: what the encoder takes, or what it looks like.",
    )


def sameness_options() -> Callable[[Function], Function]:
    """From which score on items are the same: `--at`, `--threshold-score`."""
    return _stacked(
        click.option(
            "--at",
            metavar="NAME",
            help="The encoder's calibrated threshold to take, such as far_0.01 or accuracy. "
            "Default: the strictest. Not for records.",
        ),
        click.option(
            "--threshold-score",
            type=float,
            metavar="S",
            help="Score (or greatest distance) from which two items are the same. Not for records.",
        ),
    )


def column_options() -> Callable[[Function], Function]:
    """`--columns` and `--ignore`: what to compare."""
    return _stacked(
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
            callback=split_names,
            help="Compare all columns but these.",
        ),
    )


def database_options() -> Callable[[Function], Function]:
    """`--table` and `--sql`: what to read when the source is a database."""
    return _stacked(
        click.option("--table", metavar="NAME", help="Table to read when SOURCE is a database."),
        click.option("--sql", metavar="SELECT", help="Query to read when SOURCE is a database."),
    )


def seed_option() -> Callable[[Function], Function]:
    """`--seed`: the start of every random choice."""
    return click.option(
        "--seed", type=int, default=0, show_default=True, help="The same seed, the same result."
    )


def match_options() -> Callable[[Function], Function]:
    """How pairs are judged: `--threshold`, `--labels`, `--encoder`, `--seed`."""
    path = click.Path(path_type=Path)
    return _stacked(
        click.option(
            "--threshold",
            type=click.FloatRange(0.0, 1.0),
            default=0.5,
            show_default=True,
            metavar="P",
            help="Probability from which two rows count as the same thing.",
        ),
        click.option(
            "--labels",
            type=path,
            metavar="LABELS.csv",
            help="Pairs that you have judged: left_id,right_id,same (1 or 0).",
        ),
        item_encoder_option(),
        seed_option(),
    )


def quiet_option() -> Callable[[Function], Function]:
    """`--quiet`: results, warnings and errors alone."""
    return click.option(
        "-q",
        "--quiet",
        is_flag=True,
        help="No progress bars, and no summary where a file is written.",
    )


def _set_threads(ctx: click.Context, _param: click.Parameter, value: int | None) -> None:
    if not ctx.resilient_parsing:  # else the shell is completing a word
        set_threads(value)


def threads_option() -> Callable[[Function], Function]:
    """`--threads`: how many cores to use. Takes effect by itself; the command gets no argument."""
    return click.option(
        "--threads",
        type=click.IntRange(min=1),
        envvar=THREADS_VARIABLE,
        callback=_set_threads,
        expose_value=False,
        metavar="N",
        show_envvar=True,
        help="Cores to use. Default: all that there are for this process.",
    )


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
    """A name that there is; whether it goes with the metric is told later."""
    if value is None:
        return None
    from simsearch.store.engines import AUTO, ENGINES

    if value not in (AUTO, *ENGINES):
        known = ", ".join([AUTO, *ENGINES])
        raise click.BadParameter(f"{value!r} is none of {known}", ctx, param)
    return value


def search_options() -> Callable[[Function], Function]:
    """How an index is to be searched: `--engine`, `--recall`, `--memory`."""
    return _stacked(
        click.option(
            "--engine",
            metavar="ENGINE",
            callback=_engine,
            help="auto chooses by what it measures. flat compares with every vector; pq too, in "
            "short codes first; ivf, ivfpq, sq8, fp16 and rabitq look only where similar ones "
            "lie; hnsw follows a graph; binary is for hashes.  [default: auto]",
        ),
        click.option(
            "--recall",
            type=click.FloatRange(0.0, 1.0, min_open=True),
            metavar="R",
            help="Share of the 10 nearest that is to be found.  [default: 0.95]",
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
    return _stacked(
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


def format_option(what: str, *, csv_too: bool = True) -> Callable[[Function], Function]:
    """`--format`: how results are printed; the parameter is `form`.

    Args:
        what: the help.
        csv_too: CSV is among the choices.
    """
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json", *(["csv"] if csv_too else [])]),
        default="table",
        show_default=True,
        help=what,
    )


def text_column_option() -> Callable[[Function], Function]:
    """`--column`: which column of a table holds the texts."""
    return click.option(
        "--column", metavar="COLUMN", help="Column of a table that holds the texts."
    )


def truth_options() -> Callable[[Function], Function]:
    """What is known of items: `--label`, `--classes`, `--labels`, `--scores`."""
    path = click.Path(path_type=Path)
    return _stacked(
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
            help="Pairs that you have judged: left,right,same (1 or 0). Without SOURCE they hold "
            "the texts, or the paths of files, themselves.",
        ),
        click.option(
            "--scores",
            type=path,
            metavar="SCORES.csv",
            help="How alike pairs are: left,right,score (or sentence1,sentence2,score).",
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
