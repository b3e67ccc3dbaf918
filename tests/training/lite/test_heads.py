"""The closed-form layers, against what they are defined by."""

import numpy as np
import torch

from simsearch.encoders.image import Pictures
from simsearch.training.lite.heads import discriminant, principal, seen_again

RNG = np.random.default_rng(0)


def test_principal_directions_are_those_of_the_covariance() -> None:
    features = RNG.normal(size=(200, 6)) @ np.diag([5, 4, 3, 1, 0.5, 0.1]) + 7
    features = features.astype(np.float32)
    layer = principal(features, 3)
    out = features @ layer.weight.T + layer.bias
    np.testing.assert_allclose(out.mean(axis=0), 0, atol=1e-3)
    values = np.sort(np.linalg.eigvalsh(np.cov(features.T)))[::-1][:3]
    np.testing.assert_allclose(np.cov(out.T), np.diag(values), rtol=1e-3, atol=1e-3)


def test_the_discriminant_drops_what_differs_within_pictures() -> None:
    picture = np.repeat(np.arange(50), 8)
    own = RNG.normal(size=(50, 3))[picture]
    noise = RNG.normal(size=(400, 3)) * 20
    features = np.hstack([own, noise, 0.05 * RNG.normal(size=(400, 2))]).astype(np.float32)

    def within_to_between(values: np.ndarray) -> float:
        means = np.stack([values[picture == each].mean(axis=0) for each in range(50)])
        within = np.linalg.norm(values - means[picture], axis=1).mean()
        return float(within / np.linalg.norm(means - means.mean(axis=0), axis=1).mean())

    layer = discriminant(features, picture, 8)
    assert within_to_between(features @ layer.weight.T + layer.bias) < within_to_between(features)


def test_views_are_of_their_pictures() -> None:
    pixels = torch.arange(5, dtype=torch.uint8).mul(50).view(5, 1, 1, 1).expand(5, 3, 40, 40)
    seen, picture = seen_again(Pictures(pixels.contiguous()), 3, seed=1)
    assert seen.shape == (20, 40, 40, 3)
    assert picture.tolist() == [*range(5)] * 4
    assert (seen[:5] == pixels.permute(0, 2, 3, 1).numpy()).all()
    again, _ = seen_again(Pictures(pixels.contiguous()), 3, seed=1)
    assert (seen == again).all()
