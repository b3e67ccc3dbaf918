"""Losses by name, from pytorch-metric-learning, and what examples each of them can use.

A loss sees a batch of embeddings and a `Target`: what is known of its rows. Losses of the library
are called in the two ways that it offers: with labels, or with the places of the pairs or
triplets in the batch (K. Musgrave, S. Belongie, S.-N. Lim, PyTorch Metric Learning, 2020).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from simsearch.errors import OptionError
from simsearch.training.heads import PairHead
from simsearch.training.mining import EASY_FIRST, Miner

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMS", "LOSSES", "LossRecipe", "MatryoshkaLoss", "Target", "make_loss", "recipe"]

# What examples may say: the class of items, which pairs are the same, triplets, how alike pairs
# are (scores), or nothing (two views of an item are the same).
FORMS = ("classes", "pairs", "triplets", "scores", "views")
# A loss of the library that simsearch has no name for.
LIBRARY = "pml:"


@dataclass(frozen=True, slots=True)
class Target:
    """What is known of the rows of a batch of embeddings.

    Attributes:
        labels: (n,) int64; rows of one label are the same thing. None when pairs are given.
        places: places in the batch: of positives and negatives (a, p, b, n), or of triplets
            (a, p, n); each (m,) int64.
        scores: (m,) float32, 0 to 1: how alike row i and row m + i are, n = 2 m.
    """

    labels: Tensor | None = None
    places: tuple[Tensor, ...] | None = None
    scores: Tensor | None = None

    def to(self, device: torch.device) -> Target:
        """The same on a device."""

        def moved(value: Tensor | None) -> Tensor | None:
            return None if value is None else value.to(device)

        places = None if self.places is None else tuple(each.to(device) for each in self.places)
        return Target(moved(self.labels), places, moved(self.scores))


@dataclass(frozen=True, slots=True)
class LossRecipe:
    """How a loss is made.

    Attributes:
        forms: of the examples that it can use, see `FORMS`.
        cls: class of `pytorch_metric_learning.losses`; None when it is made here.
        arguments: of the class.
        miner: name of the miner that goes with it, see `mining`; None for none.
    """

    forms: tuple[str, ...]
    cls: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    miner: str | None = None


_LABELLED = ("classes", "views")
LOSSES = {
    "supcon": LossRecipe(_LABELLED, "SupConLoss", {"temperature": 0.1}),
    "infonce": LossRecipe(_LABELLED, "NTXentLoss", {"temperature": 0.1}),
    "contrastive": LossRecipe(
        (*_LABELLED, "pairs"), "ContrastiveLoss", {"pos_margin": 0.0, "neg_margin": 1.0}
    ),
    "triplet": LossRecipe((*_LABELLED, "triplets"), "TripletMarginLoss", {"margin": 0.2}),
    "semihard": LossRecipe(_LABELLED, "TripletMarginLoss", {"margin": 0.2}, miner=EASY_FIRST),
    "multi-similarity": LossRecipe(_LABELLED, "MultiSimilarityLoss", miner="multi-similarity"),
    "arcface": LossRecipe(("classes",), "ArcFaceLoss"),
    "bce": LossRecipe((*_LABELLED, "pairs")),
    "bce-absolute": LossRecipe((*_LABELLED, "pairs")),
    "cosine": LossRecipe(("scores",)),
}
# Of so many classes and more the nearest others count for more: digits are told apart better at the
# temperature above, alphabets at this one.
MANY_CLASSES, _OF_MANY = 20, {"supcon": {"temperature": 0.05}}
_QUICKER = {"supcon": "MatrixSupConLoss", "infonce": "MatrixNTXentLoss"}


def recipe(name: str) -> LossRecipe:
    """The loss of that name.

    Args:
        name: one of `LOSSES`, or `pml:` and a class of `pytorch_metric_learning.losses`, such as
            `pml:CircleLoss`.

    Raises:
        OptionError: there is none.
    """
    if name in LOSSES:
        return LOSSES[name]
    from pytorch_metric_learning import losses

    own = name.removeprefix(LIBRARY)
    known = getattr(losses, own, None) if name.startswith(LIBRARY) else None
    if not (isinstance(known, type) and issubclass(known, losses.BaseMetricLossFunction)):
        raise OptionError(
            f"there is no loss {name!r}; there are {', '.join(LOSSES)}, and {LIBRARY}NAME for any "
            "class of pytorch_metric_learning.losses"
        )
    return LossRecipe((*_LABELLED, "pairs"), own)


def make_loss(name: str, dimension: int, classes: int, miner: str | None = None) -> nn.Module:
    """A loss: called with embeddings (n, dimension) and a `Target`, it gives one number.

    Args:
        name: see `recipe`.
        dimension: of the embeddings.
        classes: how many there are; for losses that learn a vector for each.
        miner: chooses pairs or triplets of a labelled batch, see `Miner`; None: the loss's own.

    Raises:
        OptionError: there is none of that name, the library's needs more than it is given, or
            the loss takes no miner.
    """
    made = recipe(name)
    if miner is not None and (made.cls is None or set(_LABELLED).isdisjoint(made.forms)):
        raise OptionError(f"the loss {name} learns from given pairs or draws its own; no miner")
    if name in ("bce", "bce-absolute"):
        return BinaryLoss(PairHead(dimension, squared=name == "bce"))
    if made.cls is None:
        return CosineLoss()
    from pytorch_metric_learning import losses

    cls = _class_of(name, made.cls)
    arguments = dict(made.arguments)
    if classes >= MANY_CLASSES:
        arguments |= _OF_MANY.get(name, {})
    if issubclass(cls, losses.WeightRegularizerMixin):  # it learns a vector for each class
        arguments |= {"num_classes": classes, "embedding_size": dimension}
    try:
        loss = cls(**arguments)
    except TypeError as error:
        raise OptionError(f"loss {name!r} cannot be made without more: {error}") from None
    chosen = miner or made.miner
    margin = made.arguments.get("margin", 0.2)
    return LibraryLoss(loss, None if chosen is None else Miner(chosen, margin=margin))


def _class_of(name: str, cls: str) -> Any:
    """The library's class; of two that are taken often a form that is quicker."""
    from pytorch_metric_learning import losses

    if name in _QUICKER:
        from simsearch.training import matrix_losses

        return getattr(matrix_losses, _QUICKER[name])
    return getattr(losses, cls)


class LibraryLoss(nn.Module):
    """A loss of the library, with the miner that goes with it.

    Args:
        loss: a `BaseMetricLossFunction`.
        miner: chooses among the pairs or triplets of a labelled batch; None takes all.
    """

    def __init__(self, loss: Any, miner: Miner | None = None) -> None:
        super().__init__()
        self.loss = loss
        self.miner = miner

    def forward(self, embeddings: Tensor, target: Target) -> Tensor:
        """One number."""
        places: Any = target.places
        if target.labels is not None and self.miner is not None:
            places = self.miner(embeddings, target.labels)
        out: Tensor = self.loss(embeddings, target.labels, places)
        return out


class BinaryLoss(nn.Module):
    """Cross-entropy of a verification head over as many pairs of each sort.

    Args:
        head: gives the ln odds of a pair.
    """

    def __init__(self, head: PairHead) -> None:
        super().__init__()
        self.head = head

    def forward(self, embeddings: Tensor, target: Target) -> Tensor:
        """One number. The head, not a margin, says how far apart is different."""
        positive, negative = _pairs(target)
        parts = []
        for (left, right), same in ((positive, 1.0), (negative, 0.0)):
            odds = self.head(embeddings[left], embeddings[right])
            parts.append(
                functional.binary_cross_entropy_with_logits(odds, torch.full_like(odds, same))
            )
        return torch.stack(parts).mean()


class CosineLoss(nn.Module):
    """Squared difference between the cosine and how alike two items are said to be."""

    def forward(self, embeddings: Tensor, target: Target) -> Tensor:
        """One number."""
        if target.scores is None:
            raise OptionError("the loss cosine needs pairs with scores")
        left, right = embeddings.chunk(2)
        cosine = functional.cosine_similarity(left.float(), right.float())
        return functional.mse_loss(cosine, target.scores)


class MatryoshkaLoss(nn.Module):
    """The same loss on the first numbers of an embedding too, so that it can be cut.

    A. Kusupati et al., Matryoshka representation learning, NeurIPS 2022: every length weighs the
    same.

    Args:
        losses: one for each length.
        lengths: the lengths, the full one first.
    """

    def __init__(self, losses: list[nn.Module], lengths: list[int]) -> None:
        super().__init__()
        self.losses = nn.ModuleList(losses)
        self.lengths = lengths
        # Of the latest batch, for the log.
        self.parts: dict[int, float] = {}

    def forward(self, embeddings: Tensor, target: Target) -> Tensor:
        """The mean over the lengths."""
        parts = []
        for length, loss in zip(self.lengths, self.losses, strict=True):
            part = loss(embeddings[:, :length], target)
            self.parts[length] = float(part.detach())
            parts.append(part)
        return torch.stack(parts).mean()


def _pairs(target: Target) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """Places of the positives and of as many negatives, drawn from a labelled batch."""
    if target.places is not None:
        a, p, b, n = target.places
        return (a, p), (b, n)
    if target.labels is None:
        raise OptionError("the loss bce needs classes or pairs")
    same = target.labels[:, None] == target.labels[None, :]
    left, right = torch.nonzero(torch.triu(same, 1), as_tuple=True)
    other = torch.nonzero(torch.triu(~same, 1))
    drawn = other[torch.randperm(len(other), device=other.device)[: len(left)]]
    return (left, right), (drawn[:, 0], drawn[:, 1])
