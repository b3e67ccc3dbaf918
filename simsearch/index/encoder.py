"""The encoder that a user names: loaded, what kind of items it takes, and its calibration."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from simsearch.distance import Metric
from simsearch.encoders.store import load_encoder
from simsearch.errors import VectorIndexError

if TYPE_CHECKING:
    from simsearch.calibration.calibration import Calibration
    from simsearch.schema import Encoder

__all__ = ["calibration_of", "encoder_kind", "loaded_encoder", "metric_of", "refuse_other"]


def encoder_kind(encoder: Encoder | str | os.PathLike[str]) -> str:
    """Which items an encoder takes; of one in a folder without loading it, if it is ours.

    Raises:
        EncoderError: it cannot be loaded.
    """
    if isinstance(encoder, (str, os.PathLike)):
        try:
            return str(json.loads((Path(encoder) / "encoder.json").read_bytes())["kind"])
        except (OSError, ValueError, KeyError, TypeError):  # of another make, or damaged
            return load_encoder(encoder).kind
    return encoder.kind


def loaded_encoder(encoder: Encoder | str | os.PathLike[str]) -> Encoder:
    """An encoder, or the one in a folder, or the one installed under a name.

    Raises:
        EncoderError: it cannot be loaded.
    """
    return load_encoder(encoder) if isinstance(encoder, (str, os.PathLike)) else encoder


def calibration_of(
    encoder: Encoder | str | os.PathLike[str], fingerprint: str
) -> Calibration | None:
    """What is known of the scores of an encoder; None where it was not calibrated.

    Args:
        encoder: its folder, or an encoder that has an attribute `calibration`.
        fingerprint: of the encoder.

    Raises:
        EncoderError: the file was altered, or is of another encoder.
    """
    if not isinstance(encoder, (str, os.PathLike)):
        own: Calibration | None = getattr(encoder, "calibration", None)
        return own
    if not Path(encoder).is_dir():  # an encoder that is installed, known by its name
        return None
    from simsearch.calibration.calibration import Calibration

    return Calibration.load(Path(encoder), fingerprint)


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
    name = folder.name
    raise VectorIndexError(
        f"{folder} was made by another encoder "
        f"({expected[:12]}…, not {encoder.fingerprint[:12]}…); to change to this one, align what "
        f"is stored (simsearch index SOURCE -n {name} --upgrade --encoder FOLDER) or embed it anew "
        f"(--re-embed --encoder FOLDER)"
    )


def metric_of(encoder: Encoder) -> Metric:
    """How the embeddings of an encoder are compared: as it was trained for, else by cosine."""
    return Metric.parse(getattr(encoder, "metric", Metric.COSINE))
