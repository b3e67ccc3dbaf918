"""The manifest: the one small file that says what an index consists of.

It is written last, so an index is always what its newest manifest says. indexes/README.md
describes every field.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from simsearch.distance import Metric
from simsearch.errors import IndexCorruptError, OptionError, VectorIndexError
from simsearch.index.files import FileRecord
from simsearch.index.layout import generations, manifest_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["VERSION", "Manifest", "SegmentRecord", "Settings", "latest", "read_manifest"]

FORMAT = "simsearch-index"
VERSION = 1

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for a whole index, from its creation on.

    Attributes:
        item_kind: `record`, `text`, `image`, `vector` or `signal`.
        metric: how embeddings are compared.
        dimension: length of an embedding.
        encoder: fingerprint of the encoder that made the embeddings.
        encoder_folder: where it is kept, relative to the index; empty when it is not.
        columns: what the encoder sees of a record.
        id_column: the column that the ids came from; None when they are row numbers.
        source: what the first rows were read from, for people.
        created: ISO 8601 time, UTC.
    """

    item_kind: str
    metric: Metric
    dimension: int
    encoder: str
    encoder_folder: str
    columns: tuple[str, ...]
    id_column: str | None
    source: str
    created: str


@dataclass(frozen=True, slots=True)
class SegmentRecord:
    """One segment.

    Attributes:
        folder: relative to the index.
        rows: items in it, deleted ones included.
        kind: how its vectors are searched (a name in `kinds.KINDS`).
        parameters: what that kind was built with and is searched with.
        deleted: file with the numbers of the rows that are deleted; None when none is.
    """

    folder: str
    rows: int
    kind: str
    parameters: Mapping[str, int] = field(default_factory=dict)
    deleted: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """One generation of an index.

    Attributes:
        generation: 1 for the first, one more with each change.
        published: ISO 8601 time, UTC.
        next_row: the number that the next row gets as its id where ids are row numbers.
        settings: what holds for every segment.
        segments: oldest first.
        files: every file, by its path relative to the index.
    """

    generation: int
    published: str
    next_row: int
    settings: Settings
    segments: tuple[SegmentRecord, ...]
    files: Mapping[str, FileRecord]

    def to_json(self) -> bytes:
        """The content of the manifest file."""
        content = {"format": FORMAT, "version": VERSION, **asdict(self)}
        return json.dumps(
            {**content, "checksum": _checksum(content)}, indent=1, ensure_ascii=False
        ).encode()


def latest(folder: Path) -> Manifest | None:
    """The newest generation; None when nothing was ever published."""
    numbers = generations(folder)
    return read_manifest(manifest_path(folder, numbers[-1])) if numbers else None


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file.

    Raises:
        IndexCorruptError: it is not what was written.
        VectorIndexError: a newer simsearch wrote it.
    """
    try:
        content = json.loads(path.read_bytes())
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise ValueError("not a manifest")
        _check_version(path, content.get("version"))
        if content.pop("checksum", None) != _checksum(content):
            raise ValueError("its checksum is wrong")
        return _manifest(content)
    except (ValueError, KeyError, TypeError, OptionError, RecursionError) as error:
        raise IndexCorruptError(f"{path} is damaged ({error}); index the source again") from error


def _check_version(path: Path, version: object) -> None:
    if isinstance(version, int) and version > VERSION:
        raise VectorIndexError(
            f"{path} has format version {version}, and this simsearch reads up to {VERSION}; "
            "update simsearch"
        )


def _checksum(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content, whatever its order and spacing in the file."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _manifest(content: Mapping[str, Any]) -> Manifest:
    return Manifest(
        generation=_typed(content, "generation", int),
        published=_typed(content, "published", str),
        next_row=_typed(content, "next_row", int),
        settings=_settings(_typed(content, "settings", dict)),
        segments=tuple(_segment(entry) for entry in _typed(content, "segments", list)),
        files={
            name: FileRecord(_typed(entry, "size", int), _typed(entry, "sha256", str))
            for name, entry in _typed(content, "files", dict).items()
        },
    )


def _settings(content: Mapping[str, Any]) -> Settings:
    return Settings(
        item_kind=_typed(content, "item_kind", str),
        metric=Metric.parse(_typed(content, "metric", str)),
        dimension=_typed(content, "dimension", int),
        encoder=_typed(content, "encoder", str),
        encoder_folder=_typed(content, "encoder_folder", str),
        columns=tuple(map(str, _typed(content, "columns", list))),
        id_column=_optional(content, "id_column"),
        source=_typed(content, "source", str),
        created=_typed(content, "created", str),
    )


def _segment(content: Mapping[str, Any]) -> SegmentRecord:
    parameters = _typed(content, "parameters", dict)
    return SegmentRecord(
        folder=_typed(content, "folder", str),
        rows=_typed(content, "rows", int),
        kind=_typed(content, "kind", str),
        parameters={name: _typed(parameters, name, int) for name in parameters},
        deleted=_optional(content, "deleted"),
    )


def _typed(content: Mapping[str, Any], name: str, kind: type[Value]) -> Value:
    value: Any = content[name]
    whole = type(value) is int and value >= 0  # True is an int to Python, not to us
    if not isinstance(value, kind) or (kind is int and not whole):
        raise ValueError(f"{name} is {value!r:.40}")
    return value


def _optional(content: Mapping[str, Any], name: str) -> str | None:
    return None if content[name] is None else _typed(content, name, str)
