"""Messages of the library in the words of the command line."""

import re
from pathlib import Path

import click
import pytest

import simsearch
from simsearch.commands import main
from simsearch.commands.flags import Wording

PACKAGE = Path(simsearch.__file__).parent


def worded(text: str, command: str | None = "dedupe") -> str:
    context = click.Context(main, info_name="simsearch")
    context.invoked_subcommand = command
    return Wording(main, context)(text)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("give a stricter `threshold`", "give a stricter --threshold"),
        ("take `threshold=0.9`", "take --threshold 0.9"),
        ("name `encoder='my folder'`", "name --encoder 'my folder'"),
        ("`columns=('name', 'city')` groups them", "--columns name,city groups them"),
        ("`columns=['a, b']` groups them", "--columns '\"a, b\"' groups them"),
        ("`train` writes it", "simsearch train writes it"),
        ("`source` is empty", "SOURCE is empty"),
        ("mend it: `check('my own', repair=True)`", "mend it: simsearch check 'my own' --repair"),
        ("see `train(source, rate=0.1)`", "see simsearch train source --rate 0.1"),
    ],
)
def test_arguments_become_flags(text: str, typed: str) -> None:
    assert worded(text) == typed


@pytest.mark.parametrize(
    "text", ["a `b c` d", "`nothing`", "`nothing=1`", "`f(x)`", "``", "`a, b`", "`1 +`", "no name"]
)
def test_what_is_no_argument_stays(text: str) -> None:
    assert worded(text) == text


def test_without_a_command() -> None:
    assert worded("give `threshold`", None) == "give `threshold`"


def test_an_error_is_worded(tmp_path: Path) -> None:
    from click.testing import CliRunner

    table = tmp_path / "a.csv"
    table.write_text("name\nAnn\nBo\n")
    result = CliRunner().invoke(main, ["index", str(table), "-n", "a", "--indexes", str(tmp_path)])
    assert result.exit_code == 0
    result = CliRunner().invoke(main, ["index", str(table), "-n", "a", "--indexes", str(tmp_path)])
    assert "replace it (--overwrite) or choose another name" in result.stderr


def flags_in(path: Path) -> list[str]:
    """Flags within the strings of a module."""
    found = re.findall(r"""(?<![-\w])--[a-z][\w-]*""", path.read_text("utf-8"))
    return [f"{path.relative_to(PACKAGE)}: {flag}" for flag in found]


def test_the_library_names_no_flags() -> None:
    """It names arguments; commands, what they print, and scripts of their own name flags."""
    told = ("commands", "report")
    paths = [
        path
        for path in PACKAGE.rglob("*.py")
        if path.relative_to(PACKAGE).parts[0] not in told
        and 'if __name__ == "__main__"' not in path.read_text("utf-8")
    ]
    assert [flag for path in paths for flag in flags_in(path)] == []
