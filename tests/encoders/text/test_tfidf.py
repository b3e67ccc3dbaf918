"""TF-IDF of letters as an encoder: what it weighs, and that it is fitted, saved and found again."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

import simsearch
from simsearch import Index, load_encoder
from simsearch.encoders.text.encoder import TextEncoder
from simsearch.encoders.text.tfidf import TfidfBody
from simsearch.errors import EncoderError

TEXTS = [
    "the cat sat on the mat", "a cat sat on a mat", "the dog sat on the log", "stock prices fell",
    "stock prices rose on monday", "a dog and a cat", "the quick brown fox", "prices of stocks",
]  # fmt: skip


def fitted() -> TextEncoder:
    encoder = load_encoder("tfidf")
    assert isinstance(encoder, TextEncoder)
    return encoder.fitted_to([pa.table({"text": TEXTS})])


def test_cosines_are_those_of_the_weights() -> None:
    made = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
    weights = made.fit_transform(TEXTS)
    expected = (weights @ weights.T).toarray()
    vectors = fitted().encode_text(TEXTS)
    # A cosine c is off by (1 - c^2) / sqrt(512), or so.
    assert np.abs(vectors @ vectors.T - expected).max() < 4 / np.sqrt(512)


def test_it_is_the_same_whatever_the_parts_of_the_corpus() -> None:
    whole = TfidfBody.of([TEXTS])
    parts = TfidfBody.of([TEXTS[:3], [], TEXTS[3:]])
    assert np.array_equal(whole.tensors["idf"], parts.tensors["idf"])
    assert whole.tensors["idf"].max() == pytest.approx(np.log(9) + 1)


def test_once_fitted_it_stays_as_it_is() -> None:
    encoder = fitted()
    assert encoder.fitted_to([pa.table({"text": ["other words"]})]) is encoder
    assert load_encoder("tfidf").fingerprint != encoder.fingerprint
    static = load_encoder("static")
    assert static.fitted_to(iter(())) is static


def test_it_comes_back_from_its_folder(tmp_path: Path) -> None:
    encoder = fitted()
    encoder.save(tmp_path / "saved")
    again = load_encoder(tmp_path / "saved")
    assert again.fingerprint == encoder.fingerprint
    assert np.array_equal(again.encode(TEXTS), encoder.encode(TEXTS))


def test_what_has_no_letters_is_zeros() -> None:
    found = fitted().encode_text(["", None, " ", "cat", "一二"])
    assert np.linalg.norm(found, axis=1) == pytest.approx([0, 0, 0, 1, 1])
    assert fitted().encode_text([]).shape == (0, 512)


def test_it_has_no_layers_and_takes_no_other_weights() -> None:
    with pytest.raises(EncoderError, match="no layers"):
        fitted().tower  # noqa: B018
    with pytest.raises(EncoderError, match="weights of runs"):
        TfidfBody({"idf": np.ones(3, np.float32)})


def test_an_index_keeps_it(tmp_path: Path) -> None:
    index = Index.create("texts", TEXTS, indexes=tmp_path, encoder="tfidf")
    assert index.query("cat on a mat", k=1)[0].id == "1"
    opened = Index.open("texts", tmp_path)
    assert opened.query("cat on a mat", k=1, by="vectors")[0].id == "1"


def test_dedupe_and_evaluate_fit_it(tmp_path: Path) -> None:
    texts = [*TEXTS, "stock prices fel"]
    found = simsearch.dedupe(texts, encoder="tfidf", threshold=0.8)
    assert ["3", "8"] in found.groups
    pairs = tmp_path / "scores.csv"
    lines = [f"{a},{b},{score}" for a, b, score in zip(TEXTS, TEXTS[1:], range(7), strict=False)]
    pairs.write_text("left,right,score\n" + "\n".join(lines) + "\n")
    result = simsearch.evaluate("tfidf", scores=pairs)
    own, baseline = result.evaluations
    assert own.figures == baseline.figures  # it is the baseline of texts
