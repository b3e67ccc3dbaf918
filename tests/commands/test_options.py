from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from simsearch.commands.options import column_options, exclusive, indexes_option, match_options


@click.command()
@column_options()
@match_options()
@indexes_option()
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


@pytest.mark.parametrize("value", ["1.1", "-0.1", "high"])
def test_threshold_is_a_probability(value: str) -> None:
    assert run("--threshold", value).exit_code == 2


def test_indexes_come_from_the_environment() -> None:
    result = run(env={"SIMSEARCH_INDEXES": "elsewhere"})
    assert repr(Path("elsewhere")) in result.stdout
