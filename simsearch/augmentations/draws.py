"""Draws of one generator, a number for each image of a batch."""

from __future__ import annotations

import torch

__all__ = ["Draws"]


class Draws:
    """Draws of one generator: a number for each image, on the images' device."""

    def __init__(self, generator: torch.Generator, count: int, device: torch.device) -> None:
        self.generator = generator
        self.count = count
        self.device = device

    def of(self, count: int) -> Draws:
        """The same for another number of images."""
        return Draws(self.generator, count, self.device)

    def uniform(self, *shape: int) -> torch.Tensor:
        """From 0 to 1, float32 (n, *shape)."""
        drawn = torch.rand(
            self.count, *shape, generator=self.generator, device=self.generator.device
        )
        return drawn.to(self.device)

    def normal(self, *shape: int) -> torch.Tensor:
        """Of deviation 1, float32 (n, *shape)."""
        drawn = torch.randn(
            self.count, *shape, generator=self.generator, device=self.generator.device
        )
        return drawn.to(self.device)

    def within(self, strength: float) -> torch.Tensor:
        """From -strength to strength, float32 (n,)."""
        return self.uniform().mul_(2).sub_(1).mul_(strength)

    def happens(self, share: float) -> torch.Tensor:
        """1 with that chance, else 0, float32 (n,)."""
        return (self.uniform() < share).to(torch.float32)
