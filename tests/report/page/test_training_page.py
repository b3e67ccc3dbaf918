"""The page of a run: whole, escaped, and about what happened."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simsearch.report.page import placing
from simsearch.report.page.mistakes import worst
from simsearch.report.page.training import training_page
from simsearch.training.result import TrainingResult
from simsearch.training.train import train
from tests.training.made import digits, numbers, tones

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture(autouse=True)
def without_umap(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes ten seconds to compile itself."""
    monkeypatch.setattr(placing, "find_spec", lambda _: None)


def made_of(source: Any, **keywords: Any) -> TrainingResult:
    options = {"steps": 12, "batch": 32, "arithmetic": "float32", **keywords}
    return train(source, **options)


def check(page: str) -> None:
    """Nothing is fetched, and nothing runs."""
    assert page.startswith("<!doctype html>")
    assert not re.search(r"https?:|<script|<link|@import", page)
    for address in re.findall(r'(?:src|href)="([^"]*)"', page):
        assert address.startswith(("data:image/png;base64,", "#"))


def test_pictures_of_classes() -> None:
    pixels, labels = digits()
    made = made_of(pixels[:600], classes=labels[:600])
    page = training_page(made)
    check(page)
    assert page.count("<svg") == 4  # curves, histograms, ROC, map
    assert page.count("<figure>") == 16
    assert page.count("data:image/png") == 32
    assert "raw pixels" in page
    assert "far_0.01" in page
    assert "descriptor" in page
    assert len(page) < 3_000_000


def test_signals_and_numbers() -> None:
    signals, names = tones()
    page = training_page(made_of(signals, classes=names))
    check(page)
    assert "<polyline" in page
    values, classes = numbers()
    check(training_page(made_of(values, classes=classes)))


def test_names_are_escaped() -> None:
    values, names = numbers()
    hostile = [HOSTILE + name for name in names]
    page = training_page(made_of(values, classes=hostile))
    check(page)
    assert "&lt;script&gt;" in page


def test_where_nothing_is_known() -> None:
    values, _ = numbers()
    page = training_page(made_of(values))
    check(page)
    assert "two altered views of each item" in page
    assert "A map of" in page


@pytest.mark.parametrize("form", ["pairs", "triplets", "scores"])
def test_what_files_tell(form: str, tmp_path) -> None:
    values, names = numbers()
    rng = np.random.default_rng(0)
    left, right, other = rng.integers(len(names), size=(3, 300))
    right[:150] = left[:150] ^ 1
    same = [int(names[a] == names[b]) for a, b in zip(left, right, strict=True)]
    columns = {
        "pairs": {"left": left, "right": right, "same": same},
        "scores": {"left": left, "right": right, "score": rng.uniform(0, 5, 300)},
        "triplets": {"anchor": left, "positive": left ^ 1, "negative": other},
    }[form]
    pd.DataFrame(columns).to_csv(tmp_path / "told.csv", index=False)
    check(
        training_page(
            made_of(values, **{"labels" if form == "pairs" else form: tmp_path / "told.csv"})
        )
    )


def test_texts() -> None:
    words = ["red", "green", "blue", "black", "white", "tall", "small", "round"]
    rng = np.random.default_rng(0)
    texts = [f"{' '.join(rng.choice(words, 4))} {HOSTILE}" for _ in range(120)]
    labels = [text.split()[0] for text in texts]
    table = pd.DataFrame({"text": texts, "topic": labels})
    reading = {"column": "text", "label": "topic"}
    page = training_page(train(table, kind="text", steps=5, **reading))
    check(page)
    assert "&lt;script&gt;" in page


def test_the_worst_are_the_worst() -> None:
    values, names = numbers()
    made = made_of(values, classes=names)
    measured = made.measured
    left, right, same = measured.pairs
    found = worst(measured.held_out, measured.embeddings, measured.pairs, made.encoder.metric)
    scores = (measured.embeddings[left] * measured.embeddings[right]).sum(axis=1)
    assert found[0][0].score == pytest.approx(scores[same].min(), abs=1e-5)
    assert found[1][0].score == pytest.approx(scores[~same].max(), abs=1e-5)
    for sort in found:
        ends = [item.id for each in sort for item in (each.left, each.right)]
        assert len(ends) == len(set(ends))


def test_a_seed_gives_one_map() -> None:
    embeddings = np.random.default_rng(0).normal(size=(40, 5)).astype(np.float32)
    first, method = placing.placed(embeddings, 3)
    assert first.shape == (40, 2)
    assert "PCA" in method
    assert np.array_equal(first, placing.placed(embeddings, 3)[0])


def test_umap_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("umap")
    monkeypatch.undo()
    embeddings = np.random.default_rng(0).normal(size=(60, 5)).astype(np.float32)
    places, method = placing.placed(embeddings, 3)
    assert method == "UMAP"
    assert np.array_equal(places, placing.placed(embeddings, 3)[0])
