"""What is laid around and over pictures: frames, lines of text, patches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from simsearch.augmentations.draws import Draws

__all__ = ["captioned", "framed", "patched"]

# Letters across a caption at least and at most, and points that a letter is high.
_LETTERS, _POINTS = (6, 24), 5
# Share of frames and captions that are black, and that are white; others have any colour.
_BLACK, _WHITE = 0.35, 0.4


def framed(images: torch.Tensor, strength: float, chance: Draws) -> torch.Tensor:
    """Pictures shrunk into frames of one colour, as bands on two sides or on all four.

    Args:
        images: float (n, C, H, W) in [0, 1].
        strength: share of a side that the frame may take, all in all.
        chance: what it draws from.
    """
    count = len(images)
    kind = chance.uniform()
    even = strength * 0.5 * chance.uniform()
    across, down = strength * chance.uniform(), strength * chance.uniform()
    # A third each: the same all round, bands on one pair of sides, any width on each side.
    wide = torch.where(kind < 1 / 3, even, torch.where(kind < 0.5, torch.zeros_like(even), across))
    high = torch.where(
        kind < 1 / 3,
        even,
        torch.where((kind >= 0.5) & (kind < 2 / 3), torch.zeros_like(even), down),
    )
    aside = torch.where(kind < 2 / 3, 0.0, chance.within(1.0))
    along = torch.where(kind < 2 / 3, 0.0, chance.within(1.0))
    wide, high = 1 - wide, 1 - high
    left, top = aside * (1 - wide), along * (1 - high)
    maps = torch.zeros(count, 2, 3, device=images.device)
    maps[:, 0, 0], maps[:, 0, 2] = 1 / wide, -left / wide
    maps[:, 1, 1], maps[:, 1, 2] = 1 / high, -top / high
    grid = functional.affine_grid(maps, list(images.shape), align_corners=False)
    inside = (grid.abs() <= 1).all(dim=3).unsqueeze(1)
    shrunk = functional.grid_sample(images, grid, padding_mode="border", align_corners=False)
    return torch.where(inside, shrunk, _colours(images, chance))


def captioned(images: torch.Tensor, strength: float, chance: Draws) -> torch.Tensor:
    """A band with marks like letters across each picture, sometimes without a ground.

    Args:
        images: float (n, C, H, W) in [0, 1].
        strength: share of the height that the band may take.
        chance: what it draws from.
    """
    height, width = images.shape[2:]
    ground, ink = _colours(images, chance), _colours(images, chance)
    ink = torch.where((ink - ground).abs().amax(dim=1, keepdim=True) < 0.3, 1 - ground, ink)
    band = strength * (0.3 + 0.7 * chance.uniform())
    top = (1 - band) * chance.uniform()
    places = (torch.arange(height, device=images.device) + 0.5) / height
    depth = (places - top[:, None]) / band[:, None]  # 0 to 1 within the band
    within = (depth >= 0) & (depth < 1)
    fewest, most = _LETTERS
    letters = fewest + (most - fewest) * chance.uniform()
    across = (torch.arange(width, device=images.device) + 0.5) / width
    column = (across * letters[:, None] * _POINTS).long()
    # The middle of the band holds the letters.
    row = ((depth - 0.25) * 2 * _POINTS).floor().long()
    marks = chance.uniform(_POINTS, most * _POINTS + 1) < 0.5
    number = torch.arange(len(images), device=images.device)[:, None, None]
    drawn = marks[number, row.clamp(0, _POINTS - 1)[:, :, None], column[:, None, :]]
    gap = (column % _POINTS == 0)[:, None, :]
    written = drawn & ~gap & ((row >= 0) & (row < _POINTS))[:, :, None]
    solid = (chance.uniform() < 0.7)[:, None, None] & within[:, :, None]
    covered = torch.where(solid.unsqueeze(1), ground, images)
    return torch.where((written & within[:, :, None]).unsqueeze(1), ink, covered)


def patched(images: torch.Tensor, strength: float, chance: Draws) -> torch.Tensor:
    """A rectangle of each in one colour (Zhong et al., "Random Erasing", AAAI 2020).

    Args:
        images: float (n, C, H, W) in [0, 1].
        strength: share of the area that it may cover.
        chance: what it draws from.
    """
    channels, height, width = images.shape[1:]
    area = strength * chance.uniform().clamp_(min=0.1)
    stretch = torch.exp(chance.within(0.7))
    high, wide = (area.sqrt() * stretch).clamp_(max=1), (area.sqrt() / stretch).clamp_(max=1)
    top, left = (1 - high) * chance.uniform(), (1 - wide) * chance.uniform()
    rows, columns = _between(top, high, height), _between(left, wide, width)
    covered = (rows[:, :, None] & columns[:, None, :]).unsqueeze(1)
    return torch.where(covered, chance.uniform(channels, 1, 1), images)


def _between(start: torch.Tensor, length: torch.Tensor, side: int) -> torch.Tensor:
    """Which of the places along a side lie within a part of it, bool (n, side)."""
    places = (torch.arange(side, device=start.device) + 0.5) / side
    return (places >= start[:, None]) & (places < (start + length)[:, None])


def _colours(images: torch.Tensor, chance: Draws) -> torch.Tensor:
    """(n, C, 1, 1): black, white, or any colour."""
    which = chance.uniform()[:, None, None, None]
    any_colour = chance.uniform(images.shape[1], 1, 1)
    light = torch.where(which < _BLACK + _WHITE, 1.0, any_colour)
    return torch.where(which < _BLACK, 0.0, light)
