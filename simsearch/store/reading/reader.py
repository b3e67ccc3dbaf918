"""One generation of an index, open for queries. Readers make nobody wait."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from simsearch.errors import IndexCorruptError, QueryError
from simsearch.store.format.history import Generation, History
from simsearch.store.format.kept import KeptValues
from simsearch.store.format.layout import manifest_path
from simsearch.store.format.pins import Pin
from simsearch.store.format.segment_files import StoredItems
from simsearch.store.reading.columns import common_types
from simsearch.store.reading.filter import Filter
from simsearch.store.reading.memory_segment import after
from simsearch.store.reading.segment import Segment
from simsearch.store.search.exact import best
from simsearch.store.search.fan_out import each_segment
from simsearch.store.search.turns import in_turn
from simsearch.store.search.words import WordIndex
from simsearch.store.writing.validation import INTEGER, unfit
from simsearch.threads import apply_threads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt
    import pyarrow as pa

    from simsearch.store.engines.engine import Mask, Rows, Vectors
    from simsearch.store.format.manifest import Manifest

__all__ = ["IndexReader"]

# Up to so many ids are sooner read one by one than by a call of Arrow's.
FEW = 32


class IndexReader:
    """A generation of an index: it stays as it is, whatever a writer does meanwhile.

    Items are named by their *position*: the rows of the segments counted through, deleted ones
    included.

    Args:
        folder: of the index.
        generation: which.
        before: a reader of an earlier generation, whose files need not be opened again.

    Attributes:
        segments: oldest first; what small changes added comes last.
        starts: (segments + 1,) int64: the position of the first row of each.
    """

    def __init__(
        self, folder: Path, generation: Generation, before: IndexReader | None = None
    ) -> None:
        import numpy as np

        self.folder = folder
        self.generation = generation
        self.manifest = generation.manifest
        self.settings = self.manifest.settings
        self._pin = _pin(folder, self.manifest, before)
        self.segments = self._segments(before)
        self.starts = np.cumsum([0, *(segment.rows for segment in self.segments)])
        self._masks: KeptValues[list[Mask]] = KeptValues()

    @classmethod
    def open(
        cls, folder: Path, version: int | None = None, before: IndexReader | None = None
    ) -> IndexReader:
        """A generation; the newest that is whole, if none is asked for.

        Args:
            folder: of the index.
            version: which.
            before: a reader whose files need not be opened again.

        Raises:
            IndexNotFoundError: nothing was ever published there, or not that version.
            IndexCorruptError: a file of it is missing, damaged or of another size.
        """
        while True:
            history = History(folder)
            try:
                found = history.newest() if version is None else history.generation(version)
                reader = cls(folder, found, before)
            except (FileNotFoundError, IndexCorruptError):
                if history.is_current():
                    raise
            else:
                if not found.problems or history.is_current():
                    return reader
            # What was listed was given up before it was read: look again.

    def __len__(self) -> int:
        return sum(len(segment) for segment in self.segments)

    def _segments(self, before: IndexReader | None) -> list[Segment]:
        metric, changes = self.settings.metric, self.generation.changes
        if before is not None and before.manifest is self.manifest:
            done = len(before.generation.changes)
            return after(before.segments, changes[done:], metric)
        return after(self._stored(before), changes, metric)

    def _stored(self, before: IndexReader | None) -> list[Segment]:
        """The segments of the manifest; their files shared with a reader that has them open."""
        shared = before.stored_items if before else {}
        return [
            _segment(self.folder, self.manifest, number, shared)
            for number in range(len(self.manifest.segments))
        ]

    @property
    def stored_items(self) -> Mapping[str, StoredItems]:
        """The segments' files, by folder."""
        items = (segment.items for segment in self.segments)
        return {each.record.folder: each for each in items if isinstance(each, StoredItems)}

    @cached_property
    def types(self) -> dict[str, pa.DataType]:
        """Every stored column, and a type that holds what all segments have in it."""
        return common_types(segment.items.schema for segment in self.segments)

    @cached_property
    def words(self) -> WordIndex:
        """The words of all stored texts."""
        return WordIndex([segment.items.words for segment in self.segments])

    def matching(self, where: str | None) -> Sequence[Mask | None]:
        """For each segment the rows that fulfil a condition.

        Args:
            where: a condition in SQL over the stored columns; None for no condition.

        Returns:
            A (rows,) bool mask for each segment, not to be written, False where a row was deleted;
            None for each when there is no condition.

        Raises:
            QueryError: the condition is refused.
        """
        if where is None:
            return [None for _ in self.segments]
        kept = self._masks.get(where) if isinstance(where, str) else None
        if kept is not None:  # the same is often asked again, and takes longer than the query
            return kept
        condition = Filter(where, tuple(self.types))
        masks = [segment.matches(condition, self.types) for segment in self.segments]
        for mask in masks:
            mask.flags.writeable = False
        return self._masks.keep(where, masks, int(self.starts[-1]))

    def search(
        self, queries: Vectors, k: int, wanted: Sequence[Mask | None] | None = None
    ) -> tuple[Vectors, Rows]:
        """The k items nearest to each query, over all segments.

        Args:
            queries: (m, width), as the encoder gives them.
            k: how many, at least 1; fewer come when there are fewer.
            wanted: what `matching` gave. Every item that fulfils the condition is compared,
                so the answer is exact.

        Returns:
            Scores or distances, (m, k') float32, nearest first, and positions, (m, k') int64;
            NaN and -1 where there are no more. k' is k, or the number of rows if that is less.

        Raises:
            QueryError: queries of another shape or type than the index's, or not finite.
        """
        import numpy as np

        prepared = self._prepared(queries)
        masks = wanted or [None] * len(self.segments)
        quick = len(queries) == 1 and all(mask is None for mask in masks)
        if len(queries) > 1:  # one is answered by FAISS in the thread that asks
            apply_threads()
        k = min(k, int(self.starts[-1]))
        if not k:
            return np.empty((len(queries), 0), np.float32), np.empty((len(queries), 0), np.int64)

        def ask(number: int) -> tuple[Vectors, Rows]:
            segment = self.segments[number]
            values, found = segment.search(prepared, min(k, segment.rows), masks[number])
            start = self.starts[number]
            return values, np.where(found >= 0, found + start, -1) if start else found

        def everywhere() -> tuple[Vectors, Rows]:
            parts = each_segment(ask, range(len(self.segments)), len(queries))
            return parts[0] if len(parts) == 1 else best(parts, k, self.settings.metric)

        return in_turn(everywhere) if quick else everywhere()

    def within(
        self, queries: Vectors, threshold: float, wanted: Sequence[Mask | None] | None = None
    ) -> tuple[Rows, Vectors, Rows]:
        """Every item that is as close to a query as the threshold.

        Args:
            queries: (m, width), as the encoder gives them.
            threshold: the least score, or the greatest distance.
            wanted: as for `search`.

        Returns:
            limits (m + 1,) int64: the answers of query i are those from limits[i] to
            limits[i + 1]; scores or distances, nearest first, and positions.

        Raises:
            QueryError: as for `search`.
        """
        apply_threads()
        prepared = self._prepared(queries)

        def ask(number: int) -> tuple[Rows, Vectors, Rows]:
            mask = (wanted or {number: None})[number]
            limits, values, found = self.segments[number].within(prepared, threshold, mask)
            return limits, values, found + self.starts[number]

        parts = each_segment(ask, range(len(self.segments)), len(queries))
        return _merged(parts, len(queries), self.settings.metric.larger_is_closer)

    def positions(
        self, wanted: Sequence[Mask | None] | None = None, most: int | None = None
    ) -> Rows:
        """(n,) int64: where items are, oldest first.

        Args:
            wanted: what `matching` gave; None for all that are not deleted.
            most: of more than this so many, spread evenly.
        """
        import numpy as np

        parts = [np.empty(0, np.int64)]
        for number, segment in enumerate(self.segments):
            chosen = None if wanted is None else wanted[number]
            mask = segment.alive if chosen is None else chosen
            rows = np.arange(segment.rows) if mask is None else np.flatnonzero(mask)
            parts.append(rows + self.starts[number])
        found = np.concatenate(parts)
        if most is not None and len(found) > most:
            found = found[np.linspace(0, len(found) - 1, most).astype(np.int64)]
        return found

    def positions_of(self, ids: pa.Array) -> Rows:
        """(m,) int64: where the items of some ids are, -1 where there is none."""
        import numpy as np

        found = np.full(len(ids), -1, np.int64)
        for start, segment in zip(self.starts, self.segments, strict=False):
            rows = segment.find(ids)
            found = np.where(rows >= 0, rows + start, found)
        return found

    def vectors(self, positions: Rows) -> Vectors:
        """(m, width): the vectors of some items, prepared by the metric."""
        import numpy as np

        dtype, width = self.settings.metric.storage(self.settings.dimension)
        out: Vectors = np.empty((len(positions), width), dtype)
        for home, places in self._by_segment(positions):
            rows = positions[places] - self.starts[home]
            out[places] = self.segments[home].items.vectors[rows]
        return out

    def ids(self, positions: Rows) -> pa.Array:
        """The ids of some items, in their order."""
        import numpy as np
        import pyarrow as pa

        chunks, order = [], [np.empty(0, np.int64)]
        for home, places in self._by_segment(positions):
            rows = positions[places] - self.starts[home]
            chunks.append(self.segments[home].items.ids.take(pa.array(rows)))
            order.append(places)
        if not chunks:
            return pa.array([], self.settings.arrow_id_type)
        found = chunks[0] if len(chunks) == 1 else pa.concat_arrays(chunks)
        back = np.argsort(np.concatenate(order))
        return found if len(chunks) == 1 else found.take(pa.array(back))

    def id_values(self, positions: Rows) -> npt.NDArray[Any]:
        """The ids of some items as int64, or objects (str)."""
        import numpy as np

        found: npt.NDArray[Any]
        if self._numbers is not None:
            return self._numbers_of(positions)
        if len(self.segments) != 1 or len(positions) > FEW:
            found = self.ids(positions).to_numpy(zero_copy_only=False, writable=True)
            return found
        ids = self.segments[0].items.ids  # the usual case, in which nothing is sorted
        found = np.empty(len(positions), object)
        found[:] = [ids[row].as_py() for row in positions.tolist()]
        return found

    @cached_property
    def _numbers(self) -> list[Rows] | None:
        """The ids of each segment where they are numbers, as they lie in its file."""
        import numpy as np

        if self.settings.id_type != INTEGER:
            return None
        ids = (segment.items.ids for segment in self.segments)
        return [np.asarray(np.from_dlpack(each), np.int64) for each in ids]

    def _numbers_of(self, positions: Rows) -> Rows:
        import numpy as np

        numbers = self._numbers or []
        if len(numbers) == 1:
            return numbers[0][positions]
        found = np.empty(len(positions), np.int64)
        for home, places in self._by_segment(positions):
            found[places] = numbers[home][positions[places] - self.starts[home]]
        return found

    def metadata(self, positions: Rows) -> list[dict[str, Any]]:
        """The stored columns of some items. One that an item lacks is None, or not in its dict."""
        found: list[dict[str, Any]] = [{} for _ in positions]
        for home, places in self._by_segment(positions):
            rows = self.segments[home].items.metadata(positions[places] - self.starts[home])
            for place, row in zip(places, rows, strict=True):
                found[place] = row
        return found

    def _by_segment(self, positions: Rows) -> list[tuple[int, Rows]]:
        """Segment numbers, and which of the positions are in each."""
        import numpy as np

        if len(self.segments) == 1 and len(positions):  # the usual case, which single queries feel
            return [(0, np.arange(len(positions)))]
        homes = np.searchsorted(self.starts, positions, side="right") - 1
        return [(home, np.flatnonzero(homes == home)) for home in sorted(set(homes.tolist()))]

    def _prepared(self, queries: Vectors) -> Vectors:
        if reason := unfit(queries, self.settings):
            raise QueryError(f"the queries cannot be answered: {reason}")
        return self.settings.metric.prepare(queries)


def _pin(folder: Path, manifest: Manifest, before: IndexReader | None) -> Pin:
    if before is not None and before.manifest is manifest:
        return before._pin
    return Pin(manifest_path(folder, manifest.generation))


def _segment(
    folder: Path, manifest: Manifest, number: int, shared: Mapping[str, StoredItems]
) -> Segment:
    from simsearch.store.format.deletions import read_deletions

    record, settings = manifest.segments[number], manifest.settings
    items = shared.get(record.folder)
    if items is None:
        items = StoredItems(folder, record, settings, manifest.files)
    alive = read_deletions(folder, record, manifest.files)
    return Segment(items, alive, settings.metric)


def _merged(
    parts: Sequence[tuple[Rows, Vectors, Rows]], queries: int, larger_is_closer: bool
) -> tuple[Rows, Vectors, Rows]:
    """The answers of several segments as those of one."""
    import numpy as np

    if len(parts) == 1:
        return parts[0]
    owner = [np.empty(0, np.int64)]
    owner += [np.repeat(np.arange(queries), np.diff(limits)) for limits, _, _ in parts]
    values = np.concatenate([np.empty(0, np.float32), *(part[1] for part in parts)])
    rows = np.concatenate([np.empty(0, np.int64), *(part[2] for part in parts)])
    query = np.concatenate(owner)
    order = np.lexsort((rows, -values if larger_is_closer else values, query))
    counts = np.bincount(query, minlength=queries)
    return np.concatenate([[0], np.cumsum(counts)]), values[order], rows[order]
