"""Query methods of an index: nearest items, classification, anomalies.

What nearest items have no need of is imported where it is used.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

from simsearch.errors import QueryError
from simsearch.kinds.keywords import ReadKeywords, as_fields
from simsearch.parts import parts_of
from simsearch.store.search.hybrid import TextQuery, hybrid_matches, words_share
from simsearch.store.search.matches import QueryMatches, matches
from simsearch.store.search.query import items_of, query_options

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from simsearch.encoders.text.cross_encoder import PairModel
    from simsearch.index.anomalies import Anomaly
    from simsearch.index.classify import Classification
    from simsearch.index.items import IndexItems
    from simsearch.kinds.detect import Source
    from simsearch.records.explain import Explanation
    from simsearch.schema import Match, SkippedRow
    from simsearch.store.reading.reader import IndexReader
    from simsearch.store.search.query import QueryOptions
    from simsearch.store.vector_index import VectorIndex

__all__ = ["IndexQueries"]

# Of so many nearest records the fields are compared.
_COMPARED = 100
# Records whose nearest are in memory at a time.
_TOGETHER = 64


class _Batch(NamedTuple):
    """Queries that are read together."""

    ids: Sequence[str | int]
    vectors: npt.NDArray[np.float32]
    items: pa.Table


class IndexQueries:
    """Queries to an index that is open.

    Attributes:
        vectors: with ids and stored columns.
        skipped: rows of the latest source that could not be read.
    """

    vectors: VectorIndex
    skipped: tuple[SkippedRow, ...]
    _items: IndexItems

    @property
    def _reader(self) -> IndexReader:
        """The version that is shown."""
        return self.vectors.reader

    def query(
        self,
        item: Mapping[str, Any] | pd.Series[Any] | str | Sequence[float] | npt.NDArray[Any],
        k: int | None = 10,
        *,
        min_score: float | None = None,
        where: str | None = None,
        by: str | None = None,
        rerank: str | os.PathLike[str] | None = None,
    ) -> list[Match]:
        """The items most like a record, a text, an image, a signal or a vector.

        Args:
            item: for an index of records: a record (a dict or anything with `to_dict` or
                `_asdict`, such as a row of a DataFrame); or free text, which is compared with
                all fields. For one of texts: a text. Of images or signals: the path of a file, or
                its numbers. Of vectors: (dimension,) numbers, or (dimension / 8,) uint8.
            k: how many matches at most, at least 1; None for all that are as close as
                `min_score` (the share that `info` states, where the index is approximate).
            min_score: leave out matches that are not as close as this: for cosine, those below
                it; for a distance, those above it.
            where: consider only items that fulfil this condition: SQL over the stored columns.
            by: of texts: `both`, `vectors` or `words`. By both, the score is the mean of the
                cosine and of BM25 (1 where a text of usual length has all words of the query),
                and of a document its best passage alone is a match. None: both for texts that
                are compared by cosine, where no `min_score` is given; else vectors.
            rerank: of texts: folder of a cross-encoder, which reads the first answers (five for
                each that is asked for, at least 50) beside the query and sorts them; scores are
                its own. None for none.

        Returns:
            Matches, nearest first. Of a record, the nearest hundred are compared field by field,
            as duplicates are, and the likeliest comes first: `evidence` says by what, and the score
            is the cosine still. That needs an encoder that was fitted to records, and a k.

        Raises:
            QueryError: nothing in it to compare, an unknown column, a vector of another length,
                or a condition that is refused.
            OptionError: k is less than 1, or there is neither k nor min_score; or the items are
                no texts, or not compared by cosine, and `by` asks for words.
            EncoderError: there is no such cross-encoder.
        """
        ask = query_options(self._reader, k, min_score, where)
        share = words_share(self._reader, by, min_score)
        if rerank is None:
            return self._found(item, ask, share)
        from simsearch.index.rerank import candidates, reranked, reranker

        model = reranker(rerank, self._reader.settings)
        if not isinstance(item, str):
            return self._found(item, ask, share)
        found = self._found(item, replace(ask, k=candidates(ask.k)), share)
        return reranked(model, item, found, ask.k)

    def _found(self, item: Any, ask: QueryOptions, share: float | None) -> list[Match]:
        vector = self._items.vector(item)
        if share is None or not isinstance(item, str):
            return self._likeliest(item, vector, ask)
        query = TextQuery(item, vector, self._items.weigh)
        return list(hybrid_matches(self._reader, query, ask, share))

    def _likeliest(
        self,
        item: Any,
        vector: npt.NDArray[np.float32],
        ask: QueryOptions,
        without: int | None = None,
    ) -> list[Match]:
        """The nearest items but for one, the likeliest first where their fields tell."""
        if ask.k is None or not self._items.are_compared or isinstance(item, str):
            return list(matches(self._reader, vector, ask, without)[0])
        return self._ordered(item, matches(self._reader, vector, _more(ask), without)[0], ask.k)

    def _ordered(self, query: Any, found: Sequence[Match], k: int | None) -> list[Match]:
        """The likeliest of the nearest items first; of equally likely ones the nearest."""
        odds = self._items.likelihood(query, found)
        if odds is None:
            return list(found[:k])
        order = (-odds).argsort(kind="stable").tolist()
        return [replace(found[place], evidence=float(odds[place])) for place in order[:k]]

    def explain(self, left: str, right: str) -> Explanation:
        """What each column says for and against two records of the index being the same thing.

        How likely that is beforehand nobody knows, so there is no probability: a base of groups
        (`RecordBase.explain`) and the pairs of `dedupe` have one.

        Args:
            left: the id of one.
            right: the id of the other.

        Raises:
            QueryError: there is no such item, or the index compares no columns.
        """
        from simsearch.index.explain import explain_items

        return explain_items(self._reader, self._items.encoder, (left, right))

    def query_like(
        self,
        identifier: str | int,
        k: int | None = 10,
        *,
        min_score: float | None = None,
        where: str | None = None,
    ) -> list[Match]:
        """The items most like one of the index, which is left out itself.

        Args:
            identifier: id of an item of the index.
            k, min_score, where: as for `query`.

        Returns:
            Matches as for `query`: records are compared field by field here, too.

        Raises:
            QueryError: there is no such id; else as for `query`.
        """
        ask = query_options(self._reader, k, min_score, where)
        _, positions = items_of(self._reader, [identifier])
        vector = self._reader.vectors(positions)
        if self._reader.settings.encoder and not vector.any():
            raise QueryError(f"item {identifier!r} has no value in a column that is compared")
        stored = self._reader.metadata(positions)[0]
        return self._likeliest(stored, vector, ask, int(positions[0]))

    def query_batch(
        self,
        source: Source,
        k: int | None = 10,
        *,
        min_score: float | None = None,
        where: str | None = None,
        by: str | None = None,
        rerank: str | os.PathLike[str] | None = None,
        **options: Unpack[ReadKeywords],
    ) -> Iterator[QueryMatches]:
        """The items most like each of many, in their order.

        Args:
            source: as for `create`, or a source that is open.
            k, min_score, where, by, rerank: as for `query`.
            options: what to read of the source, see `ReadKeywords`.

        Yields:
            The matches of each row, those of records ordered as for `query`; memory is bounded,
            whatever the length of the source.

        Raises:
            ColumnError: the source has none of the columns that are compared, or no such id
                column.
            QueryError, OptionError: as for `query`.
        """
        ask = query_options(self._reader, k, min_score, where)
        share = words_share(self._reader, by, min_score)
        if rerank is None:
            return self._matches_of(self._batches(source, options), ask, share)
        from simsearch.index.rerank import reranker

        model = reranker(rerank, self._reader.settings)
        return self._reranked(model, self._batches(source, options), ask, share)

    def classify(
        self,
        source: Source,
        *,
        label: str | None = None,
        k: int = 3,
        by: str = "nearest",
        **options: Unpack[ReadKeywords],
    ) -> Iterator[Classification]:
        """The class of each of many items, by the examples of each class in the index.

        Args:
            source: as for `create`, or a source that is open.
            label: the stored column with the class of each item; None for `class`.
            k: of how many of its nearest examples a class's score is the mean; at most as many
                as the smallest class has.
            by: `nearest`, or `prototype`: the mean of each class.
            options: what to read of the source, see `ReadKeywords`.

        Yields:
            Class, score and runner-up of each item, in order.

        Raises:
            ColumnError: no stored column has the classes.
            OptionError, SourceError: as for `query_batch`.
        """
        from simsearch.index.classify import classes_in

        classes, calibration = classes_in(self._reader, label, k, by), self._items.calibration
        batches = self._batches(source, options)
        return chain.from_iterable(
            classes.classify(ids, vectors, calibration) for ids, vectors, _ in batches
        )

    def anomalies(
        self,
        source: Source | None = None,
        *,
        k: int = 5,
        rate: float = 0.01,
        **options: Unpack[ReadKeywords],
    ) -> Iterator[Anomaly]:
        """How far each of many items is from what the index holds.

        Args:
            source: as for `create`; None for the items of the index, each against the others.
            k: the score is the mean distance to so many of the nearest.
            rate: how often an alarm may be false.
            options: what to read of the source, see `ReadKeywords`.

        Yields:
            Score, false-alarm rate and nearest item of each, in order.

        Raises:
            OptionError, VectorIndexError: see `known_in`.
            SourceError: as for `query_batch`.
        """
        from simsearch.index.anomalies import known_in

        known = known_in(self._reader, k, rate)
        if source is None:
            return known.scored_items()
        batches = self._batches(source, options)
        return chain.from_iterable(known.scored(ids, vectors) for ids, vectors, _ in batches)

    def _batches(self, source: Source, options: ReadKeywords) -> Iterator[_Batch]:
        """Many items; `skipped` is known when all of them were read."""
        queries = self._items.queries(source, as_fields(options))

        def read() -> Iterator[_Batch]:
            for ids, vectors, items in queries.with_items():
                yield _Batch(ids, vectors, items)
            self.skipped = tuple(queries.items.skipped)

        return read()

    def _reranked(
        self,
        model: PairModel,
        batches: Iterator[_Batch],
        ask: QueryOptions,
        share: float | None,
    ) -> Iterator[QueryMatches]:
        from simsearch.index.rerank import candidates, reranked

        more = replace(ask, k=candidates(ask.k))
        for batch in batches:
            texts = [text or "" for text in batch.items["text"].to_pylist()]
            found = self._matches_of(iter([batch]), more, share)
            for text, each in zip(texts, found, strict=True):
                yield QueryMatches(each.id, tuple(reranked(model, text, each.matches, ask.k)))

    def _matches_of(
        self,
        batches: Iterator[_Batch],
        ask: QueryOptions,
        share: float | None,
    ) -> Iterator[QueryMatches]:
        compared = ask.k is not None and self._items.are_compared
        for ids, vectors, items in batches:
            if share is None and compared:
                yield from self._compared(_Batch(ids, vectors, items), ask)
                continue
            if share is None:
                yield from map(QueryMatches, ids, matches(self._reader, vectors, ask))
                continue
            texts = [text or "" for text in items["text"].to_pylist()]
            for row, (identifier, text) in enumerate(zip(ids, texts, strict=True)):
                query = TextQuery(text, vectors[row : row + 1], self._items.weigh)
                found = hybrid_matches(self._reader, query, ask, share)
                yield QueryMatches(identifier, found)

    def _compared(self, batch: _Batch, ask: QueryOptions) -> Iterator[QueryMatches]:
        """The same of records, whose fields are compared with those of the nearest."""
        for part in parts_of(len(batch.ids), _TOGETHER):
            nearest = matches(self._reader, batch.vectors[part], _more(ask))
            for row, (identifier, found) in enumerate(zip(batch.ids[part], nearest, strict=True)):
                record = batch.items.slice(part.start + row, 1)
                yield QueryMatches(identifier, tuple(self._ordered(record, found, ask.k)))


def _more(ask: QueryOptions) -> QueryOptions:
    """As many of the nearest as are compared."""
    return replace(ask, k=max(ask.k or 0, _COMPARED))
