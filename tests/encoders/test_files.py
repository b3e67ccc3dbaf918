"""Files of an encoder, held to their hashes."""

import hashlib
from pathlib import Path

import pytest

from simsearch.encoders.files import FolderFiles, hashes_of
from simsearch.errors import EncoderError

CONTENT = {"a.json": b"{}", "deep/b.bin": b"\0" * 100}
HASHES = {name: hashlib.sha256(content).hexdigest() for name, content in CONTENT.items()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in CONTENT.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_files_are_read_by_name(folder: Path) -> None:
    files = FolderFiles.checked(folder, HASHES)
    assert dict(files) == CONTENT
    assert hashes_of(files) == hashes_of(CONTENT) == HASHES
    assert FolderFiles.found(folder, list(CONTENT)).hashes == HASHES


def test_a_file_that_is_altered_is_named_also_later(folder: Path) -> None:
    files = FolderFiles.checked(folder, HASHES)
    (folder / "a.json").write_bytes(b"[]")
    with pytest.raises(EncoderError, match=r"a\.json is not the file that was saved"):
        files["a.json"]
    with pytest.raises(EncoderError, match=r"a\.json is not the file that was saved"):
        FolderFiles.checked(folder, HASHES)


def test_a_file_that_is_gone_is_named(folder: Path) -> None:
    files = FolderFiles.checked(folder, HASHES)
    (folder / "deep/b.bin").unlink()
    for read in (lambda: files["deep/b.bin"], lambda: FolderFiles.found(folder, list(CONTENT))):
        with pytest.raises(EncoderError, match=r"cannot read .*b\.bin"):
            read()


@pytest.mark.parametrize("name", ["/etc/passwd", "../a.json", "deep/../../a", ""])
def test_names_stay_inside_the_folder(folder: Path, name: str) -> None:
    with pytest.raises(EncoderError, match="outside its folder"):
        FolderFiles.checked(folder, {name: "0" * 64})


def test_a_list_of_files_that_is_none(folder: Path) -> None:
    with pytest.raises(EncoderError, match="does not list its files"):
        FolderFiles.checked(folder, ["a.json"])
