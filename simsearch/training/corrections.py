"""Corrections beside a lesson: pairs that a user has judged take a part of every batch.

The rest of the batch replays what was learned before, because learning from a few hard pairs alone
forgets it (D. Rolnick et al., Experience replay for continual learning, NeurIPS 2019).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from simsearch.training.losses import Target, make_loss
from simsearch.training.sampler import ViewSampler

if TYPE_CHECKING:
    import numpy.typing as npt

    from simsearch.sources.examples import LabelledPairs
    from simsearch.training.batches import Batches

    Rows = npt.NDArray[np.int64]

__all__ = ["CorrectedBatches", "CorrectedLoss", "CorrectedTarget"]

# Corrections weigh at most this share of a batch and of the loss.
SHARE = 0.3


@dataclass(frozen=True, slots=True)
class CorrectedTarget(Target):
    """What is known of a batch of a lesson with corrections behind it.

    Attributes:
        lesson: of the first rows.
        count: how many these are; the corrections' pairs follow, all left sides, then all right.
        same: (p,) bool, of the corrections.
    """

    lesson: Target | None = None
    count: int = 0
    same: Tensor | None = None

    def to(self, device: torch.device) -> CorrectedTarget:
        """The same on a device."""
        lesson = None if self.lesson is None else self.lesson.to(device)
        same = None if self.same is None else self.same.to(device)
        labels = None if lesson is None else lesson.labels
        return CorrectedTarget(labels=labels, lesson=lesson, count=self.count, same=same)


class CorrectedBatches:
    """Batches of a lesson, each with some corrections behind it.

    Args:
        lesson: what was learned before.
        corrections: pairs of rows of the same stack.
        batch: items of a step, about.
        seed: of the drawing.
    """

    def __init__(self, lesson: Batches, corrections: LabelledPairs, batch: int, seed: int) -> None:
        self.form = lesson.form
        self._lesson = lesson
        self._pairs = corrections
        count = max(2, int(batch * SHARE / 2))
        # A single correction is drawn twice.
        self._of = np.resize(np.arange(len(corrections.left)), max(2, len(corrections.left)))
        self._sampler = ViewSampler(len(self._of), batch=count, seed=seed)

    def draw(self) -> tuple[Rows, Target]:
        """See `Batches`."""
        rows, target = self._lesson.draw()
        chosen, pairs = self._of[next(self._sampler)], self._pairs
        joined = np.concatenate([rows, pairs.left[chosen], pairs.right[chosen]])
        same = torch.from_numpy(pairs.same[chosen] > 0.5)
        return joined, CorrectedTarget(
            labels=target.labels, lesson=target, count=len(rows), same=same
        )

    def state(self) -> dict[str, Any]:
        """See `Batches`."""
        return {"lesson": self._lesson.state(), "corrections": self._sampler.state()}

    def restore(self, state: dict[str, Any]) -> None:
        """See `Batches`."""
        self._lesson.restore(state["lesson"])
        self._sampler.restore(state["corrections"])


class CorrectedLoss(nn.Module):
    """The loss of a lesson, and the contrastive loss of the corrections, by their shares.

    Args:
        lesson: see `make_loss`.
        dimension: of the embeddings.
    """

    def __init__(self, lesson: nn.Module, dimension: int) -> None:
        super().__init__()
        self.lesson = lesson
        self.pairs = make_loss("contrastive", dimension, 0)

    def forward(self, embeddings: Tensor, target: Target) -> Tensor:
        """One number."""
        if not isinstance(target, CorrectedTarget) or target.lesson is None or target.same is None:
            found: Tensor = self.lesson(embeddings, target)
            return found
        told = self.lesson(embeddings[: target.count], target.lesson)
        rest = embeddings[target.count :]
        place, half = torch.arange(len(target.same), device=rest.device), len(target.same)
        alike, other = place[target.same], place[~target.same]
        places = (alike, alike + half, other, other + half)
        corrected: Tensor = (1 - SHARE) * told + SHARE * self.pairs(rest, Target(places=places))
        return corrected

    @property
    def parts(self) -> dict[int, float]:
        """The loss of the lesson at each length of a Matryoshka embedding."""
        return dict(getattr(self.lesson, "parts", {}))
