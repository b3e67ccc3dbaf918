"""The items of an index of images, texts, vectors or signals: an encoder makes them vectors."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from simsearch.distance import Metric
from simsearch.encoders.store import load_encoder
from simsearch.errors import (
    IndexCorruptError,
    OptionError,
    QueryError,
    SourceError,
)
from simsearch.index.encoder import calibration_of, metric_of, refuse_other
from simsearch.index.feed import ItemFeed, batch_rows
from simsearch.store.format.layout import inside
from simsearch.store.options import new_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

    from simsearch.calibration.calibration import Calibration
    from simsearch.index.feed import Progress
    from simsearch.schema import Encoder, ItemSource
    from simsearch.store.engines.engine import Vectors
    from simsearch.store.format.manifest import Settings
    from simsearch.store.options import IndexOptions
    from simsearch.store.vector_index import VectorIndex
    from simsearch.store.writing.writer import IndexWriter

__all__ = [
    "EncodedItems",
    "checked_dimension",
    "cut_to",
    "item_feed",
    "opened_items",
    "saved_with",
    "start_items",
]

# Queries that are answered together.
QUERY_ROWS = 1_024


def cut_to(encoder: Encoder, items: pa.Table, dimension: int) -> Vectors:
    """Embeddings of at most so many numbers: (n, dimension) float32.

    The first numbers of an embedding that was trained for it (Matryoshka, Kusupati et al., 2022)
    do for the whole; they are brought to unit length again.
    """
    vectors = encoder.encode(items)
    if vectors.shape[1] == dimension:
        return vectors
    return Metric.COSINE.prepare(vectors[:, :dimension])


def opened_items(
    source: Any, kind: str, reading: Mapping[str, Any], keywords: Mapping[str, Any]
) -> ItemSource:
    """A source of items, open.

    Args:
        source: see `open_items`; or one that is open.
        kind: of the items.
        reading: how they are to be read, see `Encoder`.
        keywords: options of the source of that kind.

    Raises:
        OptionError: it is open, and of another kind; or an option that the kind has not.
        SourceError: it cannot be read.
    """
    if hasattr(source, "batches") and hasattr(source, "kind"):
        if source.kind != kind:
            raise OptionError(f"{source.name} is a source of {source.kind}s, not of {kind}s")
        opened: ItemSource = source
        return opened
    from simsearch.sources.items import open_items

    found: ItemSource = open_items(source, kind, reading, **keywords)
    return found


def start_items(
    writer: IndexWriter,
    items: ItemSource,
    encoder: Encoder,
    calibration: Calibration | None,
    options: tuple[Metric | None, IndexOptions | None, int | None],
    keywords: Mapping[str, Any],
) -> ItemFeed:
    """Begin an index of items, and tell what is to be added.

    Args:
        writer: of a new index.
        items: what is to be in it.
        encoder: of their kind; it is kept in the index, with its calibration.
        calibration: of the encoder.
        options: how items are compared (None: as the encoder says) and searched, and to how many
            numbers their embeddings are cut (None: to none).
        keywords: that the items were opened with.

    Raises:
        OptionError: a metric or kind of search that does not exist, or not for embeddings.
    """
    metric, search, dimension = options
    metric = metric_of(encoder) if metric is None else metric
    if metric.binary:
        raise OptionError(
            f"{metric} compares bits, and {items.kind}s become numbers; take "
            f"{', '.join(each.value for each in Metric if not each.binary)}"
        )
    settings = new_settings(checked_dimension(encoder, dimension), metric, search)
    writer.start(
        replace(
            settings,
            item_kind=encoder.kind,
            encoder=encoder.fingerprint,
            encoder_folder=writer.keep_encoder(saved_with(encoder, calibration)),
            columns=_named(keywords.get("column")),
            id_column=keywords.get("id_column"),
            source=items.name,
        )
    )
    return item_feed(items, encoder, settings.dimension)


def item_feed(items: ItemSource, encoder: Encoder, dimension: int) -> ItemFeed:
    """What an encoder makes of a source, its embeddings cut to so many numbers."""
    return ItemFeed(items, lambda some: cut_to(encoder, some, dimension), _reading(encoder))


def _named(column: str | None) -> tuple[str, ...]:
    return () if column is None else (column,)


def _reading(encoder: Encoder) -> Mapping[str, Any]:
    found: Mapping[str, Any] = getattr(encoder, "reading", {})
    return found


def checked_dimension(encoder: Encoder, dimension: int | None) -> int:
    """The length of the embeddings in the index.

    Raises:
        OptionError: the encoder was not trained for such short ones, or makes none so long.
    """
    whole = encoder.dimension
    if dimension is None or dimension == whole:
        return whole
    trained = [*getattr(encoder, "dims", ()), whole]
    if dimension not in trained:
        known = ", ".join(map(str, sorted(set(trained))))
        raise OptionError(
            f"the encoder's embeddings are good at these lengths: {known}; not at {dimension} "
            "(see `simsearch train --dims`)"
        )
    return dimension


def saved_with(encoder: Encoder, calibration: Calibration | None) -> Any:
    """An encoder that is saved together with its calibration, if it has one."""
    return encoder if calibration is None else _Calibrated(encoder, calibration)


class _Calibrated:
    """An encoder that is saved together with its calibration."""

    def __init__(self, encoder: Encoder, calibration: Calibration) -> None:
        self._encoder = encoder
        self._calibration = calibration

    def save(self, folder: Path) -> None:
        """Write both into the folder."""
        self._encoder.save(folder)
        self._calibration.save(folder, self._encoder.fingerprint)


class EncodedItems:
    """What an index of items takes, and is asked.

    Args:
        index: the vectors.
        encoder: the one that made them; None to load the one in the index when it is needed.

    Raises:
        VectorIndexError: the index was made by another encoder.
    """

    def __init__(self, index: VectorIndex, encoder: Encoder | None) -> None:
        self._index = index
        self._given = encoder
        if encoder is not None:
            refuse_other(index.folder, self._settings.encoder, encoder)

    @property
    def kind(self) -> str:
        """`image`, `text`, `vector` or `signal`."""
        return self._settings.item_kind

    def feed(
        self,
        source: Any,
        keywords: dict[str, Any],
        progress: Progress | None = None,  # noqa: ARG002  as for records
        *,
        same_ids: bool = False,  # noqa: ARG002  ids of items come from their source
    ) -> ItemFeed:
        """Items that are to be added, or compared with those that are there.

        Raises:
            OptionError: it is a source of another kind.
            SourceError: they cannot be read.
        """
        settings = self._settings
        if settings.id_column is not None:
            keywords.setdefault("id_column", settings.id_column)
        if settings.columns:
            keywords.setdefault("column", settings.columns[0])
        return item_feed(self._opened(source, keywords), self._encoder, settings.dimension)

    def vector(self, item: Any) -> Vectors:
        """(1, dimension): of a text; the path of an image or signal, or its numbers; a vector.

        Raises:
            QueryError: it is none of these, or there is nothing in it to compare.
        """
        vectors = self._embed(self._one(item))
        if not vectors.any():
            raise QueryError(f"there is nothing in {item!r:.60} to compare")
        return vectors

    def queries(
        self, source: Any, keywords: dict[str, Any]
    ) -> Iterator[tuple[Sequence[str], Vectors]]:
        """The ids of many items, and their vectors, a batch at a time.

        Raises:
            OptionError, SourceError: as for `feed`.
        """
        opened = self._opened(source, keywords)
        rows = min(QUERY_ROWS, batch_rows(self.kind, _reading(self._encoder)))
        return ((batch.ids.to_pylist(), self._embed(batch.items)) for batch in opened.batches(rows))

    @cached_property
    def calibration(self) -> Calibration | None:
        """What is known of the scores in the index.

        None where the encoder was not calibrated, or for another metric or length of embeddings.

        Raises:
            EncoderError: its file was altered.
        """
        settings = self._settings
        found = calibration_of(self._folder, settings.encoder)
        if found is None and self._given is not None:
            found = calibration_of(self._given, settings.encoder)
        fits = found is not None and found.metric is settings.metric
        return found if fits and settings.dimension == self._encoder.dimension else None

    @property
    def given(self) -> Encoder | None:
        """The encoder that the index was opened with, if any."""
        return self._given

    def calibrating(self, calibration: Calibration) -> Callable[[IndexWriter], None]:
        """What stores the encoder anew in an index that a writer changes, so calibrated.

        Raises:
            OptionError: the calibration is of another metric than the index.
        """
        encoder = self._encoder
        if calibration.metric is not self._settings.metric:
            raise OptionError(
                f"the calibration is of {calibration.metric} and {self._index.folder} of "
                f"{self._settings.metric}"
            )

        def make(writer: IndexWriter) -> None:
            folder = writer.keep_encoder(saved_with(encoder, calibration))
            writer.settings = replace(writer.settings, encoder_folder=folder)

        return make

    def _opened(self, source: Any, keywords: Mapping[str, Any]) -> ItemSource:
        return opened_items(source, self.kind, _reading(self._encoder), keywords)

    def _one(self, item: Any) -> pa.Table:
        """A single item as a table of one row."""
        import pyarrow as pa

        if self.kind == "text":
            if not isinstance(item, str):
                raise QueryError(f"a query is a text, not {type(item).__name__}")
            return pa.table({"text": pa.array([item], pa.string())})
        try:
            opened = self._opened(self._as_source(item), {})
            found = [batch.items for batch in opened.batches(2)]
        except SourceError as error:
            raise QueryError(str(error)) from error
        table = pa.concat_tables(found) if found else None
        if table is None or table.num_rows != 1:
            why = f": {opened.skipped[0].reason}" if opened.skipped else ""
            number = 0 if table is None else table.num_rows
            raise QueryError(f"a query is one {self.kind}, and {item!r:.60} gives {number}{why}")
        return table

    def _as_source(self, item: Any) -> Any:
        """An item as a source of one: a path as it is, numbers as the first of their array."""
        import numpy as np

        if isinstance(item, (str, os.PathLike)):
            return item
        if isinstance(item, Mapping) and self.kind == "vector":
            return _row(item)
        try:
            numbers = np.asarray(item)
        except ValueError:
            numbers = np.empty(0, object)
        if numbers.dtype.kind not in "fiub":
            raise QueryError(f"a query is a path or an array of numbers, not {type(item).__name__}")
        return numbers[None]

    def _embed(self, items: pa.Table) -> Vectors:
        return cut_to(self._encoder, items, self._settings.dimension)

    @property
    def _settings(self) -> Settings:
        return self._index.settings

    @property
    def _folder(self) -> Path:
        return inside(self._index.folder, self._settings.encoder_folder)

    @cached_property
    def _encoder(self) -> Encoder:
        """The encoder that made the index: given, or loaded from its folder."""
        if self._given is not None:
            return self._given
        encoder = load_encoder(self._folder)
        if encoder.fingerprint != self._settings.encoder:
            raise IndexCorruptError(
                f"{self._index.folder}: its encoder is not the one that made it"
            )
        return encoder


def _row(record: Mapping[str, Any]) -> pa.Table:
    """A record as a table of one row.

    Raises:
        QueryError: a value is no single value.
    """
    import pyarrow as pa

    try:
        return pa.table({str(name): [value] for name, value in record.items()})
    except (pa.ArrowException, TypeError, OverflowError) as error:
        raise QueryError(f"the record cannot be read: {error}") from None
