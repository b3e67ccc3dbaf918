"""Metric: how vectors are compared, which direction is closer, and its name in FAISS."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from simsearch.errors import OptionError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Metric"]


# Vectors shorter than this, or longer than its inverse, are scaled before they are squared.
ODD_LENGTH = 1e-15


class Metric(StrEnum):
    """How two embeddings are compared.

    `cosine` and `inner_product` are scores (larger is closer); `euclidean`, `manhattan`
    and `hamming` are distances (smaller is closer). FAISS returns *squared* euclidean
    distances, and has no cosine: its vectors are normalised first. Hamming counts the bits
    that differ, and takes vectors of bits, eight to a byte.
    """

    COSINE = "cosine"
    INNER_PRODUCT = "inner_product"
    EUCLIDEAN = "euclidean"
    MANHATTAN = "manhattan"
    HAMMING = "hamming"

    @classmethod
    def parse(cls, name: str | Metric) -> Metric:
        """The metric of that name.

        Raises:
            OptionError: no metric has that name.
        """
        try:
            return cls(name)
        except ValueError:
            known = ", ".join(metric.value for metric in cls)
            raise OptionError(f"unknown metric {name!r}; choose one of: {known}") from None

    @property
    def larger_is_closer(self) -> bool:
        """True for scores, False for distances."""
        return self in (Metric.COSINE, Metric.INNER_PRODUCT)

    def as_close(self, values: npt.NDArray[np.float32], threshold: float) -> npt.NDArray[np.bool_]:
        """Where scores or distances are as close as a threshold; not where they are NaN."""
        close: npt.NDArray[np.bool_]
        close = values >= threshold if self.larger_is_closer else values <= threshold
        return close

    @property
    def faiss_metric(self) -> int:
        """The `faiss.METRIC_*` constant that orders neighbours the same way.

        There is none for hamming: FAISS keeps bits in indexes of their own.
        """
        import faiss

        return int(
            {
                Metric.COSINE: faiss.METRIC_INNER_PRODUCT,
                Metric.INNER_PRODUCT: faiss.METRIC_INNER_PRODUCT,
                Metric.EUCLIDEAN: faiss.METRIC_L2,
                Metric.MANHATTAN: faiss.METRIC_L1,
            }[self]
        )

    @property
    def binary(self) -> bool:
        """Whether vectors are bits, packed into bytes."""
        return self is Metric.HAMMING

    def storage(self, dimension: int) -> tuple[np.dtype[Any], int]:
        """How a vector lies in a file: the type of its numbers (little-endian) and how many."""
        import numpy as np

        return (np.dtype("u1"), dimension // 8) if self.binary else (np.dtype("<f4"), dimension)

    def prepare(self, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Vectors as FAISS must see them: (n, d) float32, contiguous, unit length for cosine.

        For hamming (n, d / 8) uint8, eight bits to a byte.

        A zero vector stays zero: its cosine with anything is 0.
        """
        import numpy as np

        if self.binary:
            bits: npt.NDArray[Any] = np.ascontiguousarray(vectors, dtype=np.uint8)
            return bits
        out = np.ascontiguousarray(vectors, dtype=np.float32)
        if self is not Metric.COSINE:
            return out
        norms = np.sqrt(np.einsum("ij,ij->i", out, out))
        if len(norms) and norms.min() > ODD_LENGTH and norms.max() < 1 / ODD_LENGTH:
            usual: npt.NDArray[np.float32] = out / norms[:, None]
            return usual
        # The squares of the others are no normal numbers of float32.
        odd = ~((norms > ODD_LENGTH) & (norms < 1 / ODD_LENGTH))
        norms[odd] = 1.0
        unit: npt.NDArray[np.float32] = out / norms[:, None]
        unit[odd] = _directions(out[odd])
        return unit

    def from_faiss(self, values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """FAISS's answers as scores or distances of this metric (same shape)."""
        import numpy as np

        if self is not Metric.EUCLIDEAN:
            return values
        return np.sqrt(np.maximum(values, 0.0))

    def to_faiss(self, value: float) -> float:
        """A threshold of this metric as FAISS expects it."""
        return value * value if self is Metric.EUCLIDEAN else value


def _directions(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Vectors of any length, (n, d), as unit vectors; a zero vector stays zero."""
    import numpy as np

    largest = np.abs(vectors).max(axis=1, keepdims=True)
    scaled = vectors / np.where(largest == 0, 1, largest)
    norms = np.sqrt(np.einsum("ij,ij->i", scaled, scaled))
    norms[norms == 0] = 1.0
    unit: npt.NDArray[np.float32] = scaled / norms[:, None]
    return unit
