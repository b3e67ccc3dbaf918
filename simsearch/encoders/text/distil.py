"""Teach a table of tokens what a transformer says of sentences: the regression of cosines.

A text's row is the mean of its tokens' rows; each is to point where the teacher's vector of the
text does. The table begins with what the teacher says of each token alone, weighed by how rare it
is (as model2vec does), in the principal directions of the teacher's sentences; how much a token
counts is learned as the length of its row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simsearch.errors import TrainingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import torch
    from tokenizers import Tokenizer

    Floats = npt.NDArray[np.float32]

__all__ = ["DistilOptions", "distilled", "principal_directions"]


@dataclass(frozen=True, slots=True)
class DistilOptions:
    """How a table is taught.

    Attributes:
        epochs: times that every text is seen.
        batch: texts a step.
        rate: greatest learning rate (Adam); it rises for a tenth of the steps, then falls to 0.
        seed: of the order.
    """

    epochs: int = 8
    batch: int = 512
    rate: float = 1e-3
    seed: int = 0


def principal_directions(vectors: Floats, dimension: int) -> Floats:
    """(width, dimension): the directions in which vectors are longest, the first most.

    Nothing is subtracted from them, so that cosines stay what they are, as far as they can.
    """
    squares = vectors.astype(np.float64).T @ vectors.astype(np.float64)
    return np.asarray(np.linalg.eigh(squares)[1][:, ::-1][:, :dimension], np.float32)


def distilled(
    tokenizer: Tokenizer,
    start: Floats,
    texts: Sequence[str],
    targets: Floats,
    options: DistilOptions | None = None,
) -> Floats:
    """The rows of a table that says of texts what a teacher does.

    Args:
        tokenizer: of the table.
        start: (tokens, dimension) rows to begin with.
        texts: to learn from.
        targets: (n, dimension) what the teacher says of each.
        options: how.

    Returns:
        float32 (tokens, dimension).

    Raises:
        TrainingError: no text has a token.
    """
    import torch
    from torch.nn import functional

    chosen = options or DistilOptions()
    ids, known = _tokens(tokenizer, texts)
    if not len(known):
        raise TrainingError("the texts have no token to learn")
    goal = functional.normalize(torch.from_numpy(targets[known].astype(np.float32)))
    table = torch.from_numpy(start.astype(np.float32)).clone().requires_grad_()
    optimizer = torch.optim.Adam([table], lr=chosen.rate, fused=True)
    steps = -(-len(known) // chosen.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        chosen.rate,
        total_steps=chosen.epochs * steps,
        pct_start=0.1,
        anneal_strategy="linear",
        cycle_momentum=False,
    )
    rng = np.random.default_rng(chosen.seed)
    for _ in range(chosen.epochs):
        for rows in np.array_split(rng.permutation(len(known)), steps):
            flat, starts = _bags([ids[row] for row in rows.tolist()])
            made = functional.embedding_bag(flat, table, starts, mode="mean")
            loss = (1 - functional.cosine_similarity(made, goal[torch.from_numpy(rows)])).mean()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
    return table.detach().numpy()


def _tokens(
    tokenizer: Tokenizer, texts: Sequence[str]
) -> tuple[list[npt.NDArray[np.int64]], npt.NDArray[np.int64]]:
    """The tokens of each text that has some, and which texts these are."""
    encoded = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
    ids = [np.array(each.ids, np.int64) for each in encoded]
    known = np.flatnonzero([len(each) for each in ids])
    return [ids[row] for row in known.tolist()], known


def _bags(ids: list[npt.NDArray[np.int64]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Tokens of several texts in one row, and where each text begins."""
    import torch

    starts = np.concatenate([[0], np.cumsum([len(each) for each in ids])[:-1]])
    return torch.from_numpy(np.concatenate(ids)), torch.from_numpy(starts)
