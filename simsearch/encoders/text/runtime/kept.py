"""Exported models in a folder of the user's, so that each is exported and probed once.

A folder in it is of one model, by the hashes of its files, on one sort of CPU with one set of
packages. It is made beside its place and renamed; what cannot be read is as if it were not there.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import secrets
import shutil
import tempfile
import weakref
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsearch.encoders.text.runtime.tokens import TokenReading
from simsearch.files import cache_folder, replace_file

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Exported",
    "find_exported",
    "keep_exported",
    "making_folder",
]

# Raised when what is written here changes its meaning.
_FORMAT = 1
_PACKAGES = (
    "torch",
    "transformers",
    "sentence-transformers",
    "tokenizers",
    "onnx",
    "onnxruntime",
    "openvino",
)
_GRAPH, _VOCABULARY, _DESCRIPTION = "graph.onnx", "vocabulary.json", "exported.json"
# Models that are kept: the one used longest ago makes room.
_MOST = 6


@dataclass(frozen=True)
class Exported:
    """A model that was exported.

    Attributes:
        folder: where its files lie.
        reading: how it reads a text; None where no graph gives what the model gives, so that it
            is computed by the library it is of.
        dimension: length of an embedding.
        holder: what removes the folder when nobody needs it any more, if it is not kept.
    """

    folder: Path
    reading: TokenReading | None
    dimension: int
    holder: Any = field(default=None, compare=False, repr=False)

    @property
    def graph(self) -> Path:
        """The graph, as ONNX."""
        return self.folder / _GRAPH

    def choice(self, purpose: str) -> str | None:
        """The engine that a probe chose, None if none did yet."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            known = json.loads((self.folder / f"{purpose}.json").read_bytes())
            if all(_hash(self.folder / name) == known["files"][name] for name in known["files"]):
                return str(known["engine"])
        return None

    def keep_choice(self, purpose: str, engine: str, files: tuple[str, ...] = ()) -> None:
        """Keep what a probe chose.

        Args:
            purpose: what it is for.
            engine: its name.
            files: of the folder, that the engine needs beside the graph.
        """
        with suppress(OSError):
            hashes = {name: _hash(self.folder / name) for name in files}
            text = json.dumps({"engine": engine, "files": hashes})
            replace_file(self.folder / f"{purpose}.json", text.encode("utf-8"))


def find_exported(hashes: Mapping[str, str]) -> Exported | None:
    """What is kept of a model; None if nothing is, or nothing that can be read.

    Args:
        hashes: hex SHA-256 of its files, by name.
    """
    with suppress(OSError, ValueError, KeyError, TypeError, RuntimeError):
        folder = _place(hashes)
        known = json.loads((folder / _DESCRIPTION).read_bytes())
        if any(_hash(folder / name) != told for name, told in known["files"].items()):
            return None
        reading = None
        if known["reading"] is not None:
            vocabulary = (folder / _VOCABULARY).read_text("utf-8")
            reading = TokenReading.from_json(vocabulary, known["reading"])
        os.utime(folder)
        return Exported(folder, reading, int(known["dimension"]))
    return None


def making_folder() -> tuple[Path, Any]:
    """An empty folder to export into, beside those that are kept if that can be, and its holder."""
    with suppress(OSError, RuntimeError):
        folder = _root() / f".making-{secrets.token_hex(6)}"
        folder.mkdir(parents=True)
        return folder, None
    holder = _Temporary()
    return holder.folder, holder


def keep_exported(
    hashes: Mapping[str, str],
    folder: Path,
    reading: TokenReading | None,
    dimension: int,
    holder: Any,
) -> Exported:
    """Describe a model that was exported into `making_folder`, and put it where it is found.

    Where that cannot be it is of use as long as the process lasts.
    """
    made = Exported(folder, reading, dimension, holder)
    with suppress(OSError, RuntimeError):
        files = []
        if reading is not None:
            (folder / _VOCABULARY).write_text(reading.vocabulary, "utf-8")
            files = [_GRAPH, _VOCABULARY]
        description = {
            "files": {name: _hash(folder / name) for name in files},
            "reading": None if reading is None else reading.as_json(),
            "dimension": dimension,
        }
        (folder / _DESCRIPTION).write_text(json.dumps(description), "utf-8")
        if holder is not None:
            return made
        place = _place(hashes)
        if place.exists():  # damaged, or made by another process meanwhile
            shutil.rmtree(place)
        folder.rename(place)
        _make_room()
        return Exported(place, reading, dimension)
    return made


class _Temporary:
    """A folder that is removed with this object."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="simsearch-"))
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)


def _root() -> Path:
    return cache_folder() / "models"


def _place(hashes: Mapping[str, str]) -> Path:
    """Where a model is kept."""
    known = [_FORMAT, sorted(hashes.items()), [_version(name) for name in _PACKAGES], _cpu()]
    return _root() / hashlib.sha256(json.dumps(known).encode("utf-8")).hexdigest()[:32]


def _version(package: str) -> str:
    # Each encoder of texts imports this module, and few are exported.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _cpu() -> list[str]:
    """What the CPU is and can do."""
    found = [platform.system(), platform.machine(), platform.processor()]
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines():
            if line.startswith(("model name", "flags", "Features")):
                found.append(line)
            elif not line:  # the next core
                break
    return found


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make_room() -> None:
    """Remove what was used longest ago, and what was left half made a day ago."""
    folders = sorted(_root().iterdir(), key=lambda each: each.stat().st_mtime, reverse=True)
    whole = [each for each in folders if not each.name.startswith(".")]
    newest = folders[0].stat().st_mtime if folders else 0.0
    stale = [
        each
        for each in folders
        if each.name.startswith(".") and each.stat().st_mtime < newest - 86_400
    ]
    for each in [*whole[_MOST:], *stale]:
        shutil.rmtree(each, ignore_errors=True)
