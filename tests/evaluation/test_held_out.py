"""Figures of embeddings, against brute force and scikit-learn."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score, roc_curve

from simsearch.calibration.calibration import Calibration
from simsearch.calibration.fit import fit_calibration
from simsearch.distance import Metric
from simsearch.errors import EncoderError, OptionError
from simsearch.evaluation.correlation import spearman
from simsearch.evaluation.held_out import draw_pairs, evaluate_classes
from simsearch.evaluation.one_shot import one_shot
from simsearch.evaluation.retrieval import retrieval_figures
from simsearch.evaluation.verification import ScoredPairs, verification_figures

METRICS = [Metric.COSINE, Metric.EUCLIDEAN, Metric.MANHATTAN]


def classes(count: int = 12, each: int = 8, spread: float = 0.6) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(count), each)
    centres = rng.normal(size=(count, 6))[labels]
    made = centres + spread * rng.normal(size=centres.shape)
    return made.astype(np.float32), labels


def distances(vectors: np.ndarray, metric: Metric) -> np.ndarray:
    if metric is Metric.COSINE:
        unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return 1 - unit @ unit.T
    gaps = vectors[:, None] - vectors[None]
    if metric is Metric.MANHATTAN:
        return np.abs(gaps).sum(-1)
    return np.sqrt(np.square(gaps).sum(-1))


@pytest.mark.parametrize("metric", METRICS)
def test_retrieval_against_brute_force(metric: Metric) -> None:
    vectors, labels = classes()
    vectors, labels = vectors[:-1], labels[:-1]  # one class of another size
    far = distances(vectors, metric)
    np.fill_diagonal(far, np.inf)
    order = np.argsort(far, axis=1)
    right = labels[order] == labels[:, None]
    expected = {f"recall@{k}": right[:, :k].any(axis=1).mean() for k in (1, 5, 10)}
    precision = []
    for row in range(len(labels)):
        others = int((labels == labels[row]).sum()) - 1
        hits = right[row, :others]
        precision.append(sum(hits[: at + 1].mean() for at in np.flatnonzero(hits)) / others)
    expected["MAP@R"] = float(np.mean(precision))
    found = {each.name: each.value for each in retrieval_figures(vectors, labels, metric)}
    assert found == pytest.approx(expected, abs=1e-6)


@given(st.integers(0, 50), st.floats(0.1, 3))
def test_verification_against_scikit_learn(seed: int, gap: float) -> None:
    rng = np.random.default_rng(seed)
    same = rng.random(300) < 0.4
    scores = np.round(rng.normal(size=300) + gap * same, 1)  # with ties
    pairs = ScoredPairs(scores, same, Metric.INNER_PRODUCT)
    figures = {each.name: each.value for each in verification_figures(pairs)[0]}
    assert figures["ROC-AUC"] == pytest.approx(roc_auc_score(same, scores))
    far, tar, _ = roc_curve(same, scores, drop_intermediate=False)
    crossing = np.argmin(np.abs(far - (1 - tar)))
    near = (far[crossing] + 1 - tar[crossing]) / 2
    assert figures["EER"] == pytest.approx(near, abs=0.06)


def test_pairs_are_balanced_and_true() -> None:
    labels = np.array([0, 0, 0, 1, 1, 2, -1])
    left, right, same = draw_pairs(labels, 1_000, seed=0)
    assert (left != right).all()
    assert ((labels[left] == labels[right]) == same).all()
    assert (labels[left] >= 0).all()
    assert same.sum() == (~same).sum()
    assert len(draw_pairs(np.array([0, 1, 2]), 10, seed=0)[0]) == 0
    left, right, same = draw_pairs(labels, 1_000, seed=0, negatives=1_000)
    different = {frozenset(pair) for pair in zip(left[~same], right[~same], strict=True)}
    assert len(different) == (~same).sum() == 3 * 2 + 3 * 1 + 2 * 1


@pytest.mark.parametrize("metric", METRICS)
def test_thresholds_hold_on_the_pairs_they_come_from(metric: Metric, tmp_path: Path) -> None:
    vectors, labels = classes(40, 10)
    left, right, same = draw_pairs(labels, 4_000, seed=1)
    scores = distances(vectors, metric)[left, right]
    scores = 1 - scores if metric is Metric.COSINE else scores
    fitted = fit_calibration(scores, same, metric)
    for name in ("eer", "far_0.01"):
        threshold = fitted.threshold(name)
        taken = fitted.same(scores, name)
        assert taken[~same].mean() == pytest.approx(threshold.far, abs=1e-9)
        assert (~taken[same]).mean() == pytest.approx(threshold.frr, abs=1e-9)
    assert fitted.threshold("far_0.01").far <= 0.01
    closeness = scores if metric.larger_is_closer else -scores
    probability = fitted.probability(scores)[np.argsort(closeness)]
    assert (np.diff(probability) >= -1e-12).all()
    assert 0 < probability.min() < 0.5 < probability.max() < 1
    fitted.save(tmp_path, "f" * 64)
    assert Calibration.load(tmp_path, "f" * 64) == fitted
    with pytest.raises(EncoderError, match="belongs to another encoder"):
        Calibration.load(tmp_path, "0" * 64)
    path = tmp_path / "calibration.json"
    path.write_text(path.read_text().replace('"prior": 0.5', '"prior": 0.6'))
    with pytest.raises(EncoderError, match="not the file that was saved"):
        Calibration.load(tmp_path, "f" * 64)


def test_too_fine_a_rate_is_refused() -> None:
    vectors, labels = classes(40, 10)
    left, right, same = draw_pairs(labels, 4_000, seed=1)
    fitted = fit_calibration(
        distances(vectors, Metric.EUCLIDEAN)[left, right], same, Metric.EUCLIDEAN
    )
    assert "10,000 different pairs" in fitted.refused["far_0.001"]
    with pytest.raises(OptionError, match=r"no threshold far_0\.001"):
        fitted.threshold("far_0.001")


def test_one_shot_by_hand() -> None:
    vectors, labels = classes(30, 6, spread=0.0001)
    assert one_shot(vectors, labels, Metric.EUCLIDEAN, episodes=200).value == 1.0
    rng = np.random.default_rng(0)
    noise = rng.normal(size=vectors.shape).astype(np.float32)
    chance = one_shot(noise, labels, Metric.EUCLIDEAN, episodes=2_000)
    assert chance.low < 0.05 < chance.high
    families = labels // 10
    with pytest.raises(OptionError, match="no 20 classes"):
        one_shot(vectors, labels, Metric.EUCLIDEAN, families=families)


def test_all_the_same_embeddings_are_no_match() -> None:
    """A collapsed encoder must not win by ties."""
    _, labels = classes(30, 6)
    flat = np.ones((len(labels), 3), np.float32)
    assert one_shot(flat, labels, Metric.COSINE, episodes=50).value == 0.0


def test_spearman() -> None:
    assert spearman([1, 2, 3, 4, 5], [1, 2, 3, 5, 4]).value == pytest.approx(0.9)
    with pytest.raises(OptionError, match="vary"):
        spearman([1, 1, 1, 1], [1, 2, 3, 4])


def test_an_evaluation_has_every_figure() -> None:
    vectors, labels = classes()
    found = evaluate_classes("made", vectors, labels, Metric.EUCLIDEAN, pairs=400, seed=0)
    names = [figure.name for figure in found.figures]
    assert names[:4] == ["pair accuracy", "pair F1", "ROC-AUC", "EER"]
    assert {"recall@1", "recall@5", "recall@10", "MAP@R"} <= set(names)
    for figure in found.figures:
        assert figure.low <= figure.value <= figure.high
