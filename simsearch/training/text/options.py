"""Options of training an encoder of texts with sentence-transformers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.errors import OptionError
from simsearch.training.run_options import RunOptions

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["STATIC", "TextTrainOptions"]

STATIC = "static"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTrainOptions(RunOptions):
    """How an encoder of texts is trained. See `RunOptions`.

    Attributes:
        base: `static` for a table of tokens made here; a folder of a sentence-transformers model,
            or `minilm`, to go on from.
        loss: a name in `TEXT_LOSSES`; `auto` takes the one that fits the examples.
        steps, epochs, budget: length of the run in steps, passes over the examples or seconds;
            at most one of them.
        batch: rows in a step; None for 128 of a table, 32 of a transformer.
        rate: highest learning rate; None for 2e-3 and 2e-5.
        decay: weight decay.
        clip: largest norm of the gradient.
        dims: shorter lengths to train for too, so that embeddings can be cut (A. Kusupati et al.,
            Matryoshka representation learning, NeurIPS 2022).
        dimension: length of the rows of a table.
        vocabulary: tokens of a table, at most.
        teacher: a model's folder, or `minilm`, that a table takes its tokens and rows from.
    """

    base: str | Path = STATIC
    loss: str = "auto"
    steps: int | None = None
    epochs: float | None = None
    budget: float | None = None
    batch: int | None = None
    rate: float | None = None
    decay: float = 0.0
    clip: float = 1.0
    dims: tuple[int, ...] = ()
    dimension: int = 256
    vocabulary: int = 30_000
    teacher: str | Path | None = None

    def __post_init__(self) -> None:
        if sum(each is not None for each in (self.steps, self.epochs, self.budget)) > 1:
            raise OptionError("give one of steps, epochs and a time budget")
        if self.batch is not None and (self.batch < 4 or self.batch % 2):
            raise OptionError(f"a batch of texts is an even number from 4 up, not {self.batch}")
        if self.dimension < 2 or self.vocabulary < 100:
            raise OptionError("a table has rows of 2 numbers and a vocabulary of 100 at least")
        if self.teacher is not None and str(self.base) != STATIC:
            raise OptionError("only a static encoder takes a teacher")
        if self.resume and self.checkpoints is None:
            raise OptionError("to resume a run, say which folder its checkpoints are in")
