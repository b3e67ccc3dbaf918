"""Draw members of a set in shuffled passes, each pass a function of the seed alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]

__all__ = ["ClassTurns", "Turns"]


class Turns:
    """Members a portion at a time, in shuffled passes; which ones is a function of the turn.

    A pass leaves out what is too little for a whole portion, other members each time. Fewer
    members than a portion holds come equally often in it, up to one.

    Args:
        members: (m,) row numbers, m > 0.
        portion: how many a turn gives.
        key: whole numbers from 0 that set these turns apart from others: seed, class.
    """

    def __init__(self, members: Rows, portion: int, key: tuple[int, ...]) -> None:
        self.members = members
        self.portion = portion
        self.key = key
        self.turns = max(1, len(members) // portion)
        self._pass = -1
        self._order = members

    def portion_of(self, turn: int) -> Rows:
        """What the turn with this number (from 0) gives, int64 (portion,)."""
        this, place = divmod(turn, self.turns)
        if this != self._pass:
            shuffled = np.random.default_rng((*self.key, this)).permutation(self.members)
            self._order, self._pass = np.resize(shuffled, max(len(shuffled), self.portion)), this
        start = place * self.portion
        return self._order[start : start + self.portion]


class ClassTurns:
    """Some classes a batch, each once before any comes again.

    Args:
        labels: (n,) class numbers; -1 is no class.
        wanted: the classes to use.
        classes: how many classes a batch holds, at most len(wanted).
        items: how many items of each.
        seed: from 0.
    """

    def __init__(self, labels: Rows, wanted: Rows, classes: int, items: int, seed: int) -> None:
        self.classes = classes
        self.seed = seed
        self.window = 0
        order = np.argsort(labels, kind="stable")
        starts = np.searchsorted(labels[order], wanted)
        ends = np.searchsorted(labels[order], wanted, side="right")
        self.turns = [
            Turns(order[start:end], items, (seed, number + 1))
            for number, (start, end) in enumerate(zip(starts, ends, strict=True))
        ]
        self.left = self._window_order(np.empty(0, np.int64))

    def batch(self) -> Rows:
        """The next batch, the items of a class side by side."""
        now, window = self.left[: self.classes], self.window
        self.left = self.left[self.classes :]
        parts = [self.turns[number].portion_of(window) for number in now]
        missing = self.classes - len(now)
        if missing or not len(self.left):
            self.window += 1
            order = self._window_order(now if missing else now[:0])
            parts += [self.turns[number].portion_of(self.window) for number in order[:missing]]
            self.left = order[missing:]
        return np.concatenate(parts)

    def _window_order(self, before: Rows) -> Rows:
        """All classes shuffled; those of the unfinished batch come only after it."""
        rng = np.random.default_rng((self.seed, 0, self.window))
        order = rng.permutation(len(self.turns))
        fresh = order[~np.isin(order, before)][: self.classes - len(before)]
        return np.concatenate([fresh, order[~np.isin(order, fresh)]])

    def state(self) -> dict[str, Any]:
        """Where it stands, in values that JSON holds."""
        return {"window": self.window, "left": self.left.tolist()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what `state` gave."""
        self.window = int(state["window"])
        self.left = np.array(state["left"], np.int64)
