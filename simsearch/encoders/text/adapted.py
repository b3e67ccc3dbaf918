"""A table of tokens adapted to a corpus: in seconds it says of its texts about what a teacher does.

It begins with the table that ships, turned into the teacher's directions by least squares, and is
taught as that one was (see `distil`), by what the teacher says of a sample of the corpus.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simsearch.encoders.text.distil import DistilOptions, distilled, principal_directions
from simsearch.encoders.text.static import TOKENIZER_FILE, StaticBody

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

__all__ = ["adapted_table"]

# A few thousand texts make few steps: batches are smaller than for the table that ships.
_OPTIONS = DistilOptions(epochs=12, batch=128, rate=2e-3)


def adapted_table(
    start: StaticBody, texts: Sequence[str], vectors: Floats, seed: int = 0
) -> StaticBody:
    """A table that says of texts what a teacher does.

    Args:
        start: the table to begin with.
        texts: a sample of the corpus.
        vectors: (n, D) float32, what the teacher says of each.
        seed: of the order.

    Raises:
        TrainingError: no text has a token.
    """
    goal = vectors @ principal_directions(vectors, min(start.dimension, vectors.shape[1]))
    given = start.embed(texts)
    ridge = 1e-3 * float(np.trace(given.T @ given)) / start.dimension
    turned = np.linalg.solve(
        given.T @ given + ridge * np.eye(start.dimension, dtype=np.float32), given.T @ goal
    )
    options = DistilOptions(_OPTIONS.epochs, _OPTIONS.batch, _OPTIONS.rate, seed)
    begin = (start.table @ turned).astype(np.float32)
    table = distilled(start.tokenizer, begin, texts, goal, options)
    return StaticBody(start.files[TOKENIZER_FILE], {"table": table})
