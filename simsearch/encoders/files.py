"""The extra files of an encoder, each checked by its SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from simsearch.errors import EncoderError

__all__ = ["FolderFiles", "hashes_of"]


class FolderFiles(Mapping[str, bytes]):
    """Files of a folder, read when asked for: a model may be larger than memory has room for.

    Args:
        folder: where they lie.
        hashes: hex SHA-256 by name; names are relative, parted by `/`.
    """

    def __init__(self, folder: Path, hashes: Mapping[str, str]) -> None:
        self.folder = folder
        self.hashes = dict(hashes)

    @classmethod
    def checked(cls, folder: Path, hashes: object) -> FolderFiles:
        """Files as an encoder's description lists them, read once to see that they are the same.

        Raises:
            EncoderError: one is missing, altered or outside the folder; the text names it.
        """
        files = cls(folder, _as_hashes(folder, hashes))
        for name, expected in files.hashes.items():
            if _hash(folder / name) != expected:
                raise EncoderError(_altered(folder / name))
        return files

    @classmethod
    def found(cls, folder: Path, names: list[str]) -> FolderFiles:
        """Files as they are now.

        Raises:
            EncoderError: one cannot be read.
        """
        return cls(folder, {name: _hash(folder / name) for name in names})

    def __getitem__(self, name: str) -> bytes:
        path = self.folder / name
        expected = self.hashes[name]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise EncoderError(f"cannot read {path}: {error.strerror}") from None
        if hashlib.sha256(content).hexdigest() != expected:
            raise EncoderError(_altered(path))
        return content

    def __iter__(self) -> Iterator[str]:
        return iter(self.hashes)

    def __len__(self) -> int:
        return len(self.hashes)


def hashes_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """Hex SHA-256 of each file."""
    if isinstance(files, FolderFiles):
        return dict(files.hashes)
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def _as_hashes(folder: Path, hashes: object) -> dict[str, str]:
    """What a description says of its files, with names that stay inside the folder."""
    if not isinstance(hashes, Mapping):
        raise EncoderError(f"{folder / 'encoder.json'} does not list its files as it should")
    for name in hashes:
        parts = PurePosixPath(name).parts
        if not parts or parts[0] == "/" or ".." in parts:
            raise EncoderError(f"{folder / 'encoder.json'} names a file outside its folder: {name}")
    return dict(hashes)


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(f"cannot read {path}: {error.strerror}") from None


def _altered(path: Path) -> str:
    return f"{path} is not the file that was saved; restore it or retrain"
