"""Index: a set of records that can be asked what is like this one.

index = simsearch.Index.create("customers", "customers.csv", id_column="customer_no")
index = simsearch.Index.open("customers")
index.query({"name": "Jon Smiht", "city": "Leeds"}, k=5)
index.query("smiht leeds", where="country = 'GB'")
index.query_like("C10001")
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

from simsearch.distance import Metric
from simsearch.encoders.store import load_encoder
from simsearch.errors import (
    ColumnError,
    IndexCorruptError,
    IndexExistsError,
    QueryError,
    VectorIndexError,
)
from simsearch.index.answers import matches
from simsearch.index.checked import as_ids
from simsearch.index.info import IndexInfo
from simsearch.index.ingest import compared_columns, embed_into, encoder_for, opened, survey
from simsearch.index.layout import check_name, generations, inside
from simsearch.index.question import as_record, question, record_table
from simsearch.index.roots import existing, indexes_root, names
from simsearch.index.update import update_into
from simsearch.index.vector_index import VectorIndex, new_settings
from simsearch.index.writer import IndexWriter

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from simsearch.index.ingest import Progress, Source
    from simsearch.index.options import IndexOptions
    from simsearch.index.question import Question
    from simsearch.index.reader import IndexReader
    from simsearch.index.update import Update
    from simsearch.schema import Encoder, Match, SkippedRow
    from simsearch.sources import RecordOptions, RecordSource

    Rows: TypeAlias = npt.NDArray[np.int64]
    Vectors: TypeAlias = npt.NDArray[np.float32]

__all__ = ["Answer", "Index", "IndexInfo", "indexes_root"]

# Rows of a batch of queries that are answered together.
QUERY_ROWS = 1_024
SHOWN_NAMES = 10
NUMBER = re.compile(r"-?\d{1,20}")


@dataclass(frozen=True, slots=True)
class Answer:
    """The matches of one row of a batch of queries.

    Attributes:
        id: the row's id in the batch.
        matches: nearest first; none for a row without a usable value.
    """

    id: str
    matches: tuple[Match, ...]


@runtime_checkable
class TextEncoder(Protocol):
    """An encoder of records that also takes free text."""

    def encode_text(self, texts: Sequence[str]) -> Vectors:
        """Embed texts that may belong to any field: (n, dimension) float32."""


class Index:
    """An index of items that is open: an encoder, and the vectors it made of the items.

    Make one with `create`, or open one with `open`. It shows one version of the index: what
    this object changes it shows at once, what others change after `refresh`.

    Args:
        vectors: the embeddings, with ids and stored columns.
        encoder: the one that made them; None to load the one stored in the index when it is
            needed.

    Attributes:
        vectors: the same, for questions by vector, pairs, compaction.
        skipped: rows of the source that could not be read, after `create` and `add`.
    """

    def __init__(self, vectors: VectorIndex, encoder: Encoder | None = None) -> None:
        self.vectors = vectors
        self._given_encoder = encoder
        self.skipped: tuple[SkippedRow, ...] = ()
        expected = vectors.settings.encoder
        if encoder is not None and encoder.fingerprint != expected:
            raise VectorIndexError(
                f"{vectors.folder} was made by another encoder "
                f"({expected[:12]}…, not {encoder.fingerprint[:12]}…)"
            )

    @classmethod
    def create(
        cls,
        name: str,
        source: Source,
        *,
        options: RecordOptions | None = None,
        encoder: Encoder | str | os.PathLike[str] | None = None,
        metric: str | Metric = Metric.COSINE,
        search: IndexOptions | None = None,
        root: str | os.PathLike[str] | None = None,
        overwrite: bool = False,
        progress: Progress | None = None,
        **keywords: Any,
    ) -> Index:
        """Index a table of records.

        Args:
            name: what to call it: letters, digits, spaces and `_.@+-`.
            source: path of a CSV, TSV, Parquet or JSONL file, `-`, a SQLAlchemy URL, a
                DataFrame or an Arrow table.
            options: columns, ids, table or query. Or give them as keywords.
            encoder: one, or the folder of a saved one; None fits one to the source.
            metric: cosine, inner_product, euclidean or manhattan.
            search: kind, recall and memory; None for the defaults.
            root: the folder that holds the indexes; None for $SIMSEARCH_INDEXES or ./indexes.
            overwrite: replace an index of that name, once the new one is complete.
            progress: called with the name of a stage and the share of it done.
            keywords: fields of `RecordOptions`: id_column, columns, ignore, table, sql.

        Raises:
            IndexExistsError: the name is taken.
            IndexLockedError: another process is writing to it.
            SourceError, ColumnError, EmptySourceError: see `open_records`.
            EncoderError: the encoder cannot be loaded.
            ColumnError: it goes by none of the source's columns.
            OptionError: a name, metric or kind that does not exist.
            VectorIndexError: the index cannot be written.
        """
        folder = indexes_root(root) / check_name(name)
        if generations(folder) and not overwrite:
            raise IndexExistsError(
                f"there is an index {name!r} in {folder.parent} already; "
                "replace it (--overwrite) or choose another name"
            )
        settings = new_settings(1, metric, search)
        records = opened(source, options, keywords)
        with IndexWriter(folder, overwrite=overwrite) as writer:
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
            embed_into(writer, records, used, surveyed, progress)
            index = cls(VectorIndex(writer.publish()), used)
        index.skipped = tuple(records.skipped)
        return index

    @classmethod
    def open(
        cls,
        name: str,
        root: str | os.PathLike[str] | None = None,
        *,
        version: int | None = None,
        salvage: bool = False,
        encoder: Encoder | None = None,
    ) -> Index:
        """Open an index.

        Args:
            name: of the index.
            root: the folder that holds the indexes; None for $SIMSEARCH_INDEXES or ./indexes.
            version: an earlier one; None for the newest that is whole. When that is not the
                newest of all, an IndexDamagedWarning says why.
            salvage: read what is intact of a damaged index; an IndexDamagedWarning for each
                part that is lost.
            encoder: the encoder that made it, when it is none that `load_encoder` knows.

        Raises:
            IndexNotFoundError: there is none of that name, or not that version.
            IndexCorruptError: a file is missing or damaged.
            VectorIndexError: it was made by another encoder, or by a newer simsearch.
        """
        folder = existing(name, indexes_root(root))
        return cls(VectorIndex.open(folder, version, salvage=salvage), encoder)

    @staticmethod
    def names(root: str | os.PathLike[str] | None = None) -> list[str]:
        """The names of the indexes in a folder, sorted."""
        return names(indexes_root(root))

    def refresh(self) -> Index:
        """Show the newest version; gives the index itself."""
        self.vectors.refresh()
        return self

    @property
    def _reader(self) -> IndexReader:
        """The version that is shown."""
        return self.vectors.reader

    @property
    def name(self) -> str:
        """What it is called."""
        return self._reader.folder.name

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are compared."""
        return self._reader.settings.columns

    def __len__(self) -> int:
        return len(self._reader)

    def __repr__(self) -> str:
        return f"<Index {self.name!r}: {len(self)} items>"

    def info(self) -> IndexInfo:
        """What the index is."""
        return self.vectors.info()

    def add(
        self,
        source: Source,
        *,
        options: RecordOptions | None = None,
        progress: Progress | None = None,
        **keywords: Any,
    ) -> Index:
        """Add a table of records; gives the index itself.

        Args:
            source: as for `create`. Columns that the index compares and the source lacks count
                as missing. Row numbers go on where the index's end.
            options: what to read; or keywords, as for `create`.
            progress: as for `create`.
            keywords: as for `create`; the id column is that of the index.

        Raises:
            VectorIndexError: an id is in the index already, or it cannot be written.
            ColumnError, SourceError, IndexLockedError: as for `create`.
        """
        keywords.setdefault("id_column", self._reader.settings.id_column)
        records = opened(source, options, keywords)
        self._check_columns(records)
        encoder, surveyed = self._encoder, survey(records, progress)
        self.vectors.change(lambda writer: embed_into(writer, records, encoder, surveyed, progress))
        self.skipped = tuple(records.skipped)
        return self

    def update(
        self,
        source: Source,
        *,
        options: RecordOptions | None = None,
        progress: Progress | None = None,
        **keywords: Any,
    ) -> Update:
        """Make the items those of a table: add what is new, replace what changed, remove the rest.

        Only what is new or changed is embedded, by the encoder that the index has.

        Args:
            source, options, progress, keywords: as for `add`. Rows are known by the id column;
                without one by their number.

        Returns:
            How many were added, replaced, removed and left alone.

        Raises:
            VectorIndexError: the index cannot be written; nothing changed then.
            ColumnError, SourceError, IndexLockedError: as for `create`.
        """
        keywords.setdefault("id_column", self._reader.settings.id_column)
        records = opened(source, options, keywords)
        self._check_columns(records)
        encoder, surveyed = self._encoder, survey(records, progress)
        done: list[Update] = []
        self.vectors.change(
            lambda writer: done.append(update_into(writer, records, encoder, surveyed, progress))
        )
        self.skipped = tuple(records.skipped)
        return done[0]

    def remove(self, ids: Iterable[str] | str = (), *, where: str | None = None) -> Index:
        """Delete items; gives the index itself.

        Args:
            ids: of the items; or one id.
            where: delete as well whatever fulfils this condition (SQL, stored columns).

        Raises:
            QueryError: an id is not in the index, or the condition is refused.
            VectorIndexError, IndexLockedError: the index cannot be written.
        """
        known, _ = self._found([ids] if isinstance(ids, str) else ids)
        self.vectors.remove(known, where=where)
        return self

    def query(
        self,
        item: Mapping[str, Any] | pd.Series[Any] | str,
        k: int = 10,
        *,
        min_score: float | None = None,
        where: str | None = None,
    ) -> list[Match]:
        """The items most like a record or a text.

        Args:
            item: a record (a dict or anything with `to_dict` or `_asdict`, such as a row of a
                DataFrame); or free text, which is compared with all fields.
            k: how many matches at most, at least 1.
            min_score: leave out matches that are not as close as this: for cosine, those below
                it; for a distance, those above it.
            where: consider only items that fulfil this condition: SQL over the stored columns.

        Returns:
            Matches, nearest first.

        Raises:
            QueryError: nothing in it to compare, an unknown column, or a condition that is
                refused.
            OptionError: k is less than 1.
        """
        ask = question(self._reader, k, min_score, where)
        if isinstance(item, str):
            vectors = self._text_encoder.encode_text([item])
        else:
            vectors = self._encoder.encode(self._row(item))
        if not vectors.any():
            raise QueryError(
                f"there is nothing in {_short(item)} to compare; "
                f"the index compares {', '.join(self.columns[:SHOWN_NAMES])}"
            )
        return list(matches(self._reader, vectors, ask)[0])

    def query_like(
        self,
        identifier: str,
        k: int = 10,
        *,
        min_score: float | None = None,
        where: str | None = None,
    ) -> list[Match]:
        """The items most like one of the index, which is left out itself.

        Args:
            identifier: id of an item of the index.
            k, min_score, where: as for `query`.

        Raises:
            QueryError: there is no such id; else as for `query`.
        """

        ask = question(self._reader, k, min_score, where)
        _, positions = self._found([identifier])
        vector = self._reader.vectors(positions)
        if not vector.any():
            raise QueryError(f"item {identifier!r} has no value in a column that is compared")
        return list(matches(self._reader, vector, ask, without=int(positions[0]))[0])

    def query_batch(
        self,
        source: Source,
        k: int = 10,
        *,
        min_score: float | None = None,
        where: str | None = None,
        **keywords: Any,
    ) -> Iterator[Answer]:
        """The items most like each record of a table, in the order of the table.

        Args:
            source: as for `create`, or a RecordSource that is open.
            k, min_score, where: as for `query`.
            keywords: fields of `RecordOptions`: id_column, table, sql.

        Yields:
            An answer for each row; memory is bounded, whatever the length of the table.

        Raises:
            ColumnError: the table has none of the columns that are compared, or no such id
                column.
            QueryError, OptionError: as for `query`.
        """
        ask = question(self._reader, k, min_score, where)
        records = opened(source, None, keywords)
        self._check_columns(records)
        return self._answers(records, ask)

    def _answers(self, records: RecordSource, ask: Question) -> Iterator[Answer]:
        import pyarrow as pa

        ids = survey(records).ids if records.id_column is not None else None
        done = 0
        for batch in records.batches(QUERY_ROWS):
            vectors = self._encoder.encode(pa.Table.from_batches([batch]))
            for row, found in enumerate(matches(self._reader, vectors, ask), done):
                yield Answer(str(row) if ids is None else ids[row].as_py(), found)
            done += batch.num_rows

    def _row(self, item: Any) -> pa.Table:
        return record_table(as_record(item), self.columns, self._reader.columns)

    def _found(self, ids: Iterable[Any]) -> tuple[pa.Array, Rows]:
        """Ids as the index keeps them, and where their items are.

        Raises:
            QueryError: there is no item of such an id.
        """
        import numpy as np

        texts, id_type = [str(identifier) for identifier in ids], self._reader.settings.id_type
        numbers = id_type == "integer"
        for text in texts:
            if numbers and not _is_number(text):
                raise self._missing(text)
        known = as_ids(map(int, texts) if numbers else texts, id_type)
        positions = self._reader.positions_of(known)
        if (positions < 0).any():
            raise self._missing(texts[int(np.argmax(positions < 0))])
        return known, positions

    def _missing(self, identifier: str) -> QueryError:
        return QueryError(f"index {self.name!r} has no item with the id {identifier!r:.80}")

    def _check_columns(self, records: RecordSource) -> None:
        """Raise ColumnError if the source has nothing to compare."""
        if not set(self.columns) & set(records.schema.names):
            names = ", ".join(map(repr, self.columns[:SHOWN_NAMES]))
            raise ColumnError(f"{records.name} has none of the columns that are compared: {names}")

    @cached_property
    def _encoder(self) -> Encoder:
        """The encoder that made the index: given, or loaded from its folder."""
        if self._given_encoder is not None:
            return self._given_encoder
        settings, folder = self._reader.settings, self._reader.folder
        if not settings.encoder_folder:
            raise VectorIndexError(
                f"index {self.name!r} holds vectors without an encoder: nothing can be embedded; "
                "ask for what is like an item, or by vectors (VectorIndex)"
            )
        encoder = load_encoder(inside(folder, settings.encoder_folder))
        if encoder.fingerprint != settings.encoder:
            raise IndexCorruptError(f"{folder}: its encoder is not the one that made it")
        return encoder

    @property
    def _text_encoder(self) -> TextEncoder:
        encoder = self._encoder
        if not isinstance(encoder, TextEncoder):
            raise QueryError(f"the encoder of {self.name!r} takes no free text; give a record")
        return encoder


def _is_number(text: str) -> bool:
    """Whether a text is a whole number that can be an id."""
    return bool(NUMBER.fullmatch(text)) and -(2**63) <= int(text) < 2**63


def _short(item: Any) -> str:
    return f"{item!r:.60}"
