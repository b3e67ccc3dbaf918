"""Classes by examples, against longhand."""

from math import isnan
from pathlib import Path

import numpy as np
import pytest

from simsearch import Index
from simsearch.errors import ColumnError, OptionError
from tests.duplicates.test_items import STRICT, calibrated
from tests.made_items import LetterEncoder, Texts

EXAMPLES = ["apple", "grapple", "brook", "crook", "door", "doors", "none"]
CLASSES: list[object] = ["fruit", "fruit", "water", "water", "house", "house", None]


@pytest.fixture
def index(tmp_path: Path) -> Index:
    source = Texts(EXAMPLES, {"class": CLASSES})
    return Index.create("things", source, encoder=calibrated(**STRICT), indexes=tmp_path)


def test_the_nearest_class_wins(index: Index) -> None:
    found = list(index.classify(Texts(["apples", "broke", "odor", "!"])))
    assert [each.label for each in found] == ["fruit", "water", "house", None]
    assert [each.id for each in found] == ["1", "2", "3", "4"]
    assert found[1].runner_up == "house"
    assert found[0].probability is not None
    assert isnan(found[3].score)
    assert (found[3].probability, found[3].runner_up) == (None, None)


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "manhattan", "inner_product"])
@pytest.mark.parametrize(("k", "by"), [(1, "nearest"), (2, "nearest"), (1, "prototype")])
def test_scores_are_means_of_the_nearest(tmp_path: Path, metric: str, k: int, by: str) -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(30, 4)).astype(np.float32)
    labels = np.repeat(["a", "b", "c"], 10)
    table = {"class": labels.tolist()}
    index = Index.create("v", vectors, indexes=tmp_path, metric=metric)
    index.vectors.upsert(list(range(30)), vectors, table)
    queries = rng.normal(size=(5, 4)).astype(np.float32)
    found = list(index.classify(queries, k=k, by=by))
    assert [each.probability for each in found] == [None] * 5
    for query, each in zip(queries, found, strict=True):
        scores = {}
        for name in "abc":
            examples = _prepared(vectors[labels == name], metric)
            if by == "prototype":
                examples = _prepared(examples.mean(axis=0, keepdims=True), metric)
            scores[name] = _best(_prepared(query[None], metric)[0], examples, metric, k)
        sign = -1 if metric in ("cosine", "inner_product") else 1
        first, second, _ = sorted(scores, key=lambda name: sign * scores[name])
        assert (each.label, each.runner_up) == (first, second)
        assert each.score == pytest.approx(scores[first], rel=1e-4)
        assert each.runner_up_score == pytest.approx(scores[second], rel=1e-4)


def _prepared(vectors: np.ndarray, metric: str) -> np.ndarray:
    return (
        vectors / np.linalg.norm(vectors, axis=1, keepdims=True) if metric == "cosine" else vectors
    )


def _best(query: np.ndarray, examples: np.ndarray, metric: str, k: int) -> float:
    if metric in ("cosine", "inner_product"):
        return float(np.sort(examples @ query)[::-1][:k].mean())
    order = 2 if metric == "euclidean" else 1
    return float(np.sort(np.linalg.norm(examples - query, order, axis=1))[:k].mean())


def test_no_class_has_an_advantage(index: Index) -> None:
    index.add(Texts(["apply"], {"class": ["verb"]}, ids=["v"]))
    (found,) = index.classify(Texts(["apply"]), k=3)
    assert (found.label, found.score) == ("verb", pytest.approx(1))
    # With one example of a verb, one of each class counts.
    assert found.runner_up == "fruit"
    assert found.runner_up_score == pytest.approx(6 / np.sqrt(7 * 7))


def test_a_new_class_is_one_update_away(index: Index) -> None:
    assert next(index.classify(Texts(["zzyzx"]))).label != "road"
    more = Texts([*EXAMPLES, "zyzzyx"], {"class": [*CLASSES, "road"]})
    assert index.update(more).added == 1
    assert next(index.classify(Texts(["zzyzx"]))).label == "road"


def test_one_class_has_no_runner_up(tmp_path: Path) -> None:
    source = Texts(["a"], {"topic": ["t"]})
    index = Index.create("one", source, encoder=LetterEncoder(), indexes=tmp_path)
    (found,) = index.classify(Texts(["ab"]), label="topic")
    assert (found.label, found.runner_up, found.probability) == ("t", None, None)


def test_what_is_refused(index: Index, tmp_path: Path) -> None:
    with pytest.raises(ColumnError, match=r"no column 'klass'.*\(name the one with the classes"):
        index.classify(Texts(["a"]), label="klass")
    with pytest.raises(OptionError, match="at least 1, not 0"):
        index.classify(Texts(["a"]), k=0)
    with pytest.raises(OptionError, match="goes by nearest or prototype, not 'magic'"):
        index.classify(Texts(["a"]), by="magic")
    plain = Index.create("plain", np.eye(3, dtype=np.float32), indexes=tmp_path)
    with pytest.raises(ColumnError, match="it stores no columns"):
        plain.classify(np.eye(3, dtype=np.float32))
    source = Texts(["a"], {"class": [None]})
    none = Index.create("none", source, encoder=LetterEncoder(), indexes=tmp_path)
    with pytest.raises(ColumnError, match="no item of index 'none' has a class in 'class'"):
        none.classify(Texts(["a"]))
