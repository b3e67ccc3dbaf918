"""How strange items are, against longhand; and whether alarms are as rare as promised."""

from pathlib import Path

import numpy as np
import pytest

from simsearch import Index
from simsearch.errors import OptionError, VectorIndexError
from simsearch.index.anomalies import known_in


def made(root: Path, vectors: np.ndarray, metric: str = "euclidean") -> Index:
    return Index.create("known", vectors.astype(np.float32), indexes=root, metric=metric)


@pytest.mark.parametrize("metric", ["euclidean", "manhattan", "cosine"])
def test_scores_are_mean_distances(tmp_path: Path, metric: str) -> None:
    rng = np.random.default_rng(0)
    known, asked = rng.normal(size=(50, 3)), rng.normal(size=(4, 3))
    if metric == "cosine":
        known /= np.linalg.norm(known, axis=1, keepdims=True)
        asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    index = made(tmp_path, known, metric)
    distances = {
        "euclidean": lambda a, b: np.linalg.norm(a - b, axis=1),
        "manhattan": lambda a, b: np.abs(a - b).sum(axis=1),
        "cosine": lambda a, b: 1 - b @ a,
    }[metric]
    own = [
        np.sort(np.delete(distances(row, known), place))[:3].mean()
        for place, row in enumerate(known)
    ]
    found = list(index.anomalies(asked.astype(np.float32), k=3, rate=0.1))
    for row, each in zip(asked, found, strict=True):
        near = np.sort(distances(row, known))
        assert each.score == pytest.approx(near[:3].mean(), abs=1e-5)
        assert each.nearest == int(np.argmin(distances(row, known)))
        assert each.rate == pytest.approx((1 + (np.array(own) >= each.score).sum()) / 51)
        assert each.alarm == (each.rate <= 0.1)
    found = list(index.anomalies(k=3, rate=0.1))
    np.testing.assert_allclose([each.score for each in found], own, atol=1e-5)


def test_what_is_elsewhere_is_an_anomaly(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    index = made(tmp_path, rng.normal(size=(500, 4)))
    away = rng.normal(size=(20, 4)) + 8
    assert all(each.alarm for each in index.anomalies(away.astype(np.float32)))


def test_false_alarms_are_as_rare_as_asked(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    index = made(tmp_path, rng.normal(size=(2_000, 4)))
    usual = rng.normal(size=(4_000, 4)).astype(np.float32)
    share = np.mean([each.alarm for each in index.anomalies(usual, rate=0.05)])
    assert 0.03 < share < 0.07


def test_the_threshold_is_where_alarms_begin(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    index = made(tmp_path, rng.normal(size=(99, 2)))
    known = known_in(index.vectors.reader, rate=0.05)
    for each in index.anomalies(rng.normal(size=(300, 2)).astype(np.float32) * 3, rate=0.05):
        assert each.alarm == (each.score >= known.threshold)


def test_duplicates_are_near_each_other(tmp_path: Path) -> None:
    index = made(tmp_path, np.repeat([[0.0, 0.0], [9.0, 9.0]], [30, 1], axis=0))
    found = sorted(index.anomalies(k=2, rate=0.1), key=lambda each: -each.score)
    assert (found[0].id, found[0].alarm) == (30, True)
    assert {each.score for each in found[1:]} == {0.0}


def test_what_is_refused(tmp_path: Path) -> None:
    index = made(tmp_path, np.eye(4))
    with pytest.raises(VectorIndexError, match="holds 4 items, too few to compare each with 5"):
        index.anomalies()
    with pytest.raises(OptionError, match=r"4 known items cannot tell .* 0.01: the finest is 0.2"):
        index.anomalies(k=2)
    with pytest.raises(OptionError, match="a rate between 0 and 1, not 2 and 1"):
        index.anomalies(k=2, rate=1)
