"""Exported models are found again as they were, or not at all."""

import json
import os
from pathlib import Path

import pytest

from simsearch.encoders.text.runtime.kept import (
    find_exported,
    keep_exported,
    making_folder,
)
from simsearch.encoders.text.runtime.tokens import TokenReading

HASHES = {"model.safetensors": "ab"}
READING = TokenReading('{"a": 1}', 32, 0, False, "query: ")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SIMSEARCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def kept(hashes: dict[str, str], reading: TokenReading | None = READING):  # type: ignore[no-untyped-def]
    folder, holder = making_folder()
    (folder / "graph.onnx").write_bytes(b"a graph")
    return keep_exported(hashes, folder, reading, 16, holder)


def test_it_is_found_again_with_what_was_chosen() -> None:
    assert find_exported(HASHES) is None
    made = kept(HASHES)
    (made.folder / "int8.xml").write_bytes(b"bytes")
    made.keep_choice("quick", "openvino int8", ("int8.xml",))
    found = find_exported(HASHES)
    assert found == made
    assert found.graph.read_bytes() == b"a graph"
    assert (found.choice("quick"), found.choice("precise")) == ("openvino int8", None)
    assert find_exported({"model.safetensors": "cd"}) is None
    (made.folder / "int8.xml").write_bytes(b"other")
    assert found.choice("quick") is None


def test_a_model_that_has_no_graph_is_remembered() -> None:
    kept(HASHES, None)
    found = find_exported(HASHES)
    assert found is not None
    assert found.reading is None


@pytest.mark.parametrize("name", ["graph.onnx", "vocabulary.json", "exported.json"])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff"])
def test_what_is_damaged_is_not_there_and_is_made_anew(name: str, content: bytes | None) -> None:
    made = kept(HASHES)
    if content is None:
        (made.folder / name).unlink()
    else:
        (made.folder / name).write_bytes(content)
    assert find_exported(HASHES) is None
    kept(HASHES)
    assert find_exported(HASHES) == made


def test_another_version_of_a_package_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    kept(HASHES)
    monkeypatch.setattr("importlib.metadata.version", lambda name: "9")
    assert find_exported(HASHES) is None


def test_without_a_folder_it_lasts_as_long_as_it_is_used(cache: Path) -> None:
    cache.write_text("a file")
    made = kept(HASHES)
    assert made.graph.read_bytes() == b"a graph"
    assert find_exported(HASHES) is None
    folder = made.folder
    del made
    assert not folder.exists()


def test_the_one_used_longest_ago_makes_room(cache: Path) -> None:
    made = [kept({"model": str(each)}) for each in range(6)]
    for age, each in enumerate(made):
        os.utime(each.folder, (1_000_000 + age, 1_000_000 + age))
    assert find_exported({"model": "0"}) is not None  # used now
    kept({"model": "new"})
    assert find_exported({"model": "0"}) is not None
    assert find_exported({"model": "1"}) is None
    assert len(list((cache / "models").iterdir())) == 6


def test_nothing_is_said_of_texts() -> None:
    made = kept(HASHES)
    told = json.loads((made.folder / "exported.json").read_text())
    assert set(told) == {"files", "reading", "dimension"}
