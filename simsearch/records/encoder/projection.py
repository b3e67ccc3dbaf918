"""A linear map to fewer dimensions, learned from pairs that are the same thing.

Linear discriminant analysis with every record its own class (Fisher, "The Use of Multiple
Measurements in Taxonomic Problems", 1936; for pairs, Bar-Hillel et al., "Learning a
Mahalanobis Metric from Equivalence Constraints", JMLR 2005): keep the directions in which
records differ most, relative to how far a record lies from its own corrupted copy. It is the
contrastive aim (copies together, all else apart) in closed form: no steps, no rate, no torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

__all__ = ["discriminant", "principal"]


def principal(vectors: Floats, dimension: int) -> Floats:
    """Orthonormal directions of the largest second moment (PCA without centring).

    Args:
        vectors: (n, m).
        dimension: directions wanted; fewer come back when n or m is smaller.

    Returns:
        float32 (m, dimension), largest first.
    """
    import numpy as np

    rows, columns = vectors.shape
    wanted = min(dimension, rows, columns)
    if rows < columns:  # the same directions from the smaller matrix
        values, left = np.linalg.eigh((vectors @ vectors.T).astype(np.float64))
        directions = vectors.T @ (left / np.sqrt(np.maximum(values, 1e-12)))
    else:
        _, directions = np.linalg.eigh((vectors.T @ vectors).astype(np.float64))
    return _upright(directions[:, ::-1][:, :wanted])


def discriminant(
    clean: Floats, corrupted: Floats, dimension: int, *, within: int = 512, ridge: float = 2.0
) -> Floats:
    """Directions that tell records apart and tolerate corruption.

    Args:
        clean: (n, m) unit rows.
        corrupted: (n, m); row i is another version of clean's row i.
        dimension: directions wanted.
        within: the search is confined to this many principal directions.
        ridge: added to the within-pair scatter, in multiples of its mean eigenvalue. Large
            values trust the corruption less and tend to plain PCA.

    Returns:
        float32 (m, dimension or fewer), most telling first, of mean squared length one.
    """
    import numpy as np

    base = principal(clean, within)
    left, right = (clean @ base).astype(np.float64), (corrupted @ base).astype(np.float64)
    apart = left - right
    scatter = apart.T @ apart / (2 * len(left))
    total = (left.T @ left + right.T @ right) / (2 * len(left))
    mean = max(float(np.trace(scatter)) / len(scatter), 1e-9)
    scatter[np.diag_indices_from(scatter)] += ridge * mean
    # The generalised problem total u = value scatter u, made plain by whitening the scatter.
    whiten = np.linalg.inv(np.linalg.cholesky(scatter))
    _, directions = np.linalg.eigh(whiten @ total @ whiten.T)
    best = (whiten.T @ directions)[:, ::-1][:, :dimension]
    out = base @ _upright(best)
    scaled: Floats = (out / np.sqrt(np.square(out).sum(axis=0).mean())).astype(np.float32)
    return scaled


def _upright(directions: npt.NDArray[np.float64]) -> Floats:
    """Each direction with its largest part positive, so that its sign is no accident."""
    import numpy as np

    largest = np.abs(directions).argmax(axis=0)
    signs = np.sign(directions[largest, np.arange(directions.shape[1])])
    upright: Floats = np.ascontiguousarray(directions * np.where(signs == 0, 1, signs), np.float32)
    return upright
