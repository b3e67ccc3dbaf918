"""Encoders by the names that users give: a folder, a sentence-transformers model, `minilm`."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from simsearch.encoders.store import is_encoder_folder, read_encoder
from simsearch.errors import EncoderError, OptionError
from simsearch.kinds.registry import kind_named, kinds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from simsearch.encoders.encoder import Encoder
    from simsearch.kinds.kind import Kind

__all__ = ["SHIPPED", "encoder_kind", "load_encoder", "loaded_encoder", "shipped_encoder"]

# The encoders that come with the package, by their names.
_FOLDER = Path(__file__).parents[1] / "encoders" / "shipped"
SHIPPED = {name: _FOLDER / name for name in ("lite", "lite-copies", "spectra", "static")}


def load_encoder(folder: str | os.PathLike[str]) -> Encoder:
    """The encoder that was saved there, checked byte for byte, with its calibration if it has one.

    Args:
        folder: of an encoder, or of a sentence-transformers model. `lite`, `static` and
            `spectra` are the encoders of photos, of texts and of signals that come with the
            package, `lite-copies` one that tells edited copies of photos, `minilm` is
            all-MiniLM-L6-v2 of the installed package, `tfidf` compares texts by their letters
            and is fitted to the texts that it is first used for, see `Encoder.fitted_to`; unless
            there is a folder of that name.

    Raises:
        EncoderError: a file is missing, altered or of another format; the text names it.
        MissingDependencyError: `minilm` is asked for and its package is not installed.
    """
    path = _folder_of(folder)
    encoder = None if is_encoder_folder(path) else _foreign(path)
    if encoder is None:
        saved = read_encoder(path)
        made = _class_for(path, saved.kind, saved.settings)
        encoder = made.from_state(saved.settings, saved.tensors, saved.files)
    if path.is_dir():
        encoder.calibrated_in(path)
    return encoder


def shipped_encoder(kind: Kind) -> Encoder | None:
    """The encoder of a kind that comes with the package; None where none does.

    Raises:
        EncoderError: a file of it is missing or altered.
    """
    return None if kind.shipped is None else load_encoder(SHIPPED[kind.shipped])


def _folder_of(name: str | os.PathLike[str]) -> Path:
    """A folder as it is, or that of an encoder of the package, by its name."""
    path = Path(name)
    known = SHIPPED.get(os.fspath(name))
    return path if known is None or path.is_dir() else known


def _class_for(folder: Path, kind: str, settings: Mapping[str, Any]) -> type[Encoder]:
    with suppress(OptionError):
        found = kind_named(kind).encoder
        if found is not None:
            return found(settings)
    known = ", ".join(each.name for each in kinds() if each.encoder is not None)
    raise EncoderError(f"{folder} holds an encoder of kind {kind!r}; this version reads {known}")


def _foreign(folder: Path) -> Encoder | None:
    """The encoder of a folder that simsearch did not write; None when it is none."""
    from simsearch.encoders.text.encoder import TextEncoder
    from simsearch.encoders.text.model_folder import MINILM, is_model_folder, minilm_folder
    from simsearch.encoders.text.tfidf import TfidfBody

    if os.fspath(folder) == TfidfBody.name and not folder.is_dir():
        return TextEncoder(TfidfBody())
    if os.fspath(folder) == MINILM and not folder.is_dir():
        return TextEncoder.from_model_folder(minilm_folder())
    return TextEncoder.from_model_folder(folder) if is_model_folder(folder) else None


def loaded_encoder(encoder: Encoder | str | os.PathLike[str]) -> Encoder:
    """An encoder as it is, or the one that `load_encoder` finds.

    Raises:
        EncoderError: it cannot be loaded.
    """
    return load_encoder(encoder) if isinstance(encoder, (str, os.PathLike)) else encoder


def encoder_kind(encoder: Encoder | str | os.PathLike[str]) -> str:
    """Which items an encoder takes; of one in a folder without loading it, if it is ours.

    Raises:
        EncoderError: it cannot be loaded.
    """
    if isinstance(encoder, (str, os.PathLike)):
        try:
            return str(json.loads((_folder_of(encoder) / "encoder.json").read_bytes())["kind"])
        except (OSError, ValueError, KeyError, TypeError):  # of another make, or damaged
            return load_encoder(encoder).kind
    return encoder.kind
