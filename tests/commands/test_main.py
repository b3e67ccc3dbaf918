"""Exit codes and the one line of every failure, whatever the command."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from simsearch import commands
from simsearch.commands import COMMANDS, WRITTEN, main
from simsearch.errors import SourceError


@pytest.fixture
def run_failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException, bool], Result]:
    """Runs a command that raises."""

    def run(error: BaseException, written: bool = False) -> Result:
        @click.command()
        @click.pass_context
        def command(ctx: click.Context) -> None:
            ctx.meta[WRITTEN] = written
            raise error

        monkeypatch.setattr(commands.Commands, "get_command", lambda *_: command)
        return CliRunner().invoke(main, ["dedupe"])

    return run


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (
            SourceError("a.csv: line 3: a NUL byte; remove it"),
            "a.csv: line 3: a NUL byte; remove it",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device", "x.csv"),
            "x.csv: No space left on device",
        ),
        (PermissionError(errno.EACCES, "Permission denied"), "Permission denied"),
        (
            MemoryError(),
            "out of memory; use fewer columns (--columns) or a machine with more memory",
        ),
    ],
)
def test_a_failure_is_one_line(
    run_failing: Callable[..., Result], error: BaseException, line: str
) -> None:
    result = run_failing(error)
    assert result.stderr == f"Error: {line}\n"
    assert result.stdout == ""
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("written", "text"), [(False, "nothing was written"), (True, "the results were written")]
)
def test_ctrl_c(run_failing: Callable[..., Result], written: bool, text: str) -> None:
    result = run_failing(KeyboardInterrupt(), written)
    assert result.stderr == f"\nInterrupted; {text}\n"
    assert result.exit_code == 130


def test_a_reader_that_leaves_is_no_failure(run_failing: Callable[..., Result]) -> None:
    result = run_failing(BrokenPipeError(errno.EPIPE, "Broken pipe"))
    assert result.output == ""


def test_a_bug_is_not_hidden(run_failing: Callable[..., Result]) -> None:
    assert isinstance(run_failing(ZeroDivisionError()).exception, ZeroDivisionError)


@pytest.mark.parametrize(
    "arguments", [["nothing"], ["--nothing"], ["dedupe"], ["dedupe", "a", "b"], ["link", "a"]]
)
def test_wrong_usage(arguments: list[str]) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "Usage: " in result.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_a_name_that_is_no_text_can_be_printed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name\nAnn\nBob\n")
    out = os.fsencode(tmp_path) + b"/caf\xe9.csv"
    run = subprocess.run(
        [sys.executable, "-m", "simsearch", "dedupe", tmp_path / "a.csv", "-o", out],
        env=os.environ | {"PYTHONIOENCODING": "utf-8:strict"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert r"caf\udce9.csv" in run.stdout
    assert os.path.exists(out)  # noqa: PTH110  bytes


def test_help_lists_every_command() -> None:
    for option in ("-h", "--help"):
        result = CliRunner().invoke(main, [option])
        assert result.exit_code == 0
        assert all(f"  {name} " in result.stdout for name in COMMANDS)


def test_version() -> None:
    assert CliRunner().invoke(main, ["--version"]).stdout.startswith("simsearch 0.")


@pytest.mark.long
def test_help_is_quick() -> None:
    """At most four times an interpreter that imports click: the best of several runs."""
    assert best_time(["-m", "simsearch", "--help"]) <= 4 * best_time(["-c", "import click"])


def best_time(arguments: list[str]) -> float:
    times = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return min(times)


def test_terminate_unwinds() -> None:
    """A killed command removes its temporary files, as after Ctrl-C."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        CliRunner().invoke(main, ["dedupe", "--help"])
        with pytest.raises(SystemExit) as stopped:
            signal.raise_signal(signal.SIGTERM)
        assert stopped.value.code == 143
    finally:
        signal.signal(signal.SIGTERM, before)
