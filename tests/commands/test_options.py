from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from simsearch.commands import COMMANDS, main, options
from simsearch.commands.comparing_options import until_options
from simsearch.commands.index_options import indexes_option
from simsearch.commands.options import exclusive, threads_option
from simsearch.commands.source_options import column_options


@click.command()
@column_options()
@until_options()
@indexes_option()
@threads_option()
def shown(**values: Any) -> None:
    exclusive(click.get_current_context(), ("columns", "ignore"))
    click.echo(repr(values))


def run(*arguments: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(shown, arguments, env=env)


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ([], None),
        (["--columns", "a,b"], ("a", "b")),
        (["--columns", "a, b", "--columns", "c"], ("a", "b", "c")),
        (["--columns", '"last, first",city'], ("last, first", "city")),
        (["--columns", "naïve ключ"], ("naïve ключ",)),
    ],
)
def test_column_names(arguments: list[str], names: tuple[str, ...] | None) -> None:
    assert f"'columns': {names!r}" in run(*arguments).stdout


@pytest.mark.parametrize("value", ["", "a,,b", ","])
def test_empty_column_names(value: str) -> None:
    result = run("--columns", value)
    assert result.exit_code == 2
    assert "a column name is empty" in result.stderr


def test_exclusive() -> None:
    result = run("--columns", "a", "--ignore", "b")
    assert result.exit_code == 2
    assert "--columns and --ignore exclude each other; give one of them" in result.stderr


@pytest.mark.parametrize(("value", "taken"), [("0.9", 0.9), ("1e-3", 0.001), ("eer", "eer")])
def test_a_threshold_is_a_number_or_a_name(value: str, taken: float | str) -> None:
    assert f"'threshold': {taken!r}" in run("--threshold", value).stdout


def test_indexes_come_from_the_environment() -> None:
    result = run(env={"SIMSEARCH_INDEXES": "elsewhere"})
    assert repr(Path("elsewhere")) in result.stdout


@pytest.mark.parametrize(
    ("arguments", "env", "expected"),
    [
        ([], {}, None),
        (["--threads", "3"], {}, 3),
        ([], {"SIMSEARCH_THREADS": "2"}, 2),
        (["--threads", "3"], {"SIMSEARCH_THREADS": "2"}, 3),
    ],
)
def test_threads_are_set_before_the_command_runs(
    arguments: list[str],
    env: dict[str, str],
    expected: int | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[int | None] = []
    monkeypatch.setattr(options, "set_threads", given.append)
    result = run(*arguments, env={"SIMSEARCH_THREADS": "", **env})
    assert given == [expected]
    assert "threads" not in result.stdout


@pytest.mark.parametrize("value", ["0", "-1", "many"])
def test_threads_are_a_number_from_1_on(value: str) -> None:
    for result in (run("--threads", value), run(env={"SIMSEARCH_THREADS": value})):
        assert result.exit_code == 2
        assert "--threads" in result.stderr


@pytest.mark.parametrize("name", ["dedupe", "index", "link", "query"])
def test_commands_that_compute_take_threads(name: str) -> None:
    assert name in COMMANDS
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert "--threads" in {flag for param in command.params for flag in param.opts}
