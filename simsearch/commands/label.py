"""`simsearch label`: ask in the terminal which pairs are the same."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from simsearch.commands.comparing_options import encoder_option, kind_option
from simsearch.commands.options import (
    STANDARD_STREAM,
    exclusive,
    output_path,
    quiet_option,
    seed_option,
    threads_option,
)
from simsearch.commands.progress import progress_bars
from simsearch.commands.source_options import (
    column_options,
    database_options,
    id_option,
)
from simsearch.commands.table_options import role_options, table_reading_options

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from simsearch.duplicates.label import Answer, AskedPair, Labelling

__all__ = ["command"]

_KEYS = "y same · n not the same · u unsure · b back · q stop"
# Keys beside those that are told: escape stops, backspace goes back.
_OTHERS = {"\x1b": "q", "\x7f": "b"}


@click.command(short_help="Ask which pairs are the same, those that teach most.")
@click.argument("source")
@click.option(
    "-o",
    "--output",
    type=output_path(),
    required=True,
    metavar="LABELS.csv",
    help="The labels: left_id, right_id, same. What is there is kept and added to.",
)
@kind_option()
@id_option()
@column_options()
@encoder_option()
@seed_option()
@role_options()
@database_options()
@table_reading_options()
@threads_option()
@quiet_option()
def command(source: str, output: Path, quiet: bool, **keywords: Any) -> None:
    """Show pairs of SOURCE and ask whether they are the same thing.

    Asked are pairs near the threshold, of many kinds, about half of them the same. Keys: y same,
    n not the same, u unsure, b back, q stop. Each answer is in the file at once; run it again to go
    on. It says when the next 20 answers are expected to move F1 by less than .005.

    \b
    Examples:
      simsearch label customers.csv --id customer_no -o labels.csv
      simsearch dedupe customers.csv --id customer_no --labels labels.csv -o deduped.csv
    """
    from rich.console import Console

    from simsearch.duplicates.label import label
    from simsearch.report.files import Outputs

    context = click.get_current_context()
    exclusive(context, ("columns", "ignore"), ("table", "sql"))
    if STANDARD_STREAM in (source, str(output)):
        raise click.UsageError("answers come from the terminal: SOURCE and -o are files", context)
    Outputs([output], [Path(source)])  # refuses what cannot be written
    console = Console(markup=False, highlight=False, emoji=False, soft_wrap=True)
    with ExitStack() as bars:
        progress = bars.enter_context(progress_bars(quiet))
        # The bars go when the first question comes: both would draw on one terminal.
        found = label(
            source, output, ask=_Asker(console, bars.close), progress=progress, **keywords
        )
    _print_end(console, found, source, keywords["id"])


class _Asker:
    """Asks in the terminal.

    Args:
        console: where to.
        begin: called before a question is shown.
    """

    def __init__(self, console: Console, begin: Callable[[], None]) -> None:
        self._console, self._begin = console, begin
        self._said_enough = False

    def __call__(self, asked: AskedPair) -> Answer:
        from simsearch.duplicates.label import AHEAD, WORTH, Answer
        from simsearch.report.question import print_pair

        self._begin()
        if asked.is_enough and not self._said_enough:
            self._said_enough = True
            self._console.print(
                f"\nThe next {AHEAD} answers are expected to move F1 by less than {WORTH:g}: this "
                "may be the point to stop (q).",
                style="bold",
            )
        self._console.print(f"\n{asked.same} same, {asked.different} not", style="dim")
        print_pair(self._console, asked)
        self._console.print(f"Are the two the same? {_KEYS}", style="bold")
        answers = {
            "y": Answer.SAME,
            "n": Answer.DIFFERENT,
            "u": Answer.UNSURE,
            "b": Answer.BACK,
            "q": Answer.STOP,
        }
        while True:
            key = _key()
            if key in answers:
                self._console.print(answers[key].value)
                return answers[key]


def _key() -> str:
    """The next key; Ctrl-C and the end of input stop: every answer is in the file already."""
    try:
        key = click.getchar()
    except (EOFError, KeyboardInterrupt):
        return "q"
    except OSError as error:  # started by another program, without a terminal
        raise click.ClickException(
            "there is no terminal to answer in; mark pairs on the page that dedupe --report writes"
        ) from error
    return _OTHERS.get(key, key.lower()) if key else "q"


def _print_end(console: Console, found: Labelling, source: str, id_column: str | None) -> None:
    total = found.same + found.different
    console.print(
        f"\n{found.answered} answered; {found.output} has {total} labels, {found.same} same and "
        f"{found.different} not"
    )
    if found.exhausted:
        console.print("There is nothing more to ask.")
    console.print(f"The next 20 answers are expected to move F1 by {found.gain:.4f} by themselves.")
    named = "" if id_column is None else f" --id {quote(id_column)}"
    labels = quote(str(found.output))
    console.print(f"Use them: simsearch dedupe {quote(source)}{named} --labels {labels}")
