"""Augment vectors of features: add noise, leave features out or take them from others."""

from __future__ import annotations

from dataclasses import dataclass, fields

import torch

from simsearch.errors import OptionError

__all__ = ["VectorAugment"]


@dataclass(frozen=True, slots=True)
class VectorAugment:
    """How vectors are changed, at most. 0 is off; a missing value (NaN) stays missing.

    Two calls with one generator give two views; the same generator state gives the same view.

    Attributes:
        jitter: deviation of the noise on a feature, of the feature's own deviation.
        dropout: chance that a feature is left out: it gets the mean of its column.
        exchange: chance that a feature is taken from another vector of the batch (Bahri et
            al., "SCARF", ICLR 2022).

    Raises:
        OptionError: a strength is not from 0 to 1.
    """

    jitter: float = 0.1
    dropout: float = 0.1
    exchange: float = 0.0

    def __post_init__(self) -> None:
        for strength in fields(self):
            value = getattr(self, strength.name)
            if not 0.0 <= value <= 1.0:
                raise OptionError(f"{strength.name} is from 0 to 1, not {value}")

    def __call__(
        self,
        vectors: torch.Tensor,
        generator: torch.Generator,
        columns: tuple[torch.Tensor, torch.Tensor] | None = None,
    ) -> torch.Tensor:
        """One view of each vector.

        Args:
            vectors: float32 (n, width); left as they are.
            generator: where all chance comes from.
            columns: mean and deviation of each column, float32 (width,) each, over all
                training vectors. None: those of the batch.

        Returns:
            float32 (n, width).
        """
        mean, deviation = columns if columns is not None else _columns(vectors)
        missing = vectors.isnan()
        out = vectors
        if self.exchange:
            rows = torch.randperm(len(vectors), generator=generator, device=generator.device)
            others = vectors[rows.to(vectors.device)]
            chosen = self._chosen(self.exchange, vectors, generator) & ~others.isnan()
            out = torch.where(chosen, others, out)
        if self.jitter:
            noise = torch.randn(vectors.shape, generator=generator, device=generator.device)
            out = out + noise.to(vectors.device) * (self.jitter * deviation)
        if self.dropout:
            out = torch.where(self._chosen(self.dropout, vectors, generator), mean, out)
        return torch.where(missing, vectors, out)

    def _chosen(
        self, share: float, vectors: torch.Tensor, generator: torch.Generator
    ) -> torch.Tensor:
        """True with that chance for each feature of each vector, bool (n, width)."""
        drawn = torch.rand(vectors.shape, generator=generator, device=generator.device)
        return drawn.to(vectors.device) < share


def _columns(vectors: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and deviation of each column, of what is there; 0 for an empty column."""
    there = ~vectors.isnan()
    count = there.sum(dim=0).clamp_(min=1)
    filled = torch.where(there, vectors, torch.zeros_like(vectors))
    mean = filled.sum(dim=0) / count
    spread = torch.where(there, vectors - mean, torch.zeros_like(vectors))
    return mean, (spread.square().sum(dim=0) / count).sqrt_()
