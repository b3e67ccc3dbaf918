"""The encoder that is kept in an index: saved with its calibration, loaded, and no other used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.errors import IndexCorruptError, VectorIndexError
from simsearch.kinds.loading import loaded_encoder
from simsearch.store.format.layout import inside

if TYPE_CHECKING:
    from pathlib import Path

    from simsearch.calibration.calibration import Calibration
    from simsearch.encoders.encoder import Encoder
    from simsearch.store.format.manifest import Settings
    from simsearch.store.writing.publication import Savable

__all__ = ["CalibratedEncoder", "refuse_other", "saved_with", "stored_encoder"]


def stored_encoder(folder: Path, settings: Settings) -> Encoder:
    """The encoder that is kept in an index.

    Raises:
        IndexCorruptError: it is another than the one that made the index.
        EncoderError: it cannot be loaded.
    """
    encoder = loaded_encoder(inside(folder, settings.encoder_folder))
    if encoder.fingerprint != settings.encoder:
        raise IndexCorruptError(f"{folder}: its encoder is not the one that made it")
    return encoder


def refuse_other(folder: Path, expected: str, encoder: Encoder) -> None:
    """Refuse an encoder that is not the one an index was made with: scores would mean nothing.

    Args:
        folder: of the index.
        expected: fingerprint of the encoder that made it; empty where the user brings vectors.
        encoder: the one that is to be used.

    Raises:
        VectorIndexError: it is another; the text names the two ways to change to it.
    """
    if encoder.fingerprint == expected:
        return
    raise VectorIndexError(
        f"{folder} was made by another encoder "
        f"({expected[:12]}…, not {encoder.fingerprint[:12]}…); to change to this one, migrate the "
        "index (`Index.migrate`) or embed it anew (`Index.re_embed`)"
    )


def saved_with(encoder: Encoder) -> Savable:
    """An encoder that is saved together with its calibration, if it has one."""
    calibration = encoder.calibration
    return encoder if calibration is None else CalibratedEncoder(encoder, calibration)


class CalibratedEncoder:
    """An encoder that is saved together with its calibration."""

    def __init__(self, encoder: Encoder, calibration: Calibration) -> None:
        self._encoder = encoder
        self._calibration = calibration

    def save(self, folder: Path) -> None:
        """Write both into the folder."""
        self._encoder.save(folder)
        self._calibration.save(folder, self._encoder.fingerprint)
