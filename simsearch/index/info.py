"""What an index is, in figures and names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from simsearch.index.reader import IndexReader

__all__ = ["IndexInfo", "SegmentInfo", "info_of"]


@dataclass(frozen=True, slots=True)
class SegmentInfo:
    """A part of an index.

    Attributes:
        kind: how it is searched: `flat` or `ivf`.
        rows: items in it, deleted ones included.
        parameters: what it was built with and is searched with.
    """

    kind: str
    rows: int
    parameters: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What an index is.

    Attributes:
        name: of its folder.
        folder: where it lies.
        items: that can be found.
        deleted: rows that are deleted and still take room.
        item_kind: `record` and so on.
        metric: how items are compared.
        dimension: length of an embedding.
        columns: that are compared.
        stored_columns: that come with a match and can be filtered by.
        id_column: the column the ids came from; None for row numbers.
        segments: its parts.
        generation: how many times it was published.
        bytes: what its files take.
        encoder: fingerprint of its encoder.
        source: what the first items were read from.
        created: ISO 8601, UTC.
        changed: ISO 8601, UTC.
    """

    name: str
    folder: Path
    items: int
    deleted: int
    item_kind: str
    metric: str
    dimension: int
    columns: tuple[str, ...]
    stored_columns: tuple[str, ...]
    id_column: str | None
    segments: tuple[SegmentInfo, ...]
    generation: int
    bytes: int
    encoder: str
    source: str
    created: str
    changed: str


def info_of(reader: IndexReader) -> IndexInfo:
    """What the index is that a reader has open."""
    manifest = reader.manifest
    settings = manifest.settings
    items = len(reader)
    return IndexInfo(
        name=reader.folder.name,
        folder=reader.folder,
        items=items,
        deleted=sum(segment.rows for segment in manifest.segments) - items,
        item_kind=settings.item_kind,
        metric=settings.metric.value,
        dimension=settings.dimension,
        columns=settings.columns,
        stored_columns=reader.columns,
        id_column=settings.id_column,
        segments=tuple(SegmentInfo(s.kind, s.rows, s.parameters) for s in manifest.segments),
        generation=manifest.generation,
        bytes=sum(file.size for file in manifest.files.values()),
        encoder=settings.encoder,
        source=settings.source,
        created=settings.created,
        changed=manifest.published,
    )
