"""An encoder on disk: a folder of `encoder.json`, `weights.safetensors` and files of its kind.

The JSON holds the kind, the settings, the fingerprint (SHA-256 of settings, tensors and files)
and the SHA-256 of each other file. Loading checks them all, so an altered file is never used.
Folders of sentence-transformers models are encoders of texts as they are.
"""

from __future__ import annotations

import hashlib
import json
import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsearch.encoders.files import FolderFiles, hashes_of
from simsearch.errors import EncoderError, OutputError
from simsearch.files import replace_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

    from simsearch.schema import Encoder

    Tensors = Mapping[str, npt.NDArray[np.generic]]

__all__ = ["fingerprint_of", "load_encoder", "save_encoder"]

_FORMAT = 1
_SETTINGS_FILE, _WEIGHTS_FILE = "encoder.json", "weights.safetensors"
# Which class reads which kind: module and name, imported when needed.
_CLASSES = {
    "record": ("simsearch.records.encoder.encoder", "RecordEncoder"),
    "image": ("simsearch.encoders.image", "ImageEncoder"),
    "text": ("simsearch.encoders.text.encoder", "TextEncoder"),
    "vector": ("simsearch.encoders.vector", "VectorEncoder"),
    "signal": ("simsearch.encoders.signal", "SignalEncoder"),
}


def fingerprint_of(
    kind: str,
    settings: Mapping[str, Any],
    tensors: Tensors,
    files: Mapping[str, bytes] | None = None,
) -> str:
    """Content id: hex SHA-256 of everything that shapes an embedding."""
    digest = hashlib.sha256()
    digest.update(_canonical({"format": _FORMAT, "kind": kind, "settings": settings}))
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(_canonical([name, tensor.dtype.str, list(tensor.shape)]))
        digest.update(tensor.tobytes())
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


def load_encoder(folder: str | os.PathLike[str]) -> Encoder:
    """The encoder that was saved there, checked byte for byte.

    Args:
        folder: of an encoder, or of a sentence-transformers model. `minilm` is all-MiniLM-L6-v2
            of the installed package, unless there is a folder of that name.

    Raises:
        EncoderError: a file is missing, altered or of another format; the text names it.
        MissingDependencyError: `minilm` is asked for and its package is not installed.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    folder = Path(folder)
    settings_path, weights_path = folder / _SETTINGS_FILE, folder / _WEIGHTS_FILE
    if not settings_path.exists():
        found = _foreign(folder)
        if found is not None:
            return found
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
    module, name = _CLASSES[kind]
    state = (settings, tensors, files) if files else (settings, tensors)
    encoder: Encoder = getattr(import_module(module), name).from_state(*state)
    return encoder


def _foreign(folder: Path) -> Encoder | None:
    """The encoder of a folder that simsearch did not write; None when it is none."""
    from simsearch.encoders.text.encoder import TextEncoder
    from simsearch.encoders.text.model_folder import MINILM, is_model_folder, minilm_folder

    if os.fspath(folder) == MINILM and not folder.is_dir():
        return TextEncoder.from_model_folder(minilm_folder())
    return TextEncoder.from_model_folder(folder) if is_model_folder(folder) else None


def _read_settings(path: Path) -> dict[str, Any]:
    """The JSON with every entry that loading needs."""
    try:
        content = json.loads(_read(path).decode("utf-8"))
        needed = {"format", "kind", "fingerprint", "settings", "weights_sha256"}
        if not needed <= content.keys():
            raise ValueError("entries are missing")
    except (ValueError, AttributeError) as error:
        raise EncoderError(f"{path} is not an encoder's description: {error}") from None
    if content["format"] != _FORMAT or content["kind"] not in _CLASSES:
        raise EncoderError(
            f"{path} is of format {content['format']!r}, kind {content['kind']!r}; "
            f"this version reads format {_FORMAT}, kinds: {', '.join(_CLASSES)}"
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
