"""Prints docs/cli.md from the commands themselves: python -m simsearch.commands.reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from simsearch.commands import COMMANDS, main

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["reference"]

WIDTH = 100

HEAD = """# Command line reference

Written by `make docs` from `simsearch COMMAND --help`; a test compares the two.

Exit codes: 0 done; 1 a failure that one line on stderr explains; 2 wrong usage; 130 after Ctrl-C,
with nothing half-written. Progress, warnings and errors go to stderr.
"""


def reference() -> str:
    """The whole page as Markdown."""
    return "\n".join([HEAD, *_sections()])


def _sections() -> Iterator[str]:
    top = main.make_context("simsearch", [], resilient_parsing=True, terminal_width=WIDTH)
    yield _section("simsearch", main.get_help(top))
    for name in COMMANDS:
        command = main.get_command(top, name)
        if command is not None:
            context = click.Context(command, top, info_name=name, terminal_width=WIDTH)
            yield _section(f"simsearch {name}", command.get_help(context))


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n```text\n{text.rstrip()}\n```\n"


if __name__ == "__main__":
    print(reference(), end="")
