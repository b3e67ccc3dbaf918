"""Teach the later stages of the lite tower to tell copies: a siamese network without labels.

Two views of a picture, one hardly altered and one as pictures are passed on, are to be nearer to
each other than to all else of the batch (InfoNCE), and no two pictures are to lie close (KoLeo: A.
Sablayrolles et al., "Spreading vectors for similarity search", ICLR 2019), as in E. Pizzi et al.,
"A self-supervised descriptor for image copy detection", CVPR 2022. The early stages stay as they
are.
"""

from __future__ import annotations

from math import cos, pi
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from simsearch.augmentations.images import ImageAugment
from simsearch.encoders.networks.lite_plan import FEATURES, PLAN

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from simsearch.encoders.image import Pictures
    from simsearch.encoders.networks.lite import LiteNetwork

__all__ = ["spread", "tune"]

# Blocks before this one stay as ImageNet taught them.
_FIRST = 10
# Pictures are learned from at this side, so many at once; the loss is taken in so many numbers.
_SIDE, _BATCH, _NUMBERS = 128, 48, 256
_RATE, _WARM_UP, _CLIP = 5e-4, 10, 1.0
_TEMPERATURE, _SPREAD = 0.07, 0.5
# The view that is hardly altered.
_NEARLY = ImageAugment(crop=0.15, flip=0.5, jpeg=0.3, fill="reflection")


def tune(
    network: LiteNetwork,
    pictures: Pictures,
    steps: int,
    seed: int = 0,
    tell: Callable[[int, float], None] | None = None,
) -> None:
    """Train the tower in place; its descriptor is left alone, to be fitted afterwards.

    Args:
        network: with ImageNet's weights.
        pictures: n of them, more than a batch.
        steps: of training.
        seed: of all chance.
        tell: called after every tenth step with its number and the loss.
    """
    torch.manual_seed(seed)
    pixels = functional.interpolate(pictures.pixels.float(), size=(_SIDE, _SIDE), mode="area")
    stack = pixels.round().to(torch.uint8)
    head = nn.Linear(FEATURES, _NUMBERS)
    nn.init.orthogonal_(head.weight)
    nn.init.zeros_(head.bias)
    late = list(network.blocks[_FIRST:].parameters())
    groups = [
        {"params": late, "weight_decay": 0.0, "most": _RATE},
        {"params": list(head.parameters()), "weight_decay": 1e-4, "most": 2 * _RATE},
    ]
    optimizer = torch.optim.AdamW(groups, lr=_RATE)
    generator, waiting = torch.Generator().manual_seed(seed), list[int]()
    for step in range(steps):
        if len(waiting) < _BATCH:
            waiting = torch.randperm(len(stack), generator=generator).tolist()
        rows, waiting = waiting[:_BATCH], waiting[_BATCH:]
        share = min(1.0, (step + 1) / _WARM_UP) * 0.5 * (1 + cos(pi * step / steps))
        for group in optimizer.param_groups:
            group["lr"] = group["most"] * share
        views = [see(stack[rows], generator) for see in (_NEARLY, ImageAugment.copies())]
        loss = _loss(head(_features(network, torch.cat(views))))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # its stubs lag
        nn.utils.clip_grad_norm_(late, _CLIP)
        optimizer.step()
        if tell is not None and step % 10 == 9:
            tell(step + 1, float(loss.detach()))


def spread(embeddings: Tensor, partner: Tensor) -> Tensor:
    """KoLeo: minus the mean ln distance to the nearest other, its partner left aside.

    Args:
        embeddings: (n, d) of unit length.
        partner: (n,) the row of the other view of each.
    """
    cosines = embeddings @ embeddings.T
    rows = torch.arange(len(embeddings))
    aside = torch.zeros_like(cosines, dtype=torch.bool)
    aside[rows, rows] = aside[rows, partner] = True
    nearest = cosines.masked_fill(aside, -1.0).amax(dim=1)
    return -torch.log((2 - 2 * nearest).clamp(min=1e-6).sqrt()).mean()


def _loss(numbers: Tensor) -> Tensor:
    """Of 2 n views, the second of each n rows behind the first."""
    embeddings = functional.normalize(numbers, dim=1)
    half = len(embeddings) // 2
    partner = torch.cat([torch.arange(half) + half, torch.arange(half)])
    scores = embeddings @ embeddings.T / _TEMPERATURE
    scores = scores.masked_fill(torch.eye(len(scores), dtype=torch.bool), float("-inf"))
    return functional.cross_entropy(scores, partner) + _SPREAD * spread(embeddings, partner)


def _features(network: LiteNetwork, images: Tensor) -> Tensor:
    """Pooled features; what the early stages do is not learned from."""
    with torch.no_grad():
        maps = network.standardise(images)
        for number in range(_FIRST):
            maps = network.block(number, maps)
    for number in range(_FIRST, len(PLAN)):
        maps = network.block(number, maps)
    pooled: Tensor = network.pool(maps)
    return pooled
