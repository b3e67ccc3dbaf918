"""Which rows of a segment are deleted: a file of row numbers, ascending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simsearch.errors import IndexCorruptError
from simsearch.store.format.durable import check_content
from simsearch.store.format.layout import inside

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from simsearch.store.engines.engine import Mask
    from simsearch.store.format.durable import FileRecord
    from simsearch.store.format.manifest import SegmentRecord

__all__ = ["deletions_bytes", "read_deletions"]

# Little-endian row numbers.
TYPE = "<i8"


def deletions_bytes(alive: Mask) -> bytes:
    """The content of the file for a (rows,) mask that is False where a row is deleted."""
    import numpy as np

    return np.flatnonzero(~alive).astype(TYPE).tobytes()


def read_deletions(
    folder: Path, record: SegmentRecord, files: Mapping[str, FileRecord]
) -> Mask | None:
    """(rows,) bool, False where a row of the segment is deleted; None when none is.

    Raises:
        IndexCorruptError: the file is missing or damaged.
    """
    import numpy as np

    if record.deleted is None:
        return None
    path = inside(folder, record.deleted)
    check_content(path, files[record.deleted])
    deleted = np.fromfile(path, TYPE)
    if len(deleted) and not 0 <= deleted.min() <= deleted.max() < record.rows:
        raise IndexCorruptError(f"{path} names rows that are not there")
    mask = np.ones(record.rows, bool)
    mask[deleted] = False
    return mask
