"""Encoding: how items become vectors: by an encoder, or as the vectors that they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from simsearch.distance import Metric
from simsearch.errors import OptionError
from simsearch.kinds.kind import BATCH_ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.encoders.encoder import Encoder
    from simsearch.schema import ItemSource

    Vectors = npt.NDArray[np.float32]

__all__ = ["Encoding", "refuse_bits", "served_dimension"]


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
        chosen = encoder.metric if metric is None else metric
        refuse_bits(chosen, encoder.kind)
        return cls(encoder, chosen, served_dimension(encoder, dimension))

    def fitted_to(self, source: ItemSource) -> Encoding:
        """The same for the items of a source, which an encoder may have to see beforehand.

        Raises:
            SourceError: it has to, and they cannot be read to their end.
        """
        if self.encoder is None:
            return self
        corpus = (batch.items for batch in source.batches(BATCH_ROWS))
        return replace(self, encoder=self.encoder.fitted_to(corpus))

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
            from simsearch.kinds.vector import numbers_of  # what opens tables: no query needs it

            return numbers_of(items)
        vectors = self.encoder.encode_table(items)
        if vectors.shape[1] == self.dimension:
            return vectors
        return Metric.COSINE.prepare(vectors[:, : self.dimension])


def refuse_bits(metric: Metric, kind: str) -> None:
    """Refuse a metric of bits for items that are encoded.

    Raises:
        OptionError: it is one; the text says what to take.
    """
    if metric.binary:
        *usual, last = (each.value for each in Metric if not each.binary)
        raise OptionError(
            f"{metric} compares bits, and {kind}s become numbers; take {', '.join(usual)} or {last}"
        )


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
    trained = [*encoder.dims, whole]
    if dimension not in trained:
        known = ", ".join(map(str, sorted(set(trained))))
        raise OptionError(
            f"the encoder's embeddings are good at these lengths: {known}; not at {dimension} "
            "(it is trained for `dims`)"
        )
    return dimension
