"""IndexInfo: a description of an index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simsearch.store.format.layout import change_path
from simsearch.store.format.segment_files import StoredItems

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from simsearch.store.engines.engine import Measured
    from simsearch.store.format.manifest import AlignmentRecord
    from simsearch.store.reading.reader import IndexReader
    from simsearch.store.reading.segment import Segment

__all__ = ["IndexInfo", "SegmentInfo", "info_of"]


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """A part of an index.

    Attributes:
        engine: how it is searched; `changes` for what small changes added and is in memory.
        rows: items in it, deleted ones included.
        parameters: what it was built with and is searched with.
        measured: what it finds and takes; None where every vector is compared.
    """

    engine: str
    rows: int
    parameters: Mapping[str, int]
    measured: Measured | None = None


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What an index is.

    Attributes:
        name: of its folder.
        folder: where it lies.
        items: that can be found.
        deleted: rows that are deleted and still take room.
        kind: of its items: `record` and so on.
        metric: how items are compared.
        dimension: length of an embedding.
        columns: that are compared.
        stored_columns: that come with a match and can be filtered by.
        id_column: the column the ids came from; None for row numbers.
        id_type: `string` or `integer`; None while it has no items.
        engine, recall, memory: what was asked of it; see `IndexOptions`.
        segments: its parts.
        version: that is shown; one more with each change.
        bytes: what the files of this version take.
        encoder: fingerprint of its encoder.
        source: what the first items were read from.
        created: ISO 8601, UTC.
        changed: ISO 8601, UTC.
        alignment: that vectors came from another encoder by a map, so that scores of these are
            approximate; None where none did.
    """

    name: str
    folder: Path
    items: int
    deleted: int
    kind: str
    metric: str
    dimension: int
    columns: tuple[str, ...]
    stored_columns: tuple[str, ...]
    id_column: str | None
    id_type: str | None
    engine: str
    recall: float
    memory: int | None
    segments: tuple[SegmentInfo, ...]
    version: int
    bytes: int
    encoder: str
    source: str
    created: str
    changed: str
    alignment: AlignmentRecord | None = None


def info_of(reader: IndexReader) -> IndexInfo:
    """What the index is that a reader has open."""
    manifest = reader.manifest
    settings = manifest.settings
    items = len(reader)
    return IndexInfo(
        name=reader.folder.name,
        folder=reader.folder,
        items=items,
        deleted=sum(segment.rows - len(segment) for segment in reader.segments),
        kind=settings.item_kind,
        metric=settings.metric.value,
        dimension=settings.dimension,
        columns=settings.columns,
        stored_columns=tuple(reader.types),
        id_column=settings.id_column,
        id_type=settings.id_type,
        engine=settings.engine,
        recall=settings.recall,
        memory=settings.memory,
        segments=tuple(map(_segment_info, reader.segments)),
        version=reader.generation.number,
        bytes=sum(file.size for file in manifest.files.values()) + _change_bytes(reader),
        encoder=settings.encoder,
        source=settings.source,
        created=settings.created,
        changed=reader.generation.published,
        alignment=settings.alignment,
    )


def _change_bytes(reader: IndexReader) -> int:
    paths = [change_path(reader.folder, each.generation) for each in reader.generation.changes]
    return sum(path.stat().st_size for path in paths if path.exists())


def _segment_info(segment: Segment) -> SegmentInfo:
    if not isinstance(segment.items, StoredItems):
        return SegmentInfo("changes", segment.rows, {})
    record = segment.items.record
    return SegmentInfo(record.engine, record.rows, record.parameters, record.measured)
