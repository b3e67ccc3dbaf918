"""A model as one graph, from token numbers to the embedding, that other engines compute."""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from sentence_transformers import SentenceTransformer

    from simsearch.encoders.text.runtime.tokens import TokenBatch

__all__ = ["EMBEDDING", "MASK", "TOKENS", "export", "exportable"]

# Names of what goes into the graph and comes out.
TOKENS, MASK, EMBEDDING = "input_ids", "attention_mask", "embedding"
# Layer normalisation is an operator of its own from here on.
_OPERATORS = 17


def exportable() -> bool:
    """Whether torch can write a graph here: it needs the package onnx for that."""
    return find_spec("onnx") is not None


def export(model: SentenceTransformer, example: TokenBatch, path: Path) -> None:
    """Write transformer, pooling and normalisation as one ONNX graph, for any number and length.

    Args:
        model: on the CPU.
        example: to trace; of different lengths, so that padding is seen.
        path: the file.

    Raises:
        Exception: of torch, of whatever it cannot write.
    """
    import torch

    class Whole(torch.nn.Module):
        """The model with arrays as arguments, as a graph has them."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            """(b, dimension)."""
            found = self.model({TOKENS: tokens, MASK: mask})
            embedding: torch.Tensor = found["sentence_embedding"]
            return embedding

    given = (torch.from_numpy(example.tokens), torch.from_numpy(example.mask))
    any_length = {0: "texts", 1: "length"}
    with torch.no_grad(), warnings.catch_warnings():
        # What tracing fixes is checked afterwards, by what the graph gives.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Whole().eval(),
            given,
            str(path),
            input_names=[TOKENS, MASK],
            output_names=[EMBEDDING],
            dynamic_axes={TOKENS: any_length, MASK: any_length, EMBEDDING: {0: "texts"}},
            opset_version=_OPERATORS,
            dynamo=False,  # the newer exporter needs one package more
        )
