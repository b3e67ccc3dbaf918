"""Embeddings in two dimensions: by UMAP where it is installed, else by PCA."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.floating[Any]]

__all__ = ["placed"]

_LEAST_FOR_UMAP = 30


def placed(embeddings: Floats, seed: int) -> tuple[Floats, str]:
    """Places on a map, and by what method.

    L. McInnes, J. Healy, J. Melville, UMAP, 2018, arXiv 1802.03426.

    Args:
        embeddings: (n, d) float32.
        seed: of the placing.

    Returns:
        (n, 2) places, and the name of the method.
    """
    if find_spec("umap") is not None and len(embeddings) >= _LEAST_FOR_UMAP:
        return _umap(embeddings, seed), "UMAP"
    from sklearn.decomposition import PCA

    count = min(2, *embeddings.shape)
    found = PCA(count, random_state=seed).fit_transform(embeddings.astype(np.float64))
    return np.pad(found, ((0, 0), (0, 2 - count))), "PCA (UMAP: pip install 'simsearch[umap]')"


def _umap(embeddings: Floats, seed: int) -> Floats:
    import warnings

    with warnings.catch_warnings():
        # Of what it lacks (TensorFlow), of the one thread that a seed means, of numba's changes.
        warnings.simplefilter("ignore")
        from umap import UMAP

        found: Floats = UMAP(random_state=seed, n_jobs=1, metric="cosine").fit_transform(embeddings)
    return found
