"""Embeddings that need no training, to be beaten: pixels, numbers, spectra, TF-IDF.

On easy sets they can win, and the user must see it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Floats = npt.NDArray[np.float32]

__all__ = ["mean_spectra", "raw_pixels", "standardised_numbers", "tf_idf"]

_PIXELS = 32
_DIMENSIONS = 256
_BANDS = 64


def raw_pixels(items: pa.Table) -> Floats:
    """Images at 32 x 32 at most, each picture's mean taken off: float32 (n, d) of unit length."""
    return _unit(_pixels(items.column("image").combine_chunks()))


def standardised_numbers(items: pa.Table) -> Floats:
    """Vectors, each number with mean 0 and deviation 1: float32 (n, d) of unit length."""
    return _unit(_numbers(items.column("vector").combine_chunks()))


def mean_spectra(items: pa.Table) -> Floats:
    """Signals by their mean power in 64 bands: float32 (n, 64) of unit length."""
    return _unit(_spectra(items.column("signal").combine_chunks()))


def tf_idf(items: pa.Table) -> Floats:
    """Texts, or the values of records as one text, by their words: float32 (n, d), unit length."""
    return _unit(_words(_joined(items)))


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths), np.float32)


def _pixels(column: pa.Array) -> Floats:
    """At 32 x 32 at most, each picture's mean taken off."""
    pixels = column.to_numpy_ndarray().astype(np.float32)
    step = max(1, round(max(pixels.shape[1:3]) / _PIXELS))
    height, width = (side // step * step for side in pixels.shape[1:3])
    pixels = pixels[:, :height, :width]
    n, _, _, channels = pixels.shape
    pixels = pixels.reshape(n, height // step, step, width // step, step, channels).mean((2, 4))
    flat = pixels.reshape(n, -1)
    return np.asarray(flat - flat.mean(axis=1, keepdims=True), np.float32)


def _numbers(column: pa.Array) -> Floats:
    """Each column with mean 0 and deviation 1; what is missing is the mean."""
    values = column.flatten().to_numpy(zero_copy_only=False).reshape(len(column), -1)
    values = values.astype(np.float64)
    missing = np.isnan(values)
    known = np.maximum((~missing).sum(axis=0), 1)
    mean = np.where(missing, 0, values).sum(axis=0) / known
    centred = np.where(missing, 0, values - mean)
    deviation = np.sqrt(np.square(centred).sum(axis=0) / known)
    return np.asarray(centred / np.where(deviation > 0, deviation, 1), np.float32)


def _spectra(column: pa.Array) -> Floats:
    """Logarithm of the mean power in 64 bands."""
    rows = []
    for signal in column.to_pylist():
        power = np.square(np.abs(np.fft.rfft(np.asarray(signal, np.float64), axis=0))).mean(axis=1)
        bands = np.array_split(power, _BANDS) if len(power) >= _BANDS else [[p] for p in power]
        row = np.zeros(_BANDS)
        row[: len(bands)] = [np.log1p(np.mean(band)) for band in bands]
        rows.append(row)
    found = np.asarray(rows, np.float32)
    return np.asarray(found - found.mean(axis=0), np.float32)


def _joined(items: pa.Table) -> pa.Array:
    """The values of each row as one text."""
    import pyarrow as pa

    columns = [column.to_pylist() for column in items.columns]
    rows = zip(*columns, strict=True)
    return pa.array([" ".join(str(value) for value in row if value is not None) for row in rows])


def _words(column: pa.Array) -> Floats:
    """Character grams and words, weighted by TF-IDF, reduced by an SVD."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [text or "" for text in column.to_pylist()]
    counts = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
    weights = counts.fit_transform([text or " " for text in texts])
    size = min(_DIMENSIONS, min(weights.shape) - 1)
    if size < 1:
        return np.asarray(weights.todense(), np.float32)
    return np.asarray(TruncatedSVD(size, random_state=0).fit_transform(weights), np.float32)
