"""The threshold of a corpus: the precision that it has, against the truth of planted copies."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simsearch.calibration.chance import ChanceTail, scores_of
from simsearch.calibration.corpus import CorpusCurve, chance_of
from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.evaluation.scores import pair_scores

Vectors = npt.NDArray[np.float32]
Pairs = npt.NDArray[np.int64]


def corpus(kind: str, copies: int, seed: int = 0) -> Vectors:
    """600 vectors: all different, or in families of look-alikes; then noisy copies of the first."""
    rng = np.random.default_rng(seed)
    if kind == "families":
        base = rng.normal(size=(60, 1, 24)) + 0.4 * rng.normal(size=(60, 10, 24))
        base = rng.permutation(base.reshape(600, 24))
    else:
        base = rng.normal(size=(600, 24))
    noise = 0.05 * rng.normal(size=(copies, 24))
    return np.concatenate([base, base[:copies] + noise]).astype(np.float32)


def curve_of(vectors: Vectors, metric: Metric) -> tuple[CorpusCurve, Pairs, Pairs]:
    """The curve, by comparing all with all, and the pairs that it is of."""
    left, right = np.triu_indices(len(vectors), 1)
    scores = pair_scores(vectors, left, right, metric)
    tail = chance_of(vectors, metric)
    close = metric.as_close(scores, CorpusCurve.floor(tail, len(vectors), metric))
    found = CorpusCurve(metric, len(vectors), tail, scores[close].astype(np.float64))
    return found, left[close], right[close]


@pytest.mark.parametrize("metric", [Metric.COSINE, Metric.EUCLIDEAN, Metric.MANHATTAN], ids=str)
@pytest.mark.parametrize("kind", ["different", "families"])
@pytest.mark.parametrize("copies", [0, 20, 300, 600])
def test_the_precision_asked_is_had(metric: Metric, kind: str, copies: int) -> None:
    curve, left, right = curve_of(corpus(kind, copies), metric)
    taken = metric.as_close(curve.found.astype(np.float32), curve.threshold(0.99))
    true = (left < copies) & (right == left + 600)
    assert taken.sum() - (taken & true).sum() <= max(0.02 * taken.sum(), 0)
    assert (taken & true).sum() >= 0.9 * copies


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1_000))
def test_the_order_of_items_means_nothing(seed: int) -> None:
    vectors = corpus("different", 40)
    order = np.random.default_rng(seed).permutation(len(vectors))
    one = curve_of(vectors, Metric.COSINE)[0]
    other = curve_of(vectors[order], Metric.COSINE)[0]
    assert one.threshold(0.95) == pytest.approx(other.threshold(0.95), abs=1e-4)


@given(st.lists(st.floats(0.5, 1.0), max_size=60), st.floats(0.001, 0.2))
def test_more_precision_is_a_closer_threshold(scores: list[float], scale: float) -> None:
    tail = ChanceTail(0.5, 1.0, 50.0, scale, np.inf, 0.0)
    curve = CorpusCurve(Metric.COSINE, 100, tail, np.array(scores))
    asked = [0.5, 0.8, 0.9, 0.99, 0.999]
    found = [curve.threshold(each) for each in asked]
    assert found == sorted(found)
    for each, threshold in zip(asked, found, strict=True):
        assert not curve.precision(threshold) < each - 1e-6
    likely = curve.probability(np.linspace(0.0, 1.0, 50))
    assert (np.diff(likely) >= 0).all()
    assert 0.0 < likely.min() <= likely.max() < 1.0


def test_more_items_ask_for_more() -> None:
    # What is 30 times as many items of one sort has closer pairs by chance.
    rng = np.random.default_rng(0)
    many = rng.normal(size=(3_000, 16)).astype(np.float32)
    few = curve_of(many[:100], Metric.COSINE)[0]
    all_of_them = curve_of(many, Metric.COSINE)[0]
    assert all_of_them.threshold() > few.threshold()


def test_what_is_known_of_copies_is_heeded() -> None:
    vectors = corpus("different", 40)
    curve = curve_of(vectors, Metric.COSINE)[0]
    stricter = CorpusCurve(curve.metric, curve.items, curve.tail, curve.found, least=0.999)
    assert curve.threshold() < 0.999 == stricter.threshold()
    # Groups of ten outnumber what is different and near, unless it is known where copies lie.
    rng = np.random.default_rng(2)
    centres = np.repeat(rng.normal(size=(60, 24)), 10, axis=0)
    groups = (centres + 0.1 * rng.normal(size=centres.shape)).astype(np.float32)
    within = pair_scores(groups, np.arange(0, 600, 10), np.arange(1, 600, 10), Metric.COSINE)
    tail = chance_of(groups, Metric.COSINE, within.tolist())
    assert tail.copies == pytest.approx(60 * 45, rel=0.05)


@pytest.mark.parametrize("rows", [0, 1, 2, 3])
def test_hardly_any_items(rows: int) -> None:
    vectors = np.eye(4, dtype=np.float32)[:rows]
    curve = curve_of(vectors, Metric.COSINE)[0]
    assert np.isfinite(curve.threshold())
    assert not (curve.found >= curve.threshold()).any()
    assert curve.probability([0.0, 1.0]).shape == (2,)


def test_a_sample_stands_for_all() -> None:
    vectors = corpus("different", 300)
    whole = chance_of(vectors, Metric.COSINE)
    wide = np.zeros((len(vectors), 80_000), np.float32)  # so wide that not all are asked
    wide[:, :24] = vectors
    some = chance_of(wide, Metric.COSINE)
    assert some.copies == pytest.approx(whole.copies, rel=0.2)
    at = float(scores_of(whole.reaching(20.0), Metric.COSINE))
    assert float(some.expected(at)) == pytest.approx(20.0, rel=0.6)


@pytest.mark.parametrize("precision", [0.0, 1.0, 2.0, float("nan")])
def test_a_precision_is_a_share(precision: float) -> None:
    curve = curve_of(corpus("different", 5), Metric.COSINE)[0]
    with pytest.raises(OptionError, match="precision is"):
        curve.threshold(precision)
