"""Keep the best weights of a run, and stop early when there is no more gain."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor, nn

__all__ = ["BestWeights", "copied"]


class BestWeights:
    """Validations of a run: when one is due, and the weights of the best.

    Args:
        validations: times that the figure is taken in a run.
        patience: validations without gain until the run ends early; 0 never.

    Attributes:
        figure: the best one; None before the first.
        weights: of the best figure; empty before the first.
        stale: validations since then.
        taken: how many validations are behind the run.
    """

    def __init__(self, validations: int, patience: int) -> None:
        self.validations = validations
        self.patience = patience
        self.figure: float | None = None
        self.weights: dict[str, Tensor] = {}
        self.stale = 0
        self.taken = 0

    @property
    def stopped(self) -> bool:
        """Whether there was no gain for too long."""
        return 0 < self.patience <= self.stale

    def due(self, done: float) -> bool:
        """Whether it is time to validate again.

        Args:
            done: share of the run that is behind it, 0 to 1.
        """
        return self._number(done) > self.taken

    def offer(self, figure: float, module: nn.Module, done: float) -> None:
        """A validation was taken; its weights are kept where it is the best.

        Args:
            figure: larger is better.
            module: as it was validated.
            done: share of the run that is behind it, 0 to 1.
        """
        self.taken = self._number(done)
        if self.figure is None or figure > self.figure:
            self.figure, self.stale = figure, 0
            self.weights = copied(module)
        else:
            self.stale += 1

    def restore(self, figure: float | None, stale: int, taken: int) -> None:
        """Go on from the numbers of a checkpoint; the weights are set apart from them."""
        self.figure, self.stale, self.taken = figure, stale, taken

    def _number(self, done: float) -> int:
        return int(done * self.validations + 1e-9)


def copied(module: nn.Module) -> dict[str, Tensor]:
    """Weights and buffers as they are now."""
    return {name: value.detach().clone() for name, value in module.state_dict().items()}
