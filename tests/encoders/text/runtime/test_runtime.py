"""Embeddings are the same whatever engine computes them, now and from what is kept."""

from pathlib import Path

import numpy as np
import pytest

from simsearch.encoders.text.encoder import TextEncoder
from simsearch.encoders.text.model_folder import model_files
from simsearch.encoders.text.runtime.engines import has_openvino
from simsearch.encoders.text.runtime.runtime import Runtimes
from simsearch.encoders.text.transformer import TransformerBody
from tests.training.text.made_text import sentences, tiny_transformer

RUNTIME = "simsearch.encoders.text.runtime.runtime"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_transformer(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """As many letters as an export is made for, of many lengths."""
    made, rng = sentences()[0], np.random.default_rng(1)
    return [" ".join(rng.choice(made, rng.integers(1, 9))) for _ in range(1_200)]


@pytest.fixture(scope="module")
def truth(folder: Path, texts: list[str]) -> np.ndarray:
    """By the library the model is of."""
    return body_of(folder).library_embed(texts)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory, folder: Path, texts: list[str]) -> Path:
    """Where the model is kept, exported and probed."""
    place = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIMSEARCH_CACHE", str(place))
        body = body_of(folder)
        hashes = model_files(folder).hashes
        made = Runtimes(hashes, lambda: body.model, body.library_embed).for_texts(texts)
        assert made is not None
        made.embed(texts)
        made.draft_for(texts)
    return place


def body_of(folder: Path) -> TransformerBody:
    body = TextEncoder.from_model_folder(folder).body
    assert isinstance(body, TransformerBody)
    return body


def test_it_is_exported_once_and_then_needs_no_torch(
    folder: Path,
    texts: list[str],
    truth: np.ndarray,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SIMSEARCH_CACHE", str(cache))
    (kept,) = (cache / "models").iterdir()
    # torch may have been the quickest.
    (kept / "precise.json").write_text('{"engine": "onnxruntime", "files": {}}')
    body = body_of(folder)
    assert body.embed(texts) == pytest.approx(truth, abs=1e-5)
    assert body.embed(texts[:3]) == pytest.approx(truth[:3], abs=1e-5)
    assert (body.dimension, body.longest) == (16, 32)
    assert body.tokenizer is not None
    assert "model" not in vars(body)
    encoder = TextEncoder(body)
    assert encoder.encode_text(texts[:5]) == pytest.approx(
        TextEncoder(body_of(folder)).encode_text(texts[:5]), abs=1e-5
    )


@pytest.mark.parametrize("engine", ["torch", "onnxruntime", "openvino"])
def test_whatever_was_the_quickest_the_answers_are_the_same(
    engine: str,
    folder: Path,
    texts: list[str],
    truth: np.ndarray,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if engine == "openvino" and not has_openvino():
        pytest.skip("OpenVINO is not installed")
    monkeypatch.setenv("SIMSEARCH_CACHE", str(cache))
    (kept,) = (cache / "models").iterdir()
    (kept / "precise.json").write_text(f'{{"engine": "{engine}", "files": {{}}}}')
    assert body_of(folder).embed(texts) == pytest.approx(truth, abs=1e-5)


@pytest.mark.parametrize("engine", ["torch bfloat16", "openvino quick", "openvino int8"])
def test_a_draft_is_near(
    engine: str,
    folder: Path,
    texts: list[str],
    truth: np.ndarray,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if "openvino" in engine and not has_openvino():
        pytest.skip("OpenVINO is not installed")
    monkeypatch.setenv("SIMSEARCH_CACHE", str(cache))
    (kept,) = (cache / "models").iterdir()
    (kept / "quick.json").write_text(f'{{"engine": "{engine}", "files": {{}}}}')
    draft = body_of(folder).draft_for(texts)
    assert draft is not None
    drafted = draft(texts)
    cosine = (drafted * truth).sum(axis=1) / np.linalg.norm(drafted, axis=1)
    assert (cosine > 0.98 * np.linalg.norm(truth, axis=1)).all()


def test_texts_that_come_in_parts_are_worth_an_export_together(
    folder: Path,
    texts: list[str],
    truth: np.ndarray,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SIMSEARCH_CACHE", str(tmp_path))
    body = body_of(folder)
    assert body.embed(texts[:100]) == pytest.approx(truth[:100], abs=1e-5)
    assert not list(tmp_path.iterdir())
    for start in range(100, len(texts), 100):
        part = slice(start, start + 100)
        assert body.embed(texts[part]) == pytest.approx(truth[part], abs=1e-5)
    assert len(list((tmp_path / "models").iterdir())) == 1


def test_nothing_is_drafted_where_float32_is_as_quick(
    folder: Path, texts: list[str], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMSEARCH_CACHE", str(cache))
    (kept,) = (cache / "models").iterdir()
    (kept / "quick.json").write_text('{"engine": "onnxruntime", "files": {}}')
    assert body_of(folder).draft_for(texts) is None


def test_what_torch_cannot_write_is_left_to_the_library_and_not_tried_again(
    folder: Path,
    texts: list[str],
    truth: np.ndarray,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried = []

    def fails(*args: object) -> None:
        tried.append(args)
        raise RuntimeError("an operator that there is not")

    monkeypatch.setenv("SIMSEARCH_CACHE", str(tmp_path))
    monkeypatch.setattr(f"{RUNTIME}.export", fails)
    for _ in range(2):
        assert body_of(folder).embed(texts) == pytest.approx(truth, abs=1e-5)
    assert len(tried) == 1


def test_a_graph_that_gives_something_else_is_not_used(
    folder: Path,
    texts: list[str],
    truth: np.ndarray,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SIMSEARCH_CACHE", str(tmp_path))
    monkeypatch.setattr(f"{RUNTIME}.departure", lambda found, right: 1e-3)
    assert body_of(folder).embed(texts) == pytest.approx(truth, abs=1e-5)
    (kept,) = (tmp_path / "models").iterdir()
    assert not (kept / "precise.json").exists()
