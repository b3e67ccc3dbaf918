"""Where items lie that are a file each."""

import os
import zipfile
from pathlib import Path, PurePath

import pytest

from simsearch.errors import SourceError
from simsearch.sources.item_files import list_files, plain_suffix

NAMES = ["b/x.png", "a.png", "b/c/y.png", ".hidden", ".git/z.png"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        (tmp_path / "root" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "root" / name).write_text(name)
    return tmp_path / "root"


def test_a_folder_is_read_in_the_order_of_the_paths(folder: Path) -> None:
    files, name = list_files(folder)
    assert [(file.id, file.folder) for file in files] == [
        ("a.png", ""), ("b/c/y.png", "b/c"), ("b/x.png", "b"),
    ]  # fmt: skip
    assert [file.read().decode() for file in files] == [file.id for file in files]
    assert name == str(folder)


@pytest.mark.parametrize("top", ["", "root/"])
def test_a_zip_is_as_its_folder(folder: Path, tmp_path: Path, top: str) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name in [*NAMES, "__MACOSX/a.png"]:
            archive.writestr(f"{top if not name.startswith('__') else ''}{name}", name)
    files, _ = list_files(tmp_path / "all.zip")
    own, _ = list_files(folder)
    assert [(file.id, file.folder) for file in files] == [(file.id, file.folder) for file in own]
    assert [file.read() for file in files] == [file.read() for file in own]


@pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")
def test_links_that_lead_out_are_left_out(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_text("secret")
    (folder / "out.png").symlink_to(tmp_path / "secret.png")
    (folder / "in.png").symlink_to(folder / "a.png")
    assert [file.id for file in list_files(folder)[0]] == [
        "a.png", "b/c/y.png", "b/x.png", "in.png",
    ]  # fmt: skip


def test_patterns_lists_and_single_files(folder: Path) -> None:
    paths = [str(folder / "b/x.png"), str(folder / "a.png")]
    assert [file.id for file in list_files(paths)[0]] == paths
    assert list_files(paths)[1] == "2 files"
    assert [file.id for file in list_files(folder / "a.png")[0]] == [paths[1]]
    found, _ = list_files(str(folder / "**/*.png"))
    assert [file.id for file in found] == [
        str(folder / name) for name in ("a.png", "b/c/y.png", "b/x.png")
    ]


@pytest.mark.parametrize("source", ["nowhere", "nothing/*.png"])
def test_what_is_not_there_is_named(source: str) -> None:
    with pytest.raises(SourceError, match=r"there is no such file or folder") as caught:
        list_files(source)
    assert source in str(caught.value)


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("a.TXT", ".txt"), ("a.csv.GZ", ".csv"), ("a.zip", ".zip"), ("a", ""), ("a.b.json", ".json")],
)
def test_suffixes_without_those_of_compression(name: str, suffix: str) -> None:
    assert plain_suffix(PurePath(name)) == suffix
