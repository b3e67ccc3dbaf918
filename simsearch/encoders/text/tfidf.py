"""Texts by their runs of letters, weighted by how rare these are in a corpus: TF-IDF.

Nothing is trained, and it knows no language: what it compares is spelling. A run of 2 to 4 letters
within a word weighs (1 + ln count) times ln((1 + n) / (1 + texts that have it)) + 1 (G. Salton,
C. Buckley, "Term-weighting approaches in automatic text retrieval", Information Processing &
Management 24, 1988; the smoothing is scikit-learn's). The weights of the runs, hundreds of
thousands, are brought to a vector by signs drawn by hash (D. Achlioptas, "Database-friendly random
projections", JCSS 66, 2003): cosines stay as they are but for about one over the root of the
length. Runs that the corpus lacks weigh most, so a text of other words is not nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simsearch.encoders.text.letter_grams import counted_grams, directions
from simsearch.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt
    from torch import nn

    Floats = npt.NDArray[np.float32]
    Tensors = Mapping[str, npt.NDArray[Any]]

__all__ = ["TfidfBody"]

DIMENSION = 512
_LENGTHS = (2, 3, 4)
# Texts that have a run are counted by so many bits of its hash: runs seldom share a count.
_BITS = 18
_TEXTS_AT_ONCE = 1_024


class TfidfBody:
    """How much runs of letters weigh.

    Args:
        tensors: `idf`, float32 (262144,) by the first bits of the hash of a run; nothing where it
            is not fitted to a corpus: all runs weigh the same.

    Raises:
        EncoderError: the table is of another length.
    """

    name = "tfidf"
    dimension = DIMENSION
    tokenizer = None
    window = None

    def __init__(self, tensors: Tensors | None = None) -> None:
        self.tensors = dict(tensors or {})
        if self.fitted and self.tensors["idf"].shape != (1 << _BITS,):
            raise EncoderError("the weights of runs of letters are not as many as they should be")

    @property
    def fitted(self) -> bool:
        """Whether it knows how rare runs are in a corpus."""
        return "idf" in self.tensors

    @property
    def files(self) -> Mapping[str, bytes]:
        """Stored beside the weights: nothing."""
        return {}

    @property
    def layers(self) -> nn.Module:
        """See `TextBody`.

        Raises:
            EncoderError: there are none.
        """
        raise EncoderError("tfidf counts letters: it has no layers to look at or to train")

    @classmethod
    def of(cls, corpus: Iterable[Sequence[str | None]]) -> TfidfBody:
        """Fitted to a corpus, which comes in parts; the same whatever they are."""
        seen, texts = np.zeros(1 << _BITS, np.int64), 0
        for part in corpus:
            for start in range(0, len(part), _TEXTS_AT_ONCE):
                words = [(text or "").split() for text in part[start : start + _TEXTS_AT_ONCE]]
                held, hashes = counted_grams(words, _LENGTHS)
                rows = np.repeat(np.arange(len(words)), np.diff(held.indptr))
                # Two runs of one text that share a count are counted once.
                pairs = np.unique((rows << _BITS) | _places(hashes)[held.indices])
                np.add.at(seen, pairs & ((1 << _BITS) - 1), 1)
                texts += len(words)
        idf = np.log((1.0 + texts) / (1.0 + seen)) + 1.0
        return cls({"idf": idf.astype(np.float32)})

    def embed(self, texts: Sequence[str]) -> Floats:
        """float32 (n, 512), not of unit length."""
        parts = [
            self._embed(texts[start : start + _TEXTS_AT_ONCE])
            for start in range(0, len(texts), _TEXTS_AT_ONCE)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, DIMENSION), np.float32)

    def _embed(self, texts: Sequence[str]) -> Floats:
        held, hashes = counted_grams([text.split() for text in texts], _LENGTHS)
        weights = 1.0 + np.log(held.data)
        if self.fitted:
            weights = weights * self.tensors["idf"][_places(hashes)[held.indices]]
        held.data = weights.astype(np.float32)
        return np.asarray(held @ directions(hashes, DIMENSION), np.float32)


def _places(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Which count a run has, by its hash."""
    return np.asarray(hashes >> np.uint64(64 - _BITS)).astype(np.int64)
