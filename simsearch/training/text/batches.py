"""Batches of texts for the trainer of sentence-transformers, drawn by epoch.

What a batch is follows from the seed and the epoch alone, so that a run that is gone on with sees
the batches that it would have seen.
"""

from __future__ import annotations

import math
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
from sentence_transformers.base.sampler import DefaultBatchSampler

from simsearch.augmentations.texts import TextAugment
from simsearch.training.sampler import PairSampler

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BalancedPairs", "Shuffled", "Views"]


class Shuffled(DefaultBatchSampler):
    """Every row once an epoch, in an order of its own each time."""

    def __init__(self, dataset: Any, batch_size: int, drop_last: bool, **rest: Any) -> None:
        super().__init__(dataset, batch_size, drop_last, **rest)
        self.rows = len(dataset)

    def __iter__(self) -> Iterator[list[int]]:
        order = np.random.default_rng([self.seed, self.epoch]).permutation(self.rows)
        for start in range(0, self.rows, self.batch_size):
            yield order[start : start + self.batch_size].tolist()

    def __len__(self) -> int:
        return math.ceil(self.rows / self.batch_size)


class BalancedPairs(Shuffled):
    """As many pairs that are the same as such that are not, in every batch."""

    def __init__(self, dataset: Any, batch_size: int, drop_last: bool, **rest: Any) -> None:
        super().__init__(dataset, batch_size, drop_last, **rest)
        self.same = np.asarray(dataset["label"], np.float32)

    def __iter__(self) -> Iterator[list[int]]:
        seed = zlib.crc32(f"{self.seed} {self.epoch}".encode())
        drawn = PairSampler(self.same, batch=self.batch_size, seed=seed)
        for _ in range(len(self)):
            yield next(drawn).tolist()


class Views:
    """Two views of each text of a batch (T. Gao, X. Yao, D. Chen, SimCSE, EMNLP 2021).

    A transformer's dropout makes two views of one text; a table has none, so words are changed.

    Args:
        seed: of the changes; they depend on it and on the batch.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.augment = TextAugment()

    def __call__(self, batch: dict[str, list[str]]) -> dict[str, list[str]]:
        """The columns of a batch, changed."""
        texts = batch["anchor"]
        rng = np.random.default_rng([self.seed, zlib.crc32("\n".join(texts).encode("utf-8"))])
        return {name: self.augment(texts, rng) for name in ("anchor", "positive")}
