"""The chance and the language of one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from simsearch.training.pair_model.tables.words import Language, objects, vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Objects: TypeAlias = npt.NDArray[np.object_]
    Columns: TypeAlias = dict[str, Objects]
    Mask: TypeAlias = npt.NDArray[np.bool_]
    Rows: TypeAlias = npt.NDArray[np.int64]

__all__ = ["World"]


@dataclass(frozen=True)
class World:
    """Where the things of a table come from.

    Attributes:
        language: of its words.
        rng: its chance.
        tail: exponent of Zipf's law for names; larger: common ones are commoner.
    """

    language: Language
    rng: np.random.Generator
    tail: float = 1.0

    def draw(self, what: str, count: int) -> Objects:
        """Names by Zipf's law in Mandelbrot's form: a few common ones and a long tail."""
        words = vocabulary(self.language, what)
        weight = 1.0 / (np.arange(len(words)) + 8.0) ** self.tail
        bounds = np.cumsum(weight / weight.sum())
        places = np.searchsorted(bounds, self.rng.random(count))
        return words[np.minimum(places, len(words) - 1)]

    def pick(self, values: Sequence[str], count: int) -> Objects:
        """Values, each as likely as another."""
        return objects(tuple(values))[self.rng.integers(0, len(values), count)]

    def skewed(self, values: Sequence[str], count: int) -> Objects:
        """Values of which the first are much commoner than the last."""
        place = (self.rng.random(count) ** 2.5 * len(values)).astype(np.int64)
        return objects(tuple(values))[place]

    def words(self, what: str, count: int) -> Objects:
        """Entries of a list of the language, each as likely as another."""
        return self.pick(self.language.words(what), count)

    def some(self, count: int, share: float) -> Mask:
        """A mask, true with that probability."""
        return self.rng.random(count) < share

    def numbers(self, low: int, high: int, count: int) -> Objects:
        """Whole numbers from low to below high, as text."""
        return objects([str(value) for value in self.rng.integers(low, high, count)])

    def digits(self, length: int, count: int) -> Objects:
        """Numbers of so many digits."""
        made = self.rng.integers(10 ** (length - 1), 10**length, count)
        return objects([str(value) for value in made])

    def codes(self, pattern: str, count: int) -> Objects:
        """Codes by a pattern: `#` a digit, `@` a capital letter, `*` either, the rest itself."""
        letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
        alphabet = {"#": "0123456789", "@": letters, "*": "0123456789" + letters}
        parts = []
        for sign in pattern:
            signs = np.array(list(alphabet.get(sign, sign)))
            parts.append(signs[self.rng.integers(0, len(signs), count)])
        return objects(["".join(row) for row in zip(*parts, strict=True)])

    def dates(self, first: str, last: str, count: int) -> Objects:
        """ISO dates, first inclusive to last exclusive."""
        start = np.datetime64(first)
        days = int((np.datetime64(last) - start).astype(int))
        made = start + self.rng.integers(0, days, count).astype("timedelta64[D]")
        return objects([str(value) for value in made])
