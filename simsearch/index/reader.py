"""One generation of an index, open for questions. Readers take no lock."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from simsearch.errors import IndexCorruptError, IndexNotFoundError, QueryError
from simsearch.index.exact import best
from simsearch.index.files import check_size
from simsearch.index.filter import Filter
from simsearch.index.kinds import KINDS
from simsearch.index.layout import IDS_FILE, METADATA_FILE, VECTORS_FILE, inside
from simsearch.index.manifest import latest
from simsearch.index.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from simsearch.index.kinds.kind import Mask, Rows, Vectors
    from simsearch.index.manifest import Manifest

__all__ = ["IndexReader"]


class IndexReader:
    """A generation of an index: it stays as it is, whatever a writer does meanwhile.

    Items are named by their *position*: the rows of the segments counted through, deleted ones
    included.

    Args:
        folder: of the index.
        manifest: the generation.

    Attributes:
        segments: oldest first.

    Raises:
        IndexCorruptError: a file is missing or has another size.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        import numpy as np

        self.folder = folder
        self.manifest = manifest
        _check_files(folder, manifest)
        self.segments = [Segment(folder, record, manifest) for record in manifest.segments]
        self._starts = np.cumsum([0, *(segment.rows for segment in self.segments)])

    @classmethod
    def open(cls, folder: Path) -> IndexReader:
        """The newest generation.

        Raises:
            IndexNotFoundError: nothing was ever published there.
            IndexCorruptError: the manifest is damaged, or a file of it is missing or has
                another size.
        """
        manifest = latest(folder)
        if manifest is None:
            raise IndexNotFoundError(f"{folder} holds no index")
        return cls(folder, manifest)

    def __len__(self) -> int:
        return sum(len(segment) for segment in self.segments)

    @cached_property
    def _types(self) -> dict[str, pa.DataType]:
        """Every stored column, and its type in the first segment that has it."""
        types: dict[str, pa.DataType] = {}
        for segment in self.segments:
            types = {**{field.name: field.type for field in segment.schema}, **types}
        order = [name for segment in self.segments for name in segment.schema.names]
        return {name: types[name] for name in dict.fromkeys(order)}

    @property
    def columns(self) -> tuple[str, ...]:
        """Every stored column."""
        return tuple(self._types)

    def matching(self, where: str | None) -> list[Mask | None]:
        """For each segment the rows that fulfil a condition.

        Args:
            where: a condition in SQL over the stored columns; None for no condition.

        Returns:
            A (rows,) bool mask for each segment, False where a row was deleted; None for each
            when there is no condition.

        Raises:
            QueryError: the condition is refused.
        """
        if where is None:
            return [None for _ in self.segments]
        condition = Filter(where, self.columns)
        return [segment.matches(condition, self._types) for segment in self.segments]

    def search(
        self, queries: Vectors, k: int, wanted: Sequence[Mask | None] | None = None
    ) -> tuple[Vectors, Rows]:
        """The k items nearest to each query, over all segments.

        Args:
            queries: (m, dimension) float32, as the encoder gives them.
            k: how many, at least 1; fewer come when there are fewer.
            wanted: what `matching` gave. Every item that fulfils the condition is compared,
                so the answer is exact.

        Returns:
            Scores or distances, (m, k') float32, nearest first, and positions, (m, k') int64;
            NaN and -1 where there are no more. k' is k, or the number of rows if that is less.

        Raises:
            QueryError: queries that are not finite or not of the index's dimension.
        """
        queries = self._prepared(queries)
        rows = int(self._starts[-1])
        k = min(k, rows)
        parts = []
        masks = wanted or [None for _ in self.segments]
        for start, segment, mask in zip(self._starts, self.segments, masks, strict=False):
            values, found = segment.search(queries, min(k, segment.rows), mask)
            found[found >= 0] += start
            parts.append((values, found))
        return best(parts, k, self.manifest.settings.metric)

    def position_of(self, identifier: str) -> int | None:
        """Where the item of that id is; None when there is none."""
        for start, segment in zip(self._starts, self.segments, strict=False):
            row = segment.row_of(identifier)
            if row is not None:
                return int(start) + row
        return None

    def vector(self, position: int) -> Vectors:
        """The (dimension,) vector of an item, prepared by the metric."""
        import numpy as np

        segment, row = self._place(position)
        vector: Vectors = np.array(self.segments[segment].vectors[row])
        return vector

    def ids_of(self, wanted: Sequence[Mask | None]) -> list[str]:
        """The ids of all items that fulfil a condition, from what `matching` gave."""
        found: list[str] = []
        for segment, mask in zip(self.segments, wanted, strict=True):
            found += segment.ids.filter(mask).to_pylist()
        return found

    def ids(self, positions: Rows) -> list[str]:
        """The ids of some items."""
        return [self.segments[at].ids[row].as_py() for at, row in map(self._place, positions)]

    def metadata(self, positions: Rows) -> list[dict[str, Any]]:
        """The stored columns of some items. A column that an item lacks is not in its dict."""
        import numpy as np

        homes = np.searchsorted(self._starts, positions, side="right") - 1
        found: list[dict[str, Any]] = [{} for _ in positions]
        for home in np.unique(homes):
            places = np.flatnonzero(homes == home)
            rows = self.segments[home].metadata(positions[places] - self._starts[home])
            for place, row in zip(places, rows, strict=True):
                found[place] = row
        return found

    def _place(self, position: int) -> tuple[int, int]:
        """Segment number, and row in it."""
        import numpy as np

        segment = int(np.searchsorted(self._starts, position, side="right")) - 1
        return segment, int(position - self._starts[segment])

    def _prepared(self, queries: Vectors) -> Vectors:
        import numpy as np

        settings = self.manifest.settings
        if queries.ndim != 2 or queries.shape[1] != settings.dimension:
            raise QueryError(
                f"a query has the shape {queries.shape}; "
                f"the index holds vectors of {settings.dimension} numbers"
            )
        if not np.isfinite(queries).all():
            raise QueryError("a query holds NaN or infinite numbers")
        return settings.metric.prepare(queries)


def _check_files(folder: Path, manifest: Manifest) -> None:
    """Raise IndexCorruptError unless all that the manifest needs is there, and of its size."""
    for name, record in manifest.files.items():
        check_size(inside(folder, name), record)
    for segment in manifest.segments:
        if segment.kind not in KINDS:
            raise IndexCorruptError(f"{folder}: a segment is of the unknown kind {segment.kind!r}")
        names = [VECTORS_FILE, IDS_FILE, METADATA_FILE, KINDS[segment.kind].file]
        needed = [f"{segment.folder}/{name}" for name in names if name]
        for name in [*needed, *([segment.deleted] if segment.deleted else [])]:
            if name not in manifest.files:
                raise IndexCorruptError(f"{folder}: the manifest has no entry for {name}")
