"""Where the files of an index lie, and names that cannot lead out of its folder."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath

from simsearch.errors import IndexCorruptError, OptionError

__all__ = [
    "CHANGES",
    "DELETIONS",
    "ENCODERS",
    "FAISS_FILE",
    "IDS_FILE",
    "LOCK",
    "MANIFESTS",
    "METADATA_FILE",
    "SEGMENTS",
    "STAGING",
    "UNFINISHED",
    "VECTORS_FILE",
    "WORDS_FILE",
    "change_path",
    "changes",
    "check_name",
    "generations",
    "inside",
    "manifest_path",
]

LOCK = "LOCK"
# Stands while segments are written; found by the next writer if this one was killed.
UNFINISHED = "UNFINISHED"
MANIFESTS = "manifests"
SEGMENTS = "segments"
ENCODERS = "encoders"
DELETIONS = "deletions"
CHANGES = "changes"
# What an embedding anew that was stopped has finished.
STAGING = "staging"

VECTORS_FILE = "vectors.f32"
IDS_FILE = "ids.arrow"
METADATA_FILE = "metadata.parquet"
FAISS_FILE = "index.faiss"
# Follows from the stored texts, so that no manifest names it.
WORDS_FILE = "words.safetensors"

# Some file systems take no more than 255 bytes in a name.
NAME_BYTES = 200
NAME = re.compile(r"[^\W_][\w .@+-]*(?<! )(?<!\.)")
MANIFEST = re.compile(r"(\d{10})\.json")
CHANGE = re.compile(r"(\d{10})\.change")


def check_name(name: str) -> str:
    """The name, if a folder may have it.

    Raises:
        OptionError: it has something in it that is no letter, digit, space or one of `_.@+-`,
            begins with anything but a letter or digit, or is too long.
    """
    if not NAME.fullmatch(name) or len(name.encode()) > NAME_BYTES:
        raise OptionError(
            f"{name[:60]!r} cannot be the name of an index; take letters, digits, spaces and _.@+- "
            "and begin with a letter or digit"
        )
    return name


def inside(folder: Path, relative: str) -> Path:
    """A path of a manifest as a path on this machine.

    Raises:
        IndexCorruptError: it leads out of the folder, by itself or through a link.
    """
    pure = PurePosixPath(relative)
    plain = bool(pure.parts) and not pure.is_absolute() and ".." not in pure.parts
    # `\` and `:` mean something to Windows; NUL to every system.
    if not plain or str(pure) != relative or set(relative) & set("\\:\0"):
        raise IndexCorruptError(f"{folder}: the manifest names a file outside it, {relative!r}")
    path = folder / relative
    if not path.resolve().is_relative_to(folder.resolve()):
        raise IndexCorruptError(f"{path}: leads out of the index through a link")
    return path


def manifest_path(folder: Path, generation: int) -> Path:
    """Where the manifest of a generation lies."""
    return folder / MANIFESTS / f"{generation:010d}.json"


def change_path(folder: Path, generation: int) -> Path:
    """Where the change lies that makes a generation out of the one before."""
    return folder / CHANGES / f"{generation:010d}.change"


def generations(folder: Path) -> list[int]:
    """The generations that have a manifest, oldest first."""
    return _numbered(folder / MANIFESTS, MANIFEST)


def changes(folder: Path) -> list[int]:
    """The generations that are a change on the one before, oldest first."""
    return _numbered(folder / CHANGES, CHANGE)


def _numbered(folder: Path, pattern: re.Pattern[str]) -> list[int]:
    try:
        names = os.listdir(folder)  # noqa: PTH208  thousands of names: text is quicker
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(int(match[1]) for name in names if (match := pattern.fullmatch(name)))
