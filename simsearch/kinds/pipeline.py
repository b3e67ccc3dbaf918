"""Pipeline: read items from a source and encode them, batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from simsearch.errors import EmptySourceError, SourceError
from simsearch.kinds.registry import kind_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.kinds.encoding import Encoding
    from simsearch.schema import ItemBatch, ItemSource, SkippedRow

    Rows: TypeAlias = npt.NDArray[np.int64]
    Vectors: TypeAlias = npt.NDArray[np.float32]
    Progress: TypeAlias = Callable[[str, float], None]

__all__ = ["EncodedBatch", "Pipeline", "report"]


class EncodedBatch(NamedTuple):
    """Some items, whose vectors are made when they are asked for.

    Attributes:
        ids: (n,) string or int64.
        stored: n rows of what an index stores; None where it stores nothing.
        vectors: gives the (m, dimension) vectors of some of the rows, None for all n.
        items: gives some of the rows as encoders take them, see `ItemBatch`; None for all n.
        keys: gives a text for each item that equal items share, see `Kind.stored_keys`.
    """

    ids: pa.Array
    stored: pa.Table | None
    vectors: Callable[[Rows | None], Vectors]
    items: Callable[[Rows | None], pa.Table]
    keys: Callable[[], list[str | None]]


class Pipeline:
    """Items of a source, read and encoded; gone through any number of times.

    Args:
        source: the items.
        encoding: what makes vectors of them.

    Attributes:
        name: what to call the source in messages.
        given: whether the vectors came with the items, so that they are part of what may change;
            else they follow from what is stored.
        source, encoding: the same.
    """

    def __init__(self, source: ItemSource, encoding: Encoding) -> None:
        self.name = source.name
        self.given = encoding.encoder is None
        self.encoding = encoding
        self.source = source
        self._kind = kind_named(source.kind)
        # What is stored of given vectors need not tell of changes: the vectors do.
        self._stamp = None if self.given else self._kind.stamp

    def of(self, source: ItemSource) -> Pipeline:
        """The same of other items of the kind."""
        return Pipeline(source, self.encoding)

    def __len__(self) -> int:
        """How many items there are at most, see `ItemSource`."""
        return len(self.source)

    @property
    def schema(self) -> pa.Schema:
        """Of the stored columns."""
        import pyarrow as pa

        schema = self.source.schema
        if self._stamp is None:
            return schema
        return schema.append(pa.field(self._stamp_name, pa.string()))

    @property
    def skipped(self) -> Sequence[SkippedRow]:
        """Items that the latest reading could not use."""
        return self.source.skipped

    def ids(self, first: int = 0) -> pa.Array | None:
        """The id of each item; None where it is known only when the item is read.

        Args:
            first: row numbers count from here.
        """
        ids = self.source.ids
        return ids if ids is None else self._shifted(ids, first)

    def batches(self, first: int = 0, rows: int | None = None) -> Iterator[EncodedBatch]:
        """All items in order.

        Args:
            first: row numbers count from here.
            rows: items of a batch at most; None for as many as take little memory.

        Raises:
            SourceError: two items have the same id, or the source cannot be read to its end.
        """
        usual = self._kind.batch_rows(self.encoding.reading or self._kind.any_reading)
        known = self.source.ids is not None
        seen: set[str] = set()
        for batch in self.source.batches(usual if rows is None else min(rows, usual)):
            if not known:  # else they were looked at when the source was opened
                self._check_new(batch.ids, seen)
            yield self._encoded(batch, first)

    def share_done(self, done: int) -> float:
        """How much of the source was gone through, 0 to 1, after so many of its items."""
        # Where ids are known beforehand, what cannot be read was never counted.
        unread = len(self.skipped) if self.source.ids is None else 0
        return min(1.0, (done + unread) / max(len(self), 1))

    def nothing_read(self) -> EmptySourceError:
        """What to raise when no item could be read."""
        skipped = self.skipped
        why = (
            f"; of {len(skipped)} that could not, the first: {skipped[0].reason}" if skipped else ""
        )
        return EmptySourceError(f"{self.name} has no {self._kind.name} that can be read{why}")

    def _encoded(self, batch: ItemBatch, first: int) -> EncodedBatch:
        def items(rows: Rows | None) -> pa.Table:
            return batch.items if rows is None else batch.items.take(rows)

        def vectors(rows: Rows | None) -> Vectors:
            return self.encoding(items(rows))

        ids, stored = self._shifted(batch.ids, first), self._stored(batch)
        return EncodedBatch(ids, stored, vectors, items, lambda: self._kind.keys(batch))

    def _shifted(self, ids: pa.Array, first: int) -> pa.Array:
        """Row numbers that count from another number on; other ids as they are."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if not self.source.numbered or not first:
            return ids
        return pc.add(ids.cast(pa.int64()), first).cast(ids.type)

    def _check_new(self, ids: pa.Array, seen: set[str]) -> None:
        for identifier in ids.to_pylist():
            if identifier in seen:
                raise SourceError(
                    f"{self.name}: two items have the same id, {identifier!r:.80}; ids must differ"
                )
            seen.add(identifier)

    @property
    def _stamp_name(self) -> str:
        """The column for the hash of an item, which must be free."""
        name = "sha256"
        while name in self.source.schema.names:
            name += "_"
        return name

    def _stored(self, batch: ItemBatch) -> pa.Table | None:
        import pyarrow as pa

        if self._stamp is None:
            return batch.stored if batch.stored.num_columns else None
        hashes = pa.array(self._stamp(batch), pa.string())
        if not batch.stored.num_columns:
            return pa.table({self._stamp_name: hashes})
        return batch.stored.append_column(self._stamp_name, hashes)


def report(progress: Progress | None, stage: str, share: float) -> None:
    """Report the progress of a stage to a callback, if there is one."""
    if progress is not None:
        progress(stage, share)
