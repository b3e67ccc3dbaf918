"""The command line: `simsearch COMMAND …`.

A command is a module here that exposes `command`. Its short help stands in `COMMANDS`,
so that `simsearch --help` imports no command. Every failure ends in one line on stderr:
1 when the message explains it, 2 for wrong usage, 130 after Ctrl-C.
"""

from __future__ import annotations

import errno
import io
import signal
import sys
import warnings
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

import simsearch
from simsearch.commands.flags import Wording
from simsearch.errors import SimsearchError, SimsearchWarning

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["COMMANDS", "WRITTEN", "main"]

COMMANDS = {
    "dedupe": "Find the rows of a table, or the items, that are the same thing.",
    "apply": "Move copies of pictures away as a plan says, or undo it.",
    "columns": "Show what the columns of a table are taken for.",
    "explain": "Show what each column says of a pair of records.",
    "label": "Ask which pairs are the same, those that teach most.",
    "link": "Find what two tables, folders or files of texts have in common.",
    "index": "Make an index of items of any kind, to be searched by `query`.",
    "query": "Find what is most like a record, a text, a file or an item.",
    "duplicates": "Find the items of an index that are the same thing.",
    "classify": "Find the class of items by an index with examples of each class.",
    "anomalies": "Rank items by how far they are from what an index holds.",
    "train": "Train an encoder, measure it on what is kept back, and save it.",
    "verify": "Say whether two items are the same thing.",
    "evaluate": "Measure an encoder on items whose truth is known.",
    "plot": "Draw a map of an index, or show how an encoder was trained.",
    "recalibrate": "Refit threshold and probability of an encoder by corrections.",
    "remove": "Delete items of an index, or rows of a base.",
    "info": "List the indexes and bases, or describe one.",
    "compact": "Merge the parts of an index, and drop what was deleted.",
    "check": "Compare every byte of an index with what was written.",
    "export": "Write an index as one file, its vectors, or the groups of a base.",
    "import": "Make an index of a file that `export` wrote.",
}

# Key of `Context.meta`: true once result files are in place, for the message after Ctrl-C.
WRITTEN = "simsearch.written"


class Commands(click.Group):
    """A group that imports a command when it is run, and turns errors into exit codes."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """The names, in the order in which they are shown."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002  click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """The command of that name; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"simsearch.commands.{cmd_name}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"simsearch.commands.{cmd_name}.command is no click command")
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002  click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a failure becomes one line and an exit code."""
        worded = Wording(self, ctx)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("always", SimsearchWarning)
                warnings.showwarning = partial(_show_warning, worded, warnings.showwarning)
                return super().invoke(ctx)
        except SimsearchError as error:
            raise click.ClickException(worded(str(error))) from error
        except KeyboardInterrupt as interruption:
            _interrupted(ctx, worded("; ".join(getattr(interruption, "__notes__", ()))))
        except MemoryError as error:
            raise click.ClickException(
                "out of memory; use fewer columns (--columns) or a machine with more memory"
            ) from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # the reader of our output left: click ends quietly
                raise
            raise click.ClickException(_describe(error)) from error


def _show_warning(
    worded: Wording,
    usual: Callable[..., None],
    message: Warning | str,
    category: type[Warning],
    *where: Any,
) -> None:
    """One line on stderr for ours; Python's own way for others."""
    if issubclass(category, SimsearchWarning):
        click.echo(f"Warning: {worded(str(message))}", err=True)
    else:
        usual(message, category, *where)


def _interrupted(ctx: click.Context, notes: str) -> NoReturn:
    told = "the results were written" if ctx.meta.get(WRITTEN, False) else "nothing was written"
    click.echo("\nInterrupted; " + "; ".join(filter(None, (told, notes))), err=True)
    ctx.exit(128 + signal.SIGINT)


def _describe(error: OSError) -> str:
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename else reason


def _terminate(number: int, _frame: object) -> NoReturn:
    sys.exit(128 + number)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="`simsearch COMMAND --help` shows the options of a command, with examples.",
)
@click.version_option(simsearch.__version__, message="simsearch %(version)s")
def main() -> None:
    """What is like this one, and which of these are the same thing?

    Finds duplicates and neighbours in tables of records.
    """
    # Names of files may be no UTF-8, which must not end a run that has written its results.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")
    # `kill` then unwinds as Ctrl-C does, and temporary files are removed.
    with suppress(ValueError):  # not in the main thread: whoever called us minds signals
        signal.signal(signal.SIGTERM, _terminate)
