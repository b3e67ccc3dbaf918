"""An encoder folder that is not what was saved is refused, and the file is named."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from simsearch.errors import EncoderError, OutputError
from simsearch.kinds.loading import load_encoder
from simsearch.records.encoder.encoder import RecordEncoder

if TYPE_CHECKING:
    from pathlib import Path

ENCODER = RecordEncoder.fit(pa.table({"a": ["x y", "y z", "z x"]}), dimension=16)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    ENCODER.save(tmp_path)
    return tmp_path


def test_the_folder_holds_two_files_and_no_leftovers(folder: Path) -> None:
    ENCODER.save(folder)  # again, over itself
    assert sorted(p.name for p in folder.iterdir()) == ["encoder.json", "weights.safetensors"]
    content = json.loads((folder / "encoder.json").read_text("utf-8"))
    assert content["kind"] == "record"
    assert content["fingerprint"] == ENCODER.fingerprint


@pytest.mark.parametrize("name", ["encoder.json", "weights.safetensors"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(EncoderError, match=name):
        load_encoder(folder)


@pytest.mark.parametrize("place", [0, 200, -1])
def test_altered_weights_are_named(folder: Path, place: int) -> None:
    path = folder / "weights.safetensors"
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(EncoderError, match=r"weights\.safetensors"):
        load_encoder(folder)


@pytest.mark.parametrize(
    "change",
    [
        {"settings": {"dimension": 17, "seed": 0, "fields": []}},
        {"format": 99},
        {"kind": "smell"},
        {"fingerprint": "0" * 64},
    ],
    ids=["settings", "format", "kind", "fingerprint"],
)
def test_altered_settings_are_named(folder: Path, change: dict[str, object]) -> None:
    path = folder / "encoder.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change), "utf-8")
    with pytest.raises(EncoderError, match=r"encoder\.json"):
        load_encoder(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null", "\udcff"])
def test_what_is_no_description_is_named(folder: Path, text: str) -> None:
    (folder / "encoder.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(EncoderError, match=r"encoder\.json"):
        load_encoder(folder)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file"):
        ENCODER.save(tmp_path / "file" / "encoder")
