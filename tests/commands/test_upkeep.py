"""`simsearch compact`, `check`, `export` and `import`, and indexes that are not well."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

from simsearch import Index
from simsearch.commands import main

VECTORS = np.random.default_rng(5).normal(size=(2_500, 8)).astype(np.float32)
# Runs a command with files limited to a size, as on a disk that is full.
ON_A_FULL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
from simsearch.commands import main
main(sys.argv[2:])
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder; the index `points` in it has a segment and a small change."""
    monkeypatch.chdir(tmp_path)
    np.save("points.npy", VECTORS)
    assert run("index", "points.npy", "-n", "points", "-q").output == ""
    assert run("remove", "points", "--id", "3", "-q").output == ""
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


def failure(*arguments: object) -> str:
    """The one line that says why a command failed."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def damage(pattern: str) -> Path:
    (path,) = Path("indexes/points").rglob(pattern)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    return path


def files() -> list[Path]:
    return sorted(Path().rglob("*"))


def test_compact(folder: Path) -> None:
    result = run("compact", "points")
    assert (result.exit_code, result.stderr) == (0, "")
    first, second = result.stdout.splitlines()
    assert first.startswith("2,499 items in 1 part, ")
    assert second == (
        "2 older versions can still be read; to give up what is older: "
        "simsearch compact points --prune"
    )
    assert len(run("compact", "points", "--prune").stdout.splitlines()) == 1
    assert run("info", "points", "--versions").stdout.count("\n") == 1
    assert run("compact", "points", "--engine", "ivf", "--recall", "0.9", "-q").output == ""
    assert "ivf, recall 0.9" in run("info", "points").stdout
    assert "cannot use the metric cosine" in failure("compact", "points", "--engine", "binary")
    assert "'nonsense' is none of auto" in run("compact", "points", "--engine", "nonsense").stderr
    assert "no index 'nothere'" in failure("compact", "nothere")


def test_check(folder: Path) -> None:
    result = run("check", "points")
    assert result.stdout.startswith("All is well: 2 versions, ")
    assert run("check", "points", "-q").output == ""
    assert "no index 'nothere'" in failure("check", "nothere")


def test_a_damaged_index_is_checked_read_and_mended(folder: Path) -> None:
    """Two parts, and one of them is damaged: the other is read, exported and kept."""
    Index.open("points").vectors.add(range(9_000, 11_500), VECTORS)
    segments = sorted(
        Path("indexes/points/segments").iterdir(), key=lambda path: path.stat().st_mtime
    )
    damaged = segments[0] / "vectors.f32"
    content = bytearray(damaged.read_bytes())
    content[100] ^= 1
    damaged.write_bytes(content)

    result = run("check", "points")
    assert result.exit_code == 1
    assert f"{damaged} is damaged" in result.stdout
    assert "simsearch check points --repair" in result.stderr
    asked = ["query", "points", "--like", "9003", "-k", "1", "--format", "csv"]
    assert "is damaged" in failure(*asked)
    result = run(*asked, "--salvage")
    assert (result.exit_code, result.stdout.count("\n")) == (0, 2)
    assert result.stderr.startswith("Warning: lost: 2500 items of segments/")
    assert result.stderr.count("\n") == 1

    assert "is damaged" in failure("export", "points", "-o", "all.simsearch")
    assert not Path("all.simsearch").exists()
    result = run("export", "points", "-o", "left.simsearch", "--salvage")
    assert result.exit_code == 0
    assert result.stdout.startswith("Wrote 2,500 items to left.simsearch (")
    assert run("import", "left.simsearch").stdout.startswith("Imported 2,500 items as 'left'")
    assert run("check", "left").exit_code == 0

    result = run("check", "points", "--repair")
    assert result.exit_code == 0
    assert "Made version 4 of 2,500 items" in result.stderr
    assert result.stdout.startswith("All is well")
    assert run(*asked).exit_code == 0


def test_a_version_is_stepped_over_aloud(folder: Path) -> None:
    damage("*.change")
    result = run("query", "points", "--like", "3", "-k", "1", "--format", "csv")
    assert (result.exit_code, result.stdout.count("\n")) == (0, 2)
    assert result.stderr.startswith("Warning: ")
    assert "version 1 is read instead" in result.stderr
    result = run("index", "points.npy", "-n", "points", "--update")
    warning, error = result.stderr.splitlines()
    assert (result.exit_code, warning.split()[0]) == (1, "Warning:")
    assert error.endswith("before it is mended: simsearch check points --repair")


def test_export_and_import(folder: Path) -> None:
    result = run("export", "points", "-o", "points.simsearch")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Wrote 2,499 items to points.simsearch (")
    assert run("import", "points.simsearch", "-n", "a copy", "-q").output == ""
    other = run("import", "points.simsearch", "--indexes", "elsewhere")
    assert other.stdout == (
        "Imported 2,499 items as 'points'\nSearch it: simsearch query points --like ID\n"
    )
    asked = ["--like", "17", "--format", "csv"]
    expected = run("query", "points", *asked).stdout
    assert run("query", "a copy", *asked).stdout == expected
    assert run("query", "points", "--indexes", "elsewhere", *asked).stdout == expected
    assert "something at indexes/points already" in failure("import", "points.simsearch")
    old = run("export", "points", "-o", "old.simsearch", "--version", 1)
    assert old.stdout.startswith("Wrote 2,500 items")


@pytest.mark.parametrize("arguments", [["-o", "out.PARQUET"], ["-o", "out.tab", "--vectors"]])
def test_export_of_vectors(folder: Path, arguments: list[str]) -> None:
    assert run("export", "points", *arguments, "-q").output == ""
    table = pq.read_table(arguments[1])
    assert table["id"].to_pylist() == [n for n in range(2_500) if n != 3]
    again = ["index", arguments[1], "-n", "again", "--vectors", "vector", "--id", "id", "-q"]
    assert run(*again).output == ""


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["export", "nothere", "-o", "x"], "there is no index 'nothere' in indexes"),
        (["export", "points", "-o", "no/x.simsearch"], "there is no folder no; create it first"),
        (["export", "points", "-o", "indexes/points/x"], "is within the index itself"),
        (["export", "points", "-o", "x", "--version", "9"], "9; there are 1 to 2"),
        (["import", "no.simsearch"], "no.simsearch: no such file"),
        (["import", "points.npy", "-n", "x"], "points.npy is not an exported index"),
        (["import", "cut.simsearch"], "cut.simsearch is not an exported index, or was cut short"),
        (["import", "flipped.simsearch"], "is damaged"),
        (["import", "whole.simsearch", "-n", "../x"], "'../x' cannot be the name of an index"),
        (["import", "whole.simsearch", "-n", "points"], "something at indexes/points already"),
        (["import", "whole.simsearch", "--indexes", "points.npy"], "points.npy"),
    ],
)
def test_failures_are_one_line(folder: Path, arguments: list[str], error: str) -> None:
    run("export", "points", "-o", "whole.simsearch")
    whole = Path("whole.simsearch").read_bytes()
    Path("cut.simsearch").write_bytes(whole[: len(whole) // 2])
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    Path("flipped.simsearch").write_bytes(flipped)
    before = files()
    assert error in failure(*arguments)
    assert files() == before


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["export", "points"], "Missing option '-o'"),
        (["export", "points", "-o", "-"], "not to standard output"),
        (["export", "points", "-o", "indexes"], "is a directory"),
        (["import"], "Missing argument 'FILE'"),
        (["import", "indexes"], "is a directory"),
        (["check"], "Missing argument 'NAME'"),
        (["compact", "points", "--recall", "2"], "2.0 is not in the range"),
    ],
)
def test_wrong_usage(folder: Path, arguments: list[str], error: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert error in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["index", "points.npy", "-n", "points", "--update"],
        ["index", "points.npy", "-n", "points", "--overwrite"],
        ["remove", "points", "--id", "7"],
        ["compact", "points"],
        ["check", "points", "--repair"],
    ],
)
def test_another_writer_is_waited_for_by_the_user(folder: Path, arguments: list[str]) -> None:
    """Not by us: one line at once. Questions are answered meanwhile."""
    np.save("points.npy", VECTORS[:100])
    with FileLock("indexes/points/LOCK"):
        assert "another process is writing to this index; try again" in failure(*arguments)
        assert run("query", "points", "--like", "7").exit_code == 0


@pytest.mark.long
def test_another_writer_is_told_of_at_once(folder: Path) -> None:
    with FileLock("indexes/points/LOCK"):
        started = time.monotonic()
        failure("compact", "points")
        assert time.monotonic() - started < 5


@pytest.mark.skipif(os.name != "posix", reason="limits are those of POSIX")
@pytest.mark.parametrize(
    "arguments",
    [
        ["index", "points.npy", "-n", "new"],
        ["index", "points.npy", "-n", "points", "--overwrite"],
        ["compact", "points"],
        ["export", "points", "-o", "out.simsearch"],
        ["export", "points", "-o", "out.parquet"],
        ["import", "whole.simsearch"],
    ],
)
def test_a_full_disk_leaves_what_was_there(folder: Path, arguments: list[str]) -> None:
    run("export", "points", "-o", "whole.simsearch")
    before = [path for path in files() if path.name != "LOCK"]
    done = subprocess.run(
        [sys.executable, "-c", ON_A_FULL_DISK, "20000", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: ")
    assert "File too large" in done.stderr
    assert done.stderr.count("\n") == 1
    assert [path for path in files() if path.name != "LOCK"] == before
    assert run("check", "points").exit_code == 0
