"""Reading a folder of photos as little as can be: exact tiers, and an update of what is unchanged.

    python benchmarks/photo_files.py --data DATA     # write results/photo_files.md

Exact copies: photos of 12 megapixels (made, each of its own, saved as JPEG), every tenth there
twice; CPU seconds of `dedupe` by bytes alone, beside those of decoding each file as small as JPEG
allows, which is what it did before, and of reading every byte once. Update: the clothing photos of
the data folder, several times over under other names, indexed with the shipped encoder, and updated
with nothing changed. One after the other; the machine may be busy, so ratios count.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from PIL import Image

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import simsearch
from benchmarks import machine
from simsearch.sources.picture_pixels import decoded

RESULTS = Path(__file__).resolve().parent / "results" / "photo_files.md"
FILES, WIDTH, HEIGHT = 60, 4_000, 3_000
COPIES = 3
OLD = 1_000_000_000


def make_large(folder: Path) -> int:
    """Write photos of 12 megapixels; gives their bytes."""
    rng = np.random.default_rng(0)
    for number in range(FILES):
        small = rng.integers(0, 256, (60, 80, 3), np.uint8)
        image = Image.fromarray(small).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
        noisy = np.asarray(image, np.int16) + rng.integers(-9, 10, (HEIGHT, WIDTH, 1), np.int16)
        file = io.BytesIO()
        Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=90)
        (folder / f"{number:05}.jpg").write_bytes(file.getvalue())
        if number % 10 == 0:
            (folder / f"{number:05} (1).jpg").write_bytes(file.getvalue())
    return sum(path.stat().st_size for path in folder.iterdir())


def cpu(work: object) -> float:
    before = process_time()
    work()  # type: ignore[operator]
    return process_time() - before


def exact_part(folder: Path) -> list[str]:
    size = make_large(folder)
    files = sorted(folder.iterdir())
    simsearch.dedupe(["a", "a"])  # what is imported once is not measured
    found = simsearch.dedupe(folder, tier=["identical bytes"])
    rows = {
        "dedupe --tier 'identical bytes'": cpu(
            lambda: simsearch.dedupe(folder, tier=["identical bytes"])
        ),
        "reading every byte": cpu(lambda: [path.read_bytes() for path in files]),
        "decoding each at an eighth": cpu(
            lambda: [decoded(path.read_bytes(), (32, 32), 1, 10**9) for path in files]
        ),
    }
    each = {name: seconds / len(files) * 1e3 for name, seconds in rows.items()}
    first, *_, last = each.values()
    return [
        f"{len(files)} files of 12 megapixels, {size / 1e6:,.0f} MB; {found.surplus_rows} copies "
        f"found of {len(files) - FILES}.", "", "| | CPU ms a file |", "|---|---|",
        *[f"| {name} | {value:.2f} |" for name, value in each.items()], "",
        f"Exact copies take 1/{last / first:.0f} of the CPU time of decoding.",
    ]  # fmt: skip


def update_part(data: Path, folder: Path) -> list[str]:
    photos = folder / "photos"
    photos.mkdir()
    for path in sorted((data / "clothing_small").glob("*/*/*.jpg")):
        for copy in range(COPIES):
            shutil.copyfile(path, photos / f"{copy} {path.name}")
            os.utime(photos / f"{copy} {path.name}", (OLD, OLD))
    started = perf_counter()
    index = simsearch.Index.create("photos", photos, indexes=folder / "indexes")
    first = perf_counter() - started
    started = perf_counter()
    update = index.update(photos)
    again = perf_counter() - started
    return [
        f"{len(index):,} photos: indexed in {first:.1f} s; updated with {update.unchanged:,} "
        f"unchanged in {again:.2f} s, {first / again:.0f} times as fast.",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    with tempfile.TemporaryDirectory() as large, tempfile.TemporaryDirectory() as small:
        exact, update = exact_part(Path(large)), update_part(data, Path(small))
    text = __doc__.partition("\n\n")[2].partition("\n\n")[2].strip()
    load = f"Load {os.getloadavg()[0]:.0f}."
    facts = "; ".join(machine.facts().values()) + "."
    lines = ["# Files of photos", "", text, "", *exact, "", *update, "", load, "", facts]
    RESULTS.write_text("\n".join(lines) + "\n")
    print(RESULTS.read_text())


if __name__ == "__main__":
    main()
