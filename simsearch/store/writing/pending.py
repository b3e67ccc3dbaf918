"""Items added and removed that are not published yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.errors import VectorIndexError
from simsearch.store.format.changes import Change
from simsearch.store.reading.columns import as_known, common_types
from simsearch.store.writing.validation import owned

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from simsearch.store.engines.engine import Vectors
    from simsearch.store.format.history import Generation
    from simsearch.store.format.manifest import Settings
    from simsearch.store.writing.validation import Batch

__all__ = ["Pending"]


class Pending:
    """Items on their way into an index and out of it.

    Attributes:
        batches: items added that are still in memory, oldest first.
        new_items: how many were added, but for those that take the place of another.
    """

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.new_items = 0
        self._types: dict[str, pa.DataType] = {}
        self._added: list[pa.Array] = []
        self._removed: list[pa.Array] = []

    @property
    def rows(self) -> int:
        """Items in memory."""
        return sum(len(batch.ids) for batch in self.batches)

    def add(
        self, batch: Batch, known: pa.Array, most: int, types: Mapping[str, pa.DataType]
    ) -> bool:
        """Take items, those that are known in the place of what is there.

        Args:
            batch: not empty.
            known: those of its ids that the index has.
            most: items that may be in memory.
            types: of the columns that the index has.

        Returns:
            Whether there are no more than that.
        """
        batch = self._in_known_types(batch, types)
        if len(known):
            self._removed.append(known)
        self.new_items += len(batch.ids) - len(known)
        small = self.rows + len(batch.ids) <= most
        # What waits must not change with an array that the caller uses again.
        self.batches.append(owned(batch) if small else batch)
        self._added.append(self.batches[-1].ids)
        return small

    def _in_known_types(self, batch: Batch, types: Mapping[str, pa.DataType]) -> Batch:
        """The batch with columns as they are in the index, or were added before."""
        import pyarrow as pa

        before = [pa.schema(list(each.items())) for each in (types, self._types)]
        metadata = as_known(batch.metadata, common_types(before))
        self._types = common_types([*before, metadata.schema])
        return batch._replace(metadata=metadata)

    def remove(self, known: pa.Array) -> None:
        """Take ids of the index that are to go."""
        if len(known):
            self._removed.append(known)

    @property
    def removed(self) -> pa.Array | None:
        """Ids of the index that are to go, each once; None for none."""
        import pyarrow as pa
        import pyarrow.compute as pc

        return pc.unique(pa.concat_arrays(self._removed)) if self._removed else None

    def check_new(self, known: pa.Array) -> None:
        """Raise VectorIndexError for ids that the index has and that are not about to go."""
        import pyarrow.compute as pc

        for removed in self._removed:
            known = known.filter(pc.invert(pc.is_in(known, removed)))
        if len(known):
            raise VectorIndexError(
                f"{len(known)} of the items are in the index already, such as "
                f"{known[0].as_py()!r:.60}; replace (upsert) or remove them"
            )

    def check_different(self) -> None:
        """Raise VectorIndexError if two of the items added have the same id."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if len(self._added) < 2:
            return
        ids = pa.concat_arrays(self._added)
        if pc.count_distinct(ids).as_py() < len(ids):
            raise VectorIndexError("two of the items have the same id; ids must differ")

    def change(self, before: Generation, settings: Settings) -> Change | None:
        """All of it as the change that follows a generation, not yet dated; None for none.

        Args:
            before: the generation.
            settings: of the index.
        """
        import numpy as np
        import pyarrow as pa

        dtype, width = settings.metric.storage(settings.dimension)
        ids = pa.array([], settings.arrow_id_type)
        removed = self.removed
        gone = ids if removed is None else removed
        vectors: Vectors = np.empty((0, width), dtype)
        table = pa.table({})
        if self.batches:
            ids = pa.concat_arrays([batch.ids for batch in self.batches])
            vectors = np.concatenate([batch.vectors for batch in self.batches])
            table = pa.concat_tables([each.metadata for each in self.batches]).combine_chunks()
        if not len(ids) and not len(gone):
            return None
        rows = table.to_batches()[0] if table.num_columns else pa.record_batch({})
        number = before.number + 1
        return Change(number, before.checksum, "", before.next_row, gone, ids, vectors, rows)
