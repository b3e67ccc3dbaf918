"""Pairs of photos that hashes and cleanvision take for copies, run in an environment of their own.

    .venv-photos/bin/python benchmarks/peers/photos.py FOLDER    # prints JSON

Each with the threshold that it comes with or that its makers name: imagehash 10 of 64 bits (the
default of imagededup), PDQ 31 of 256 (upright, and in any of eight orientations), cleanvision its
own sets of exact and near duplicates.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import imagehash
import numpy as np
import pdqhash
from cleanvision import Imagelab
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    Pairs = list[tuple[str, str]]

CLOSE, CLOSE_PDQ, LEAST_QUALITY = 10, 31, 50
HASHES = {
    "imagehash pHash": imagehash.phash,
    "imagehash dHash": imagehash.dhash,
    "imagehash aHash": imagehash.average_hash,
}


def near(names: list[str], queries: np.ndarray, hashes: np.ndarray, bits: int) -> Pairs:
    """Pairs of which a query of one, of any of its rows, differs little from the hash of another.

    Args:
        names: n.
        queries: (n, m, bits) bool.
        hashes: (n, bits) bool.
        bits: that may differ.
    """
    found = np.zeros((len(names), len(names)), bool)
    for each in queries.swapaxes(0, 1):
        ours, theirs = each.astype(np.float32), hashes.astype(np.float32)
        differ = ours @ (1 - theirs).T + (1 - ours) @ theirs.T
        found |= differ <= bits + 0.5
    found |= found.T
    return [(names[a], names[b]) for a, b in zip(*np.nonzero(np.triu(found, 1)), strict=True)]


def by_imagehash(paths: list[Path], hashed: Callable[[Image.Image], imagehash.ImageHash]) -> Pairs:
    bits = np.array([hashed(Image.open(path)).hash.ravel() for path in paths])
    return near([path.name for path in paths], bits[:, None], bits, CLOSE)


def by_pdq(paths: list[Path], turned: bool) -> Pairs:
    names, hashes = [], []
    for path in paths:
        turns, quality = pdqhash.compute_dihedral(np.asarray(Image.open(path).convert("RGB")))
        if quality >= LEAST_QUALITY:
            names.append(path.name)
            hashes.append(np.array(turns, bool))
    bits = np.array(hashes)
    return near(names, bits if turned else bits[:, :1], bits[:, 0], CLOSE_PDQ)


def by_cleanvision(folder: Path) -> Pairs:
    lab = Imagelab(data_path=str(folder), verbose=False)
    lab.find_issues({"exact_duplicates": {}, "near_duplicates": {}}, n_jobs=1, verbose=False)
    sets = [each for kind in lab.info.values() for each in kind.get("sets", [])]
    return [
        tuple(sorted(Path(each).name for each in pair))  # type: ignore[misc]
        for group in sets
        for pair in combinations(group, 2)
    ]


def main() -> None:
    folder = Path(sys.argv[1])
    paths = sorted(folder.iterdir())
    runs: dict[str, Callable[[], Pairs]] = {
        name: lambda hashed=hashed: by_imagehash(paths, hashed)  # type: ignore[misc]
        for name, hashed in HASHES.items()
    }
    runs["PDQ"] = lambda: by_pdq(paths, turned=False)
    runs["PDQ, eight orientations"] = lambda: by_pdq(paths, turned=True)
    runs["cleanvision"] = lambda: by_cleanvision(folder)
    found = {}
    for name, run in runs.items():
        before = time.process_time()
        pairs = run()
        found[name] = {"pairs": pairs, "seconds": time.process_time() - before}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
