"""Signals seen again: the padding stays silent, and each change does what it says."""

from __future__ import annotations

import pytest
import torch

from simsearch.augmentations.signals import SignalAugment
from simsearch.errors import OptionError

OFF = {"gain": 0.0, "shift": 0.0, "jitter": 0.0, "mask_time": 0.0, "mask_frequency": 0.0}
LENGTHS = torch.tensor([400, 250, 1, 77])


def waves() -> torch.Tensor:
    time = torch.arange(400) / 400
    one = torch.sin(2 * torch.pi * 20 * time) + 0.3 * torch.sin(2 * torch.pi * 55 * time)
    signals = torch.stack([torch.stack([one, 2 * one + 1])] * 4)
    signals[1, :, 250:] = float("nan")  # what stands in the padding must not matter
    return signals


def seen(seed: int = 0, **strengths: float) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return SignalAugment(**{**OFF, **strengths})(waves(), LENGTHS, generator)


def test_all_off_only_silences_the_padding() -> None:
    expected = waves()
    for row, length in enumerate(LENGTHS.tolist()):
        expected[row, :, length:] = 0
    assert torch.equal(seen(), expected)


@pytest.mark.parametrize("name", OFF)
def test_each_change_keeps_the_padding_silent_and_the_seed_decides(name: str) -> None:
    strength = {"gain": 12.0}.get(name, 0.5)
    before, after = seen(), seen(**{name: strength})
    assert torch.isfinite(after).all()
    for row, length in enumerate(LENGTHS.tolist()):
        assert not after[row, :, length:].any()
    assert not torch.allclose(before, after)
    assert torch.equal(after, seen(**{name: strength}))
    assert not torch.equal(after, seen(seed=1, **{name: strength}))


def test_two_calls_give_two_views() -> None:
    generator = torch.Generator().manual_seed(0)
    augment = SignalAugment()
    assert not torch.equal(
        augment(waves(), LENGTHS, generator), augment(waves(), LENGTHS, generator)
    )


def test_gain_is_one_factor_within_its_decibels() -> None:
    factor = (seen(gain=12) / seen()).nan_to_num(nan=0)
    for row, length in enumerate(LENGTHS.tolist()):
        inside = factor[row, 1, :length]
        inside = inside[inside != 0]
        torch.testing.assert_close(inside, inside[:1].expand_as(inside), rtol=1e-4, atol=1e-6)
        assert 10 ** (-12 / 20) <= inside[0] <= 10 ** (12 / 20)


def test_a_shift_is_a_roll_of_the_signal_itself() -> None:
    before, after = seen(), seen(shift=1.0)
    for row, length in enumerate(LENGTHS.tolist()):
        own, moved = before[row, :, :length], after[row, :, :length]
        assert any(torch.equal(own.roll(step, dims=1), moved) for step in range(length))


def test_a_time_mask_is_one_stretch() -> None:
    silent = (seen(mask_time=0.5) == 0).all(dim=1)[0] & ~(seen() == 0).all(dim=1)[0]
    stretch = silent.nonzero().squeeze(1)
    assert 0 < len(stretch) <= 200
    assert stretch[-1] - stretch[0] == len(stretch) - 1


def test_a_frequency_mask_takes_one_band_and_leaves_the_mean() -> None:
    before, after = (
        torch.fft.rfft(signals[0, 1]).abs() for signals in (seen(), seen(mask_frequency=1.0))
    )
    gone = (after < 1e-2) & (before > 1e-2)
    assert gone.any()
    torch.testing.assert_close(after[0], before[0], rtol=1e-4, atol=1e-2)


def test_jitter_is_measured_by_the_deviation_and_not_by_the_offset() -> None:
    time = torch.arange(4000.0)
    signal = torch.sin(time)[None, None] + 1000
    generator = torch.Generator().manual_seed(0)
    augment = SignalAugment(**{**OFF, "jitter": 0.5})
    noise = augment(signal, torch.tensor([4000]), generator) - signal
    assert 0 < noise.std() <= 0.5 * 0.72


@pytest.mark.parametrize(("name", "value"), [("gain", 61.0), ("shift", -0.1), ("mask_time", 2.0)])
def test_strengths_are_checked(name: str, value: float) -> None:
    with pytest.raises(OptionError, match=f"{name} is from 0 to"):
        SignalAugment(**{name: value})
