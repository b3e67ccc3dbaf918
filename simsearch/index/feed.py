"""What is to come into an index, from wherever: rows, their ids, and a vector for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from simsearch.errors import EmptySourceError, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import pyarrow as pa

    from simsearch.schema import Encoder, ItemBatch, ItemSource, SkippedRow
    from simsearch.sources import RecordSource
    from simsearch.sources.vectors import VectorSource
    from simsearch.store.engines.engine import Rows, Vectors
    from simsearch.store.writing.writer import IndexWriter

    Embed: TypeAlias = Callable[[Rows | None], Vectors]
    Progress: TypeAlias = Callable[[str, float], None]

__all__ = [
    "Feed",
    "Incoming",
    "ItemFeed",
    "RecordFeed",
    "VectorFeed",
    "add_all",
    "batch_rows",
    "incoming",
    "report",
    "share_done",
    "share_read",
    "vector_hashes",
]

BATCH_ROWS = 16_384
# What the items of a batch may take in memory; signals are of unknown length.
BATCH_BYTES = 1 << 26
SIGNAL_ROWS = 256


class Incoming(NamedTuple):
    """A batch of items.

    Attributes:
        ids: (n,) string or int64.
        columns: n rows of what is stored.
        vectors: gives (m, width) vectors of some of the rows, None for all n.
    """

    ids: pa.Array
    columns: pa.Table
    vectors: Embed


class Feed(Protocol):
    """Items to come, which can be gone through any number of times.

    Attributes:
        name: what to call the source in messages.
        rows: how many; at most, where some may turn out to be unreadable.
        given: whether the vectors came with the items, so that they are part of what may change;
            else they follow from the columns.
    """

    name: str
    rows: int
    given: bool

    @property
    def schema(self) -> pa.Schema:
        """Of the stored columns."""

    @property
    def skipped(self) -> Sequence[SkippedRow]:
        """Rows that the latest reading could not use."""

    def ids(self, first: int) -> pa.Array | None:
        """(rows,): the id of each row; row numbers from `first` on where there are no others.

        None where an id is known only when its item is read.
        """

    def batches(self, first: int) -> Iterator[Incoming]:
        """All items in order; row numbers count from `first`, as for `ids`.

        Raises:
            SourceError: the source is not what it was when it was opened.
        """


class RecordFeed:
    """Records that an encoder makes vectors of. See `Feed`.

    Args:
        source: the records.
        encoder: sees the columns that the source says are compared.
        rows: how many records there are.
        ids: of them; None for row numbers.
    """

    given = False

    def __init__(
        self, source: RecordSource, encoder: Encoder, rows: int, ids: pa.StringArray | None
    ) -> None:
        self.name = source.name
        self.rows = rows
        self._source = source
        self._encoder = encoder
        self._ids = ids

    @property
    def schema(self) -> pa.Schema:
        """See `Feed`."""
        return self._source.schema

    @property
    def skipped(self) -> Sequence[SkippedRow]:
        """See `Feed`."""
        return self._source.skipped

    def ids(self, first: int) -> pa.Array:
        """See `Feed`."""
        import numpy as np
        import pyarrow as pa

        if self._ids is not None:
            return self._ids
        return pa.array(np.arange(first, first + self.rows)).cast(pa.string())

    def batches(self, first: int) -> Iterator[Incoming]:
        """See `Feed`."""
        return _with_ids(self.name, self.ids(first), self.embedded(BATCH_ROWS))

    def embedded(self, rows: int) -> Iterator[tuple[pa.Table, Embed]]:
        """Stored columns, at most `rows` at a time, and what gives the vectors of the same rows."""
        import pyarrow as pa

        columns = list(self._source.columns)
        for batch in self._source.batches(rows):
            table = pa.Table.from_batches([batch])

            def embed(rows: Rows | None, table: pa.Table = table) -> Vectors:
                compared = table.select(columns)
                return self._encoder.encode(compared if rows is None else compared.take(rows))

            yield table, embed


class VectorFeed:
    """Vectors that the user brings. See `Feed`."""

    given = True
    skipped: Sequence[SkippedRow] = ()

    def __init__(self, source: VectorSource) -> None:
        self.name = source.name
        self.rows = source.rows
        self._source = source

    @property
    def schema(self) -> pa.Schema:
        """See `Feed`."""
        return self._source.schema

    def ids(self, first: int) -> pa.Array:
        """See `Feed`."""
        import pyarrow.compute as pc

        ids = self._source.ids
        return pc.add(ids, first) if self._source.numbered and first else ids

    def batches(self, first: int) -> Iterator[Incoming]:
        """See `Feed`."""
        return _with_ids(self.name, self.ids(first), self._given_vectors())

    def _given_vectors(self) -> Iterator[tuple[pa.Table, Embed]]:
        for _, vectors, columns in self._source.batches(BATCH_ROWS):

            def some(rows: Rows | None, given: Vectors = vectors) -> Vectors:
                return given if rows is None else given[rows]

            # As it is: a table of no columns would have no rows either.
            yield columns, some


class ItemFeed:
    """Images, texts, vectors or signals that an encoder makes vectors of. See `Feed`.

    An item is known to be readable only when it is read, so each batch brings its own ids. Of
    vectors the SHA-256 is stored as well: nothing else would tell that one has changed.

    Args:
        source: the items.
        encode: gives a vector for each row of a table of items.
        reading: how they were read, see `Encoder`.
    """

    given = False

    def __init__(
        self,
        source: ItemSource,
        encode: Callable[[pa.Table], Vectors],
        reading: Mapping[str, Any],
    ) -> None:
        self.name = source.name
        self.rows = len(source)
        self._source = source
        self._encode = encode
        self._rows = batch_rows(source.kind, reading)

    @property
    def schema(self) -> pa.Schema:
        """See `Feed`."""
        import pyarrow as pa

        schema = self._source.schema
        return schema.append(pa.field(self._hash, pa.string())) if self._hash else schema

    @property
    def skipped(self) -> Sequence[SkippedRow]:
        """See `Feed`."""
        return self._source.skipped

    def ids(self, first: int) -> None:
        """See `Feed`."""

    def batches(self, first: int) -> Iterator[Incoming]:  # noqa: ARG002  see `Feed`
        """See `Feed`."""
        import pyarrow as pa

        for batch in self._source.batches(self._rows):

            def embed(rows: Rows | None, items: pa.Table = batch.items) -> Vectors:
                return self._encode(items if rows is None else items.take(rows))

            yield Incoming(batch.ids.cast(pa.string()), self._stored(batch), embed)

    @property
    def _hash(self) -> str | None:
        """The column for the hash of an item; None where what is stored tells of changes."""
        if self._source.kind != "vector":
            return None
        names, name = self._source.schema.names, "sha256"
        while name in names:
            name += "_"
        return name

    def _stored(self, batch: ItemBatch) -> pa.Table:
        import pyarrow as pa

        if self._hash is None:
            return batch.stored
        hashes = pa.array(vector_hashes(batch.items["vector"]), pa.string())
        if not batch.stored.num_columns:
            return pa.table({self._hash: hashes})
        return batch.stored.append_column(self._hash, hashes)


def batch_rows(kind: str, reading: Mapping[str, Any]) -> int:
    """How many items to read at once, so that they take bounded memory."""
    if kind == "signal":
        return SIGNAL_ROWS
    if kind != "image":
        return BATCH_ROWS
    height, width = reading["size"]
    size = int(height) * int(width) * int(reading["channels"])
    return max(1, min(BATCH_ROWS, BATCH_BYTES // max(1, size)))


def vector_hashes(vectors: pa.ChunkedArray) -> list[str]:
    """SHA-256 of the numbers of each vector, hex."""
    import hashlib

    import numpy as np

    column = vectors.combine_chunks()
    flat = np.asarray(column.flatten().to_numpy(zero_copy_only=False), "<f4")
    rows = np.ascontiguousarray(flat.reshape(len(column), -1) if len(column) else flat)
    return [hashlib.sha256(row.tobytes()).hexdigest() for row in rows]


def incoming(feed: Feed, first: int) -> Iterator[Incoming]:
    """The items of a feed; row numbers count from `first`.

    Raises:
        SourceError: two items have the same id, or the source changed while it was read.
    """
    if feed.ids(first) is not None:  # they were looked at when the source was opened
        yield from feed.batches(first)
        return
    seen: set[str] = set()
    for batch in feed.batches(first):
        for identifier in batch.ids.to_pylist():
            if identifier in seen:
                raise SourceError(
                    f"{feed.name}: two items have the same id, {identifier!r:.80}; ids must differ"
                )
            seen.add(identifier)
        yield batch


def _with_ids(
    name: str, ids: pa.Array, batches: Iterable[tuple[pa.Table, Embed]]
) -> Iterator[Incoming]:
    """Batches, each with its part of the ids.

    Raises:
        SourceError: there are more or fewer rows than ids: the source changed while it was read.
    """
    changed = SourceError(f"{name} changed while it was read; try again")
    done = 0
    for columns, vectors in batches:
        part = ids[done : done + columns.num_rows]
        if len(part) < columns.num_rows:
            raise changed
        yield Incoming(part, columns, vectors)
        done += len(part)
    if done != len(ids):
        raise changed


def add_all(writer: IndexWriter, feed: Feed, progress: Progress | None = None) -> None:
    """Add every item of a feed to an index.

    Args:
        writer: of an index that was started.
        feed: what to add.
        progress: called with the stage's name and the share done.

    Raises:
        SourceError: the source is not what it was when it was opened.
        EmptySourceError: none of its items could be read.
        VectorIndexError: an id is in the index already, or the index cannot be written.
    """
    first, done, stage = writer.next_row, 0, "writing" if feed.given else "embedding"
    ids = feed.ids(first)
    if ids is not None:  # to refuse before the long work what would be refused after it
        writer.check_new(ids)
    for batch in incoming(feed, first):
        writer.add(batch.ids, batch.vectors(None), batch.columns)
        done += len(batch.ids)
        report(progress, stage, share_done(feed, done))
    if not done:
        raise _nothing_in(feed)


def share_done(feed: Feed, done: int) -> float:
    """How much of a feed has been gone through, from 0 to 1, after so many of its items."""
    # Where ids are known beforehand, what cannot be read was never counted.
    unread = len(feed.skipped) if feed.ids(0) is None else 0
    return min(1.0, (done + unread) / max(feed.rows, 1))


def share_read(source: ItemSource, done: int) -> float:
    """How much of a source has been gone through, from 0 to 1, after so many of its items."""
    return min(1.0, (done + len(source.skipped)) / max(len(source), 1))


def _nothing_in(feed: Feed) -> EmptySourceError:
    skipped = feed.skipped
    why = f"; of {len(skipped)} that could not, the first: {skipped[0].reason}" if skipped else ""
    return EmptySourceError(f"{feed.name} has no item that can be read{why}")


def report(progress: Progress | None, stage: str, share: float) -> None:
    """Tell how far a stage has come, if anybody wants to know."""
    if progress is not None:
        progress(stage, share)
