"""Batches that put each class beside the classes it is confused with.

Classes that lie far apart teach little. From time to time the whole corpus is embedded, the hard
negatives of its items are looked up, and the classes that these are of share batches from then on
(E. Smirnov et al., Doppelganger mining for face representation learning, ICCV workshops 2017).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from simsearch.training.losses import Target
from simsearch.training.mining import hard_negatives
from simsearch.training.sampler import PKSampler, check_batch

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from simsearch.training.mining import Nearest

    Floats = npt.NDArray[np.float32]
    Rows = npt.NDArray[np.int64]

__all__ = ["ConfusableBatches", "exact_nearest"]

# Items that are looked at in a round of mining, at most; of each class alike.
MINED = 20_000
# Negatives of an item that are counted, and classes that are kept for each class.
_NEGATIVES, _KEPT = 5, 4
_BLOCK = 1 << 24


def exact_nearest(queries: Floats, vectors: Floats, k: int) -> Rows:
    """The k nearest by inner product, all compared. See `mining.hard_negatives`."""
    gallery = torch.from_numpy(vectors).T
    step = max(1, _BLOCK // max(1, len(vectors)))
    parts = [
        (torch.from_numpy(queries[start : start + step]) @ gallery).topk(k, dim=1).indices
        for start in range(0, len(queries), step)
    ]
    found: Rows = torch.cat(parts).numpy().astype(np.int64, copy=False)
    return found


class ConfusableBatches:
    """P classes with K items of each: half by turns, half of classes that those are taken for.

    Args:
        labels: (n,) class numbers; -1 for none.
        classes: P.
        items: K.
        seed: of all that is drawn.
        nearest: looks neighbours up, see `mining.hard_negatives`.
    """

    form = "classes"

    def __init__(
        self,
        labels: Rows,
        *,
        classes: int,
        items: int,
        seed: int,
        nearest: Nearest = exact_nearest,
    ) -> None:
        self._labels = labels
        self._turns = PKSampler(labels, classes=max(2, classes // 2), items=items, seed=seed)
        self._more = classes - self._turns.classes
        self._items = items
        self._seed = seed
        self._nearest = nearest
        order = np.argsort(labels, kind="stable")
        usable = np.unique(labels[labels >= 0], return_counts=True)
        self._members = {
            int(label): order[start : start + count]
            for label, start, count in zip(
                usable[0], np.searchsorted(labels[order], usable[0]), usable[1], strict=True
            )
            if count > 1
        }
        # By class number the classes that it is taken for, the most often first; none at first.
        self._taken_for: dict[int, list[int]] = {}
        self._drawn = 0

    def mine(self, embed: Callable[[Rows], Floats]) -> None:
        """Find which classes are confused with which now.

        Args:
            embed: gives the embeddings of rows, of unit length.
        """
        share = max(2, MINED // max(1, len(self._members)))
        rng = np.random.default_rng((self._seed, 1, self._drawn))
        rows = np.concatenate([rng.permutation(each)[:share] for each in self._members.values()])
        labels = self._labels[rows]
        found = hard_negatives(embed(rows), labels, self._nearest, _NEGATIVES, margin=None)
        own, place = np.nonzero(found >= 0)
        pairs = np.stack([labels[own], labels[found[own, place]]], axis=1)
        known, counts = np.unique(pairs, axis=0, return_counts=True)
        self._taken_for = {}
        for at in np.lexsort((-counts, known[:, 0])):
            kept = self._taken_for.setdefault(int(known[at, 0]), [])
            if len(kept) < _KEPT:
                kept.append(int(known[at, 1]))

    def draw(self) -> tuple[Rows, Target]:
        """See `Batches`."""
        self._drawn += 1
        rng = np.random.default_rng((self._seed, 2, self._drawn))
        rows = next(self._turns)
        there = list(dict.fromkeys(self._labels[rows].tolist()))
        added = [rows, *(self._portion(each, rng) for each in self._beside(there, rng))]
        rows = np.concatenate(added)
        labels = self._labels[rows]
        check_batch(labels, rows)
        return rows, Target(labels=torch.from_numpy(labels))

    def _beside(self, there: list[int], rng: np.random.Generator) -> list[int]:
        """Classes to add: taken for one that is there, else any."""
        chosen = dict.fromkeys(there)
        for label in there:
            known = [each for each in self._taken_for.get(label, []) if each not in chosen]
            if known and len(chosen) < len(there) + self._more:
                chosen[known[rng.integers(len(known))]] = None
        lacking = len(there) + self._more - len(chosen)
        if lacking > 0:
            others = [each for each in rng.permutation(list(self._members)) if each not in chosen]
            chosen |= dict.fromkeys(int(each) for each in others[:lacking])
        return list(chosen)[len(there) :]

    def _portion(self, label: int, rng: np.random.Generator) -> Rows:
        """K items of a class; of a small class some come twice."""
        members = rng.permutation(self._members[label])
        return np.resize(members, max(self._items, len(members)))[: self._items]

    def state(self) -> dict[str, Any]:
        """See `Batches`."""
        pairs = [[label, *known] for label, known in self._taken_for.items()]
        return {"turns": self._turns.state(), "drawn": self._drawn, "taken_for": pairs}

    def restore(self, state: dict[str, Any]) -> None:
        """See `Batches`."""
        self._turns.restore(state["turns"])
        self._drawn = int(state["drawn"])
        self._taken_for = {label: known for label, *known in state["taken_for"]}
