"""The contract that every engine keeps: a named table, read in batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from simsearch.schema import SkippedRow

__all__ = ["Reader"]


class Reader(Protocol):
    """A table that can be read from the beginning any number of times.

    Attributes:
        name: what to call it in messages.
        schema: columns and types, known before any row is read.
        skipped: rows that the latest reading could not use, in order.
    """

    name: str
    schema: pa.Schema
    skipped: list[SkippedRow]

    def batches(self, rows: int) -> Iterator[pa.RecordBatch]:
        """Every row in order, at most `rows` at a time, each batch of `schema`.

        Raises:
            SourceError: the table cannot be read to its end.
        """
