"""Edited copies of photos: what `dedupe` finds by default, beside hashes and cleanvision.

    sh benchmarks/peers/setup.sh
    python benchmarks/photo_peers.py --data DATA [--photos FOLDER]    # results/photo_peers.md

The photos and edits of images.py, each photo with one copy; a pair that is not an original and its
copy counts as false. Peers run in an environment of their own with the thresholds that they come
with. imagededup is not among them: it needs torchvision, and its network is downloaded; its hashes
are those of imagehash. CPU seconds are of the whole process here, of each method alone for peers.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if not __package__:  # started as a file: let `benchmarks` be found
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

import simsearch
from benchmarks import machine
from benchmarks.images import EDITS, copies, originals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    Found = dict[str, tuple[set[frozenset[str]], float]]

ROOT = Path(__file__).resolve().parent
RESULTS = ROOT / "results" / "photo_peers.md"
PYTHON = ROOT.parent / ".venv-photos" / "bin" / "python"


def ours(folder: Path) -> tuple[set[frozenset[str]], float]:
    """Pairs that `dedupe` finds, and its CPU seconds."""
    before = time.process_time()
    pairs = simsearch.dedupe(folder, no_cache=True).pairs.to_pylist()
    found = {frozenset((str(row["left_id"]), str(row["right_id"]))) for row in pairs}
    return found, time.process_time() - before


def theirs(folder: Path, python: Path) -> Found:
    """The same of each peer."""
    done = subprocess.run(
        [str(python), str(ROOT / "peers" / "photos.py"), str(folder)],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return {
        name: ({frozenset(pair) for pair in each["pairs"]}, each["seconds"])
        for name, each in told.items()
    }


def lines_of(images: Sequence[Image.Image], sort: str, python: Path) -> list[str]:
    """A row of the table for each method."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        true = copies(images, sort, folder)
        found: Found = {"simsearch": ours(folder), **theirs(folder, python)}
    rows = []
    for method, (pairs, seconds) in found.items():
        right = len(pairs & true.keys())
        precision, recall = right / max(len(pairs), 1), right / len(true)
        false = len(pairs) - right
        rows.append(
            f"| {sort} | {method} | {precision:.3f} | {recall:.3f} | {false:,} | {seconds:.1f} |"
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--photos", type=Path, help="photos of other things than clothes")
    parser.add_argument("--python", type=Path, default=PYTHON, help="of the peers")
    asked = parser.parse_args()
    images = originals(asked.data, asked.photos)
    lines = ["# Copies of photos beside other tools", "", __doc__.partition("\n\n")[2].strip(), ""]
    lines += [f"{len(images)} photos, each with a copy. Load {os.getloadavg()[0]:.0f}.", ""]
    lines.append("| edits | method | precision | recall | false pairs | CPU s |")
    lines.append("|---|---|---|---|---|---|")
    for sort in EDITS:
        lines += lines_of(images, sort, asked.python)
    lines += ["", "; ".join(machine.facts().values()) + "."]
    RESULTS.write_text("\n".join(lines) + "\n")
    print(RESULTS.read_text())


if __name__ == "__main__":
    main()
