"""What a model reads of texts: token numbers in batches of about one length."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import numpy.typing as npt
    from sentence_transformers import SentenceTransformer
    from tokenizers import Encoding, Tokenizer

    Rows = npt.NDArray[np.int64]

__all__ = ["TokenBatch", "TokenReading", "batches_of"]

# A batch holds at most so many tokens, padding counted, and so many texts.
_BATCH_TOKENS, _BATCH_TEXTS = 8_192, 256
# So many texts are sorted by their length at once: the tokens of more would fill the memory.
_AT_ONCE = 32_768


@dataclass(frozen=True, slots=True)
class TokenBatch:
    """Texts as a model takes them.

    Attributes:
        rows: (b,) which of the texts they are.
        tokens: (b, length) int64.
        mask: (b, length) int64, 1 where there is a token and 0 where there is padding.
    """

    rows: Rows
    tokens: Rows
    mask: Rows


@dataclass(frozen=True)
class TokenReading:
    """How a model reads a text.

    Attributes:
        vocabulary: its tokenizer, as JSON.
        longest: tokens of a text at most, those that are added counted.
        padding: the number of the token that fills a batch.
        pads_left: whether it stands before the text.
        prompt: said before each text.
    """

    vocabulary: str
    longest: int
    padding: int
    pads_left: bool
    prompt: str

    @classmethod
    def of_model(cls, model: SentenceTransformer) -> TokenReading | None:
        """That of a model; None where it is read in another way."""
        backend = getattr(model.tokenizer, "backend_tokenizer", None)
        padding = getattr(model.tokenizer, "pad_token_id", None)
        if backend is None or padding is None or not model.max_seq_length:
            return None
        return cls(
            vocabulary=backend.to_str(),
            longest=int(model.max_seq_length),
            padding=int(padding),
            pads_left=model.tokenizer.padding_side == "left",
            prompt=model.prompts.get(model.default_prompt_name or "") or "",
        )

    def as_json(self) -> dict[str, Any]:
        """All but the tokenizer."""
        return {
            "longest": self.longest,
            "padding": self.padding,
            "pads_left": self.pads_left,
            "prompt": self.prompt,
        }

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        """Of its own: it cuts."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_str(self.vocabulary)
        tokenizer.no_padding()
        tokenizer.enable_truncation(self.longest)
        return tokenizer

    def batches(self, texts: Sequence[str]) -> Iterator[TokenBatch]:
        """Texts in batches of about as many tokens, the longest first."""
        import numpy as np

        for start in range(0, len(texts), _AT_ONCE):
            part = [self.prompt + text for text in texts[start : start + _AT_ONCE]]
            encoded = self._tokenizer.encode_batch_fast(part)
            lengths = np.fromiter((len(each.ids) for each in encoded), np.int64, len(encoded))
            for rows in batches_of(lengths):
                yield self._batch(rows + start, [encoded[row] for row in rows])

    def _batch(self, rows: Rows, encoded: list[Encoding]) -> TokenBatch:
        import numpy as np

        width = max([1, *(len(each.ids) for each in encoded)])
        tokens = np.full((len(encoded), width), self.padding, np.int64)
        mask = np.zeros((len(encoded), width), np.int64)
        for row, each in enumerate(encoded):
            count = len(each.ids)
            place = slice(width - count, width) if self.pads_left else slice(0, count)
            tokens[row, place] = each.ids
            mask[row, place] = 1
        return TokenBatch(rows, tokens, mask)

    @classmethod
    def from_json(cls, vocabulary: str, settings: dict[str, Any]) -> TokenReading:
        """What `as_json` gave, with the tokenizer.

        Raises:
            KeyError, TypeError, ValueError: it is something else.
        """
        json.loads(vocabulary)
        return cls(
            vocabulary,
            int(settings["longest"]),
            int(settings["padding"]),
            bool(settings["pads_left"]),
            str(settings["prompt"]),
        )


def batches_of(lengths: Rows) -> Iterator[Rows]:
    """Row numbers, longest texts first, in batches of about as many tokens."""
    import numpy as np

    order = np.argsort(-lengths, kind="stable")
    start = 0
    while start < len(order):
        longest = max(1, int(lengths[order[start]]))
        count = max(1, min(_BATCH_TEXTS, _BATCH_TOKENS // longest))
        yield order[start : start + count]
        start += count
