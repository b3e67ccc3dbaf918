"""Where the files of an index lie, and names that cannot lead out of its folder."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from simsearch.errors import IndexCorruptError, OptionError

__all__ = [
    "DELETIONS",
    "ENCODERS",
    "FAISS_FILE",
    "IDS_FILE",
    "LOCK",
    "MANIFESTS",
    "METADATA_FILE",
    "SEGMENTS",
    "VECTORS_FILE",
    "check_name",
    "generations",
    "inside",
    "manifest_path",
]

LOCK = "LOCK"
MANIFESTS = "manifests"
SEGMENTS = "segments"
ENCODERS = "encoders"
DELETIONS = "deletions"

VECTORS_FILE = "vectors.f32"
IDS_FILE = "ids.arrow"
METADATA_FILE = "metadata.parquet"
FAISS_FILE = "index.faiss"

# Some file systems take no more than 255 bytes in a name.
NAME_BYTES = 200
NAME = re.compile(r"[^\W_][\w .@+-]*(?<! )(?<!\.)")
MANIFEST = re.compile(r"(\d{10})\.json")


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


def generations(folder: Path) -> list[int]:
    """The generations that were published and are still there, oldest first."""
    names = (folder / MANIFESTS).glob("*.json")
    return sorted(int(match[1]) for path in names if (match := MANIFEST.fullmatch(path.name)))
