"""Weights in a byte each: small, and near to what they were."""

import numpy as np
import pytest

from simsearch.encoders.quantised import dequantised, quantised


def weights(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("shape", [(64, 128), (96, 64, 1, 1), (40, 16, 3, 3)])
def test_no_number_is_off_by_more_than_half_a_step_of_its_group(shape: tuple[int, ...]) -> None:
    sizes = np.geomspace(1e-3, 1e3, shape[0], dtype=np.float32)
    before = np.ascontiguousarray((weights(*shape).T * sizes).T)
    kept = quantised({"layer": before})
    assert kept["layer"].dtype == np.int8
    assert sum(each.nbytes for each in kept.values()) < before.nbytes / 3
    after = dequantised(kept)["layer"]
    assert after.shape == shape
    groups = before.reshape(-1, 16)
    step = np.abs(groups).max(axis=1, keepdims=True) / 127
    # A scale is kept with 11 bits.
    assert (np.abs(after.reshape(-1, 16) - groups) <= step * (0.5 + 127 / 1024)).all()


def test_what_is_small_or_does_not_divide_stays_exact_or_nearly() -> None:
    before = {"bias": weights(5000), "odd": weights(100, 99), "power": np.array(3, np.float32)}
    after = dequantised(quantised(before))
    np.testing.assert_array_equal(after["bias"], before["bias"])
    np.testing.assert_array_equal(after["power"], before["power"])
    np.testing.assert_allclose(after["odd"], before["odd"], rtol=1e-3, atol=1e-6)
    assert list(after) == list(before)


def test_a_group_of_zeros_stays_zero() -> None:
    before = weights(64, 128)
    before[3] = 0
    assert not dequantised(quantised({"layer": before}))["layer"][3].any()


def test_what_was_never_quantised_is_as_it_is() -> None:
    before = {"layer": weights(64, 128)}
    np.testing.assert_array_equal(dequantised(before)["layer"], before["layer"])
