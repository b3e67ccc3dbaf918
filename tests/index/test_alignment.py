"""The map between two encoders: recovered where there is one, measured where there is not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import Ridge

from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.index.alignment import alignment_quality, fit_alignment

UNIT = Metric.COSINE.prepare


def drawn(rows: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(rows, width)).astype(np.float32)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), width=st.integers(2, 20))
def test_a_rotation_is_found_again(seed: int, width: int) -> None:
    old = UNIT(drawn(10 * width, width, seed))
    turn = np.linalg.qr(drawn(width, width, seed + 1))[0].astype(np.float32)
    alignment = fit_alignment(old, old @ turn, Metric.COSINE)
    others = UNIT(drawn(30, width, seed + 2))
    np.testing.assert_allclose(alignment(others), others @ turn, atol=1e-4)


def test_dimensions_may_differ_and_nothing_stays_nothing() -> None:
    old = UNIT(drawn(200, 8))
    longer = UNIT(old @ drawn(8, 12, 1))
    alignment = fit_alignment(old, longer, Metric.COSINE)
    aligned = alignment(np.concatenate([old[:3], np.zeros((1, 8), np.float32)]))
    assert aligned.shape == (4, 12)
    assert not aligned[3].any()
    np.testing.assert_allclose(np.linalg.norm(aligned[:3], axis=1), 1, rtol=1e-5)
    shorter = fit_alignment(old, old[:, :5].copy(), Metric.EUCLIDEAN)
    np.testing.assert_allclose(shorter(old), old[:, :5], atol=1e-4)


def test_the_ridge_has_the_least_error_on_items_left_out() -> None:
    """Longhand: every item left out in turn, by scikit-learn's ridge regression."""
    old, noise = drawn(40, 6), drawn(40, 3, 1)
    new = old @ drawn(6, 3, 2) + 3 * noise
    alignment = fit_alignment(old, new, Metric.EUCLIDEAN)

    def error(ridge: float) -> float:
        total = 0.0
        for out in range(len(old)):
            kept = np.arange(len(old)) != out
            model = Ridge(alpha=ridge).fit(old[kept].astype(float), new[kept].astype(float))
            total += float(np.square(model.predict(old[out : out + 1]) - new[out]).sum())
        return total

    x = old.astype(float) - old.mean(axis=0)
    spread = float(np.linalg.eigvalsh(x.T @ x).mean())
    errors = {10.0**power: error(10.0**power * spread) for power in range(-8, 3)}
    assert alignment.ridge == min(errors, key=lambda ridge: errors[ridge])
    assert alignment.ridge > 1e-3
    whole = Ridge(alpha=alignment.ridge * spread).fit(old.astype(float), new.astype(float))
    np.testing.assert_allclose(alignment(old), whole.predict(old.astype(float)), atol=1e-4)


def test_more_numbers_than_items() -> None:
    old = UNIT(drawn(30, 64))
    alignment = fit_alignment(old, UNIT(drawn(30, 16, 1)), Metric.COSINE)
    assert np.isfinite(alignment(old)).all()


def test_what_a_rotation_and_what_noise_are_worth() -> None:
    labels = np.repeat(np.arange(40), 5)
    old = UNIT(drawn(40, 12)[labels] + 0.3 * drawn(200, 12, 1))
    turn = np.linalg.qr(drawn(12, 12, 2))[0].astype(np.float32)
    both = (Metric.COSINE, Metric.COSINE)
    good = alignment_quality(old, old @ turn, both, labels)
    assert good.cosine > 0.999
    assert good.neighbours > 0.98
    assert good.found == 1
    assert good.recall_old == good.recall_new == good.recall_aligned
    assert good.recall_kept == 1
    bad = alignment_quality(old, UNIT(drawn(200, 12, 3)), both, labels)
    assert bad.neighbours < 0.2
    assert bad.recall_kept is not None
    assert bad.recall_kept < 0.2
    assert alignment_quality(old, old, both).recall_kept is None


def test_a_map_needs_items() -> None:
    with pytest.raises(OptionError, match="items in both spaces, not 1 and 1"):
        fit_alignment(drawn(1, 2), drawn(1, 2), Metric.COSINE)
