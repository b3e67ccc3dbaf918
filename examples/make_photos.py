"""Draws the pictures in examples/photos: made landscapes, and edited copies of some of them.

python examples/make_photos.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

SIZE = (320, 240)
SCENES = 9


def sky(random: Random) -> Image.Image:
    """A slope from one colour to another, with clouds."""
    top = tuple(random.randint(40, 160) for _ in range(3))
    low = tuple(random.randint(150, 255) for _ in range(3))
    image = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(image)
    for y in range(SIZE[1]):
        share = y / SIZE[1]
        line = tuple(round(a + (b - a) * share) for a, b in zip(top, low, strict=True))
        draw.line((0, y, SIZE[0], y), fill=line)
    for _ in range(random.randint(3, 9)):
        x, y, width = random.randint(-20, 300), random.randint(5, 100), random.randint(30, 110)
        draw.ellipse((x, y, x + width, y + width // 3), fill=(235, 235, 240))
    return image.filter(ImageFilter.GaussianBlur(2))


def scene(number: int) -> Image.Image:
    """Hills, houses and trees under a sky."""
    random = Random(number)  # noqa: S311  pictures, not secrets
    image = sky(random)
    draw = ImageDraw.Draw(image)
    for row in range(3):
        base = 120 + 35 * row
        tops = [(x, base + random.randint(-35, 25)) for x in range(0, SIZE[0] + 40, 40)]
        colour = tuple(random.randint(20, 150 - 30 * row) for _ in range(3))
        draw.polygon([(0, SIZE[1]), *tops, (SIZE[0], SIZE[1])], fill=colour)
    for _ in range(random.randint(2, 6)):
        x, y, side = random.randint(0, 280), random.randint(150, 205), random.randint(14, 40)
        wall = tuple(random.randint(120, 255) for _ in range(3))
        draw.rectangle((x, y, x + side, y + side), fill=wall)
        roof = tuple(random.randint(60, 180) for _ in range(3))
        draw.polygon([(x - 4, y), (x + side // 2, y - side // 2), (x + side + 4, y)], fill=roof)
    for _ in range(random.randint(4, 14)):
        x, y = random.randint(0, 310), random.randint(130, 220)
        draw.ellipse((x, y, x + 14, y + 20), fill=(20, random.randint(70, 140), 30))
    return image


def main() -> None:
    """Write the pictures."""
    here = Path(__file__).resolve().parent
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else here / "photos"
    folder.mkdir(parents=True, exist_ok=True)
    scenes = [scene(number) for number in range(SCENES)]
    for number, image in enumerate(scenes):
        image.save(folder / f"IMG_{1001 + number}.jpg", quality=85)
    (folder / "IMG_1002 (copy).jpg").write_bytes((folder / "IMG_1002.jpg").read_bytes())
    scenes[3].resize((160, 120)).save(folder / "forwarded.jpg", quality=60)
    ImageOps.mirror(scenes[5]).save(folder / "mirrored.png")
    bright = ImageEnhance.Brightness(ImageOps.grayscale(scenes[7])).enhance(1.2)
    bright.save(folder / "old-look.jpg", quality=80)


if __name__ == "__main__":
    main()
