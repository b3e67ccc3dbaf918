"""An encoder on disk: a folder of `encoder.json`, `weights.safetensors` and files of its kind.

The JSON holds the kind, the settings, the fingerprint (SHA-256 of settings, tensors and files)
and the SHA-256 of each other file. Loading checks them all, so an altered file is never used.
Folders of sentence-transformers models are encoders of texts as they are.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from simsearch.encoders.files import FolderFiles, hashes_of
from simsearch.errors import EncoderError, OutputError
from simsearch.files import replace_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

    Tensors = Mapping[str, npt.NDArray[np.generic]]

__all__ = ["EncoderState", "fingerprint_of", "is_encoder_folder", "read_encoder", "save_encoder"]

_FORMAT = 1
_SETTINGS_FILE, _WEIGHTS_FILE = "encoder.json", "weights.safetensors"


class EncoderState(NamedTuple):
    """All that an encoder is.

    Attributes:
        settings: as JSON.
        tensors: of any shapes.
        files: contents by name; a name may have folders in it, parted by `/`.
    """

    settings: dict[str, Any]
    tensors: dict[str, npt.NDArray[Any]]
    files: Mapping[str, bytes] = MappingProxyType({})


class SavedEncoder(NamedTuple):
    """What the folder of an encoder holds; its class makes the encoder of it, see `from_state`."""

    kind: str
    settings: dict[str, Any]
    tensors: dict[str, npt.NDArray[Any]]
    files: Mapping[str, bytes]


def fingerprint_of(
    kind: str,
    settings: Mapping[str, Any],
    tensors: Tensors,
    files: Mapping[str, bytes] | None = None,
) -> str:
    """Content id: hex SHA-256 of everything that shapes an embedding."""
    import numpy as np

    digest = hashlib.sha256()
    digest.update(_canonical({"format": _FORMAT, "kind": kind, "settings": settings}))
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(_canonical([name, tensor.dtype.str, list(tensor.shape)]))
        digest.update(np.ascontiguousarray(tensor).reshape(-1).view(np.uint8).data)
    # Nothing is added where there are none: encoders without files keep the id that they had.
    for name, content_hash in sorted(hashes_of(files or {}).items()):
        digest.update(_canonical([name, content_hash]))
    return digest.hexdigest()


def save_encoder(
    folder: Path,
    kind: str,
    settings: Mapping[str, Any],
    tensors: Tensors,
    files: Mapping[str, bytes] | None = None,
) -> None:
    """Write the folder; the JSON, which names the other files, goes last.

    Args:
        folder: made where it is not there.
        kind: see `Encoder`.
        settings: as JSON.
        tensors: of any shapes.
        files: contents by name; a name may have folders in it, parted by `/`.

    Raises:
        OutputError: the folder cannot be written.
    """
    from safetensors.numpy import save

    files = files or {}
    weights = save({name: tensors[name] for name in sorted(tensors)})
    content = {
        "format": _FORMAT,
        "kind": kind,
        "fingerprint": fingerprint_of(kind, settings, tensors, files),
        "settings": settings,
        "weights_sha256": hashlib.sha256(weights).hexdigest(),
    }
    if files:
        content["files"] = hashes_of(files)
    folder = Path(folder)
    try:
        for name, part in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            replace_file(folder / name, part)
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(folder / _WEIGHTS_FILE, weights)
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        replace_file(folder / _SETTINGS_FILE, text.encode("utf-8"))
    except OSError as error:
        raise OutputError(f"cannot write the encoder to {folder}: {error.strerror}") from None


def is_encoder_folder(folder: Path) -> bool:
    """Whether a folder is one that `save_encoder` wrote."""
    return (folder / _SETTINGS_FILE).exists()


def read_encoder(folder: Path) -> SavedEncoder:
    """What was saved in the folder of an encoder, checked byte for byte.

    Raises:
        EncoderError: a file is missing, altered or of another format; the text names it.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    settings_path, weights_path = folder / _SETTINGS_FILE, folder / _WEIGHTS_FILE
    content = _read_settings(settings_path)
    weights = _read(weights_path)
    if hashlib.sha256(weights).hexdigest() != content["weights_sha256"]:
        raise EncoderError(f"{weights_path} is not the file that was saved; restore it or retrain")
    try:
        tensors = load(weights)
    except SafetensorError as error:
        raise EncoderError(f"{weights_path} is not a safetensors file: {error}") from None
    files = FolderFiles.checked(folder, content.get("files", {}))
    kind, settings = content["kind"], content["settings"]
    if fingerprint_of(kind, settings, tensors, files) != content["fingerprint"]:
        raise EncoderError(f"{settings_path} was altered; restore it or retrain")
    return SavedEncoder(kind, settings, tensors, files)


def _read_settings(path: Path) -> dict[str, Any]:
    """The JSON with every entry that loading needs."""
    try:
        content = json.loads(_read(path).decode("utf-8"))
        needed = {"format", "kind", "fingerprint", "settings", "weights_sha256"}
        if not needed <= content.keys():
            raise ValueError("entries are missing")
    except (ValueError, AttributeError) as error:
        raise EncoderError(f"{path} is not an encoder's description: {error}") from None
    if content["format"] != _FORMAT:
        raise EncoderError(
            f"{path} is of format {content['format']!r}; this version reads format {_FORMAT}"
        )
    return dict(content)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EncoderError(f"cannot read {path}: {error.strerror}") from None


def _canonical(value: object) -> bytes:
    """JSON with one spelling."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
