"""Copies among photos: what `dedupe` finds without an encoder, and how close others come by chance.

    python benchmarks/near_pictures.py --data DATA     # write results/near_pictures.md

The clothing photos of the data folder, each of a third of them with one edited copy. Photos of
different garments are told by their files; a pair that is not an original and its copy counts as
false, although a few photos show the same garment. By chance: the share of pairs of different
pictures, edited ones included, that are within 60 bits in any of eight orientations, and how it
grows with each bit.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import simsearch
from benchmarks import machine
from simsearch.encoders.pdq import pdq
from simsearch.store.search.bits import rows_within_bits

RESULTS = Path(__file__).resolve().parent / "results" / "near_pictures.md"
SIDE = 160
NEAR, LOW, HIGH = 60, 76, 92


def saved_again(image: Image.Image) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=30)
    return Image.open(file).convert("RGB")


def cropped(image: Image.Image, share: float) -> Image.Image:
    width, height = image.size
    x, y = round(width * share / 2), round(height * share / 2)
    return image.crop((x, y, width - x, height - y))


EDITS = {
    "saved again": saved_again,
    "smaller": lambda image: image.resize((image.width // 3, image.height // 3)),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.3),
    "grey": lambda image: ImageOps.grayscale(image).convert("RGB"),
    "blurred": lambda image: image.filter(ImageFilter.GaussianBlur(2)),
    "mirrored": ImageOps.mirror,
    "turned by 90 degrees": lambda image: image.rotate(90, expand=True),
    "cropped by 5 %": lambda image: cropped(image, 0.05),
    "cropped by 30 %": lambda image: cropped(image, 0.3),
    "framed": lambda image: ImageOps.expand(image, image.width // 8, "white"),
    "turned by 10 degrees": lambda image: image.rotate(10, expand=True, fillcolor="white"),
}


def pictures(data: Path) -> tuple[np.ndarray, list[tuple[int, int, str]]]:
    """(n, 160, 160, 3) originals and copies, and (original, copy, edit) of each copy."""
    files = sorted((data / "clothing_small").glob("*/*/*.jpg"))
    images = [Image.open(file).convert("RGB") for file in files]
    copies = []
    for place, row in enumerate(np.random.default_rng(0).permutation(len(files))[::3]):
        edit = list(EDITS)[place % len(EDITS)]
        copies.append((int(row), len(images), edit))
        images.append(EDITS[edit](images[row]))
    small = [image.resize((SIDE, SIDE), Image.Resampling.LANCZOS) for image in images]
    return np.stack([np.asarray(image) for image in small]), copies


def by_chance(pixels: np.ndarray, same: set[frozenset[int]]) -> tuple[float, float, float]:
    """(share within NEAR bits, growth a bit, pairs of different pictures)."""
    hashes = np.stack([pdq(picture).bits for picture in pixels])
    closest: dict[frozenset[int], int] = {}
    for turn in range(hashes.shape[1]):
        for one, other, bits in zip(
            *rows_within_bits(hashes[:, turn], hashes[:, 0], HIGH), strict=True
        ):
            pair = frozenset((int(one), int(other)))
            if len(pair) == 2 and pair not in same:
                closest[pair] = min(int(bits), closest.get(pair, HIGH))
    bits = np.array(list(closest.values()))
    pairs = len(pixels) * (len(pixels) - 1) / 2
    growth = np.log((bits <= HIGH).sum() / (bits <= LOW).sum()) / (HIGH - LOW)
    return float((bits <= NEAR).sum() / pairs), float(growth), pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    pixels, copies = pictures(parser.parse_args().data)
    true = {frozenset(each[:2]): each[2] for each in copies}
    found = simsearch.dedupe(pixels, tier=["same picture"]).pairs.to_pylist()
    pairs = {frozenset((int(row["left_id"]), int(row["right_id"]))) for row in found}
    hits, sizes = Counter(true[pair] for pair in pairs & true.keys()), Counter(true.values())
    share, growth, compared = by_chance(pixels, set(true))
    right = len(pairs & true.keys())
    precision, recall = right / max(len(pairs), 1), right / len(true)
    lines = [
        "# Copies among photos", "", __doc__.partition("\n\n")[2].partition("\n\n")[2].strip(),
        "", "| edit | found |", "|---|---|",
        *[f"| {edit} | {hits[edit] / sizes[edit]:.2f} |" for edit in EDITS], "",
        f"{len(pixels):,} pictures, {len(true)} copies: precision {precision:.3f}, "
        f"recall {recall:.3f}.", "",
        f"By chance, of {compared:,.0f} pairs: {share:.1e} within {NEAR} bits; "
        f"e^{growth:.3f} times as many for each bit more.", "",
        "; ".join(machine.facts().values()) + ".",
    ]  # fmt: skip
    RESULTS.write_text("\n".join(lines) + "\n")
    print(RESULTS.read_text())


if __name__ == "__main__":
    main()
