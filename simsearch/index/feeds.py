"""What is to come into an index, from wherever: rows, their ids, and a vector for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from simsearch.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pyarrow as pa

    from simsearch.index.kinds.kind import Rows, Vectors
    from simsearch.index.writer import IndexWriter
    from simsearch.schema import Encoder, SkippedRow
    from simsearch.sources import RecordSource
    from simsearch.sources.vectors import VectorSource

    Embed: TypeAlias = Callable[[Rows | None], Vectors]
    Progress: TypeAlias = Callable[[str, float], None]

__all__ = ["Feed", "Incoming", "RecordFeed", "VectorFeed", "add_all", "incoming", "report"]

BATCH_ROWS = 16_384


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
        rows: how many.
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

    def ids(self, first: int) -> pa.Array:
        """(rows,): the id of each row; row numbers from `first` on where there are no others."""

    def batches(self) -> Iterator[tuple[pa.Table, Embed]]:
        """Stored columns in order, and what gives the vectors of the same rows."""


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

    def batches(self, rows: int = BATCH_ROWS) -> Iterator[tuple[pa.Table, Embed]]:
        """See `Feed`. At most `rows` at a time."""
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

    def batches(self) -> Iterator[tuple[pa.Table, Embed]]:
        """See `Feed`."""
        for _, vectors, columns in self._source.batches(BATCH_ROWS):

            def some(rows: Rows | None, given: Vectors = vectors) -> Vectors:
                return given if rows is None else given[rows]

            # As it is: a table of no columns would have no rows either.
            yield columns, some


def incoming(feed: Feed, ids: pa.Array) -> Iterator[Incoming]:
    """The items of a feed with their ids.

    Raises:
        SourceError: there are more or fewer than ids: the source changed while it was read.
    """
    changed = SourceError(f"{feed.name} changed while it was read; try again")
    done = 0
    for columns, vectors in feed.batches():
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
        VectorIndexError: an id is in the index already, or the index cannot be written.
    """
    ids, done = feed.ids(writer.next_row), 0
    writer.check_new(ids)
    for batch in incoming(feed, ids):
        writer.add(batch.ids, batch.vectors(None), batch.columns)
        done += len(batch.ids)
        report(progress, "writing" if feed.given else "embedding", done / feed.rows)


def report(progress: Progress | None, stage: str, share: float) -> None:
    """Tell how far a stage has come, if anybody wants to know."""
    if progress is not None:
        progress(stage, share)
