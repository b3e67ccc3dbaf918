"""Methods that change an index: its items, its encoder, its calibration.

What one of them needs is imported there: every query imports this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, Unpack

from simsearch.distance import Metric
from simsearch.index.items import IndexItems
from simsearch.index.queries import IndexQueries
from simsearch.kinds.keywords import SourceKeywords, as_fields
from simsearch.store.search.query import items_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

    from simsearch.calibration.calibration import Calibration
    from simsearch.encoders.encoder import Encoder
    from simsearch.index.alignment import AlignmentQuality
    from simsearch.index.re_embed import ReEmbedded
    from simsearch.index.update import Update
    from simsearch.kinds.detect import Source
    from simsearch.kinds.pipeline import Progress
    from simsearch.schema import SkippedRow
    from simsearch.store.writing.writer import IndexWriter

__all__ = ["IndexChanges"]


class IndexChanges(IndexQueries):
    """Changes to an index that is open; each shows at once, or not at all.

    Attributes:
        skipped: items of the source that could not be read, after the latest change.
        notes: what was passed over or done to read it, likewise.
    """

    skipped: tuple[SkippedRow, ...]
    notes: tuple[str, ...]

    def add(
        self,
        source: Source,
        *,
        progress: Progress | None = None,
        **options: Unpack[SourceKeywords],
    ) -> Self:
        """Add items of the kind that the index holds; gives the index itself.

        Args:
            source: as for `create`. Columns that the index compares and the source lacks count
                as missing. Row numbers go on where the index's end.
            progress: as for `create`.
            options: what to read of the source, see `SourceKeywords`.

        Raises:
            VectorIndexError: an id is in the index already, or it cannot be written.
            ColumnError, SourceError, IndexLockedError: as for `create`.
        """
        from simsearch.index.add import add_all

        pipeline = self._items.pipeline(source, as_fields(options), progress)
        self._change(lambda writer: add_all(writer, pipeline, progress))
        self.skipped, self.notes = tuple(pipeline.skipped), tuple(pipeline.source.notes)
        return self

    def _change(self, make: Callable[[IndexWriter], object]) -> None:
        """Change the vectors, unless their encoder was replaced since the index was opened."""
        from simsearch.index.migrate import refuse_replaced_encoder

        encoder = self.vectors.settings.encoder

        def change(writer: IndexWriter) -> None:
            refuse_replaced_encoder(writer, encoder)
            make(writer)

        self.vectors.change(change)

    def update(
        self,
        source: Source,
        *,
        progress: Progress | None = None,
        **options: Unpack[SourceKeywords],
    ) -> Update:
        """Make the items those of a source: add what is new, replace what changed, remove the rest.

        Only what is new or changed is embedded, by the encoder that the index has, and written.

        Args:
            source, progress, options: as for `add`. Items are known by the id column; without
                one by their number.

        Returns:
            How many were added, replaced, removed and left alone.

        Raises:
            OptionError: the ids come from elsewhere than those of the index.
            VectorIndexError: the index cannot be written; nothing changed then.
            ColumnError, SourceError, IndexLockedError: as for `create`.
        """
        from simsearch.index.update import update_into

        pipeline = self._items.pipeline(source, as_fields(options), progress, same_ids=True)
        done: list[Update] = []
        self._change(lambda writer: done.append(update_into(writer, pipeline, progress)))
        self.skipped, self.notes = tuple(pipeline.skipped), tuple(pipeline.source.notes)
        return done[0]

    def migrate(
        self,
        encoder: Encoder | str | os.PathLike[str],
        source: Source,
        *,
        metric: str | Metric | None = None,
        dim: int | None = None,
        force: bool = False,
        progress: Progress | None = None,
        **options: Unpack[SourceKeywords],
    ) -> AlignmentQuality | None:
        """Take the index to another encoder by a map; only a sample is embedded.

        The map is fitted to at most 4,000 items of the source, and every stored vector is aligned
        by it. What is added later is embedded by the new encoder. Versions before stay as they
        are until `compact(prune=True)`.

        Args:
            encoder: the new one, the folder of one, or the name of an installed one.
            source: items of the kind of the index, best those that are in it; else as for `create`.
            metric: how embeddings are compared; None: as the encoder was trained for.
            dim: as for `create`.
            force: also when less than .9 of recall@1 would be left (where classes are stored), or
                less than half of the items would be found by themselves.
            progress: as for `create`.
            options: what to read of the source, see `SourceKeywords`; `label` names the stored
                column with classes to measure recall by as well.

        Returns:
            What the map is worth on items that it was not fitted to; None for an encoder that was
            trained to be compatible, which needs no map.

        Raises:
            OptionError: the encoder is of another kind or the same, there are under 50 items, or
                the map keeps too little and `force` is not given; nothing changed then.
            VectorIndexError: the vectors are the user's own, or the index cannot be written.
            EncoderError, SourceError, IndexLockedError: as for `create`.
        """
        from simsearch.index.migrate import Migration, migrate

        compared = None if metric is None else Metric.parse(metric)
        asked = Migration(encoder, compared, dim, options.get("label"), force)
        used, quality, make = migrate(self._reader, source, asked, as_fields(options), progress)
        self.vectors.change(make)
        self._items = IndexItems(self.vectors, used)
        return quality

    def recalibrate(self, calibration: Calibration) -> Self:
        """Take over a calibration of the encoder, such as `recalibrate` gives; gives itself.

        Raises:
            OptionError: it is of another metric than the encoder's, or the index holds records
                or vectors without an encoder.
            VectorIndexError, IndexLockedError: the index cannot be written.
        """
        self._change(self._items.calibrating(calibration))
        self._items = IndexItems(self.vectors, self._items.given)
        return self

    def re_embed(
        self,
        source: Source,
        *,
        encoder: Encoder | str | os.PathLike[str] | None = None,
        metric: str | Metric | None = None,
        dim: int | None = None,
        progress: Progress | None = None,
        **options: Unpack[SourceKeywords],
    ) -> ReEmbedded:
        """Read a source again and embed all of it, by another encoder or the same.

        The version shows when it is complete. A run that was killed goes on where it was when it
        is started again with the same encoder: what it had embedded is kept until then.

        Args:
            source: what the index is to hold; items that are not in it go.
            encoder: see `migrate`; None for the one that the index has.
            metric: how embeddings are compared; None: as the encoder was trained for, else as
                before.
            dim, progress, options: as for `create`.

        Raises:
            OptionError: the encoder is of another kind than the index.
            VectorIndexError, EncoderError, SourceError, IndexLockedError: as for `create`.
        """
        from simsearch.index.create import CreateOptions
        from simsearch.index.re_embed import re_embed

        compared = None if metric is None else Metric.parse(metric)
        asked = CreateOptions(encoder, metric=compared, dimension=dim)
        done = re_embed(self.vectors, source, asked, as_fields(options), progress)
        self._items = IndexItems(self.vectors, done.encoder)
        self.skipped = done.skipped
        return done.counts

    def remove(self, ids: Iterable[str | int] | str = (), *, where: str | None = None) -> int:
        """Delete items; gives how many they were.

        Args:
            ids: of the items; or one id.
            where: delete as well whatever fulfils this condition (SQL, stored columns).

        Raises:
            QueryError: an id is not in the index, or the condition is refused; nothing is removed.
            VectorIndexError, IndexLockedError: the index cannot be written.
        """
        known, _ = items_of(self._reader, [ids] if isinstance(ids, str) else ids)
        return self.vectors.remove(known, where=where)
