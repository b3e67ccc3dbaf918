"""Which items or pairs make each batch, endless and repeatable.

Every sampler gives arrays of row numbers without end, all of one length. What a batch holds
follows from the seed and a short count of what came before, so `state` is a few numbers fit for
JSON, and a sampler that `restore`s it goes on bit for bit as the one that gave it.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from simsearch.errors import OptionError, TrainingError
from simsearch.training.turns import ClassTurns, Turns

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]

__all__ = [
    "PKSampler",
    "PairSampler",
    "Sampler",
    "TripletSampler",
    "ViewSampler",
    "batch_shape",
    "check_batch",
]


class Sampler(Protocol):
    """Batches without end.

    Attributes:
        size: how many numbers a batch holds.
    """

    size: int

    def __iter__(self) -> Sampler: ...

    def __next__(self) -> Rows:
        """The next batch, int64 (size,)."""

    def state(self) -> dict[str, Any]:
        """Where it stands, in values that JSON holds."""

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from where another sampler of the same examples and settings stood.

        Raises:
            TrainingError: the state is of other examples or settings.
        """


class PKSampler:
    """P classes with K items of each, for losses that compare within a batch.

    Every class is used once before any is used again, so a rare class counts as much as a
    frequent one, and a class's items all come before one is repeated, but for what is left of a
    pass. A class of fewer than K items repeats some of them in the batch (they are augmented
    differently), always at least two different ones. Classes of one item and items without a
    class (-1) are left out.

    Args:
        labels: (n,) class numbers; -1 where unknown.
        classes: P, at most; fewer where there are not so many.
        items: K.
        seed: the same seed gives the same batches.

    Attributes:
        classes: P as used.
        items: K.
        size: P x K, the length of a batch. The K items of a class stand side by side.
        left_out: how many items are never used.

    Raises:
        TrainingError: there are no two classes of two items or more.
        OptionError: P or K below 2, or a negative seed.
    """

    def __init__(
        self, labels: npt.ArrayLike, *, classes: int = 32, items: int = 4, seed: int = 0
    ) -> None:
        for value, name in ((classes, "classes"), (items, "items of a class")):
            _at_least(value, 2, f"the number of {name} in a batch")
        _at_least(seed, 0, "the seed")
        self._labels = _rows_of(labels, "labels")
        usable = _usable(self._labels)
        self.classes = min(classes, len(usable))
        self.items = items
        self.size = self.classes * items
        self.left_out = int(np.isin(self._labels, usable, invert=True).sum())
        self._turns = ClassTurns(self._labels, usable, self.classes, items, seed)
        self._of = _digest("classes", self._labels, self.classes, items, seed)

    def __iter__(self) -> PKSampler:
        return self

    def __next__(self) -> Rows:
        rows = self._turns.batch()
        check_batch(self._labels[rows], rows)
        return rows

    def state(self) -> dict[str, Any]:
        """Where it stands: which window over the classes, and the classes left of it."""
        return {"of": self._of, **self._turns.state()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a state; TrainingError where it is of other examples or settings."""
        _same_examples(self._of, state)
        self._turns.restore(state)


class _TurnSampler:
    """Batches of one or more portions, each going through its own members."""

    def __init__(self, portions: list[Turns], of: str) -> None:
        self._portions = portions
        self._of = of
        self._turn = 0
        self.size = sum(turns.portion for turns in portions)

    def __next__(self) -> Rows:
        parts = [turns.portion_of(self._turn) for turns in self._portions]
        self._turn += 1
        return np.concatenate(parts)

    def state(self) -> dict[str, Any]:
        """Where it stands: how many batches it gave."""
        return {"of": self._of, "turn": self._turn}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a state; TrainingError where it is of other examples or settings."""
        _same_examples(self._of, state)
        self._turn = int(state["turn"])


class PairSampler(_TurnSampler):
    """Numbers of labelled pairs: in each batch as many positives as negatives, positives first.

    Each side goes through all its pairs before one is repeated (but for what is left of a pass),
    however few they are beside the other's. Where one side has fewer than half a batch, they
    are repeated within it.

    Args:
        same: (p,) 1 for the same thing, 0 for different ones. Scores from 0 to 1 count as
            positive above their middle, the mean of the least and the greatest.
        batch: how many pairs; half of them, rounded up, are positives.
        seed: the same seed gives the same batches.

    Raises:
        TrainingError: all pairs are positives, or all negatives.
        OptionError: a batch below 2, or a negative seed.
    """

    def __init__(self, same: npt.ArrayLike, *, batch: int = 128, seed: int = 0) -> None:
        _at_least(batch, 2, "the batch size")
        _at_least(seed, 0, "the seed")
        scores = np.asarray(same, np.float64)
        if scores.ndim != 1 or not len(scores):
            raise TrainingError("there are no pairs to train on")
        positive = scores > (scores.min() + scores.max()) / 2
        if not positive.any():
            which = "a positive" if scores[0] >= 0.5 else "a negative"
            raise TrainingError(
                f"each of the {len(scores):,} pairs is {which}: this loss learns from both; give "
                "pairs of both, or choose a loss for positive pairs alone"
            )
        sides = (np.flatnonzero(positive), np.flatnonzero(~positive))
        halves = (batch - batch // 2, batch // 2)
        portions = [
            Turns(side, half, (seed, number))
            for number, (side, half) in enumerate(zip(sides, halves, strict=True))
        ]
        super().__init__(portions, _digest("pairs", positive, batch, seed))

    def __iter__(self) -> PairSampler:
        return self


class TripletSampler(_TurnSampler):
    """Numbers of given triplets, all of them before one is repeated.

    Args:
        count: how many triplets there are.
        batch: how many a batch holds, at most; fewer where there are not so many.
        seed: the same seed gives the same batches.

    Raises:
        TrainingError: there are none.
        OptionError: a batch below 1, or a negative seed.
    """

    def __init__(self, count: int, *, batch: int = 128, seed: int = 0) -> None:
        _at_least(batch, 1, "the batch size")
        _at_least(seed, 0, "the seed")
        if count < 1:
            raise TrainingError("there are no triplets to train on")
        turns = Turns(np.arange(count), min(batch, count), (seed, 0))
        super().__init__([turns], f"{count} triplets, {batch} a batch, seed {seed}")

    def __iter__(self) -> TripletSampler:
        return self


class ViewSampler(_TurnSampler):
    """Numbers of different items without labels; the loop makes two views of each.

    Args:
        count: how many items there are.
        batch: how many a batch holds, at most; fewer where there are not so many.
        seed: the same seed gives the same batches.

    Raises:
        TrainingError: there are fewer than two: the others of a batch are the negatives.
        OptionError: a batch below 2, or a negative seed.
    """

    def __init__(self, count: int, *, batch: int = 128, seed: int = 0) -> None:
        _at_least(batch, 2, "the batch size")
        _at_least(seed, 0, "the seed")
        if count < 2:
            raise TrainingError(
                f"training without labels tells items apart, and there is {count}; give two or more"
            )
        turns = Turns(np.arange(count), min(batch, count), (seed, 0))
        super().__init__([turns], f"{count} items, {batch} a batch, seed {seed}")

    def __iter__(self) -> ViewSampler:
        return self


def batch_shape(labels: npt.ArrayLike, batch: int, items: int = 4) -> tuple[int, int]:
    """How many classes and items of each make a batch of about this size.

    Args:
        labels: (n,) class numbers; -1 where unknown.
        batch: how many items a batch should hold.
        items: of a class, at least where the batch allows it; more where there are too few
            classes to fill the batch.

    Returns:
        P and K for `PKSampler`, both 2 or more.

    Raises:
        TrainingError: there are no two classes of two items or more.
    """
    there = len(_usable(_rows_of(labels, "labels")))
    classes = max(2, min(there, batch // items))
    return classes, max(2, batch // classes)


def check_batch(labels: Rows, rows: Rows | None = None) -> None:
    """See to it that a batch has positives and negatives.

    Args:
        labels: (n,) class numbers.
        rows: (n,) which items they are; an item is no positive of itself.

    Raises:
        TrainingError: fewer than two classes, or a class of a single item.
    """
    items = np.arange(len(labels)) if rows is None else rows
    # One number for each different item of a class; labels and rows stay below 2**31.
    different = np.unique(labels.astype(np.int64) << 32 | items.astype(np.int64)) >> 32
    counts = np.unique(different, return_counts=True)[1]
    if len(counts) < 2 or counts.min() < 2:
        raise TrainingError(
            f"a batch needs two classes with two items of each, and this one has {len(counts)} "
            f"classes, the smallest of {counts.min() if len(counts) else 0}"
        )


def _usable(labels: Rows) -> Rows:
    """Class numbers with two items or more.

    Raises:
        TrainingError: there are not two of them.
    """
    known, counts = np.unique(labels[labels >= 0], return_counts=True)
    usable: Rows = known[counts >= 2]
    if len(usable) < 2:
        raise TrainingError(
            "learning from classes needs two of them with two items each; of "
            f"{len(known)} classes {len(usable)} have two items or more"
        )
    return usable


def _rows_of(values: npt.ArrayLike, name: str) -> Rows:
    """Whole numbers in one row.

    Raises:
        TrainingError: they are not.
    """
    array = np.asarray(values)
    if array.ndim != 1 or (len(array) and array.dtype.kind not in "iu"):
        raise TrainingError(f"{name} must be whole numbers, one for each item")
    return array.astype(np.int64)


def _at_least(value: int, least: int, what: str) -> None:
    """Raise OptionError where a number is too small."""
    if value < least:
        raise OptionError(f"{what} must be {least} or more, not {value}")


def _digest(kind: str, array: npt.NDArray[Any], *settings: int) -> str:
    """What tells examples and settings from others."""
    digest = sha256(np.ascontiguousarray(array).data)
    digest.update(repr((kind, array.shape, settings)).encode())
    return digest.hexdigest()[:16]


def _same_examples(of: str, state: Mapping[str, Any]) -> None:
    """Raise TrainingError unless a state was given by a sampler like this one."""
    if state.get("of") != of:
        raise TrainingError(
            "the checkpoint was made with other examples, another batch size or another seed; "
            "resume with the same ones, or start anew"
        )
