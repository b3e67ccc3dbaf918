"""Encoders by the names that users give."""

import json
from pathlib import Path

import pytest

from simsearch.encoders.vector import VectorEncoder
from simsearch.errors import EncoderError
from simsearch.kinds.loading import encoder_kind, load_encoder, loaded_encoder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    arguments = {"width": 4, "dimension": 3, "hidden": 5}
    VectorEncoder("dense", arguments, {"width": 4}).save(tmp_path / "encoder")
    return tmp_path / "encoder"


def test_a_saved_encoder_is_loaded_and_one_in_memory_stays(folder: Path) -> None:
    encoder = load_encoder(folder)
    assert (encoder.kind, encoder.dimension) == ("vector", 3)
    assert loaded_encoder(encoder) is encoder
    assert loaded_encoder(str(folder)).fingerprint == encoder.fingerprint


def test_the_kind_is_known_without_the_weights(folder: Path) -> None:
    for file in folder.iterdir():
        if file.name != "encoder.json":
            file.unlink()
    assert encoder_kind(folder) == "vector"
    with pytest.raises(EncoderError):
        load_encoder(folder)


def test_a_description_that_was_altered_is_refused(folder: Path) -> None:
    path = folder / "encoder.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"kind": "smell"}))
    with pytest.raises(EncoderError, match=r"encoder\.json was altered"):
        load_encoder(folder)


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_what_is_no_encoder(name: str, tmp_path: Path) -> None:
    for load in (load_encoder, encoder_kind):
        with pytest.raises(EncoderError):
            load(tmp_path / name)
