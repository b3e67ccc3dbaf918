"""The guide shows commands that there are, with options that they have."""

import re
import shlex
from itertools import takewhile
from pathlib import Path

import click
import pytest

from simsearch.commands import COMMANDS, main

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CONTEXT = click.Context(main, info_name="simsearch")


def shown(page: Path) -> list[list[str]]:
    """The words of each simsearch command in the shell blocks of a page."""
    found = []
    for block in re.findall(r"```sh\n(.*?)```", page.read_text("utf-8"), re.S):
        for line in block.replace("\\\n", " ").splitlines():
            for part in line.split(" | "):
                words = shlex.split(part, comments=True)
                if words[:1] == ["simsearch"]:
                    found.append(words[1:])
    return found


@pytest.mark.parametrize(
    ("page", "words"),
    [(page.name, words) for page in PAGES for words in shown(page)],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_a_command_that_is_shown_can_be_typed(page: str, words: list[str]) -> None:
    command = main.get_command(CONTEXT, words[0])
    assert command is not None, f"{page}: no command {words[0]}"
    # Values such as files need not exist; options and how many arguments there are must be right.
    known = {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    options = [word.split("=")[0] for word in words[1:] if re.match(r"--?[a-z]", word)]
    assert set(options) <= known | {"--help", "-h"}, page


def told(name: str) -> list[str]:
    """The examples in the help of a command, a line each."""
    command = main.get_command(CONTEXT, name)
    assert command is not None
    return [line.strip() for line in (command.help or "").partition("Examples:")[2].splitlines()]


EXAMPLES = [line for name in COMMANDS for line in told(name) if line]


@pytest.mark.parametrize("line", EXAMPLES)
def test_an_example_of_help_is_understood(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its options, their values and its arguments; the files that it names need not exist."""
    monkeypatch.chdir(tmp_path)
    typed = shlex.split(line)
    name, *words = takewhile(lambda word: word not in "|>", typed[typed.index("simsearch") + 1 :])
    command = main.get_command(CONTEXT, name)
    assert command is not None
    assert command.make_context(name, words, parent=CONTEXT).params


def test_the_guide_has_commands() -> None:
    assert len(EXAMPLES) > 100
    assert sum(len(shown(page)) for page in PAGES) > 30
