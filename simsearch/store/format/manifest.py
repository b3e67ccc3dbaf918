"""The manifest: the one small file that says what an index consists of.

It is written last, so an index is always what its newest manifest says. indexes/README.md
describes every field.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from simsearch.distance import Metric
from simsearch.errors import IndexCorruptError, OptionError, VectorIndexError
from simsearch.store.engines.engine import Measured
from simsearch.store.format.durable import FileRecord
from simsearch.store.format.layout import manifest_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyarrow as pa

__all__ = [
    "VERSION",
    "AlignmentRecord",
    "Manifest",
    "SegmentRecord",
    "Settings",
    "now",
    "read_manifest",
]

FORMAT = "simsearch-index"
VERSION = 2
# Before ids could be numbers, they were texts; before there was a choice, it was this one.
FORMAT_1_SETTINGS = {"id_type": "string", "kind": "auto", "recall": 0.95, "memory": None}

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class AlignmentRecord:
    """That the vectors were taken over from an earlier encoder by a map.

    Attributes:
        encoder: fingerprint of that encoder.
        items: that were aligned.
        sample: items that the map was fitted to; the figures are of such as were left out of it.
        cosine: mean cosine between an aligned vector and the true one.
        neighbours: share of the 10 nearest that stay the same.
        recall_kept: share of the old recall@1 that is left; None without classes.
    """

    encoder: str
    items: int
    sample: int
    cosine: float
    neighbours: float
    recall_kept: float | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for a whole index, from its creation on.

    Attributes:
        item_kind: `record`, `text`, `image`, `vector` or `signal`.
        metric: how embeddings are compared.
        dimension: length of an embedding; for hamming its bits.
        encoder: fingerprint of the encoder that made the embeddings; empty when the user
            brings vectors.
        encoder_folder: where it is kept, relative to the index; empty when it is not.
        columns: what the encoder sees of a record.
        id_column: the column that the ids came from; None when they are row numbers.
        source: what the first rows were read from, for people.
        created: ISO 8601 time, UTC.
        id_type: `string` or `integer`; None until the first item was added.
        engine: how new segments are searched: a name in `engines.ENGINES`, or `auto`.
        recall: that `auto` and the search parameters are chosen for.
        memory: bytes that searching may keep in memory; None for no limit.
        alignment: that the vectors came from another encoder; None where they did not.
    """

    item_kind: str
    metric: Metric
    dimension: int
    encoder: str = ""
    encoder_folder: str = ""
    columns: tuple[str, ...] = ()
    id_column: str | None = None
    source: str = ""
    created: str = ""
    id_type: str | None = None
    engine: str = "auto"
    recall: float = 0.95
    memory: int | None = None
    alignment: AlignmentRecord | None = None

    @property
    def arrow_id_type(self) -> pa.DataType:
        """How ids are kept: string or int64; string as well while there is none."""
        import pyarrow as pa

        return pa.int64() if self.id_type == "integer" else pa.string()


@dataclass(frozen=True, slots=True)
class SegmentRecord:
    """One segment.

    Attributes:
        folder: relative to the index.
        rows: items in it, deleted ones included.
        engine: how its vectors are searched (a name in `engines.ENGINES`).
        parameters: what that engine was built with and is searched with.
        deleted: file with the numbers of the rows that are deleted; None when none is.
        measured: what the engine finds and takes; None where it compares everything.
    """

    folder: str
    rows: int
    engine: str
    parameters: Mapping[str, int] = field(default_factory=dict)
    deleted: str | None = None
    measured: Measured | None = None


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
    checksum: str = ""

    def sealed(self) -> Manifest:
        """The same with its checksum."""
        return replace(self, checksum=_checksum(self._content()))

    def to_json(self) -> bytes:
        """The content of the manifest file."""
        content = self._content()
        return _written({**content, "checksum": _checksum(content)})

    def _content(self) -> dict[str, Any]:
        """Everything but the checksum."""
        content = {"format": FORMAT, "version": VERSION, **asdict(self)}
        del content["checksum"]
        for part in (content["settings"], *content["segments"]):
            _rename(part, "engine", "kind")
        _rename(content["settings"], "alignment", "lifted")
        if content["settings"]["lifted"] is None:  # as it was before there was such a thing
            del content["settings"]["lifted"]
        return content


def now() -> str:
    """The time as ISO 8601, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file.

    Raises:
        IndexCorruptError: it is missing, not what was written, or bears another's name.
        VectorIndexError: a newer simsearch wrote it.
    """
    try:
        written = path.read_bytes()
        content = json.loads(written)
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise ValueError("not a manifest")
        _check_version(path, content.get("version"))
        as_written = _written(content) == written
        if content.pop("checksum", None) != _checksum(content):
            raise ValueError("its checksum is wrong")
        if not as_written:  # a blank more or less, which the checksum does not see
            raise ValueError("its bytes are not those that were written")
        manifest = replace(_manifest(content), checksum=_checksum(content))
        if path.name != manifest_path(path, manifest.generation).name:
            raise ValueError(f"it is the manifest of version {manifest.generation}")
        return manifest
    except FileNotFoundError:
        raise IndexCorruptError(f"{path} is missing") from None
    except (ValueError, KeyError, TypeError, OptionError, RecursionError, OverflowError) as error:
        raise IndexCorruptError(f"{path} is damaged ({error})") from error


def _written(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, indent=1, ensure_ascii=False).encode()


def _check_version(path: Path, version: object) -> None:
    if type(version) is not int or version < 1:
        raise ValueError(f"its format version is {version!r:.40}")
    if version > VERSION:
        raise VectorIndexError(
            f"{path} has format version {version}, and this simsearch reads up to {VERSION}; "
            "update simsearch"
        )


def _rename(content: dict[str, Any], ours: str, theirs: str) -> None:
    """Give an entry the name that it has in files, in its place among the others."""
    entries = [(theirs if name == ours else name, value) for name, value in content.items()]
    content.clear()
    content.update(entries)


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
    content = {**FORMAT_1_SETTINGS, **content}
    return Settings(
        item_kind=_typed(content, "item_kind", str),
        metric=Metric.parse(_typed(content, "metric", str)),
        dimension=_typed(content, "dimension", int),
        encoder=_typed(content, "encoder", str),
        encoder_folder=_typed(content, "encoder_folder", str),
        columns=tuple(map(str, _typed(content, "columns", list))),
        id_column=_optional(content, "id_column", str),
        source=_typed(content, "source", str),
        created=_typed(content, "created", str),
        id_type=_optional(content, "id_type", str),
        engine=_typed(content, "kind", str),
        recall=_number(content, "recall"),
        memory=_optional(content, "memory", int),
        alignment=_alignment(content.get("lifted")),
    )


def _alignment(content: Mapping[str, Any] | None) -> AlignmentRecord | None:
    if content is None:
        return None
    kept = content["recall_kept"]
    return AlignmentRecord(
        encoder=_typed(content, "encoder", str),
        items=_typed(content, "items", int),
        sample=_typed(content, "sample", int),
        cosine=_number(content, "cosine"),
        neighbours=_number(content, "neighbours"),
        recall_kept=None if kept is None else _number(content, "recall_kept"),
    )


def _segment(content: Mapping[str, Any]) -> SegmentRecord:
    parameters = _typed(content, "parameters", dict)
    return SegmentRecord(
        folder=_typed(content, "folder", str),
        rows=_typed(content, "rows", int),
        engine=_typed(content, "kind", str),
        parameters={name: _typed(parameters, name, int) for name in parameters},
        deleted=_optional(content, "deleted", str),
        measured=_measured(content.get("measured")),
    )


def _measured(content: Mapping[str, Any] | None) -> Measured | None:
    if content is None:
        return None
    return Measured(
        recall=_number(content, "recall"),
        range_recall=_number(content, "range_recall"),
        latency_ms=_number(content, "latency_ms"),
        bytes_per_vector=_number(content, "bytes_per_vector"),
        queries=_typed(content, "queries", int),
    )


def _typed(content: Mapping[str, Any], name: str, kind: type[Value]) -> Value:
    value: Any = content[name]
    whole = type(value) is int and value >= 0  # True is an int to Python, not to us
    if not isinstance(value, kind) or (kind is int and not whole):
        raise ValueError(f"{name} is {value!r:.40}")
    return value


def _number(content: Mapping[str, Any], name: str) -> float:
    value = content[name]
    if type(value) not in (int, float) or not 0 <= value < float("inf"):
        raise ValueError(f"{name} is {value!r:.40}")
    return float(value)


def _optional(content: Mapping[str, Any], name: str, kind: type[Value]) -> Value | None:
    return None if content[name] is None else _typed(content, name, kind)
