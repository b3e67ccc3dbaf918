"""Answers sorted by a cross-encoder: in its order, with its scores."""

from pathlib import Path

import numpy as np
import pytest

from simsearch.encoders.text.cross_encoder import PairModel
from simsearch.errors import EncoderError, OptionError
from simsearch.index.index import Index
from simsearch.index.rerank import candidates, reranked
from simsearch.schema import Match
from tests.encoders.text.made_pairs import cross_encoder

TEXTS = [f"{thing} number {place}" for thing in ("cat", "dog", "bird") for place in "abcdefg"]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return Index.create("t", TEXTS, indexes=tmp_path_factory.mktemp("indexes"))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cross_encoder(tmp_path_factory.mktemp("models") / "model")


def test_the_best_of_all_by_the_model(index: Index, model: Path) -> None:
    scores = PairModel(model).score("a cat", TEXTS)
    best = np.argsort(-scores, kind="stable")[:4]
    found = index.query("a cat", k=4, rerank=model)
    # 21 texts are all read again, for fewer than 50.
    assert [match.score for match in found] == pytest.approx(scores[best], abs=1e-5)
    (first, second) = index.query_batch(["a cat", "birds"], k=4, rerank=model)
    assert [match.id for match in first.matches] == [match.id for match in found]
    assert len(second.matches) == 4


def test_how_many_are_read_again() -> None:
    assert (candidates(3), candidates(100), candidates(None)) == (50, 500, None)


def test_of_equal_scores_the_first_stays_first(model: Path) -> None:
    found = [Match(place, 0.5, {"text": "the same"}) for place in range(3)]
    assert [match.id for match in reranked(PairModel(model), "q", found, 2)] == [0, 1]


def test_for_texts_alone_and_from_a_folder(index: Index, tmp_path: Path, model: Path) -> None:
    with pytest.raises(EncoderError, match="no folder of a cross-encoder"):
        index.query("cat", rerank=tmp_path)
    vectors = Index.create("v", np.eye(3, dtype=np.float32), indexes=tmp_path)
    with pytest.raises(OptionError, match="`rerank` is for texts, and the index holds vectors"):
        vectors.query([1.0, 0.0, 0.0], rerank=model)
