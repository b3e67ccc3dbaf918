"""Photos by default settings: edited copies found, photos that are alike, and how fast.

    python benchmarks/images.py --data DATA [--photos FOLDER]     # write results/images.md

Copies: the test photos of clothing_small, and every second picture of FOLDER (photos of other
things), each with one edited copy of the sort named, saved as JPEG at quality 85. `dedupe`
runs with its defaults, and a pair that is not an original and its copy counts as false. Edits of
the sort *unseen* are in no training of the encoder. *Trained*: `train` goes on for some minutes
without labels, on the originals, and `dedupe` takes that encoder. Garments are laid out alike: of
the originals alone no pair is true, unless two files show one photo. Alike: recall at rank one by
class, each test photo against all others, and against the validation photos.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import simsearch
from benchmarks import machine
from simsearch.evaluation.baselines import raw_pixels
from simsearch.kinds.loading import load_encoder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Edit = Callable[[Image.Image, np.random.Generator], Image.Image]

RESULTS = Path(__file__).resolve().parent / "results" / "images.md"
LONGEST = 400
# Recall to be reached at a precision of .99, by the sort of edit; and recall at rank one.
MARKS = {"mild": 0.97, "heavy": 0.85}
TRAINED_MARKS, BUDGET = {"mild": 0.99, "heavy": 0.93}, 150
PRECISION, RANK_ONE = 0.99, 0.77


def saved(image: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(io.BytesIO(file.getvalue())).convert("RGB")


def cut(image: Image.Image, share: float, rng: np.random.Generator) -> Image.Image:
    """So much of the area is cut away, anywhere."""
    width, height = (int(side * np.sqrt(1 - share)) for side in image.size)
    left, top = rng.integers(image.width - width + 1), rng.integers(image.height - height + 1)
    return image.crop((int(left), int(top), int(left) + width, int(top) + height))


def plain(rng: np.random.Generator) -> str:
    return "black" if rng.random() < 0.5 else "white"


def either(rng: np.random.Generator, one: float, other: float) -> float:
    return one if rng.random() < 0.5 else other


def turned(image: Image.Image, degrees: float, rng: np.random.Generator) -> Image.Image:
    angle = either(rng, degrees, -degrees)
    return image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=plain(rng))


def written(image: Image.Image, place: tuple[int, int], text: str, colour: str) -> Image.Image:
    font = ImageFont.load_default(size=max(10, image.height // 12))
    ImageDraw.Draw(image).text(place, text, fill=colour, font=font)
    return image


def captioned(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    image, top = image.copy(), int(image.height * 0.85)
    ImageDraw.Draw(image).rectangle((0, top, image.width, image.height), fill="black")
    return written(image, (image.width // 20, top), f"holiday {rng.integers(999)}", "white")


def meme(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    above = image.height // 4
    made = ImageOps.expand(image, (0, above, 0, 0), "white")
    return written(made, (5, 5), f"when you see it\nagain {rng.integers(99)}", "black")


def letterboxed(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    across = rng.random() < 0.5
    sides = (image.width // 5, 0) if across else (0, image.height // 5)
    return ImageOps.expand(image, sides, plain(rng))


def screenshot(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    width, height = image.size
    ground = "#f5f5f5" if rng.random() < 0.5 else "#181818"
    made = ImageOps.expand(image, (width // 14, height * 3 // 10), ground)
    draw = ImageDraw.Draw(made)
    draw.rectangle((0, 0, made.width, height // 12), fill="#3c5aa0")
    for row in range(3):
        top, end = int(height * (1.36 + 0.06 * row)), int(width * rng.uniform(0.5, 1))
        draw.rectangle((width // 12, top, end, top + height // 50), fill="grey")
    return made


def quarter(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    return image.rotate(90 * int(rng.integers(1, 4)), expand=True)


def perspective(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    width, height = image.size
    x, y = rng.uniform(0, 0.15, 4) * width, rng.uniform(0, 0.15, 4) * height
    corners = (x[0], y[0], x[1], height - y[1], width - x[2], height - y[2], width - x[3], y[3])
    return image.transform(image.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)


def pixelated(image: Image.Image, _: np.random.Generator) -> Image.Image:
    small = image.resize((image.width // 10, image.height // 10), Image.Resampling.BOX)
    return small.resize(image.size, Image.Resampling.NEAREST)


def collage(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    made = ImageOps.expand(image, (0, 0, image.width, 0), "white")
    noise = Image.fromarray(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8))
    made.paste(noise.resize(image.size, Image.Resampling.BICUBIC), (image.width, 0))
    return made


def blob(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    image, (x, y) = image.copy(), rng.uniform(0, 0.5, 2)
    width, height = image.size
    box = (x * width, y * height, (x + 0.5) * width, (y + 0.5) * height)
    colour = tuple(int(each) for each in rng.integers(0, 256, 3))
    ImageDraw.Draw(image).ellipse(box, fill=colour)
    return image


def enhanced(by: Any, low: float, high: float) -> Edit:
    return lambda image, rng: by(image).enhance(either(rng, low, high))


EDITS: dict[str, dict[str, Edit]] = {
    "mild": {
        "quality 50": lambda image, _: saved(image, 50),
        "half the size": lambda image, _: image.resize((image.width // 2, image.height // 2)),
        "grey": lambda image, _: ImageOps.grayscale(image).convert("RGB"),
        "brightness": enhanced(ImageEnhance.Brightness, 0.78, 1.25),
        "colour": enhanced(ImageEnhance.Color, 0.5, 1.6),
        "cut by 10 %": lambda image, rng: cut(image, 0.1, rng),
        "frame": lambda image, rng: ImageOps.expand(image, min(image.size) // 16, plain(rng)),
        "mirrored": lambda image, _: ImageOps.mirror(image),
        "blurred": lambda image, _: image.filter(ImageFilter.GaussianBlur(min(image.size) / 100)),
        "turned by 3°": lambda image, rng: turned(image, 3, rng),
    },
    "heavy": {
        "cut by 25 %": lambda image, rng: cut(image, 0.25, rng),
        "cut by 40 %": lambda image, rng: cut(image, 0.4, rng),
        "quality 8": lambda image, _: saved(image, 8),
        "caption": captioned,
        "meme": meme,
        "screenshot": screenshot,
        "letterbox": letterboxed,
        "quarter turn": quarter,
        "turned by 10°": lambda image, rng: turned(image, 10, rng),
        "garish": lambda image, _: ImageEnhance.Contrast(
            ImageEnhance.Color(image).enhance(2.2)
        ).enhance(1.6),
    },
    "unseen": {
        "perspective": perspective,
        "pixelated": pixelated,
        "posterised": lambda image, _: ImageOps.posterize(image, 2),
        "collage": collage,
        "blob": blob,
    },
}


def opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        picture = ImageOps.exif_transpose(image).convert("RGB")
    picture.thumbnail((LONGEST, LONGEST))
    return picture


def originals(data: Path, photos: Path | None) -> list[Image.Image]:
    files = sorted((data / "clothing_small" / "test").rglob("*.jpg"))
    others = [] if photos is None else sorted(p for p in photos.rglob("*") if p.is_file())[1::2]
    return [opened(path) for path in [*files, *others]]


def copies(images: Sequence[Image.Image], sort: str, folder: Path) -> dict[frozenset[str], str]:
    """Write pictures and a copy of each; gives the edit by the two names."""
    rng, names = np.random.default_rng(7), list(EDITS[sort])
    true = {}
    for row, image in enumerate(images):
        edit = names[row % len(names)]
        one, other = f"{row:04}.png", f"{row:04}-copy.jpg"
        image.save(folder / one)
        EDITS[sort][edit](image, rng).save(folder / other, quality=85)
        true[frozenset((one, other))] = edit
    return true


def measured(
    images: Sequence[Image.Image], sort: str, encoder: Path | None
) -> tuple[float, float, str, int]:
    """Precision, recall, recall of each edit in words, and false pairs, by `dedupe`."""
    with tempfile.TemporaryDirectory() as name:
        true = copies(images, sort, Path(name))
        found = simsearch.dedupe(name, encoder=encoder).pairs.to_pylist()
    pairs = {frozenset((str(row["left_id"]), str(row["right_id"]))) for row in found}
    right = pairs & true.keys()
    hits, sizes = Counter(true[pair] for pair in right), Counter(true.values())
    shares = ", ".join(f"{edit} {hits[edit] / sizes[edit]:.2f}" for edit in EDITS[sort])
    false = len(pairs) - len(right)
    return len(right) / max(len(pairs), 1), len(right) / len(true), shares, false


def merged(folder: Path, encoder: Path | None) -> int:
    """Pairs that `dedupe` finds among originals."""
    return len(simsearch.dedupe(folder, encoder=encoder).pairs)


def trained(folder: Path, output: Path) -> str:
    """Train on originals without labels; gives how long it took, in words."""
    wall, cpu = time.perf_counter(), time.process_time()
    made = simsearch.train(folder, output, budget=BUDGET)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return f"Trained {made.trained.steps} steps in {wall:.0f} s, {cpu:.0f} CPU s in all."


def rank_one(data: Path, encoder: Any) -> list[tuple[str, float, float]]:
    """Of the encoder and of raw pixels: recall within the test photos, and in the others."""
    found = []
    folders = [data / "clothing_small" / part for part in ("test", "validation")]
    labels = [[path.parent.name for path in sorted(each.rglob("*.jpg"))] for each in folders]
    own, others = (np.array(each) for each in labels)
    tables = [encoder.read(sorted(str(path) for path in each.rglob("*.jpg"))) for each in folders]
    for name, embed in (("lite", encoder.encode_table), ("raw pixels", raw_pixels)):
        test, gallery = (embed(table) for table in tables)
        scores = test @ test.T
        np.fill_diagonal(scores, -np.inf)
        within = float((own[scores.argmax(axis=1)] == own).mean())
        across = float((others[(test @ gallery.T).argmax(axis=1)] == own).mean())
        found.append((name, within, across))
    return found


def speed(encoder: Any, pictures: int = 256) -> tuple[float, float]:
    """Pictures a second that are embedded, and CPU milliseconds of one."""
    pixels = np.random.default_rng(0).integers(0, 256, (pictures, 160, 160, 3), dtype=np.uint8)
    encoder.features(pixels[:16])
    wall, cpu = time.perf_counter(), time.process_time()
    encoder.features(pixels)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return pictures / wall, 1e3 * cpu / pictures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--photos", type=Path, help="photos of other things than clothes")
    options = parser.parse_args()
    encoder, images = load_encoder("lite"), originals(options.data, options.photos)
    lines = ["# Photos by default settings", "", __doc__.partition("\n\n")[2].partition("\n\n")[2]]
    lines += [
        "| encoder | edits | precision | recall | false pairs | recall by edit |",
        "|---|---|---|---|---|---|",
    ]
    missed = []
    with tempfile.TemporaryDirectory() as name:
        folder, own = Path(name) / "originals", Path(name) / "encoder"
        folder.mkdir()
        for row, image in enumerate(images):
            image.save(folder / f"{row:04}.png")
        told = trained(folder, own)
        alone = []
        for shown, used, marks in (("shipped", None, MARKS), ("trained", own, TRAINED_MARKS)):
            for sort in EDITS:
                precision, recall, shares, false = measured(images, sort, used)
                lines.append(
                    f"| {shown} | {sort} | {precision:.3f} | {recall:.3f} | {false} | {shares} |"
                )
                print(lines[-1], flush=True)
                if sort in marks and (precision < PRECISION or recall < marks[sort]):
                    missed.append(f"{shown}, {sort}: recall {marks[sort]} at {PRECISION}")
            alone.append(merged(folder, used))
    pairs = " and ".join(map(str, alone))
    lines += ["", f"{len(images)} originals; of these alone {pairs} pairs are found. {told}", ""]
    lines += ["| | recall at rank one, test | against validation |", "|---|---|---|"]
    for name, within, across in rank_one(options.data, encoder):
        lines.append(f"| {name} | {within:.3f} | {across:.3f} |")
        if name == "lite" and within < RANK_ONE:
            missed.append(f"recall at rank one {RANK_ONE}")
    rate, cpu = speed(encoder)
    lines += ["", f"{rate:.0f} pictures a second embedded, {cpu:.1f} CPU ms each.", ""]
    lines += [f"Marks missed: {'; '.join(missed) or 'none'}.", ""]
    lines += ["; ".join(machine.facts().values()) + "."]
    RESULTS.write_text("\n".join(lines) + "\n")
    print(RESULTS.read_text())
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
