"""The documents say what the commands do."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from simsearch.commands import COMMANDS, main
from simsearch.commands.reference import reference

ROOT = Path(__file__).parent.parent
PAGES = ["README.md", *(str(p.relative_to(ROOT)) for p in sorted((ROOT / "docs").rglob("*.md")))]
CONTEXT = click.Context(main, info_name="simsearch")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    command = main.get_command(CONTEXT, name)
    assert command is not None
    assert command.short_help == COMMANDS[name]
    assert command.help is not None
    assert f"simsearch {name}" in command.help, "no example"
    assert f"simsearch {name}" in (ROOT / "README.md").read_text("utf-8")
    for param in command.params:
        assert isinstance(param, click.Argument) or param.help, f"{param.name} has no help"


def printed(*command: str) -> str:
    """What a fresh process prints: other tests add kinds of items to this one."""
    done = subprocess.run(
        [sys.executable, *command],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_reference_is_what_the_commands_print() -> None:
    written = (ROOT / "docs" / "cli.md").read_text("utf-8")
    assert written == printed("-m", reference.__module__), "run `make docs`"


def test_no_command_module_is_left_out() -> None:
    modules = {path.stem for path in (ROOT / "simsearch" / "commands").glob("*.py")}
    with_command = {
        name
        for name in modules
        if re.search(
            r"^def command\(", (ROOT / "simsearch/commands" / f"{name}.py").read_text("utf-8"), re.M
        )
    }
    assert with_command == set(COMMANDS)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    for target in re.findall(r"\]\((?!https?://|#|mailto:)([^)#]+)", text):
        assert ((ROOT / page).parent / target).exists(), f"{page} links to {target}"


@pytest.mark.parametrize(
    "target", re.findall(r"`make ([a-z-]+)`", (ROOT / "CONTRIBUTING.md").read_text("utf-8"))
)
def test_make_targets_exist(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.M)


def test_python_page_is_what_the_docstrings_say() -> None:
    written = (ROOT / "docs" / "python.md").read_text("utf-8")
    assert written == printed(str(ROOT / "docs" / "python_page.py")), "run `make docs`"


# Where a path in the documentation may begin.
_ROOMS = ["", "simsearch", "simsearch/store", "simsearch/encoders"]
_PATH = re.compile(r"`([a-z_0-9]+(?:/[a-z_0-9]+)+\.py)`")


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_are_there(page: str) -> None:
    named = set(_PATH.findall((ROOT / page).read_text("utf-8")))
    assert [
        path for path in sorted(named) if not any((ROOT / room / path).exists() for room in _ROOMS)
    ] == []
