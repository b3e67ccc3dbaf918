"""Mining: which triplets or pairs of a batch to learn from, and hard negatives from everywhere.

The miners are those of pytorch-metric-learning, by name. Where a miner looks at all triplets of
a batch, it is given some anchors only, so that mining stays a small part of a step.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from simsearch.errors import OptionError, TrainingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import numpy.typing as npt

    # Of each query the rows of its nearest vectors, (queries, k) int64, the nearest first; -1 none.
    Nearest = Callable[
        [npt.NDArray[np.float32], npt.NDArray[np.float32], int], npt.NDArray[np.int64]
    ]
    # Places in a batch: (anchor, positive, negative), or (a, positive, b, negative).
    Places = tuple[torch.Tensor, ...]

__all__ = ["EASY_FIRST", "MINERS", "Miner", "MinerRecipe", "Stage", "easy_first", "hard_negatives"]

EASY_FIRST = "easy-first"
RANDOM = "random"
# A miner of the library that simsearch has no name for.
LIBRARY = "pml:"
# Triplets looked at and triplets given: some milliseconds each on one core.
LOOKED_AT = 2_000_000
GIVEN = 20_000
_RANDOM_PER_ANCHOR = 4
# Numbers gathered at a time when cosines are computed, and members of a class looked at where
# none of them is near.
_BLOCK, _OWN_LOOKED_AT = 8_000_000, 64
# Shares of the run at which easy first goes from random to semi-hard and then to hard.
_SEMIHARD_FROM, _HARD_FROM = 0.1, 0.5


@dataclass(frozen=True, slots=True)
class MinerRecipe:
    """How a miner is made.

    Attributes:
        cls: class of `pytorch_metric_learning.miners`.
        arguments: of the class.
        margin: the argument that takes the margin of the loss; None when there is none.
        triplets: it looks at all triplets of its anchors.
    """

    cls: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    margin: str | None = None
    triplets: bool = False


def _triplets(kind: str) -> MinerRecipe:
    return MinerRecipe("TripletMarginMiner", {"type_of_triplets": kind}, "margin", triplets=True)


MINERS: dict[str, MinerRecipe] = {
    "semihard": _triplets("semihard"),
    "hard": _triplets("hard"),
    "easy": _triplets("easy"),
    "violating": _triplets("all"),
    "batch-hard": MinerRecipe("BatchHardMiner"),
    "batch-easy-hard": MinerRecipe("BatchEasyHardMiner"),
    "multi-similarity": MinerRecipe("MultiSimilarityMiner", {"epsilon": 0.1}),
    "pair-margin": MinerRecipe("PairMarginMiner"),
    "angular": MinerRecipe("AngularMiner"),
    "distance-weighted": MinerRecipe("DistanceWeightedMiner"),
    "uniform": MinerRecipe("UniformHistogramMiner"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """How hard the triplets of a part of the run are.

    Attributes:
        miner: `random`, or a name in `MINERS`.
        cap: by how much a negative may be nearer than the positive, as a share of the margin;
            infinite for as much as it likes.
    """

    miner: str
    cap: float = float("inf")


def easy_first(done: float) -> Stage:
    """Random triplets, then semi-hard ones, then hard ones within a growing cap.

    The hardest negatives of an encoder that knows little are its mistakes and those of the labels,
    and learning from them first ends in collapse (Schroff et al., "FaceNet", CVPR 2015, 3.2).

    Args:
        done: share of the run, 0 to 1.
    """
    if done < _SEMIHARD_FROM:
        return Stage(RANDOM)
    if done < _HARD_FROM:
        return Stage("semihard")
    return Stage("violating", cap=(done - _HARD_FROM) / (1 - _HARD_FROM))


class Miner:
    """Chooses what to learn from in a labelled batch.

    Called with embeddings (n, dimension) and labels (n,), it gives places in the batch as the
    losses of the library take them: (anchors, positives, negatives), or (a, positives, b,
    negatives), int64 each. What it draws comes from torch's global generator.

    Args:
        name: `easy-first`, `random`, one of `MINERS`, or `pml:` and a class of
            `pytorch_metric_learning.miners`, such as `pml:HDCMiner`.
        margin: of the loss; a negative further away than the positive by more is easy.
        distance: one of `pytorch_metric_learning.distances`, the loss's own; None is the
            library's choice, Euclidean between normalised embeddings (for most miners).

    Attributes:
        done: share of the run; the loop sets it, and only `easy-first` looks at it.

    Raises:
        OptionError: there is no miner of that name, or it needs more than it is given.
    """

    def __init__(self, name: str, *, margin: float = 0.2, distance: Any = None) -> None:
        self.name = name
        self.margin = margin
        self.done = 0.0
        self._distance = distance
        names = ("semihard", "violating") if name == EASY_FIRST else (name,)
        self._miners = {each: self._made(each) for each in names if each != RANDOM}

    def __call__(self, embeddings: torch.Tensor, labels: torch.Tensor) -> Places:
        """The places of what to learn from; empty where there is nothing."""
        found = embeddings.detach()
        stage = easy_first(self.done) if self.name == EASY_FIRST else Stage(self.name)
        if stage.miner == RANDOM:
            return _random_triplets(labels)
        miner = self._miners[stage.miner]
        recipe = MINERS.get(stage.miner)
        if recipe is None or not recipe.triplets:
            places: Places = miner(found, labels)
            return places
        anchor, positive, negative = _mined(miner, found, labels)
        if stage.cap < float("inf"):
            kept = self._within_cap(miner, found, (anchor, positive, negative), stage.cap)
            anchor, positive, negative = anchor[kept], positive[kept], negative[kept]
        return _fewer((anchor, positive, negative))

    def _made(self, name: str) -> Any:
        """The library's miner of that name."""
        from pytorch_metric_learning import miners

        recipe = MINERS.get(name, MinerRecipe(name.removeprefix(LIBRARY)))
        cls = getattr(miners, recipe.cls, None)
        if not isinstance(cls, type) or (name not in MINERS and not name.startswith(LIBRARY)):
            known = ", ".join((EASY_FIRST, RANDOM, *MINERS))
            raise OptionError(
                f"there is no miner {name!r}; there are {known}, and {LIBRARY}NAME for any class "
                "of pytorch_metric_learning.miners"
            )
        arguments = dict(recipe.arguments)
        if recipe.margin is not None:
            arguments[recipe.margin] = self.margin
        if self._distance is not None:
            arguments["distance"] = self._distance
        try:
            return cls(**arguments)
        except TypeError as error:
            raise OptionError(f"miner {name!r} cannot be made without more: {error}") from None

    def _within_cap(
        self, miner: Any, embeddings: torch.Tensor, places: Places, cap: float
    ) -> torch.Tensor:
        """Which triplets have a negative no nearer than the cap allows."""
        anchor, positive, negative = places
        apart = miner.distance(embeddings, embeddings)
        nearer = apart[anchor, positive] - apart[anchor, negative]
        if miner.distance.is_inverted:
            nearer = -nearer
        within: torch.Tensor = nearer <= cap * self.margin
        return within


def _mined(miner: Any, embeddings: torch.Tensor, labels: torch.Tensor) -> Places:
    """Triplets of as many anchors as are cheap to look at."""
    count = len(embeddings)
    wanted = max(8, LOOKED_AT // max(1, count**2))
    if wanted >= count:
        places: Places = miner(embeddings, labels)
        return places
    chosen = torch.randperm(count)[:wanted].to(embeddings.device)
    anchor, positive, negative = miner(embeddings[chosen], labels[chosen], embeddings, labels)
    anchor = chosen[anchor]
    # The library cannot know that an anchor is in the batch as well.
    other = anchor != positive
    return anchor[other], positive[other], negative[other]


def _fewer(places: Places) -> Places:
    """At most so many triplets, drawn evenly."""
    count = len(places[0])
    if count <= GIVEN:
        return places
    kept = torch.randperm(count)[:GIVEN].to(places[0].device)
    return tuple(each[kept] for each in places)


def _random_triplets(labels: torch.Tensor) -> Places:
    """Some triplets of each row that has a positive and a negative, drawn evenly."""
    same = labels[:, None] == labels[None, :]
    other = ~same
    same.fill_diagonal_(False)
    anchor = torch.nonzero(same.any(dim=1) & other.any(dim=1)).squeeze(1)
    if not len(anchor):
        return anchor, anchor, anchor
    positive, negative = (
        torch.multinomial(each[anchor].float().cpu(), _RANDOM_PER_ANCHOR, replacement=True)
        for each in (same, other)
    )
    return (
        anchor.repeat_interleave(_RANDOM_PER_ANCHOR),
        positive.flatten().to(labels.device),
        negative.flatten().to(labels.device),
    )


def hard_negatives(
    embeddings: npt.NDArray[np.float32],
    labels: npt.NDArray[np.int64],
    nearest: Nearest,
    count: int = 5,
    *,
    depth: int = 1024,
    margin: float | None = 0.05,
) -> npt.NDArray[np.int64]:
    """For each item the nearest items of other classes, from the whole corpus.

    One that is about as near as a known positive is likely to be one that nobody labelled, and is
    left out: its cosine must be below the nearest positive's by a share of it (de Souza P.
    Moreira et al., "NV-Retriever", 2024, arXiv 2407.15831, TopK-PercPos).

    Args:
        embeddings: float32 (n, dimension), rows L2-normalised.
        labels: int64 (n,) classes; an item without one (-1) is no anchor and no negative.
        nearest: called with queries, vectors and k, it gives the rows of the k nearest vectors
            of each query, int64 (queries, k), the nearest first and -1 where there are no
            more. A query is among the vectors itself.
        count: how many negatives an item gets at most.
        depth: neighbours looked at, at most. An item whose own class fills them has no negative
            that is hard.
        margin: the share; None leaves out nothing.

    Returns:
        int64 (n, count) rows, the nearest first; -1 where there are no more.

    Raises:
        OptionError: a count below 1, a depth below the count, or a margin not from 0 to 1.
        TrainingError: labels and embeddings differ in number, or the rows from `nearest` are
            not of the vectors.
    """
    if count < 1 or depth < count or not 0 <= (margin or 0) < 1:
        raise OptionError(
            f"hard negatives need a count of 1 or more (it is {count}), a depth of as much "
            f"({depth}) and a margin from 0 to 1 ({margin})"
        )
    if embeddings.ndim != 2 or labels.shape != (len(embeddings),):
        raise TrainingError(
            f"hard negatives need a label for each embedding; labels are of {labels.shape} and "
            f"embeddings of {embeddings.shape}"
        )
    known = np.flatnonzero(labels >= 0)
    corpus = _Corpus(np.ascontiguousarray(embeddings[known]), labels[known], nearest)
    out = np.full((len(labels), count), -1, np.int64)
    found = corpus.negatives(count, depth, margin)
    # A row of no negative is -1, and so is what it takes from the end.
    out[known] = np.append(known, -1)[found]
    return out


class _Corpus:
    """Labelled vectors, and who is near whom."""

    def __init__(
        self,
        vectors: npt.NDArray[np.float32],
        classes: npt.NDArray[np.int64],
        nearest: Nearest,
    ) -> None:
        self.vectors = vectors
        self.classes = classes
        self.nearest = nearest

    def negatives(self, count: int, depth: int, margin: float | None) -> npt.NDArray[np.int64]:
        """The nearest of other classes, (n, count); looks deeper where there are too few."""
        found = np.full((len(self.vectors), count), -1, np.int64)
        limits = np.full(len(self.vectors), np.inf, np.float32)
        lacking, look = np.arange(len(self.vectors)), min(4 * count + 4, depth)
        while len(lacking):
            near = self._near(lacking, look)
            if margin is not None and len(lacking) == len(self.vectors):
                limits = self._limits(near, margin)
            for part, cosines in self._blocks(lacking, near):
                rows = lacking[part]
                allowed = (near[part] >= 0) & (cosines <= limits[rows, None])
                allowed &= self.classes[near[part]] != self.classes[rows, None]
                first = np.argsort(~allowed, axis=1, kind="stable")[:, :count]
                some = np.where(allowed, near[part], -1)
                found[rows, : first.shape[1]] = np.take_along_axis(some, first, axis=1)
            if look >= min(depth, len(self.vectors)):
                break
            lacking, look = lacking[found[lacking, -1] < 0], min(4 * look, depth)
        return found

    def _near(self, rows: npt.NDArray[np.int64], look: int) -> npt.NDArray[np.int64]:
        """The nearest rows of some, (rows, k)."""
        k = min(look, len(self.vectors))
        near = np.asarray(self.nearest(self.vectors[rows], self.vectors, k))
        if near.shape != (len(rows), k) or near.min() < -1 or near.max() >= len(self.vectors):
            raise TrainingError(
                f"nearest was asked for {k} of {len(self.vectors)} rows for each of {len(rows)} "
                f"queries, and gave {near.shape} numbers, not all of them rows"
            )
        return near.astype(np.int64, copy=False)

    def _blocks(
        self, rows: npt.NDArray[np.int64], near: npt.NDArray[np.int64]
    ) -> Iterator[tuple[slice, npt.NDArray[np.float32]]]:
        """The cosines of rows and those near them, a bounded part at a time."""
        size = max(1, _BLOCK // max(1, near.shape[1] * self.vectors.shape[1]))
        for start in range(0, len(rows), size):
            part = slice(start, start + size)
            own, others = self.vectors[rows[part]], self.vectors[near[part]]
            yield part, np.einsum("nd,nkd->nk", own, others)

    def _limits(self, near: npt.NDArray[np.int64], margin: float) -> npt.NDArray[np.float32]:
        """The largest cosine of a negative, (n,); infinite for the only one of its class."""
        every = np.arange(len(self.vectors))
        best = np.full(len(every), -np.inf, np.float32)
        for part, cosines in self._blocks(every, near):
            own = (self.classes[near[part]] == self.classes[part, None]) & (near[part] >= 0)
            own &= near[part] != every[part, None]
            best[part] = np.where(own, cosines, -np.inf).max(axis=1)
        self._look_among_own(best)
        best[np.isneginf(best)] = np.inf
        there = np.isfinite(best)
        best[there] -= np.float32(margin) * np.abs(best[there])
        return best

    def _look_among_own(self, best: npt.NDArray[np.float32]) -> None:
        """Where no positive is near, take the nearest of some of the class, in place."""
        far = np.flatnonzero(np.isneginf(best))
        order = np.argsort(self.classes, kind="stable")
        there = self.classes[order]
        for label in np.unique(self.classes[far]):
            rows = far[self.classes[far] == label]
            start, end = np.searchsorted(there, label), np.searchsorted(there, label, "right")
            members = order[start : end : max(1, (end - start) // _OWN_LOOKED_AT)]
            cosines = self.vectors[rows] @ self.vectors[members].T
            cosines[rows[:, None] == members] = -np.inf
            best[rows] = cosines.max(axis=1)
