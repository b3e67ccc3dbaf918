"""The items of an index of records: they become vectors by the encoder of the index."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from simsearch.distance import Metric
from simsearch.encoders.store import load_encoder
from simsearch.errors import (
    ColumnError,
    IndexCorruptError,
    OptionError,
    QueryError,
)
from simsearch.index.encoder import refuse_other
from simsearch.index.feed import RecordFeed
from simsearch.index.ingest import compared_columns, encoder_for, opened, survey
from simsearch.index.record_query import as_record, record_table
from simsearch.index.vector_items import check_id_column
from simsearch.sources.vectors import VectorSource, is_array
from simsearch.store.format.layout import inside
from simsearch.store.options import new_settings

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

    from simsearch.index.feed import Progress
    from simsearch.index.ingest import Source
    from simsearch.schema import Encoder
    from simsearch.sources import RecordSource
    from simsearch.store.engines.engine import Vectors
    from simsearch.store.options import IndexOptions
    from simsearch.store.vector_index import VectorIndex
    from simsearch.store.writing.writer import IndexWriter

__all__ = ["RecordItems", "start_records"]

# Rows of a batch of queries that are answered together.
QUERY_ROWS = 1_024
SHOWN_NAMES = 10


@runtime_checkable
class TextEncoder(Protocol):
    """An encoder of records that also takes free text."""

    def encode_text(self, texts: Sequence[str]) -> Vectors:
        """Embed texts that may belong to any field: (n, dimension) float32."""


def start_records(
    writer: IndexWriter,
    records: RecordSource,
    encoder: Encoder | str | os.PathLike[str] | None,
    options: tuple[Metric, IndexOptions | None],
    progress: Progress | None = None,
) -> tuple[Encoder, RecordFeed]:
    """Begin an index of records.

    Args:
        writer: of a new index.
        records: what is to be in it.
        encoder: one, or the folder of a saved one; None fits one to the records.
        options: how records are compared and searched.
        progress: called with the name of a stage and the share of it done.

    Returns:
        The encoder, and what is to be added.

    Raises:
        OptionError: a metric or kind that does not exist, or not for records.
        EncoderError, ColumnError, SourceError: see `encoder_for`, `compared_columns`, `survey`.
    """
    metric, search = options
    if metric.binary:
        *usual, last = (each.value for each in Metric if not each.binary)
        raise OptionError(
            f"{metric} compares bits, and records become numbers; take {', '.join(usual)} or {last}"
        )
    settings = new_settings(1, metric, search)
    surveyed = survey(records, progress)
    used = encoder_for(encoder, records, surveyed)
    writer.start(
        replace(
            settings,
            item_kind=used.kind,
            dimension=used.dimension,
            encoder=used.fingerprint,
            encoder_folder=writer.keep_encoder(used),
            columns=compared_columns(used, records),
            id_column=records.id_column,
            source=records.name,
        )
    )
    return used, RecordFeed(records, used, surveyed.rows, surveyed.ids)


class RecordItems:
    """What an index of records takes, and is asked.

    Args:
        index: the vectors.
        encoder: the one that made them; None to load the one in the index when it is needed.
    """

    def __init__(self, index: VectorIndex, encoder: Encoder | None) -> None:
        self._index = index
        self._given = encoder
        if encoder is not None:
            refuse_other(index.folder, index.settings.encoder, encoder)

    @property
    def _columns(self) -> tuple[str, ...]:
        return self._index.settings.columns

    def feed(
        self,
        source: Source,
        keywords: dict[str, Any],
        progress: Progress | None = None,
        *,
        same_ids: bool = False,
    ) -> RecordFeed:
        """Records that are to be added, or (`same_ids`) compared with those that are there.

        Raises:
            OptionError: it is a source of vectors, or the ids are other ids.
            ColumnError: nothing in them is compared, or they have not the id column.
            SourceError: they cannot be read.
        """
        settings = self._index.settings
        keywords.setdefault("id_column", settings.id_column)
        self._refuse_vectors(source)
        records = opened(source, keywords)
        self._check_columns(records)
        if same_ids:
            check_id_column(self._index.folder.name, settings.id_column, records.id_column)
        surveyed = survey(records, progress)
        return RecordFeed(records, self._encoder, surveyed.rows, surveyed.ids)

    def vector(self, item: Any) -> Vectors:
        """(1, dimension): of a record or a text.

        Raises:
            QueryError: nothing in it to compare, or an unknown column.
        """
        if isinstance(item, str):
            vectors = self._text_encoder.encode_text([item])
        else:
            columns = tuple(self._index.reader.types)
            table = record_table(as_record(item), self._columns, columns)
            vectors = self._encoder.encode(table)
        if not vectors.any():
            raise QueryError(
                f"there is nothing in {item!r:.60} to compare; "
                f"the index compares {', '.join(self._columns[:SHOWN_NAMES])}"
            )
        return vectors

    def queries(
        self, source: Source, keywords: dict[str, Any]
    ) -> Iterator[tuple[Sequence[str], Vectors]]:
        """The ids of many records, and their vectors, a batch at a time.

        Raises:
            ColumnError: nothing in them is compared.
        """
        self._refuse_vectors(source)
        records = opened(source, keywords)
        self._check_columns(records)
        return self._batches(records)

    def _batches(self, records: RecordSource) -> Iterator[tuple[Sequence[str], Vectors]]:
        ids = survey(records).ids if records.id_column is not None else None
        feed, done = RecordFeed(records, self._encoder, 0, None), 0
        for table, embed in feed.embedded(QUERY_ROWS):
            rows = range(done, done + table.num_rows)
            names = list(map(str, rows)) if ids is None else ids[done : rows.stop].to_pylist()
            yield names, embed(None)
            done += table.num_rows

    def _refuse_vectors(self, source: object) -> None:
        if isinstance(source, VectorSource) or is_array(source):
            raise OptionError(
                f"index {self._index.folder.name!r} is of records, and that is a source of "
                "vectors; give a table with the columns that it compares"
            )

    def _check_columns(self, records: RecordSource) -> None:
        if not set(self._columns) & set(records.schema.names):
            names = ", ".join(map(repr, self._columns[:SHOWN_NAMES]))
            raise ColumnError(f"{records.name} has none of the columns that are compared: {names}")

    @cached_property
    def _encoder(self) -> Encoder:
        """The encoder that made the index: given, or loaded from its folder."""
        if self._given is not None:
            return self._given
        settings, folder = self._index.settings, self._index.folder
        encoder = load_encoder(inside(folder, settings.encoder_folder))
        if encoder.fingerprint != settings.encoder:
            raise IndexCorruptError(f"{folder}: its encoder is not the one that made it")
        return encoder

    @property
    def _text_encoder(self) -> TextEncoder:
        encoder = self._encoder
        if not isinstance(encoder, TextEncoder):
            name = self._index.folder.name
            raise QueryError(f"the encoder of {name!r} takes no free text; give a record")
        return encoder
