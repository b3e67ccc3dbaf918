"""A reader holds its version; a process that dies lets go."""

import gc
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from simsearch.store.format.pins import Pin, pinned, unpinned


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "0000000001.json"
    path.write_text("{}")
    return path


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def test_a_pin_holds_until_it_is_closed(manifest: Path) -> None:
    assert not pinned(manifest)
    first, second = Pin(manifest), Pin(manifest)
    assert pinned(manifest)
    first.close()
    assert pinned(manifest)
    second.close()
    second.close()
    assert not pinned(manifest)


def test_a_pin_that_nobody_has_is_let_go(manifest: Path) -> None:
    pin = Pin(manifest)
    assert pinned(manifest)
    del pin
    gc.collect()
    assert not pinned(manifest)


def test_what_is_not_there_cannot_be_pinned(tmp_path: Path) -> None:
    before = open_files()
    with pytest.raises(FileNotFoundError):
        Pin(tmp_path / "none")
    assert not pinned(tmp_path / "none")
    assert open_files() == before


def test_what_was_pruned_while_it_was_opened_is_not_pinned(
    manifest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pruned_first(path: Path, *args: object, **keywords: object) -> object:
        path.unlink()
        return path.lstat()

    monkeypatch.setattr(Path, "stat", pruned_first)
    before = open_files()
    with pytest.raises(FileNotFoundError):
        Pin(manifest)
    assert open_files() == before


HOLDS = """
import sys
import threading
from pathlib import Path
from simsearch.store.format.pins import Pin
pin = Pin(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_other_processes_are_seen_and_their_death_too(manifest: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, manifest], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        assert pinned(manifest)
        process.kill()
        process.wait()
    assert not pinned(manifest)


def test_nobody_pins_what_is_being_removed(manifest: Path) -> None:
    """Who tries waits, and finds then that it is gone."""
    found: list[object] = []

    def pin() -> None:
        try:
            found.append(Pin(manifest))
        except FileNotFoundError as error:
            found.append(error)

    thread = threading.Thread(target=pin)
    with unpinned(manifest) as free:
        assert free
        thread.start()
        thread.join(0.05)
        assert thread.is_alive()
        manifest.unlink()
    thread.join(10)
    assert [type(each) for each in found] == [FileNotFoundError]


def test_what_is_pinned_is_not_free(manifest: Path) -> None:
    pin = Pin(manifest)
    with unpinned(manifest) as free:
        assert not free
    pin.close()
    with unpinned(manifest) as free:
        assert free
    with unpinned(manifest.with_name("none")) as free:
        assert free
