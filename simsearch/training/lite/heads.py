"""What is done with the features of the lite tower: two linear layers, in closed form.

One layer keeps what differs among pictures (principal components), for pictures that are alike; the
other keeps what differs among pictures and not among altered views of one: a discriminant analysis
with each picture a class, as the encoder of records has it, for edited copies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simsearch.augmentations.images import ImageAugment
from simsearch.errors import TrainingError

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.encoders.image import Pictures

    Floats = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.int64]

__all__ = ["Layer", "discriminant", "principal", "seen_again"]

# Added to the variances within views, of their mean: directions that views show little of are not
# trusted more for it.
_RIDGE = 1.0


class Layer(NamedTuple):
    """A linear layer: (d, features) and (d,)."""

    weight: Floats
    bias: Floats


def principal(features: Floats, dimension: int) -> Layer:
    """The directions in which features differ most, about their mean.

    Args:
        features: (m, f), more than `dimension` of them.
        dimension: how many directions.

    Raises:
        TrainingError: there are too few.
    """
    centre = _centre(features, dimension)
    directions = np.linalg.svd(features - centre, full_matrices=False)[2][:dimension]
    return _layer(directions, centre)


def discriminant(features: Floats, picture: Rows, dimension: int) -> Layer:
    """The directions in which pictures differ most relative to how their views differ.

    Args:
        features: (m, f) of views, more than `dimension` of them.
        picture: (m,) which picture each is a view of, from 0 on.
        dimension: how many directions.

    Raises:
        TrainingError: there are too few.
    """
    centre = _centre(features, dimension)
    counts = np.bincount(picture)[:, None]
    means = np.zeros((len(counts), features.shape[1]))
    np.add.at(means, picture, features)
    means /= np.maximum(counts, 1)
    within = features - means[picture]
    variances, axes = np.linalg.eigh(within.T @ within / len(within))
    whiten = axes * (variances.clip(0) + _RIDGE * variances.mean()) ** -0.5
    whitened = (features - centre) @ whiten
    # The first right singular vectors, of a square matrix as that takes less.
    found = np.linalg.eigh(whitened.T @ whitened)[1][:, ::-1][:, :dimension].T
    return _layer(found @ whiten.T, centre)


def seen_again(pictures: Pictures, views: int, seed: int = 0) -> tuple[npt.NDArray[np.uint8], Rows]:
    """Pictures and views of them as they are passed on: (m, height, width, 3), and (m,) of which.

    Args:
        pictures: n of them.
        views: of each, beside itself.
        seed: of all chance.
    """
    import torch

    see, generator = ImageAugment.copies(), torch.Generator().manual_seed(seed)
    upright = pictures.pixels
    every = [upright, *((see(upright, generator) * 255).round().byte() for _ in range(views))]
    pixels = torch.cat(every).permute(0, 2, 3, 1).contiguous().numpy()
    return pixels, np.tile(np.arange(len(upright)), views + 1)


def _centre(features: Floats, dimension: int) -> npt.NDArray[np.float64]:
    if len(features) <= dimension:
        raise TrainingError(
            f"{len(features):,} views do not show {dimension} directions; give more pictures"
        )
    centre: npt.NDArray[np.float64] = features.mean(axis=0, dtype=np.float64)
    return centre


def _layer(directions: npt.NDArray[np.floating], centre: npt.NDArray[np.float64]) -> Layer:
    bias = -(directions @ centre)
    return Layer(directions.astype(np.float32), bias.astype(np.float32))
