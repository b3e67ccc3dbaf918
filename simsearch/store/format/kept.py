"""What was worked out and may be wanted again, up to some size, for any number of threads."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

__all__ = ["KEPT_BYTES", "KeptValues"]

Value = TypeVar("Value")

# What is kept by default of one sort.
KEPT_BYTES = 1 << 25


class KeptValues(Generic[Value]):
    """Values by a key; those that were not asked for longest go first, the last one never.

    Args:
        most: bytes.
    """

    def __init__(self, most: int = KEPT_BYTES) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> Value | None:
        """The value of a key; None where it is not kept."""
        with self._lock:
            found = self._values.get(key)
            if found is None:
                return None
            self._values.move_to_end(key)
            return found[0]

    def keep(self, key: Hashable, value: Value, size: int) -> Value:
        """Keep a value of so many bytes, unless there is one; gives the value."""
        with self._lock:
            if key not in self._values:
                self._values[key] = value, size
                self._bytes += size
            while self._bytes > self._most and len(self._values) > 1:
                self._bytes -= self._values.popitem(last=False)[1][1]
        return value
