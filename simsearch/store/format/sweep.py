"""Removes what no generation needs: rests of killed writers, and versions given up."""

from __future__ import annotations

import sys
from bisect import bisect_left
from contextlib import suppress
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from simsearch.errors import VectorIndexError
from simsearch.store.format.layout import (
    CHANGES,
    DELETIONS,
    ENCODERS,
    MANIFESTS,
    SEGMENTS,
    STAGING,
    change_path,
    changes,
    generations,
    manifest_path,
)
from simsearch.store.format.manifest import read_manifest
from simsearch.store.format.pins import unpinned

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from simsearch.files import Disk

__all__ = ["prune", "sweep"]


def prune(disk: Disk, folder: Path, kept: int) -> int:
    """Give up every version but those of one manifest and of manifests that readers have open.

    Only for the writer, who holds the lock.

    Args:
        disk: where.
        folder: of the index.
        kept: generation of the manifest to keep.

    Returns:
        How many manifests were left because a reader has them open.
    """
    numbers, following, left = generations(folder), changes(folder), []
    for number, after in pairwise([0, *numbers, sys.maxsize]):
        path = manifest_path(folder, number)
        if number == kept:
            continue
        with unpinned(path) as free:
            if not free:
                left.append(number)
                continue
            mine = following[bisect_left(following, number) : bisect_left(following, after)]
            for change in reversed(mine):  # killed half-way, what is left is whole
                disk.remove(change_path(folder, change))
            disk.remove(path)
    for parent in (CHANGES, MANIFESTS):
        if (folder / parent).is_dir():
            disk.sync(folder / parent)
    sweep(disk, folder, [*left, kept])
    disk.remove(folder / STAGING)
    return len(left)


def sweep(disk: Disk, folder: Path, kept: Collection[int]) -> None:
    """Remove every file that the kept manifests do not name.

    Only for the writer, who holds the lock. When a kept manifest cannot be read, nothing is
    removed: it may name anything. A file that the system will not let go is left.

    Args:
        disk: where.
        folder: of the index.
        kept: generations of manifests.
    """
    named: set[tuple[str, ...]] = set()
    for generation in kept:
        try:
            manifest = read_manifest(manifest_path(folder, generation))
        except VectorIndexError:
            return
        named |= {PurePosixPath(name).parts[:2] for name in manifest.files}
    rests = [path for parent in (MANIFESTS, CHANGES) for path in (folder / parent).glob("*.tmp")]
    for parent in (SEGMENTS, ENCODERS, DELETIONS):
        rests += [p for p in (folder / parent).glob("*") if (parent, p.name) not in named]
    for path in rests:
        with suppress(PermissionError):
            disk.remove(path)
