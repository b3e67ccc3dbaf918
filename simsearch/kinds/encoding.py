"""Encoding: how items become vectors, by an encoder or because they are vectors already."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsearch.distance import Metric
from simsearch.encoders.store import load_encoder
from simsearch.errors import OptionError
from simsearch.kinds.vector import numbers_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.calibration.calibration import Calibration
    from simsearch.schema import Encoder

    Vectors = npt.NDArray[np.float32]

__all__ = [
    "Encoding",
    "calibration_of",
    "encoder_kind",
    "loaded_encoder",
    "metric_of",
    "served_dimension",
]


@dataclass(frozen=True, slots=True)
class Encoding:
    """What makes vectors of items, and how these are compared.

    Attributes:
        encoder: None where the items are vectors, which stay as they are.
        metric: how vectors are compared.
        dimension: numbers in a vector: those of the encoder's embeddings, or fewer of them.
    """

    encoder: Encoder | None
    metric: Metric
    dimension: int

    @classmethod
    def by(
        cls, encoder: Encoder, metric: Metric | None = None, dimension: int | None = None
    ) -> Encoding:
        """By an encoder.

        Args:
            encoder: of the items.
            metric: None: as the encoder was trained for.
            dimension: to how many numbers its embeddings are cut; None to none.

        Raises:
            OptionError: the embeddings are not good at that length, or cannot be so compared.
        """
        chosen = metric_of(encoder) if metric is None else metric
        if chosen.binary:
            *usual, last = (each.value for each in Metric if not each.binary)
            raise OptionError(
                f"{chosen} compares bits, and {encoder.kind}s become numbers; take "
                f"{', '.join(usual)} or {last}"
            )
        return cls(encoder, chosen, served_dimension(encoder, dimension))

    @property
    def reading(self) -> Mapping[str, Any]:
        """How items are to be read, see `Encoder.reading`."""
        return {} if self.encoder is None else self.encoder.reading

    def __call__(self, items: pa.Table) -> Vectors:
        """Vectors of n items: (n, dimension) float32; uint8 where they are bits.

        The first numbers of an embedding that was trained for it (Matryoshka, Kusupati et al.,
        2022) do for the whole; they are brought to unit length again.
        """
        if self.encoder is None:
            return numbers_of(items)
        vectors = self.encoder.encode(items)
        if vectors.shape[1] == self.dimension:
            return vectors
        return Metric.COSINE.prepare(vectors[:, : self.dimension])


def served_dimension(encoder: Encoder, dimension: int | None) -> int:
    """How many numbers of an encoder's embeddings are taken.

    Args:
        encoder: the encoder.
        dimension: what is asked for; None for all.

    Raises:
        OptionError: the encoder was not trained for such short ones, or makes none so long.
    """
    whole = encoder.dimension
    if dimension is None or dimension == whole:
        return whole
    trained = [*getattr(encoder, "dims", ()), whole]
    if dimension not in trained:
        known = ", ".join(map(str, sorted(set(trained))))
        raise OptionError(
            f"the encoder's embeddings are good at these lengths: {known}; not at {dimension} "
            "(it is trained for `dims`)"
        )
    return dimension


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


def metric_of(encoder: Encoder) -> Metric:
    """How the embeddings of an encoder are compared: as it was trained for, else by cosine."""
    return Metric.parse(getattr(encoder, "metric", Metric.COSINE))
