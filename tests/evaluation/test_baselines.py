"""Embeddings without training, against each computed longhand."""

import numpy as np
import pyarrow as pa
import pytest

from simsearch.evaluation.baselines import (
    mean_spectra,
    raw_pixels,
    standardised_numbers,
    tf_idf,
)


def lengths(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(np.linalg.norm(vectors, axis=1))


@pytest.mark.parametrize("channels", [1, 3])
def test_pixels_are_means_of_squares_less_the_mean_of_the_picture(channels: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (4, 64, 64, channels)).astype(np.uint8)
    items = pa.table({"image": pa.FixedShapeTensorArray.from_numpy_ndarray(pixels)})
    found = raw_pixels(items)
    for picture, row in zip(pixels.astype(float), found, strict=True):
        small = [
            picture[y : y + 2, x : x + 2].mean(axis=(0, 1)) for y in range(0, 64, 2)
            for x in range(0, 64, 2)
        ]  # fmt: skip
        flat = np.concatenate(small) - np.mean(small)
        np.testing.assert_allclose(row, flat / np.linalg.norm(flat), atol=1e-5)


def test_a_brighter_picture_is_the_same() -> None:
    dark = np.random.default_rng(1).integers(0, 100, (1, 32, 32, 1)).astype(np.uint8)
    both = np.concatenate([dark, dark + 100])
    found = raw_pixels(pa.table({"image": pa.FixedShapeTensorArray.from_numpy_ndarray(both)}))
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)


def test_numbers_are_standardised_and_what_is_missing_is_the_mean() -> None:
    values = np.array([[1.0, 5.0, 7.0], [3.0, np.nan, 7.0], [5.0, 9.0, 7.0]])
    column = pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), 3)
    found = standardised_numbers(pa.table({"vector": column}))
    step = np.sqrt(8 / 3)  # the deviation of 1, 3, 5; that of 5 and 9 is 2
    expected = np.array([[-2 / step, -1, 0], [0, 0, 0], [2 / step, 1, 0]])
    size = np.maximum(lengths(expected), 1)[:, None]
    np.testing.assert_allclose(found, expected / size, atol=1e-6)


def test_spectra_tell_tones_apart_whatever_their_phase() -> None:
    moment = np.arange(256)
    tones = [np.sin(2 * np.pi * rate * moment + shift) for rate, shift in
             ((0.05, 0), (0.05, 2), (0.3, 0), (0.3, 1))]  # fmt: skip
    column = pa.array([tone[:, None].tolist() for tone in tones])
    found = mean_spectra(pa.table({"signal": column}))
    assert found.shape == (4, 64)
    alike = found @ found.T
    assert alike[0, 1] > 0.95
    assert alike[2, 3] > 0.95
    assert alike[0, 2] < 0


def test_words_of_all_columns_count_and_nothing_is_no_error() -> None:
    items = pa.table({
        "name": ["anna miller", "anna miller", "peter smith", None],
        "town": ["york", "york", "leeds", None],
    })  # fmt: skip
    found = tf_idf(items)
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)
    assert found[0] @ found[2] < 0.5
    assert np.isfinite(found).all()
    np.testing.assert_allclose(lengths(found)[:3], 1, atol=1e-5)
    assert tf_idf(pa.table({"text": ["only one"]})).shape[0] == 1
