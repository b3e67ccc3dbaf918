"""Augment images: move, recolour, blur, compress and cover them, a batch at a time.

All that moves pixels is one affine map for each image, so that it costs one interpolation
(`affine_grid` and `grid_sample`). All that changes colours is one 3 x 3 matrix for each image.
Images stay in [0, 1]; an encoder subtracts its mean and divides by its deviation itself, in
training as in use.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from math import ceil, cos, log, log1p, pi, radians, sqrt
from typing import Literal, get_args

import torch
from torch.nn import functional

from simsearch.augmentations.draws import Draws
from simsearch.augmentations.overlays import captioned, framed, patched
from simsearch.errors import OptionError

__all__ = ["Fill", "ImageAugment", "as_float"]

Fill = Literal["background", "border", "reflection", "black"]

# How much of red, green and blue brightness is made of (ITU-R BT.601).
_LUMA = (0.299, 0.587, 0.114)
# Luminance and two colour differences of JPEG (JFIF 1.02, page 3).
_YCC = ((0.299, 0.587, 0.114), (-0.168736, -0.331264, 0.5), (0.5, -0.418688, -0.081312))
# Of the strengths that degrade rather than move, each falls on this share of the images.
_SOMETIMES = 0.5
# The same of what is laid around and over them.
_SELDOM = 0.3
# The most that crops stretch one side against the other.
_STRETCH = 4 / 3


def as_float(images: torch.Tensor) -> torch.Tensor:
    """Pixels as encoders take them: uint8 (n, C, H, W) to float32 in [0, 1], nothing changed."""
    return images.to(torch.float32).div_(255)


@dataclass(frozen=True, slots=True)
class ImageAugment:
    """How images are changed, at most; each image draws its own amounts. 0 is off.

    Noise, blur, JPEG and erasing fall on half of the images each, frames and captions on three in
    ten, everything else on all.
    Two calls with one generator give two views; the same generator state gives the same view.

    Attributes:
        rotation: degrees, either way.
        translation: share of the side, either way, on both axes.
        scaling: 0.1 is up to 10 % larger or smaller.
        shear: degrees, either way, along the rows.
        flip: chance that left and right are exchanged.
        flip_vertical: chance that top and bottom are exchanged.
        crop: share of the area that may be cut away; the rest fills the image, its sides
            stretched by up to 4/3 against each other.
        brightness: 0.3 is a factor from 0.7 to 1.3.
        contrast: the same, of differences from the image's mean.
        saturation: the same, of differences from grey; three channels only.
        noise: deviation of the noise of a pixel, of 1.
        blur: deviation of a Gaussian, in pixels.
        jpeg: 1 is compression down to quality 5, 0.5 down to quality 50.
        erase: share of the area that a patch may cover; it gets one random colour.
        turn: chance of a turn by 90, 180 or 270 degrees.
        grey: chance that all colour is taken away; three channels only.
        frame: share of a side that a frame of one colour may take.
        caption: share of the height that a line of text may cover.
        fill: what comes in from outside. `background` is the median of each image's outermost
            pixels, right for glyphs, dark on light or light on dark; `border` repeats the last
            pixel; `reflection` mirrors, right for photos; `black` is 0.

    Raises:
        OptionError: a strength is outside what it can be.
    """

    rotation: float = 0.0
    translation: float = 0.0
    scaling: float = 0.0
    shear: float = 0.0
    flip: float = 0.0
    flip_vertical: float = 0.0
    crop: float = 0.0
    brightness: float = 0.0
    contrast: float = 0.0
    saturation: float = 0.0
    noise: float = 0.0
    blur: float = 0.0
    jpeg: float = 0.0
    erase: float = 0.0
    turn: float = 0.0
    grey: float = 0.0
    frame: float = 0.0
    caption: float = 0.0
    fill: Fill = "background"

    def __post_init__(self) -> None:
        most = {
            "rotation": 180.0,
            "shear": 60.0,
            "blur": 10.0,
            "crop": 0.95,
            "erase": 0.9,
            "frame": 0.8,
        }
        for strength in fields(self):
            if strength.name == "fill":
                continue
            value, limit = getattr(self, strength.name), most.get(strength.name, 1.0)
            if not 0.0 <= value <= limit:
                raise OptionError(f"{strength.name} is from 0 to {limit:g}, not {value}")
        if self.fill not in get_args(Fill):
            raise OptionError(f"fill is one of {', '.join(get_args(Fill))}, not {self.fill!r}")

    @classmethod
    def glyphs(cls) -> ImageAugment:
        """For handwriting, symbols and scans: no flips, which would make other letters."""
        return cls(rotation=12, translation=0.08, scaling=0.12, shear=8)

    @classmethod
    def photos(cls) -> ImageAugment:
        """For photographs: crops, mirror images, colour, and what sending them on does."""
        return cls(
            rotation=8,
            scaling=0.05,
            flip=0.5,
            crop=0.5,
            brightness=0.3,
            contrast=0.3,
            saturation=0.3,
            noise=0.03,
            blur=1.2,
            jpeg=0.8,
            erase=0.15,
            fill="reflection",
        )

    def __call__(self, images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """One view of each image.

        Args:
            images: uint8 (n, C, H, W), C 1 or 3, on any device; left as they are.
            generator: where all chance comes from. One on the images' device saves copying
                noise to it.

        Returns:
            float32 (n, C, H, W) in [0, 1], on the images' device.

        Raises:
            OptionError: the images are of another type or shape.
        """
        if images.dtype != torch.uint8 or images.ndim != 4 or images.shape[1] not in {1, 3}:
            raise OptionError(
                "images to augment are uint8 of shape (n, 1 or 3, height, width), not "
                f"{images.dtype} of {tuple(images.shape)}"
            )
        if not images.numel():
            return as_float(images)
        chance = Draws(generator, len(images), images.device)
        out = self._degraded(
            self._recoloured(self._moved(as_float(images), chance), chance), chance
        )
        return out.clamp_(0, 1)

    @classmethod
    def copies(cls) -> ImageAugment:
        """For photographs that are passed on: what is done to them, and is still the same photo."""
        return cls(
            rotation=12,
            scaling=0.05,
            flip=0.5,
            turn=0.25,
            crop=0.6,
            brightness=0.4,
            contrast=0.4,
            saturation=0.8,
            grey=0.2,
            noise=0.03,
            blur=2.0,
            jpeg=0.9,
            erase=0.15,
            frame=0.45,
            caption=0.3,
            fill="reflection",
        )

    def _moved(self, images: torch.Tensor, chance: Draws) -> torch.Tensor:
        """Rotated, moved, scaled, sheared, mirrored and cropped in one interpolation."""
        moves = (self.rotation, self.translation, self.scaling, self.shear, self.turn)
        if not any((*moves, self.flip, self.flip_vertical, self.crop)):
            return images
        maps = self._maps(images.shape[2] / images.shape[3], chance)
        grid = functional.affine_grid(maps[:, :2], list(images.shape), align_corners=False)
        if self.fill == "background":
            ground = _background(images)
            return _sample(images.sub_(ground), grid, "zeros").add_(ground)
        return _sample(images, grid, "zeros" if self.fill == "black" else self.fill)

    def _maps(self, aspect: float, chance: Draws) -> torch.Tensor:
        """From places in the view to places in the image, (n, 3, 3), both from -1 to 1.

        The view's corner goes through the crop first, then the turn about the middle.
        """
        turn = chance.within(radians(self.rotation))
        if self.turn:  # nothing is drawn for what is off: a seed gives the views that it gave
            quarters = 1 + (3 * chance.uniform()).long()
            turn = turn + chance.happens(self.turn) * quarters * (pi / 2)
        size = torch.exp(chance.within(log1p(self.scaling)))
        slant = torch.tan(chance.within(radians(self.shear)))
        right, down = chance.within(2 * self.translation), chance.within(2 * self.translation)
        mirror = 1 - 2 * chance.happens(self.flip)
        upside = 1 - 2 * chance.happens(self.flip_vertical)
        sine, cosine = torch.sin(turn) / size, torch.cos(turn) / size
        zero, one = torch.zeros_like(turn), torch.ones_like(turn)
        # Turned as pixels are: `aspect` (height over width) makes both units the same length.
        turned = _matrices(
            (mirror * cosine, mirror * (cosine * slant - sine) * aspect, right),
            (upside * sine / aspect, upside * (sine * slant + cosine), down),
            (zero, zero, one),
        )
        return turned @ self._crops(chance) if self.crop else turned

    def _crops(self, chance: Draws) -> torch.Tensor:
        """From places in the view to places in the part that is kept, (n, 3, 3)."""
        area = 1 - self.crop * chance.uniform()
        stretch = torch.exp(chance.within(log(_STRETCH) / 2))
        wide = (area.sqrt() * stretch).clamp_(max=1)
        high = (area.sqrt() / stretch).clamp_(max=1)
        left, top = (1 - wide) * chance.within(1.0), (1 - high) * chance.within(1.0)
        zero, one = torch.zeros_like(area), torch.ones_like(area)
        return _matrices((wide, zero, left), (zero, high, top), (zero, zero, one))

    def _recoloured(self, images: torch.Tensor, chance: Draws) -> torch.Tensor:
        """Brightness, contrast and saturation as one matrix and one shift of each image."""
        channels = images.shape[1]
        vivid = self.saturation if channels == 3 else 0.0
        dull = self.grey if channels == 3 else 0.0
        if not any((self.brightness, self.contrast, vivid, dull)):
            return images
        bright, differ = 1 + chance.within(self.brightness), 1 + chance.within(self.contrast)
        luma = torch.tensor(_LUMA if channels == 3 else (1.0,), device=images.device)
        middle = images.mean(dim=(2, 3)) @ luma
        colour = (bright * differ).view(-1, 1, 1) * torch.eye(channels, device=images.device)
        if vivid or dull:
            grey, lively = luma.expand(3, 3), 1 + chance.within(vivid).view(-1, 1, 1)
            if dull:
                lively = lively * (1 - chance.happens(dull)).view(-1, 1, 1)
            colour = colour @ (lively * torch.eye(3, device=images.device) + (1 - lively) * grey)
        shift = (bright * (1 - differ) * middle).view(-1, 1, 1).expand(-1, channels, 1)
        return torch.baddbmm(shift, colour, images.flatten(2)).view(images.shape)

    def _degraded(self, images: torch.Tensor, chance: Draws) -> torch.Tensor:
        """Blurred, noisy, compressed, covered: each on some of the images."""
        images = images.contiguous()
        for strength, degrade, share in (
            (self.blur, _blur, _SOMETIMES),
            (self.noise, _noise, _SOMETIMES),
            (self.frame, framed, _SELDOM),
            (self.caption, captioned, _SELDOM),
            (self.jpeg, _compress, _SOMETIMES),
            (self.erase, patched, _SOMETIMES),
        ):
            if strength:
                rows = torch.nonzero(chance.happens(share)).squeeze(1)
                if len(rows):
                    some = degrade(images[rows], strength, chance.of(len(rows)))
                    images.index_copy_(0, rows, some)
        return images


def _matrices(*rows: tuple[torch.Tensor, torch.Tensor, torch.Tensor]) -> torch.Tensor:
    """Nine (n,) numbers as (n, 3, 3)."""
    return torch.stack([torch.stack(row, dim=1) for row in rows], dim=1)


def _sample(images: torch.Tensor, grid: torch.Tensor, padding: str) -> torch.Tensor:
    """The images at the places of a grid."""
    return functional.grid_sample(images, grid, padding_mode=padding, align_corners=False)


def _background(images: torch.Tensor) -> torch.Tensor:
    """The median of each image's outermost pixels, (n, C, 1, 1)."""
    ring = torch.cat(
        [images[:, :, 0], images[:, :, -1], images[:, :, :, 0], images[:, :, :, -1]], dim=2
    )
    return ring.median(dim=2).values[:, :, None, None]


def _blur(images: torch.Tensor, strength: float, chance: Draws) -> torch.Tensor:
    """Each with a Gaussian of its own, down the columns and along the rows."""
    sigma = chance.uniform().mul_(strength).clamp_(min=0.05)
    reach = min(ceil(2 * strength), *(side - 1 for side in images.shape[2:]))
    places = torch.arange(-reach, reach + 1, device=images.device)
    kernel = torch.exp(-(places**2) / (2 * sigma[:, None] ** 2))
    kernel = kernel / kernel.sum(dim=1, keepdim=True)
    for axis in (2, 3):
        images = _weighted(images, kernel, reach, axis)
    return images


def _weighted(images: torch.Tensor, kernel: torch.Tensor, reach: int, axis: int) -> torch.Tensor:
    """Each pixel the weighted sum of its neighbours on one axis; the edge is repeated."""
    edge = (0, 0, reach, reach) if axis == 2 else (reach, reach, 0, 0)
    padded = functional.pad(images, edge, mode="replicate")
    length = images.shape[axis]
    out = images * kernel[:, reach].view(-1, 1, 1, 1)
    for place in range(kernel.shape[1]):
        if place != reach:
            part = padded.narrow(axis, place, length)
            out.addcmul_(part, kernel[:, place].view(-1, 1, 1, 1))
    return out


def _noise(images: torch.Tensor, strength: float, chance: Draws) -> torch.Tensor:
    """Each pixel and channel off by a normal amount, the deviation drawn for each image."""
    sigma = chance.uniform().mul_(strength).view(-1, 1, 1, 1)
    return images.addcmul_(chance.normal(*images.shape[1:]), sigma)


def _compress(images: torch.Tensor, strength: float, chance: Draws) -> torch.Tensor:
    """What JPEG loses: 8 x 8 blocks as cosines, rounded to steps of its standard tables.

    ITU-T T.81, annex K.1; quality to steps as libjpeg does it. Colours keep their resolution.
    Quality is drawn from 95 down to 95 - 90 x strength.
    """
    quality = 95 - 90 * strength * chance.uniform()
    scale = torch.where(quality < 50, 50 / quality, 2 - quality / 50).view(-1, 1, 1)
    channels, height, width = images.shape[1:]
    levels = images.flatten(2).mul(255)
    ycc = torch.tensor(_YCC, device=images.device)
    if channels == 3:
        levels = ycc @ levels
    levels[:, 0] -= 128
    cosines, steps = _cosines().to(images.device), _steps(channels).to(images.device)
    blocks = _blocks(levels.view(images.shape))
    step = (steps * scale).round_().clamp_(1, 255)[:, :, None]
    blocks = (blocks @ cosines.T).div_(step).round_().mul_(step) @ cosines
    levels = _unblocked(blocks, height, width).flatten(2)
    levels[:, 0] += 128
    if channels == 3:
        levels = torch.linalg.inv(ycc) @ levels
    return levels.clamp_(0, 255).div_(255).view(images.shape)


def _blocks(images: torch.Tensor) -> torch.Tensor:
    """(n, C, H, W) as (n, C, blocks, 64), the edge repeated to whole blocks."""
    height, width = images.shape[2:]
    if height % 8 or width % 8:
        images = functional.pad(images, (0, -width % 8, 0, -height % 8), mode="replicate")
    count, channels, high, wide = images.shape
    tiles = images.view(count, channels, high // 8, 8, wide // 8, 8)
    return tiles.transpose(3, 4).reshape(count, channels, -1, 64)


def _unblocked(blocks: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """(n, C, blocks, 64) as (n, C, H, W), cut to the size."""
    count, channels = blocks.shape[:2]
    down, across = -(-height // 8), -(-width // 8)
    tiles = blocks.view(count, channels, down, across, 8, 8).transpose(3, 4)
    whole = tiles.reshape(count, channels, down * 8, across * 8)
    return whole[:, :, :height, :width].contiguous()


@cache
def _cosines() -> torch.Tensor:
    """The orthonormal cosine transform of a flattened 8 x 8 block, (64, 64)."""
    one = torch.tensor(
        [
            [sqrt((1 if k == 0 else 2) / 8) * cos(pi * (2 * x + 1) * k / 16) for x in range(8)]
            for k in range(8)
        ]
    )
    return torch.kron(one, one)


@cache
def _steps(channels: int) -> torch.Tensor:
    """The standard's steps for luminance, then for each colour difference, (C, 64)."""
    tables = (_LUMINANCE, _CHROMINANCE, _CHROMINANCE)[:channels]
    return torch.tensor(tables, dtype=torch.float32)


_LUMINANCE = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip
_CHROMINANCE = (
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99,
    24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
)  # fmt: skip
