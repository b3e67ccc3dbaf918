"""What the training loop is given: encoder, batches, loss, schedule and options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.training.run_options import RunOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import numpy.typing as npt
    import torch
    from torch import Tensor, nn

    from simsearch.encoders.tower import Batch, Stack, TowerEncoder
    from simsearch.training.batches import Batches
    from simsearch.training.schedule import Schedule

    Rows = npt.NDArray[np.int64]
    Augment = Callable[[Batch, torch.Generator], Batch]
    # A further term of the loss: from the rows, the batch as it went in, and its embeddings.
    Term = Callable[[Rows, Batch, Tensor], Tensor]

__all__ = ["LoopOptions", "Task"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopOptions(RunOptions):
    """How an encoder is trained. See `RunOptions`.

    Attributes:
        rate: the highest learning rate of AdamW.
        decay: its weight decay, of matrices only.
        clip: largest norm of the gradient.
        averaged: end with the moving average of the weights, not with the last ones.
    """

    rate: float = 4e-3
    decay: float = 0.05
    clip: float = 5.0
    averaged: bool = True


@dataclass(frozen=True, slots=True)
class Task:
    """What is trained, on what, for how long.

    Attributes:
        encoder: its tower is changed.
        stack: the items in memory.
        batches: rows and targets.
        loss: of embeddings and a target; may have parameters of its own.
        augment: another view of a batch of the stack, as the tower takes it; None for none.
        schedule: when it ends.
        validate: a figure of the encoder as it is, larger is better; None for none.
        terms: further terms of the loss.
        mine: called when the figure is taken, with the averaged weights; None for none.
        anchor: called after each step with its learning rate; None for none.
        margin: of the loss, for the alarm; None where it has none.
    """

    encoder: TowerEncoder
    stack: Stack
    batches: Batches
    loss: nn.Module
    augment: Augment | None
    schedule: Schedule
    validate: Callable[[], float] | None = None
    terms: Sequence[Term] = ()
    mine: Callable[[], None] | None = None
    anchor: Callable[[float], None] | None = None
    margin: float | None = None
