import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from simsearch.errors import OutputError
from simsearch.report.files import Outputs

FULL_DISK = """
import resource, sys
from pathlib import Path
from simsearch.errors import OutputError
from simsearch.report.files import Outputs
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    with Outputs([Path(sys.argv[1])]) as outputs:
        with outputs.open(Path(sys.argv[1])) as file:
            file.write(b"x" * 100_000)
        outputs.publish()
except OutputError as error:
    print(error)
"""


def write(path: Path, content: bytes, failure: type[BaseException] | None = None) -> None:
    with Outputs([path]) as outputs:
        with outputs.open(path) as file:
            file.write(content)
            if failure is not None:
                raise failure
        outputs.publish()


def test_files_appear_together_and_nothing_stays_behind(tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    with Outputs([first, second]) as outputs:
        for path in (first, second):
            with outputs.open(path) as file:
                file.write(path.name.encode())
        assert not first.exists()
        outputs.publish()
    assert outputs.published == (first, second)
    assert (first.read_bytes(), second.read_bytes()) == (b"a.csv", b"b.csv")
    assert names(tmp_path) == ["a.csv", "b.csv"]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_failure_leaves_the_old_file_alone(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    with pytest.raises(error):
        write(path, b"new", error)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.csv"]


def test_a_full_disk_leaves_the_old_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")
    command = [sys.executable, "-c", FULL_DISK, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"cannot write {path}: File too large; nothing was written\n"
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.csv"]


def test_permissions(tmp_path: Path) -> None:
    kept, fresh = tmp_path / "kept.csv", tmp_path / "fresh.csv"
    kept.touch()
    kept.chmod(0o640)
    before = os.umask(0o027)
    try:
        write(kept, b"new")
        write(fresh, b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640
    assert stat.S_IMODE(fresh.stat().st_mode) == 0o640


def test_a_link_is_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_device_is_written_to_not_replaced() -> None:
    write(Path("/dev/null"), b"gone")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_long_name_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 251 + ".csv")
    write(path, b"new")
    assert path.read_bytes() == b"new"


def test_refusals_come_before_the_work(tmp_path: Path) -> None:
    file, frozen = tmp_path / "file.csv", tmp_path / "frozen.csv"
    file.touch()
    frozen.touch()
    frozen.chmod(0o444)
    refused = {
        tmp_path: f"{tmp_path} is a folder; name a file in it",
        tmp_path / "no" / "a.csv": f"there is no folder {tmp_path / 'no'}; create it first",
        file / "a.csv": f"there is no folder {file}; create it first",
        frozen: f"{frozen} is read-only; choose another name or make it writable",
        tmp_path / "a.parquet": "results are written as CSV; choose a name that ends in .csv",
        tmp_path / ("x" * 300 + ".csv"): "File name too long",
        Path("/proc/a.csv"): "cannot write /proc/a.csv: ",
    }
    for path, reason in refused.items():
        with pytest.raises(OutputError) as error:
            Outputs([path])
        assert reason in str(error.value)
        assert "\n" not in str(error.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(OutputError, match="Permission denied"):
        Outputs([tmp_path / "a.csv"])


def test_inputs_are_never_replaced(tmp_path: Path) -> None:
    source, link = tmp_path / "in.csv", tmp_path / "link.csv"
    source.write_bytes(b"rows")
    link.symlink_to(source)
    for path in (source, link):
        with pytest.raises(OutputError, match=r"would replace the input .*in\.csv; choose another"):
            Outputs([path], inputs=[source])


def test_two_results_in_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with pytest.raises(OutputError, match="two results would go to the same file"):
        Outputs([path, tmp_path / "." / "a.csv"])


INTERRUPTED = """
import signal, sys
from pathlib import Path
from simsearch.report.files import Outputs

replace = Path.replace

def replace_and_interrupt(self, target):
    signal.raise_signal(signal.SIGINT)
    return replace(self, target)

Path.replace = replace_and_interrupt
paths = [Path(name) for name in sys.argv[1:]]
with Outputs(paths) as outputs:
    for path in paths:
        with outputs.open(path) as file:
            file.write(b"new")
    try:
        outputs.publish()
    except KeyboardInterrupt:
        print("interrupted")
"""


def test_ctrl_c_waits_until_all_files_are_in_place(tmp_path: Path) -> None:
    """In a process of its own: a signal is for the whole process, tests beside it included."""
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    command = [sys.executable, "-c", INTERRUPTED, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "interrupted\n", "")
    assert [path.read_bytes() for path in paths] == [b"new", b"new"]
