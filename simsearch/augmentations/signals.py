"""Augment signals: louder, shifted, noisy, with stretches of time or pitch left out."""

from __future__ import annotations

from dataclasses import dataclass, fields

import torch

from simsearch.errors import OptionError

__all__ = ["SignalAugment"]

_MOST = {"gain": 60.0}


@dataclass(frozen=True, slots=True)
class SignalAugment:
    """How signals are changed, at most; each signal draws its own amounts. 0 is off.

    Two calls with one generator give two views; the same generator state gives the same view.

    Attributes:
        gain: decibels louder or softer, all channels alike.
        shift: share of the length that the signal is moved on; what leaves at the end comes
            in at the start.
        jitter: deviation of the noise, of the signal's own deviation.
        mask_time: share of the length that is silenced, in one stretch.
        mask_frequency: share of the frequencies that is left out, in one band; the lowest,
            the mean, stays (both after Park et al., "SpecAugment", Interspeech 2019).

    Raises:
        OptionError: a strength is outside what it can be.
    """

    gain: float = 6.0
    shift: float = 0.1
    jitter: float = 0.05
    mask_time: float = 0.15
    mask_frequency: float = 0.1

    def __post_init__(self) -> None:
        for strength in fields(self):
            value, most = getattr(self, strength.name), _MOST.get(strength.name, 1.0)
            if not 0.0 <= value <= most:
                raise OptionError(f"{strength.name} is from 0 to {most:g}, not {value}")

    def __call__(
        self, signals: torch.Tensor, lengths: torch.Tensor, generator: torch.Generator
    ) -> torch.Tensor:
        """One view of each signal.

        Args:
            signals: float32 (n, C, L), padded with anything to one length; left as they are.
            lengths: int64 (n,), how much of each is signal, 1 to L.
            generator: where all chance comes from.

        Returns:
            float32 (n, C, L), 0 where a signal has ended.
        """
        places = torch.arange(signals.shape[2], device=signals.device)
        lengths = lengths.to(signals.device)[:, None]
        heard = (places < lengths)[:, None, :]
        out = signals.masked_fill(~heard, 0.0)
        if self.shift:
            out = _shifted(out, lengths, places, self._up_to(self.shift, out, generator))
        if self.gain:
            decibels = self._up_to(self.gain, out, generator) * 2 - self.gain
            out = out * torch.pow(10.0, decibels / 20)[:, :, None]
        if self.mask_frequency:
            out = self._band_stopped(out, generator)
        if self.jitter:
            out = self._noisy(out, lengths, generator)
        if self.mask_time:
            width = self._up_to(self.mask_time, out, generator) * lengths
            start = self._up_to(1.0, out, generator) * (lengths - width)
            out = out.masked_fill(_within(places, start, width)[:, None, :], 0.0)
        return out.masked_fill(~heard, 0.0)

    def _up_to(
        self, most: float, signals: torch.Tensor, generator: torch.Generator
    ) -> torch.Tensor:
        """A number from 0 to `most` for each signal, float32 (n, 1)."""
        drawn = torch.rand(len(signals), 1, generator=generator, device=generator.device)
        return drawn.to(signals.device) * most

    def _noisy(
        self, signals: torch.Tensor, lengths: torch.Tensor, generator: torch.Generator
    ) -> torch.Tensor:
        """With normal noise as strong as a share of each channel's deviation."""
        count = lengths[:, :, None]
        heard = torch.arange(signals.shape[2], device=signals.device) < count
        mean = signals.sum(dim=2, keepdim=True) / count
        variance = ((signals - mean) * heard).square().sum(dim=2, keepdim=True) / count
        sigma = variance.sqrt_() * self._up_to(self.jitter, signals, generator)[:, :, None]
        noise = torch.randn(signals.shape, generator=generator, device=generator.device)
        return signals + noise.to(signals.device) * sigma

    def _band_stopped(self, signals: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """Without one band of frequencies."""
        spectrum = torch.fft.rfft(signals, dim=2)
        bins = torch.arange(spectrum.shape[2], device=signals.device)
        width = self._up_to(self.mask_frequency, signals, generator) * (len(bins) - 1)
        start = 1 + self._up_to(1.0, signals, generator) * (len(bins) - 1 - width)
        stopped = _within(bins, start, width)[:, None, :]
        out: torch.Tensor = torch.fft.irfft(
            spectrum.masked_fill(stopped, 0), n=signals.shape[2], dim=2
        )
        return out


def _within(places: torch.Tensor, start: torch.Tensor, width: torch.Tensor) -> torch.Tensor:
    """Which places lie in a stretch of each signal, bool (n, places)."""
    return (places >= start) & (places < start + width)


def _shifted(
    signals: torch.Tensor, lengths: torch.Tensor, places: torch.Tensor, shares: torch.Tensor
) -> torch.Tensor:
    """Each moved on by that share of its own length, round its end."""
    steps = (shares * lengths).to(torch.int64)
    source = torch.where(places < lengths, (places - steps) % lengths, places)
    return signals.gather(2, source[:, None, :].expand_as(signals))
