"""Classes made of halves of others, for an encoder that has few classes to learn from.

An encoder of seven classes learns to tell these seven apart and no more: what it has not seen
falls on one of seven points. So half of each batch are pictures whose upper (or left) half is of
one class and whose other half is of another, and each such combination is a class of its own. The
halves are joined as in CutMix (S. Yun et al., ICCV 2019); that a changed picture may count as a
class of its own is from H. Lee, S. J. Hwang, J. Shin, Self-supervised label augmentation via input
transformations, ICML 2020.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from simsearch.encoders.image import Pictures
from simsearch.training.losses import Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from simsearch.encoders.tower import Batch
    from simsearch.training.batches import Batches

    Rows = npt.NDArray[np.int64]

__all__ = ["CompositeBatches", "CompositePictures"]

# Items of a made class in a batch.
_ITEMS = 4


class CompositePictures(Pictures):
    """Pictures, and behind them every picture that two of them make.

    Row n + 2 (i n + j) + d is the first half of picture i and the second half of picture j: upper
    and lower for d = 0, left and right for d = 1. Nothing is stored of these.

    Args:
        pictures: n of them.
    """

    def __init__(self, pictures: Pictures) -> None:
        super().__init__(pictures.pixels)

    def take(self, rows: Sequence[int] | Rows) -> Batch:
        """See `Pictures`."""
        chosen, count = np.asarray(rows, np.int64), len(self)
        made = chosen - count
        pair = made // 2
        first = np.where(made < 0, chosen, pair // count)
        pixels = self.pixels[torch.from_numpy(first)]
        for direction in (0, 1):
            place = np.flatnonzero((made >= 0) & (made % 2 == direction))
            if len(place):
                other = self.pixels[torch.from_numpy(pair[place] % count)]
                own = pixels[torch.from_numpy(place)]
                dimension = 2 + direction
                half = own.shape[dimension] // 2
                rest = own.shape[dimension] - half
                own.narrow(dimension, half, rest).copy_(other.narrow(dimension, half, rest))
                pixels[torch.from_numpy(place)] = own
        return (pixels,)


class CompositeBatches:
    """Batches of classes, each with as many pictures of made classes behind it.

    Args:
        batches: batches of the classes that there are.
        labels: (n,) class numbers of the pictures; -1 for none.
        batch: items of the made part, about.
        seed: of the drawing.
    """

    form = "classes"

    def __init__(self, batches: Batches, labels: Rows, batch: int, seed: int) -> None:
        self._batches = batches
        self._count = len(labels)
        known, counts = np.unique(labels[labels >= 0], return_counts=True)
        self._first_made = int(known.max()) + 1
        self._classes = known[counts > 1]
        self._members = [np.flatnonzero(labels == each) for each in self._classes]
        # Ordered pairs of different classes, in both directions.
        there = len(self._classes)
        self._combinations = np.flatnonzero(~np.eye(there, dtype=bool).repeat(2, axis=1).ravel())
        self._portions = max(2, batch // _ITEMS)
        self._seed = seed
        self._drawn = 0

    def draw(self) -> tuple[Rows, Target]:
        """See `Batches`."""
        rows, target = self._batches.draw()
        self._drawn += 1
        rng = np.random.default_rng((self._seed, self._drawn))
        count = min(self._portions, len(self._combinations))
        chosen = rng.choice(self._combinations, count, replace=False)
        pair, direction = chosen // 2, chosen % 2
        first, second = (self._items(side, rng) for side in divmod(pair, len(self._classes)))
        made = self._count + 2 * (first * self._count + second) + direction[:, None]
        labels = np.repeat(self._first_made + chosen, _ITEMS)
        labels_before = (
            target.labels if target.labels is not None else torch.empty(0, dtype=torch.int64)
        )
        return (
            np.concatenate([rows, made.ravel()]),
            Target(labels=torch.cat([labels_before, torch.from_numpy(labels)])),
        )

    def _items(self, classes: Rows, rng: np.random.Generator) -> Rows:
        """(classes, 4) rows of each class."""
        return np.stack([rng.choice(self._members[each], _ITEMS) for each in classes])

    def state(self) -> dict[str, Any]:
        """See `Batches`."""
        return {"lesson": self._batches.state(), "drawn": self._drawn}

    def restore(self, state: dict[str, Any]) -> None:
        """See `Batches`."""
        self._batches.restore(state["lesson"])
        self._drawn = int(state["drawn"])
