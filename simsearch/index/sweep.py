"""Removes what no generation needs: rests of killed writers, and generations given up."""

from __future__ import annotations

import shutil
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from simsearch.errors import VectorIndexError
from simsearch.index.layout import (
    DELETIONS,
    ENCODERS,
    MANIFESTS,
    SEGMENTS,
    generations,
    manifest_path,
)
from simsearch.index.manifest import read_manifest

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

__all__ = ["sweep"]


def sweep(folder: Path, kept: Collection[int]) -> None:
    """Remove every file that the kept generations do not name.

    Only for the writer, who holds the lock. When a kept manifest cannot be read, nothing is
    removed: it may name anything.

    Args:
        folder: of the index.
        kept: generations to keep.
    """
    named: set[tuple[str, ...]] = set()
    for generation in kept:
        try:
            manifest = read_manifest(manifest_path(folder, generation))
        except VectorIndexError:
            return
        named |= {PurePosixPath(name).parts[:2] for name in manifest.files}
    for generation in set(generations(folder)) - set(kept):
        manifest_path(folder, generation).unlink(missing_ok=True)
    for rest in (folder / MANIFESTS).glob("*.tmp"):
        rest.unlink(missing_ok=True)
    for parent in (SEGMENTS, ENCODERS, DELETIONS):
        for path in (folder / parent).glob("*"):
            if (parent, path.name) not in named:
                _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
