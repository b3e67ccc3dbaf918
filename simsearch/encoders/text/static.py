"""Texts by a table of tokens: a text's embedding is the mean of its tokens' rows.

The table is learned with all the rest (`training/text.py`); using it takes a tokenizer and
numpy, so it is some hundred times as fast as a transformer. How much a token counts is the length
of its row (S. Arora, Y. Liang, T. Ma, A simple but tough-to-beat baseline for sentence
embeddings, ICLR 2017, weigh by how rare a word is; training goes on from there).
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simsearch.encoders.store import read_encoder
from simsearch.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import numpy.typing as npt
    import scipy.sparse as sp
    from tokenizers import Tokenizer
    from torch import nn

    Floats = npt.NDArray[np.float32]
    Tensors = Mapping[str, npt.NDArray[Any]]

__all__ = ["StaticBody", "shipped_body"]

TOKENIZER_FILE = "tokenizer.json"
_TEXTS_AT_ONCE = 1_024
# Of so many rows of a table one tells how long they are.
_SAMPLED = 8


class StaticBody:
    """A tokenizer and a row for each of its tokens.

    Args:
        tokenizer: JSON of the `tokenizers` library.
        tensors: `table`, float32 (tokens, dimension), or int8 with `scale`, float32 (tokens,):
            what a row is multiplied with.

    Raises:
        EncoderError: the table does not fit the tokenizer.
    """

    name = "static"

    def __init__(self, tokenizer: bytes, tensors: Tensors) -> None:
        self._json = tokenizer
        self.tensors = dict(tensors)
        table = self.tensors.get("table")
        if table is None or table.ndim != 2 or (table.dtype.kind == "i") != ("scale" in tensors):
            raise EncoderError("a token table has a row for each token, and a scale if of integers")
        if len(table) < self.tokenizer.get_vocab_size():
            raise EncoderError(
                f"the token table has {len(table)} rows, the tokenizer "
                f"{self.tokenizer.get_vocab_size()} tokens"
            )

    @property
    def dimension(self) -> int:
        """Length of a row."""
        return int(self.tensors["table"].shape[1])

    @property
    def files(self) -> Mapping[str, bytes]:
        """What is stored beside the tensors."""
        return {TOKENIZER_FILE: self._json}

    @property
    def layers(self) -> nn.Module:
        """The table as a module of torch, which averages its rows."""
        import torch
        from torch import nn

        table = nn.EmbeddingBag.from_pretrained(torch.from_numpy(self.table.copy()), mode="mean")
        return nn.ModuleDict({"table": table})

    @property
    def window(self) -> None:
        """It reads all of any text."""

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The tokenizer, without padding and without a longest length.

        Raises:
            EncoderError: the JSON is not one.
        """
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_str(self._json.decode("utf-8"))
        except Exception as error:  # the library raises bare Exception
            raise EncoderError(f"{TOKENIZER_FILE} is not a tokenizer: {error}") from None
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def table(self) -> Floats:
        """float32 (tokens, dimension)."""
        import numpy as np

        table = self.tensors["table"].astype(np.float32)
        scale = self.tensors.get("scale")
        return table if scale is None else table * scale[:, None]

    def word_weights(self, words: Sequence[str]) -> list[float]:
        """How much each word says, 0 to 1: the root of the length of its rows, 1 from the usual on.

        Words that are in all texts have short rows. A word without a token of its own is rare.
        """
        import numpy as np

        encoded = self.tokenizer.encode_batch(list(words), add_special_tokens=False)
        rows = [self._rows(np.array(each.ids, np.int64)) for each in encoded]
        lengths = [float(np.linalg.norm(each, axis=1).sum()) / self._usual for each in rows]
        return [min(1.0, length) ** 0.5 if length else 1.0 for length in lengths]

    @cached_property
    def _usual(self) -> float:
        """The length of a row in the middle, of some spread over the table."""
        import numpy as np

        rows = self._rows(np.arange(0, len(self.tensors["table"]), _SAMPLED))
        return float(np.median(np.linalg.norm(rows, axis=1))) or 1.0

    def _rows(self, tokens: npt.NDArray[np.int64]) -> Floats:
        """float32 (n, dimension): rows of the table, which a query alone does not convert whole."""
        import numpy as np

        few = len(tokens) < len(self.tensors["table"]) and "table" not in self.__dict__
        if not few:
            return self.table[tokens]
        rows = self.tensors["table"][tokens].astype(np.float32)
        scale = self.tensors.get("scale")
        return rows if scale is None else rows * scale[tokens, None]

    def quantised(self) -> StaticBody:
        """The same with a byte a number: a quarter of the size; each row has its own scale."""
        import numpy as np

        scale = np.abs(self.table).max(axis=1) / 127.0
        safe = np.where(scale > 0, scale, 1.0)[:, None]
        rounded = np.rint(self.table / safe).astype(np.int8)
        return StaticBody(self._json, {"table": rounded, "scale": scale.astype(np.float32)})

    def embed(self, texts: Sequence[str]) -> Floats:
        """Mean rows: float32 (n, dimension), not of unit length; zeros where no token is known."""
        import numpy as np

        out = np.zeros((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            part = list(texts[start : start + _TEXTS_AT_ONCE])
            encoded = self.tokenizer.encode_batch(part, add_special_tokens=False)
            ids = [encoding.ids for encoding in encoded]
            counts = np.fromiter(map(len, ids), np.int64, len(ids))
            known = counts.nonzero()[0]
            if not len(known):
                continue
            flat = np.concatenate([ids[row] for row in known])
            begins = np.concatenate([[0], np.cumsum(counts[known])[:-1]])
            sums = np.add.reduceat(self._rows(flat), begins, axis=0)
            out[start + known] = sums / counts[known, None]
        return out

    def shares(self, texts: Sequence[str]) -> sp.csr_array:
        """float32 (n, tokens): which share of each text each token is; times `table`: `embed`."""
        import numpy as np
        import scipy.sparse as sp

        encoded = self.tokenizer.encode_batch(list(texts), add_special_tokens=False)
        ids = [encoding.ids for encoding in encoded]
        counts = np.fromiter(map(len, ids), np.int64, len(ids))
        flat = np.fromiter((token for each in ids for token in each), np.int32, counts.sum())
        share = np.repeat(1.0 / np.maximum(counts, 1), counts).astype(np.float32)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        out = sp.csr_array((share, flat, starts), shape=(len(ids), len(self.table)))
        out.sum_duplicates()
        return out


def shipped_body() -> StaticBody:
    """The table and tokenizer of the encoder of texts that comes with the package.

    Raises:
        EncoderError: a file of it is missing or altered.
    """
    saved = read_encoder(Path(__file__).parents[1] / "shipped" / "static")
    return StaticBody(saved.files[TOKENIZER_FILE], saved.tensors)
