"""A cross-encoder: reads a query and a text together, and says how well the one answers the other.

It sees both texts at once, so it tells more than two embeddings, and takes a pass of a network for
each pair: it is for the first answers of a search, not for all texts (R. Nogueira, K. Cho, "Passage
re-ranking with BERT", 2019). The folder is one that sentence-transformers wrote for its
`CrossEncoder`; nothing is ever fetched.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from simsearch.errors import EncoderError

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    from sentence_transformers import CrossEncoder

    Floats = npt.NDArray[np.float32]

__all__ = ["PairModel"]

_CONFIG = "config.json"


class PairModel:
    """Scores pairs of texts; loaded when it is first asked.

    Args:
        folder: of the model, on this machine.

    Raises:
        EncoderError: there is no such folder, or it holds no model.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        if not (self.folder / _CONFIG).is_file():
            raise EncoderError(
                f"{self.folder} is no folder of a cross-encoder (it has no {_CONFIG}); save one "
                "there with sentence-transformers' CrossEncoder.save_pretrained"
            )

    def score(self, query: str, texts: Sequence[str]) -> Floats:
        """How well each of n texts goes with a query: float32 (n,), larger is better.

        The model's own score, as its folder says what becomes of it; usually 0 to 1.

        Raises:
            EncoderError: the model cannot be loaded, or gives more than one number for a pair.
        """
        return self.score_pairs([(query, text) for text in texts])

    def score_pairs(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """How well the second text of each of n pairs goes with the first, see `score`.

        Raises:
            EncoderError: see `score`.
        """
        import numpy as np

        if not pairs:
            return np.empty(0, np.float32)
        found = self._model.predict(list(pairs), show_progress_bar=False)
        return np.asarray(found, np.float32)

    @cached_property
    def _model(self) -> CrossEncoder:
        from sentence_transformers import CrossEncoder

        from simsearch.encoders.text.transformer import offline

        try:
            with offline():
                model: CrossEncoder = CrossEncoder(
                    str(self.folder), local_files_only=True, device="cpu"
                )
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            told = str(error).partition("\n")[0]
            raise EncoderError(f"{self.folder} is no cross-encoder that loads: {told}") from None
        if model.num_labels != 1:
            raise EncoderError(
                f"{self.folder} gives {model.num_labels} numbers for a pair; to sort answers a "
                "cross-encoder gives one"
            )
        return model
