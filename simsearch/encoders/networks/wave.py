"""A tower for signals of any length: 1-D convolutions, then attention over time."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from simsearch.encoders.networks.blocks import Standardise

__all__ = ["WaveNetwork"]


class WaveNetwork(nn.Module):
    """(n, channels, length) floats, padded with zeros, and (n,) lengths, to (n, dimension).

    Each moment votes with a learned weight (attentive pooling: K. Okabe, T. Koshinaka, K.
    Shinoda, Interspeech 2018), and what is padding has none. So a longer signal needs no other
    tower, and padding changes nothing.

    Args:
        channels: of the signals.
        dimension: of the embedding.
        width: maps of the first convolution; each later one has twice as many, up to 4 times.
        dropout: share of the pooled values that are dropped while training.
    """

    def __init__(
        self, channels: int, dimension: int = 64, width: int = 32, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.standardise = Standardise(channels, 3)
        self.layers = nn.ModuleList()
        before = channels
        for kernel, after in ((9, width), (5, 2 * width), (5, 4 * width), (3, 4 * width)):
            convolution = nn.Conv1d(before, after, kernel, 2, kernel // 2, bias=False)
            self.layers.append(
                nn.Sequential(convolution, nn.BatchNorm1d(after), nn.ReLU(inplace=True))
            )
            before = after
        self.attention = nn.Conv1d(before, 1, 1)
        self.dropout = nn.Dropout(dropout)
        self.descriptor = nn.Linear(2 * before, dimension)

    def forward(self, signals: Tensor, lengths: Tensor) -> Tensor:
        """See the class."""
        maps = self.standardise(signals)
        maps = maps * _inside(lengths, maps.shape[2])
        for layer in self.layers:
            maps = layer(maps)
            lengths = (lengths + 1) // 2  # stride 2 with half a kernel of padding
            maps = maps * _inside(lengths, maps.shape[2])
        inside = _inside(lengths, maps.shape[2])
        weights = self.attention(maps).masked_fill(inside == 0, float("-inf")).softmax(dim=2)
        mean = (maps * weights).sum(dim=2)
        square = (maps.square() * weights).sum(dim=2)
        spread = (square - mean.square()).clamp(min=1e-6).sqrt()
        out: Tensor = self.descriptor(self.dropout(torch.cat([mean, spread], dim=1)))
        return out


def _inside(lengths: Tensor, length: int) -> Tensor:
    """(n, 1, length): 1 where a signal is, 0 where padding is."""
    places = torch.arange(length, device=lengths.device)
    return (places[None, :] < lengths[:, None]).unsqueeze(1).to(torch.float32)
