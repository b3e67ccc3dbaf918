"""How an encoder is trained, as the user says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simsearch.errors import OptionError
from simsearch.sources.supervision import Supervision

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from simsearch.training.mining import Nearest

__all__ = ["TrainOptions"]


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """How an encoder is trained. What is None is chosen.

    Attributes:
        kind: image, text, vector or signal.
        loss: see `losses.recipe`, of texts `TEXT_LOSSES`; None: by what is known of the items.
        miner: which pairs or triplets of a batch it learns from, see `Miner`; None: its own.
        mine: put classes beside those that they are taken for; None: where a batch does not hold
            all classes.
        nearest: looks the nearest of the whole corpus up for `mine`, see `mining.hard_negatives`;
            None: all are compared.
        composites: learn classes made of halves of two pictures as well.
        network: see `networks`.
        dimension: of the embedding.
        dims: shorter lengths that it is to serve too (Matryoshka).
        steps, epochs, budget: how long; one of them. The budget is in seconds. Steps and epochs
            make a run that can be repeated bit for bit.
        batch: items of a step; None: 256, of large pictures 64.
        size: side of pictures, in pixels.
        dropout: see the towers.
        batch_norm: of the classic network; None is with it.
        augment: see items differently at each step.
        rate: highest learning rate; None: 4e-3, of texts see `TextOptions`.
        patience: validations without gain until it ends early; 0 never.
        arithmetic: auto, float32 or bfloat16.
        device: auto, cpu, cuda …
        seed: of everything drawn.
        resume: go on from the checkpoint in the output folder.
        base: of texts: what training begins with, see `TextOptions`; None: a table of tokens.
        teacher: of texts: a model that a table takes its tokens and rows from.
        vocabulary: of texts: tokens of a table, at most; None: 30,000.
        parent: folder of an encoder to go on from; pairs are corrections then.
        replay: pairs that the parent learned from, replayed beside corrections.
        pull: strength of the pull to the parent's weights; 0 for none.
        compatible: folder of an older encoder; indexes of it are to answer queries by the new one.
        accept_worse: save it even if it does worse than its parent.
        known: pairs, triplets, scores, groups.
        reading: options of the source, such as label, classes, columns.
    """

    kind: str | None = None
    loss: str | None = None
    miner: str | None = None
    mine: bool | None = None
    nearest: Nearest | None = None
    composites: bool = False
    network: str | None = None
    dimension: int | None = None
    dims: tuple[int, ...] = ()
    steps: int | None = None
    epochs: int | None = None
    budget: float | None = None
    batch: int | None = None
    size: int | None = None
    dropout: float = 0.0
    batch_norm: bool | None = None
    augment: bool = True
    rate: float | None = None
    patience: int = 0
    arithmetic: str = "auto"
    device: str = "auto"
    seed: int = 0
    resume: bool = False
    base: str | Path | None = None
    teacher: str | Path | None = None
    vocabulary: int | None = None
    parent: str | Path | None = None
    replay: str | Path | None = None
    pull: float = 300.0
    compatible: str | Path | None = None
    accept_worse: bool = False
    supervision: Supervision = field(default_factory=Supervision)
    reading: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if sum(each is not None for each in (self.steps, self.epochs, self.budget)) > 1:
            raise OptionError("steps, epochs and budget exclude each other; give one of them")
        if self.replay is not None and (self.parent is None or self.supervision.labels is None):
            raise OptionError(
                "old pairs are replayed beside corrections of an encoder to go on from"
            )
        if self.batch is not None and self.batch < 8:
            raise OptionError(f"a batch has 8 items or more, not {self.batch}")
