"""The device, the optimizer, and the moving average of the weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from simsearch.errors import TrainingError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor, nn

__all__ = ["averaged", "device", "optimizer"]

# What the moving average keeps of itself in a step, once it is warm.
_EMA_DECAY = 0.99


def optimizer(modules: Sequence[nn.Module], rate: float, decay: float) -> torch.optim.AdamW:
    """AdamW that lets matrices decay, and leaves scales and biases alone."""
    parameters = [each for module in modules for each in module.parameters()]
    groups = [
        {"params": [each for each in parameters if each.ndim > 1], "weight_decay": decay},
        {"params": [each for each in parameters if each.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW([group for group in groups if group["params"]], lr=rate, fused=True)


def device(name: str) -> torch.device:
    """The device of that name; `auto` is the first GPU, else the CPU.

    Raises:
        TrainingError: there is none.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        found = torch.device(name)
        torch.empty(1, device=found)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        text = str(error).splitlines()[0]
        raise TrainingError(
            f"there is no device {name!r} ({text:.120}); use `device='cpu'`"
        ) from None
    return found


def averaged(average: Tensor, now: Tensor, count: Tensor | int) -> Tensor:
    """The moving average after one more step; it is short at first, or a short run would end with
    what it began with."""
    if not average.is_floating_point():
        return now
    return torch.lerp(now, average, min(_EMA_DECAY, (1.0 + float(count)) / (10.0 + float(count))))
