"""Manifests: what was written is read, and nothing else is."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.distance import Metric
from simsearch.errors import IndexCorruptError, VectorIndexError
from simsearch.store.engines.engine import Measured
from simsearch.store.format.durable import FileRecord
from simsearch.store.format.layout import manifest_path
from simsearch.store.format.manifest import (
    VERSION,
    Manifest,
    SegmentRecord,
    Settings,
    read_manifest,
)

FORMAT_1 = Path(__file__).parent.parent / "format1" / "people"

MEASURED = Measured(
    recall=0.97, range_recall=0.5, latency_ms=0.25, bytes_per_vector=20.0, queries=100
)
MADE = Manifest(
    generation=7,
    published="2026-01-02T03:04:05+00:00",
    next_row=12,
    settings=Settings(
        item_kind="record",
        metric=Metric.MANHATTAN,
        dimension=5,
        encoder="ab" * 32,
        encoder_folder="encoders/0123",
        columns=("name", "ço\ud7ff"),
        id_column="key",
        source="Ä test",
        created="2026-01-01T00:00:00+00:00",
        id_type="integer",
        engine="ivf",
        recall=0.9,
        memory=2**40,
    ),
    segments=(
        SegmentRecord("segments/a", 10, "flat"),
        SegmentRecord("segments/b", 3, "ivf", {"cells": 2}, "deletions/c", MEASURED),
    ),
    files={"segments/a/vectors.f32": FileRecord(200, "0" * 64)},
)


def written(folder: Path, manifest: Manifest = MADE) -> Path:
    path = manifest_path(folder, manifest.generation)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(manifest.to_json())
    return path


def test_a_manifest_says_the_same_after_reading(tmp_path: Path) -> None:
    path = written(tmp_path)
    manifest = read_manifest(path)
    assert manifest == MADE.sealed()
    assert replace(manifest, checksum="") == MADE
    assert manifest.to_json() == path.read_bytes()
    # The same in other order and spacing is not what was written.
    path.write_text(json.dumps(json.loads(path.read_bytes()), sort_keys=True))
    with pytest.raises(IndexCorruptError, match="its bytes are not those that were written"):
        read_manifest(path)


def test_one_that_holds_little(tmp_path: Path) -> None:
    bare = Manifest(1, "", 0, Settings("vector", Metric.COSINE, 1), (), {})
    assert read_manifest(written(tmp_path, bare)) == bare.sealed()


def test_no_two_have_the_same_checksum() -> None:
    others = [
        MADE,
        replace(MADE, generation=8),
        replace(MADE, next_row=13),
        replace(MADE, files={}),
        replace(MADE, segments=MADE.segments[:1]),
        replace(MADE, segments=MADE.segments[::-1]),
        replace(MADE, settings=replace(MADE.settings, recall=0.91)),
    ]
    assert len({other.sealed().checksum for other in others}) == len(others)


@pytest.mark.parametrize("generation", [1, 2, 3, 4])
def test_the_first_format_is_read(generation: int) -> None:
    manifest = read_manifest(manifest_path(FORMAT_1, generation))
    settings = manifest.settings
    assert manifest.generation == generation
    assert (settings.id_type, settings.engine, settings.recall) == ("string", "auto", 0.95)
    assert settings.memory is None
    assert all(segment.measured is None for segment in manifest.segments)
    assert json.loads(manifest.to_json())["version"] == VERSION == 2


def test_ids_are_kept_as_arrow_keeps_them() -> None:
    assert MADE.settings.arrow_id_type == pa.int64()
    assert replace(MADE.settings, id_type="string").arrow_id_type == pa.string()
    assert replace(MADE.settings, id_type=None).arrow_id_type == pa.string()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"format": "other"}',
        b'{"format": "simsearch-index"}',
        b'{"format": "simsearch-index", "version": 1}',
        b'{"format": "simsearch-index", "version": 0}',
        b'{"format": "simsearch-index", "version": true}',
        b'{"format": "simsearch-index", "version": "2"}',
        b'{"format": "simsearch-index", "version": 2, "a": "\\ud800"}',
    ],
)
def test_what_is_no_manifest(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "0000000001.json"
    path.write_bytes(content)
    with pytest.raises(IndexCorruptError, match=r"0000000001\.json is damaged"):
        read_manifest(path)


def test_a_newer_format_is_for_a_newer_simsearch(tmp_path: Path) -> None:
    path = tmp_path / "0000000001.json"
    path.write_text(f'{{"format": "simsearch-index", "version": {VERSION + 1}}}')
    with pytest.raises(VectorIndexError, match="reads up to 2; update simsearch") as refused:
        read_manifest(path)
    assert not isinstance(refused.value, IndexCorruptError)


def test_one_under_the_name_of_another_is_refused(tmp_path: Path) -> None:
    """Opening would look for it under its own name."""
    path = written(tmp_path)
    path = path.rename(manifest_path(tmp_path, 8))
    with pytest.raises(IndexCorruptError, match="it is the manifest of version 7"):
        read_manifest(path)


@given(st.data())
def test_no_byte_can_be_another(data: st.DataObject) -> None:
    content = bytearray(MADE.to_json())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))

    class Given:
        name = "0000000007.json"

        def read_bytes(self) -> bytes:
            return bytes(content)

    try:
        read = read_manifest(Given())  # type: ignore[arg-type]  # all that is asked of a path
    except VectorIndexError:
        return
    assert read == MADE.sealed()  # white space


def checked(content: dict[str, Any]) -> bytes:
    """With the checksum that makes it whole in itself."""
    content.pop("checksum", None)
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return json.dumps({**content, "checksum": hashlib.sha256(text.encode()).hexdigest()}).encode()


NO_NUMBER: list[Any] = [None, -1, True, "x", [], {}]
NO_WHOLE_NUMBER = [*NO_NUMBER, 1.5]
NO_TEXT: list[Any] = [None, 1, True, [], {}]
NO_LIST: list[Any] = [None, 1, True, "x", {}]
NO_MAPPING: list[Any] = [None, 1, True, "x", []]
WRONG: list[tuple[list[Any], list[Any]]] = [
    (["generation"], NO_WHOLE_NUMBER),
    (["next_row"], NO_WHOLE_NUMBER),
    (["published"], NO_TEXT),
    (["settings"], NO_MAPPING),
    (["segments"], NO_LIST),
    (["files"], NO_MAPPING),
    (["settings", "metric"], [*NO_TEXT, "nosuch"]),
    (["settings", "dimension"], NO_WHOLE_NUMBER),
    (["settings", "columns"], NO_LIST),
    (["settings", "id_column"], [1, True, []]),
    (["settings", "recall"], [*NO_NUMBER, float("inf"), float("nan"), 10**400]),
    (["settings", "memory"], [-1, True, "x", []]),
    (["segments", 0], NO_MAPPING),
    (["segments", 1, "rows"], NO_WHOLE_NUMBER),
    (["segments", 1, "parameters"], NO_MAPPING),
    (["segments", 1, "parameters", "cells"], NO_WHOLE_NUMBER),
    (["segments", 1, "deleted"], [1, True, []]),
    (["segments", 1, "measured"], [1, True, "x", [], {}]),
    (["segments", 1, "measured", "recall"], NO_NUMBER),
    (["segments", 1, "measured", "queries"], NO_WHOLE_NUMBER),
    (["files", "segments/a/vectors.f32"], NO_MAPPING),
    (["files", "segments/a/vectors.f32", "size"], NO_WHOLE_NUMBER),
    (["files", "segments/a/vectors.f32", "sha256"], NO_TEXT),
]


@pytest.mark.parametrize(("place", "values"), WRONG, ids=lambda value: str(value)[-30:])
def test_every_field_has_its_type(tmp_path: Path, place: list[Any], values: list[Any]) -> None:
    """A manifest whose checksum is right and whose content is not what we write."""
    path = written(tmp_path)
    for value in values:
        content = home = json.loads(MADE.to_json())
        for key in place[:-1]:
            home = home[key]
        home[place[-1]] = value
        path.write_bytes(checked(content))
        with pytest.raises(IndexCorruptError, match="is damaged"):
            read_manifest(path)
        del home[place[-1]]
        path.write_bytes(checked(content))
        if place[-1] not in (0, "measured", "memory", "recall", "cells", "segments/a/vectors.f32"):
            with pytest.raises(IndexCorruptError, match="is damaged"):
                read_manifest(path)
