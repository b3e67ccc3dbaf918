"""The collapse alarm: an encoder that puts everything in one place learns nothing any more.

Pure hard-negative mining with too high a learning rate ends there: with all embeddings alike, a
triplet loss is its margin and has nowhere to go.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

from simsearch.errors import TrainingError

__all__ = ["Collapse", "check_collapse", "effective_rank", "mean_cosine"]

# Embeddings looked at: enough for the figures, and an eigenvalue problem of milliseconds.
_ROWS = 256
_COSINE = 0.95
_RANK = 3.0
# Losses in a row that must be at the margin, and how near they must be to it.
_WINDOW = 20
_NEAR = 0.02
_ADVICE = (
    "lower the learning rate, take semi-hard instead of hard negatives, or put more classes in "
    "a batch"
)


@dataclass(frozen=True, slots=True)
class Collapse:
    """What went wrong, and what to change.

    Attributes:
        reason: what was seen, with figures.
        advice: what to change.
        cosine: mean cosine of two embeddings.
        rank: how many directions they use, see `effective_rank`.
    """

    reason: str
    advice: str
    cosine: float
    rank: float

    def __str__(self) -> str:
        return f"the encoder has collapsed: {self.reason}; {self.advice}"

    def error(self) -> TrainingError:
        """To end the run with."""
        return TrainingError(str(self))


def check_collapse(
    embeddings: torch.Tensor,
    losses: Sequence[float],
    margin: float | None,
    classes: int | None = None,
) -> Collapse | None:
    """See whether an encoder still tells items apart.

    Meant for some tens of steps after the start and later: the embeddings of an untrained network
    lie close together too.

    Args:
        embeddings: (n, dimension) of a batch, any float type; 256 of them are looked at.
        losses: the latest ones, the newest last; 20 at the margin in a row are too many.
        margin: of the loss; None where it has none.
        classes: how many the embeddings are of; None where that is unknown. Two classes learned
            perfectly use one direction, and that is no collapse.

    Returns:
        What happened; None when nothing did.
    """
    some = _some(embeddings)
    if len(some) < 2:
        return None
    cosine, rank = mean_cosine(some), effective_rank(some)
    # Directions that could be used at all; half of them are too few where they are not many.
    most = min(some.shape[1], len(some) - 1, *(() if classes is None else (classes - 1,)))
    limit = min(_RANK, most / 2)
    if cosine > _COSINE:
        reason = f"two items have a cosine of {cosine:.3f} in the mean"
        return Collapse(reason, _ADVICE, cosine, rank)
    if _at_margin(losses, margin):
        reason = f"the loss has stood at its margin, {margin:g}, for {_WINDOW} steps"
        return Collapse(reason, _ADVICE, cosine, rank)
    if rank < limit:
        reason = (
            f"the embeddings use {rank:.1f} of {some.shape[1]} directions (effective rank; "
            f"{limit:g} or more are expected)"
        )
        return Collapse(reason, f"{_ADVICE}; or a larger temperature or margin", cosine, rank)
    return None


def mean_cosine(embeddings: torch.Tensor) -> float:
    """Mean cosine of two different rows.

    Args:
        embeddings: (n, dimension), n > 1; a row of zeros has cosine 0 with all.
    """
    unit = torch.nn.functional.normalize(embeddings.double(), dim=1)
    count = len(unit)
    total = unit.sum(dim=0).square().sum() - unit.square().sum()
    return float(total / (count * (count - 1)))


def effective_rank(embeddings: torch.Tensor) -> float:
    """How many directions embeddings use around their mean.

    The exponential of the entropy of the singular values, taken as shares of their sum (Roy and
    Vetterli, "The effective rank", EUSIPCO 2007, definition 1).

    Args:
        embeddings: (n, dimension).

    Returns:
        1 to the dimension; 0 when all rows are equal.
    """
    around = embeddings.double() - embeddings.double().mean(dim=0)
    tall = around.shape[0] > around.shape[1]
    gram = around.T @ around if tall else around @ around.T
    squares = torch.linalg.eigvalsh(gram).clamp_(min=0)
    # What is left of rounding is no direction.
    values = squares[squares > squares.max() * 1e-12].sqrt_()
    if float(values.sum()) <= 1e-9 * float(embeddings.double().norm() + 1e-300):
        return 0.0
    shares = values / values.sum()
    return float(torch.exp(-(shares * shares.log()).sum()))


def _some(embeddings: torch.Tensor) -> torch.Tensor:
    """At most so many rows, evenly spaced."""
    rows = embeddings.detach()
    if len(rows) > _ROWS:
        places = torch.linspace(0, len(rows) - 1, _ROWS, device=rows.device).long()
        rows = rows[places]
    return rows.double().cpu()


def _at_margin(losses: Sequence[float], margin: float | None) -> bool:
    """Whether the latest losses are all the margin."""
    if not margin or len(losses) < _WINDOW:
        return False
    return all(abs(loss - margin) <= _NEAR * margin for loss in losses[-_WINDOW:])
