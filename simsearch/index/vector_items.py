"""The items of an index of vectors: the user brings them, and nothing is embedded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simsearch.errors import OptionError, QueryError, VectorIndexError
from simsearch.index.feed import VectorFeed
from simsearch.sources.vectors import VectorOptions, VectorSource, is_array, open_vectors
from simsearch.store.options import new_settings
from simsearch.store.writing.validation import as_ids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simsearch.distance import Metric
    from simsearch.index.feed import Progress
    from simsearch.store.engines.engine import Vectors
    from simsearch.store.options import IndexOptions
    from simsearch.store.vector_index import VectorIndex
    from simsearch.store.writing.writer import IndexWriter

__all__ = ["VectorItems", "check_id_column", "holds_vectors", "opened_vectors", "start_vectors"]

# Queries that are answered together.
QUERY_ROWS = 1_024
# What only a source of vectors is asked for.
OWN_KEYWORDS = {"vector_column", "ids"}


def holds_vectors(source: object, keywords: Mapping[str, Any]) -> bool:
    """Whether a source is one of vectors, by what it is or what is asked of it."""
    asked = any(keywords.get(name) is not None for name in OWN_KEYWORDS)
    return asked or isinstance(source, VectorSource) or is_array(source)


def opened_vectors(source: Any, binary: bool, keywords: Mapping[str, Any]) -> VectorSource:
    """A source of vectors, open.

    Args:
        source: see `open_vectors`; or one that is open.
        binary: whether its vectors are to be bits.
        keywords: fields of `VectorOptions`.

    Raises:
        OptionError: it is open, and its vectors are not what they are to be.
    """
    if not isinstance(source, VectorSource):
        return open_vectors(source, VectorOptions(binary=binary, **keywords))
    if source.binary != binary:
        kinds = ("numbers", "bits")
        raise OptionError(
            f"{source.name} was opened as vectors of {kinds[source.binary]}, and the metric takes "
            f"{kinds[binary]}; see VectorOptions(binary=…)"
        )
    return source


def start_vectors(
    writer: IndexWriter, source: VectorSource, options: tuple[Metric, IndexOptions | None]
) -> VectorFeed:
    """Begin an index of vectors, and tell what is to be added.

    Args:
        writer: of a new index.
        source: the vectors.
        options: how they are compared and searched.

    Raises:
        OptionError: a kind that does not exist, or cannot serve the metric.
    """
    metric, search = options
    settings = new_settings(source.dimension, metric, search)
    writer.start(replace(settings, id_column=source.id_column, source=source.name))
    return VectorFeed(source)


class VectorItems:
    """What an index of vectors takes, and is asked.

    Args:
        index: the vectors.
    """

    def __init__(self, index: VectorIndex) -> None:
        self._index = index

    def feed(
        self,
        source: Any,
        keywords: dict[str, Any],
        progress: Progress | None = None,  # noqa: ARG002  as for records
        *,
        same_ids: bool = False,
    ) -> VectorFeed:
        """Vectors that are to be added, or (`same_ids`) compared with those that are there.

        Raises:
            SourceError, ColumnError: they cannot be read.
            OptionError: they come without ids, and the index has some, or with other ids.
            VectorIndexError: they are of another length, or their ids of another type.
        """
        settings, name = self._index.settings, self._index.folder.name
        keywords.setdefault("id_column", settings.id_column)
        vectors = opened_vectors(source, settings.metric.binary, keywords)
        if vectors.dimension != settings.dimension:
            raise VectorIndexError(
                f"the vectors of {vectors.name} have {vectors.dimension} {self._unit}, and those "
                f"of index {name!r} {settings.dimension}"
            )
        if same_ids:
            check_id_column(name, settings.id_column, vectors.id_column)
        if vectors.numbered and settings.id_type == "string":
            raise OptionError(
                f"the items of index {name!r} have ids, and {vectors.name} comes without; say "
                "where they are (--ids FILE)"
            )
        as_ids(vectors.ids, settings.id_type)
        return VectorFeed(vectors)

    def vector(self, item: Any) -> Vectors:
        """(1, width): a vector as a query.

        Raises:
            QueryError: it is none.
        """
        import numpy as np

        if isinstance(item, (str, Mapping)):
            raise QueryError(
                f"index {self._index.folder.name!r} holds vectors without an encoder, so a text "
                "or a record cannot be compared; ask by an item (--like ID) or by vectors "
                "(--file QUERIES.npy)"
            )
        if isinstance(item, (np.ndarray, Sequence)):
            vector = np.asarray(item)
            if vector.ndim == 1 and vector.dtype.kind in "fiu":
                return vector[None]
        raise QueryError(f"a query is a vector of {self._unit}, not {item!r:.60}")

    def queries(
        self, source: Any, keywords: dict[str, Any]
    ) -> Iterator[tuple[Sequence[Any], Vectors]]:
        """The ids of many vectors, and the vectors, a batch at a time.

        Raises:
            SourceError, ColumnError: they cannot be read.
            QueryError: they are of another length.
        """
        settings = self._index.settings
        vectors = opened_vectors(source, settings.metric.binary, keywords)
        if vectors.dimension != settings.dimension:
            raise QueryError(
                f"the vectors of {vectors.name} have {vectors.dimension} {self._unit}, and those "
                f"of index {self._index.folder.name!r} {settings.dimension}"
            )
        return ((ids.to_pylist(), each) for ids, each, _ in vectors.batches(QUERY_ROWS))

    @property
    def _unit(self) -> str:
        return "bits" if self._index.settings.metric.binary else "numbers"


def check_id_column(name: str, own: str | None, given: str | None) -> None:
    """Refuse ids from elsewhere than those that an index has.

    Args:
        name: of the index.
        own: the column its ids came from; None for row numbers, or a file of ids.
        given: the column that they come from now.

    Raises:
        OptionError: they would be other ids for the same items.
    """
    if own != given:
        columns = [f"column {each!r}" if each else "no column" for each in (own, given)]
        raise OptionError(
            f"the ids of index {name!r} come from {columns[0]}, and these from {columns[1]}: the "
            "same item would have another id; leave the id column out, or make the index anew"
        )
