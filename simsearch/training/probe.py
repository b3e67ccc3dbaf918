"""Which arithmetic is fastest here: a few steps of each are timed before training."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import nn

    from simsearch.encoders.tower import Batch

__all__ = ["Arithmetic", "probe"]

# bfloat16 has 8 bits of mantissa: it must pay for what it loses.
_GAIN = 1.25
_REPEATS = 3


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How the tower computes while it learns; the weights stay float32.

    Attributes:
        bfloat16: matrix products and convolutions in bfloat16 (autocast).
        channels_last: pictures lie in memory channel by channel for each pixel.
    """

    bfloat16: bool = False
    channels_last: bool = False

    def context(self, device: torch.device) -> AbstractContextManager[object]:
        """In which the forward pass runs."""
        if not self.bfloat16:
            return nullcontext()
        return torch.autocast(device.type, dtype=torch.bfloat16)

    def lay(self, batch: Batch) -> Batch:
        """A batch in that layout."""
        if not self.channels_last:
            return batch
        return tuple(
            part.contiguous(memory_format=torch.channels_last) if part.ndim == 4 else part
            for part in batch
        )

    def __str__(self) -> str:
        layout = ", channels last" if self.channels_last else ""
        return ("bfloat16" if self.bfloat16 else "float32") + layout


def probe(tower: nn.Module, batch: Batch) -> Arithmetic:
    """The fastest arithmetic for a step of this tower on a batch; nothing is changed.

    float32 unless another is faster by a quarter, so that noise does not decide.
    """
    pictures = batch[0].ndim == 4
    halves = [False, True] if _has_bfloat16(batch[0].device) else [False]
    layouts = [False, True] if pictures else [False]
    choices = [Arithmetic(half, layout) for half in halves for layout in layouts]
    buffers = {name: value.clone() for name, value in tower.named_buffers()}
    seconds = {choice: _seconds(tower, batch, choice) for choice in choices}
    for name, value in tower.named_buffers():  # batch norm has counted the trial
        value.copy_(buffers[name])
    tower.zero_grad(set_to_none=True)
    best = min(seconds, key=lambda choice: seconds[choice])
    plain = min(choices[: len(layouts)], key=lambda choice: seconds[choice])
    return best if seconds[best] * _GAIN < seconds[plain] else plain


def _has_bfloat16(device: torch.device) -> bool:
    """Whether the processor multiplies bfloat16 itself; others take ten times as long for it."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    known = torch.cpu.get_capabilities()
    return any(known.get(name) for name in ("avx512_bf16", "amx_bf16", "arm_bf16"))


def _seconds(tower: nn.Module, batch: Batch, choice: Arithmetic) -> float:
    """The quickest of a few forward and backward passes, after one to warm up."""
    layout = torch.channels_last if choice.channels_last else torch.contiguous_format
    tower.to(memory_format=layout)  # type: ignore[call-overload]  # its stubs know channels_last only
    tower.train()
    best = float("inf")
    for _ in range(_REPEATS + 1):
        began = time.perf_counter()
        with choice.context(batch[0].device):
            out = tower(*choice.lay(batch))
        out.float().sum().backward()
        best = min(best, time.perf_counter() - began)
    return best
