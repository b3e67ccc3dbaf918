"""Items removed and added, as the change that follows a generation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.store.format.changes import Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from simsearch.store.engines.engine import Vectors
    from simsearch.store.format.history import Generation
    from simsearch.store.format.manifest import Settings
    from simsearch.store.writing.validation import Batch

__all__ = ["merged_change"]


def merged_change(
    before: Generation, settings: Settings, removed: pa.Array | None, added: Sequence[Batch]
) -> Change | None:
    """What is to be removed and added, as the change that follows a generation.

    Args:
        before: the generation.
        settings: of the index.
        removed: ids; None for none.
        added: items with the same columns.

    Returns:
        Not yet dated; None when nothing changes.
    """
    import numpy as np
    import pyarrow as pa

    dtype, width = settings.metric.storage(settings.dimension)
    ids = pa.array([], settings.arrow_id_type)
    gone = ids if removed is None else removed
    vectors: Vectors = np.empty((0, width), dtype)
    table = pa.table({})
    if added:
        ids = pa.concat_arrays([batch.ids for batch in added])
        vectors = np.concatenate([batch.vectors for batch in added])
        table = pa.concat_tables([batch.metadata for batch in added]).combine_chunks()
    if not len(ids) and not len(gone):
        return None
    rows = table.to_batches()[0] if table.num_columns else pa.record_batch({})
    return Change(before.number + 1, before.checksum, "", before.next_row, gone, ids, vectors, rows)
