"""Files that appear whole: what is there before, during and after, whatever goes wrong."""

import os
import stat
from pathlib import Path

import pytest

from simsearch.files import SYSTEM, Replacement, cache_folder, replace_file, replacing
from tests.store.made import CountingDisk


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_file_is_replaced_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    disk = CountingDisk()
    with replacing(path, disk) as file:
        file.write(b"n")
        assert path.read_bytes() == b"old"
        file.write(b"ew")
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["a"]
    assert disk.calls["sync"] == 2  # the content, then the name
    assert disk.calls["rename"] == 1


@pytest.mark.parametrize("method", ["create", "sync", "rename"])
@pytest.mark.parametrize("before", [b"old", None])
def test_a_failure_leaves_what_was_there(method: str, before: bytes | None, tmp_path: Path) -> None:
    disk, path = CountingDisk(), tmp_path / "a"

    def refuse(*_: Path) -> None:
        raise OSError("no")

    setattr(disk, method, refuse)
    if before is not None:
        path.write_bytes(before)
    with pytest.raises(OSError, match="no"):
        replace_file(path, b"new", disk)
    assert (path.read_bytes() if path.exists() else None) == before
    assert names(tmp_path) == ([] if before is None else ["a"])


def test_an_interruption_leaves_what_was_there(tmp_path: Path) -> None:
    def stop(_: Path) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "a"
    path.write_bytes(b"old")
    stopping = CountingDisk()
    stopping.sync = stop  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        replace_file(path, b"half", stopping)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_several_files_appear_when_all_are_written(tmp_path: Path) -> None:
    replacements = [Replacement(tmp_path / name) for name in "ab"]
    for number, each in enumerate(replacements):
        with each.open() as file:
            file.write(b"%d" % number)
    assert not {"a", "b"} & set(names(tmp_path))
    replacements[0].publish()
    replacements[1].discard()
    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"0"


def test_permissions_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    path.chmod(0o640)
    replace_file(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    mask = os.umask(0)
    os.umask(mask)
    replace_file(tmp_path / "b", b"new")
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o666 & ~mask


def test_names_as_long_as_they_may_be(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 255)
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_file_that_exists_is_not_created_again(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        SYSTEM.create(tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"old"


def test_syncing_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        SYSTEM.sync(tmp_path / "a")
    SYSTEM.remove(tmp_path / "a")


def test_the_folder_of_what_can_be_made_again_is_the_systems_unless_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SIMSEARCH_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    monkeypatch.setenv("LOCALAPPDATA", "/somewhere")
    assert cache_folder().name in ("simsearch", "cache")
    monkeypatch.setenv("SIMSEARCH_CACHE", "/mine")
    assert cache_folder() == Path("/mine")
