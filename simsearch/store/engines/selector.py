"""Masks of rows as the selectors that FAISS takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simsearch.store.engines.engine import Mask

__all__ = ["Selector"]


class Selector:
    """Turns masks into FAISS's bitmaps; the last one is kept, as a mask is used again and again."""

    def __init__(self) -> None:
        self._last: tuple[Mask, Any, Any] | None = None
        self._counted: tuple[Mask, int] | None = None

    def living(self, alive: Mask | None, rows: int) -> int:
        """How many of the rows are True; all of them for None."""
        import numpy as np

        if alive is None:
            return rows
        counted = self._counted
        if counted is None or counted[0] is not alive:
            counted = self._counted = alive, int(np.count_nonzero(alive))
        return counted[1]

    def of(self, alive: Mask | None) -> Any:
        """A selector of the rows that are True; None for all.

        It is valid as long as this object and the mask live.
        """
        if alive is None:
            return None
        last = self._last
        if last is None or last[0] is not alive:
            last = self._last = (alive, *_bitmap(alive))
        return last[2]


def _bitmap(alive: Mask) -> tuple[Any, Any]:
    """The bits, which FAISS does not copy, and the selector on them."""
    import faiss
    import numpy as np

    bits = np.packbits(alive, bitorder="little")
    # Python's constructor takes an array; the stub describes the one of C++.
    return bits, faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]
