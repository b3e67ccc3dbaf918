"""Which engine is the quickest here: each computes the same few texts."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy.typing as npt

    from simsearch.encoders.text.runtime.engines import BatchEngine
    from simsearch.encoders.text.runtime.tokens import TokenBatch

    Floats = npt.NDArray[np.float32]

__all__ = ["Candidate", "computed", "departure", "quickest"]

_PASSES = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """An engine that may be chosen.

    Attributes:
        open: makes it ready.
        farthest: how far an embedding may be from that in float32, as a share of its length.
        again: share of the texts that are computed in float32 as well for what it gets wrong.
    """

    open: Callable[[], BatchEngine]
    farthest: float
    again: float = 0.0


def quickest(
    candidates: Mapping[str, Candidate], batches: Sequence[TokenBatch], truth: Floats
) -> tuple[str, BatchEngine] | None:
    """The name of the quickest, and it, opened; None if none gives what it should.

    Args:
        candidates: by name. What cannot be opened is left out.
        batches: texts.
        truth: (n, dimension) what the model gives for them in float32.
    """
    opened: dict[str, BatchEngine] = {}
    for name, candidate in candidates.items():
        try:
            engine = candidate.open()
            found = computed(engine, batches, truth.shape)
        except Exception:  # noqa: S112  whatever an engine meets: it is not for this model
            continue
        if departure(found, truth) <= candidate.farthest:
            opened[name] = engine
    if not opened:
        return None
    seconds = dict.fromkeys(opened, float("inf"))
    for _ in range(_PASSES):
        for name, engine in opened.items():
            # CPU seconds: what else the machine does at the moment is not the engine's fault.
            began = time.process_time()
            computed(engine, batches, truth.shape)
            seconds[name] = min(seconds[name], time.process_time() - began)
    in_float32 = [seconds[name] for name in opened if not candidates[name].again]
    precise = min(in_float32, default=0.0)
    best = min(opened, key=lambda name: seconds[name] + candidates[name].again * precise)
    return best, opened[best]


def computed(engine: BatchEngine, batches: Iterable[TokenBatch], shape: tuple[int, ...]) -> Floats:
    """float32 of a shape: what an engine gives for texts."""
    out = np.zeros(shape, np.float32)
    for batch in batches:
        out[batch.rows] = engine.compute(batch)
    return out


def departure(found: Floats, truth: Floats) -> float:
    """The farthest that a row is from what it should be, as a share of its length."""
    if not np.isfinite(found).all():
        return float("inf")
    lengths = np.maximum(np.linalg.norm(truth, axis=1), np.finfo(np.float32).tiny)
    return float((np.linalg.norm(found - truth, axis=1) / lengths).max(initial=0.0))
