"""A cross-encoder from a folder: its scores, and what is no such folder."""

from pathlib import Path

import numpy as np
import pytest

from simsearch.encoders.text.cross_encoder import PairModel
from simsearch.errors import EncoderError
from tests.encoders.text.made_pairs import cross_encoder

TEXTS = ["the cat sat", "a dog", "stock prices fell"]


def test_scores_are_those_of_the_library(tmp_path: Path) -> None:
    from sentence_transformers import CrossEncoder

    folder = cross_encoder(tmp_path / "model")
    expected = CrossEncoder(str(folder), local_files_only=True, device="cpu").predict(
        [("a cat", text) for text in TEXTS], show_progress_bar=False
    )
    found = PairModel(folder).score("a cat", TEXTS)
    assert (found.shape, found.dtype) == ((3,), np.float32)
    assert found == pytest.approx(expected, abs=1e-6)
    assert PairModel(folder).score("a cat", []).shape == (0,)


def test_what_is_no_cross_encoder(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"no folder of a cross-encoder \(it has no config.json"):
        PairModel(tmp_path / "nowhere")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(EncoderError, match="no cross-encoder that loads"):
        PairModel(tmp_path).score("a", ["b"])
    three = cross_encoder(tmp_path / "three", labels=3)
    with pytest.raises(EncoderError, match="gives 3 numbers for a pair"):
        PairModel(three).score("a", ["b"])
