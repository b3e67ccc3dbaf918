"""Names and paths: none leads out of its folder."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.errors import IndexCorruptError, OptionError
from simsearch.store.format.layout import (
    change_path,
    changes,
    check_name,
    generations,
    inside,
    manifest_path,
)


@pytest.mark.parametrize("name", ["a", "people", "Ä 2", "x" * 200, "a.b-c@d+e_f", "7", "日本"])
def test_names_that_a_folder_may_have(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "/a", "a\\b", ".a", "_a", "-a", "a\n", "a ", "a.", "日" * 70]
)
def test_names_that_it_may_not(name: str) -> None:
    with pytest.raises(OptionError, match="cannot be the name of an index"):
        check_name(name)


@given(st.text())
def test_a_name_is_one_part_of_a_path(name: str) -> None:
    try:
        check_name(name)
    except OptionError:
        return
    assert (Path("/root") / name).parent == Path("/root")
    assert Path(name).name == name


@pytest.mark.parametrize(
    "outside",
    [
        "../evil",
        "/etc/passwd",
        "a/../../evil",
        "",
        ".",
        "a//b",
        "a\\..\\b",
        "C:evil",
        "a\0b",
        "./a",
    ],
)
def test_paths_of_a_manifest_stay_inside(tmp_path: Path, outside: str) -> None:
    with pytest.raises(IndexCorruptError, match="outside it"):
        inside(tmp_path, outside)


@given(st.text())
def test_whatever_is_taken_is_inside(relative: str) -> None:
    try:
        path = inside(Path("/nowhere/index"), relative)
    except IndexCorruptError:
        return
    assert path.is_relative_to("/nowhere/index")
    assert path != Path("/nowhere/index")


def test_links_are_followed(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / "out").symlink_to(tmp_path)
    (folder / "in").symlink_to(folder / "segments")
    with pytest.raises(IndexCorruptError, match="out of the index through a link"):
        inside(folder, "out/evil")
    assert inside(folder, "in/a") == folder / "in" / "a"


def test_generations_are_counted_by_their_names(tmp_path: Path) -> None:
    assert generations(tmp_path) == changes(tmp_path) == []
    for path in (manifest_path(tmp_path, 10), manifest_path(tmp_path, 9), change_path(tmp_path, 7)):
        path.parent.mkdir(exist_ok=True)
        path.touch()
    (tmp_path / "manifests" / "0000000011.json.tmp").touch()
    (tmp_path / "manifests" / "11.json").touch()
    (tmp_path / "changes" / "0000000008.json").touch()
    assert generations(tmp_path) == [9, 10]
    assert changes(tmp_path) == [7]
