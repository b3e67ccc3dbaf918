"""Translate messages of the library for the command line: `threshold` to `--threshold`.

A message names an argument as `threshold` or `threshold=0.9`, and a function as
`check('customers', repair=True)`. Typed, these are --threshold, --threshold 0.9 and
simsearch check customers --repair.
"""

from __future__ import annotations

import ast
import csv
import io
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Wording", "wording"]

MARKED = re.compile(r"`([^`\n]+)`")
# Methods of an index that are options of a command of another name.
METHODS = {
    "Index.migrate": "simsearch index SOURCE -n NAME --migrate --encoder FOLDER",
    "Index.re_embed": "simsearch index SOURCE -n NAME --re-embed --encoder FOLDER",
    "Index.query_batch": "simsearch query NAME --file QUERIES",
    "Index.query_like": "simsearch query NAME --like ID",
    "Index.create": "simsearch index SOURCE -n NAME",
    "Index.versions": "simsearch info NAME --versions",
    "Index.update": "simsearch index SOURCE -n NAME --update",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """Messages for somebody who typed a command.

    Attributes:
        group: of all commands.
        context: of the group, once the command to run is known.
    """

    group: click.Group
    context: click.Context

    def __call__(self, text: str) -> str:
        """A message with the names in backquotes as they are typed; others stay."""
        return MARKED.sub(lambda found: self._typed(found[1]) or found[0], text)

    def _typed(self, text: str) -> str | None:
        if text in METHODS:
            return METHODS[text]
        try:
            call = ast.parse(f"f({text})", mode="eval").body
        except SyntaxError:
            return None
        if not isinstance(call, ast.Call) or len(call.args) + len(call.keywords) != 1:
            return None
        command = self._command(self.context.invoked_subcommand)
        if call.keywords:
            return _option(command, call.keywords[0])
        named = call.args[0]
        if isinstance(named, ast.Name):
            return _flag(command, named.id) or self._name(named.id)
        return self._line(named) if isinstance(named, ast.Call) else None

    def _line(self, call: ast.Call) -> str | None:
        """A call of a function as a command line; None where there is no such command."""
        name = ast.unparse(call.func)
        command = self._command(name)
        return None if command is None else " ".join(["simsearch", name, *_words(call, command)])

    def _name(self, name: str) -> str | None:
        return None if self._command(name) is None else f"simsearch {name}"

    def _command(self, name: str | None) -> click.Command | None:
        return None if name is None else self.group.get_command(self.context, name)


def wording() -> Wording:
    """For messages of the command that runs."""
    context = click.get_current_context().find_root()
    return Wording(cast("click.Group", context.command), context)


def _words(call: ast.Call, command: click.Command) -> Iterator[str]:
    for value in call.args:
        yield shlex.quote(_value(value))
    for keyword in call.keywords:
        yield _option(command, keyword) or shlex.quote(_value(keyword.value))


def _option(command: click.Command | None, keyword: ast.keyword) -> str | None:
    """An option with its value; a switch alone."""
    flag = _flag(command, keyword.arg or "")
    if flag is None or _value(keyword.value) == "True":
        return flag
    return f"{flag} {shlex.quote(_value(keyword.value))}"


def _value(node: ast.expr) -> str:
    if isinstance(node, ast.Tuple | ast.List):  # names: a,b,"c, d"
        written = io.StringIO()
        csv.writer(written, lineterminator="").writerow(map(_value, node.elts))
        return written.getvalue()
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)


def _flag(command: click.Command | None, name: str) -> str | None:
    """What an argument is called on the command line: --id, or SOURCE."""
    for param in command.params if command is not None else ():
        if param.name == name:
            is_option = param.param_type_name == "option"
            return param.opts[-1] if is_option else param.human_readable_name
    return None
