"""Segments, generations and damage: what is published is there, and nothing else is."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from simsearch.distance import Metric
from simsearch.errors import (
    IndexCorruptError,
    IndexExistsError,
    IndexLockedError,
    IndexNotFoundError,
    QueryError,
    VectorIndexError,
)
from simsearch.index import segment as segment_module
from simsearch.index import writer as writer_module
from simsearch.index.layout import MANIFESTS, SEGMENTS, manifest_path
from simsearch.index.manifest import Manifest, Settings, latest, read_manifest
from simsearch.index.reader import IndexReader
from simsearch.index.writer import IndexWriter
from tests.tiny_encoder import TinyEncoder

DIMENSION = 6
Vectors = npt.NDArray[np.float32]


def settings(encoder_folder: str = "", metric: Metric = Metric.EUCLIDEAN) -> Settings:
    return Settings(
        item_kind="record",
        metric=metric,
        dimension=DIMENSION,
        encoder="0" * 64,
        encoder_folder=encoder_folder,
        columns=("name",),
        id_column="key",
        source="a test",
        created="2026-01-01T00:00:00+00:00",
    )


def vectors(rows: int, seed: int = 0) -> Vectors:
    return np.random.default_rng(seed).normal(size=(rows, DIMENSION)).astype(np.float32)


def batch(first: int, rows: int) -> tuple[pa.StringArray, pa.RecordBatch]:
    numbers = range(first, first + rows)
    ids = pa.array([f"key-{n}" for n in numbers])
    return ids, pa.record_batch({"name": [f"Näme {n}" for n in numbers], "n": list(numbers)})


def add(writer: IndexWriter, first: int, rows: int, seed: int = 0) -> Vectors:
    ids, metadata = batch(first, rows)
    made = vectors(rows, seed)
    writer.add(ids, made, metadata)
    return made


def create(folder: Path, rows: int = 20, kind: str = "auto", seed: int = 0) -> Vectors:
    with IndexWriter(folder, kind, overwrite=True) as writer:
        writer.start(settings(writer.keep_encoder(TinyEncoder(["name"]))))
        made = add(writer, 0, rows, seed)
        writer.publish()
    return made


def everything(reader: IndexReader) -> list[tuple[str, object]]:
    """Id and metadata of every item, through the search."""
    query = np.zeros((1, DIMENSION), np.float32)
    positions = reader.search(query, 10_000)[1][0]
    positions = np.sort(positions[positions >= 0])
    return list(zip(reader.ids(positions), reader.metadata(positions), strict=True))


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "LOCK"
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "made"


@pytest.mark.parametrize("kind", ["flat", "ivf", "pq"])
def test_everything_comes_back_after_reopening(folder: Path, kind: str) -> None:
    made = create(folder, 150, kind)
    reader = IndexReader.open(folder)
    assert len(reader) == 150
    assert reader.columns == ("name", "n")
    ids, metadata = batch(0, 150)
    assert everything(reader) == list(zip(ids.to_pylist(), metadata.to_pylist(), strict=True))
    values, positions = reader.search(made, 1)
    assert reader.ids(positions[:, 0]) == ids.to_pylist()
    np.testing.assert_allclose(values, 0, atol=1e-3)
    np.testing.assert_array_equal(reader.vector(17), made[17])
    assert reader.position_of("key-17") == 17
    assert reader.position_of("key-170") is None


def test_order_of_metadata_is_that_of_the_question(folder: Path) -> None:
    create(folder, 5_000)
    positions = np.array([4_999, 0, 2_048, 2_047, 0], np.int64)
    found = IndexReader.open(folder).metadata(positions)
    assert [row["n"] for row in found] == positions.tolist()


def test_search_merges_segments(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several segments answer as one table would, in memory-sized pieces or by adding."""
    monkeypatch.setattr(writer_module, "SEGMENT_NUMBERS", 40 * DIMENSION)
    made = [create(folder, 100)]
    with IndexWriter(folder) as writer:
        assert writer.next_row == 100
        made.append(add(writer, 100, 30, seed=1))
        writer.publish()
    reader = IndexReader.open(folder)
    assert [segment.rows for segment in reader.segments] == [40, 40, 20, 30]
    corpus, queries = np.concatenate(made), vectors(9, seed=2)
    values, positions = reader.search(queries, 25)
    distances = np.linalg.norm(queries[:, None] - corpus[None], axis=-1)
    np.testing.assert_array_equal(positions, np.argsort(distances, axis=1)[:, :25])
    np.testing.assert_allclose(values, np.sort(distances, axis=1)[:, :25], rtol=1e-4)
    wanted = reader.matching("n % 10 = 3")
    positions = reader.search(queries, 25, wanted)[1]
    assert {n["n"] for n in reader.metadata(positions[0][:13])} == set(range(3, 130, 10))
    assert (positions[:, 13:] == -1).all()


def test_a_segment_may_lack_a_column(folder: Path) -> None:
    create(folder, 3)
    with IndexWriter(folder) as writer:
        more = pa.record_batch({"name": ["x"], "town": ["Leeds"]})
        writer.add(pa.array(["more"]), vectors(1), more)
        writer.publish()
    reader = IndexReader.open(folder)
    assert reader.columns == ("name", "n", "town")
    for condition, ids in [
        ("town = 'Leeds'", ["more"]),
        ("n >= 2", ["key-2"]),
        ("id = 'more'", ["more"]),
    ]:
        assert reader.ids_of(reader.matching(condition)) == ids


def test_readers_keep_the_generation_that_they_opened(folder: Path) -> None:
    create(folder, 20)
    reader = IndexReader.open(folder)
    before = everything(IndexReader.open(folder))
    with IndexWriter(folder) as writer:
        add(writer, 20, 5)
        assert writer.remove(["key-3", "no such key"]) == 1
        writer.publish()
    create(folder, 2, seed=9)
    assert everything(reader) == before
    assert len(IndexReader.open(folder)) == 2


def test_overwriting_keeps_one_generation_more(folder: Path) -> None:
    for rows in (3, 4, 5):
        create(folder, rows)
    assert sorted(path.name for path in (folder / MANIFESTS).iterdir()) == [
        "0000000002.json",
        "0000000003.json",
    ]
    assert len(list((folder / SEGMENTS).iterdir())) == 2
    assert len(IndexReader.open(folder)) == 5


def test_removed_items_are_gone(folder: Path) -> None:
    made = create(folder, 50)
    with IndexWriter(folder) as writer:
        assert writer.remove(["key-7", "key-8"]) == 2
        writer.publish()
    with IndexWriter(folder) as writer:
        assert writer.remove(["key-8", "key-9"]) == 1
        writer.publish()
    reader = IndexReader.open(folder)
    assert len(reader) == 47
    assert {"key-7", "key-8", "key-9"}.isdisjoint(dict(everything(reader)))
    assert reader.position_of("key-8") is None
    assert reader.search(made[8:9], 1)[1] != 8
    assert reader.ids_of(reader.matching("n BETWEEN 6 AND 10")) == ["key-6", "key-10"]
    with IndexWriter(folder) as writer:
        add(writer, 7, 1)  # an id that is free again
        writer.publish()
    assert IndexReader.open(folder).position_of("key-7") == 50


@pytest.mark.parametrize("where", ["add", "publish"])
def test_an_error_changes_nothing(
    folder: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    create(folder)
    before = files(folder)

    def fails(*arguments: object, **keywords: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "a file")

    def change() -> None:
        with IndexWriter(folder) as writer:
            add(writer, 100, 10)
            if where == "publish":
                monkeypatch.setattr(writer_module, "write_published", fails)
            else:
                monkeypatch.setattr(writer_module.SegmentWriter, "write", fails)
            add(writer, 110, 10)
            writer.publish()

    with pytest.raises(VectorIndexError, match="a file: No space left"):
        change()
    assert files(folder) == before


def test_leaving_without_publishing_leaves_no_index(folder: Path) -> None:
    with suppress(KeyboardInterrupt), IndexWriter(folder) as writer:
        writer.start(settings(writer.keep_encoder(TinyEncoder(["name"]))))
        add(writer, 0, 10)
        assert folder.exists()
        raise KeyboardInterrupt
    assert not folder.exists()


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.index.test_writer import *
with IndexWriter(Path(sys.argv[1])) as writer:
    add(writer, 100, 10)
    writer.remove(["key-1"])
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_writer_leaves_nothing_visible(folder: Path) -> None:
    create(folder)
    before = files(folder)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, folder], cwd=Path(__file__).parents[2], check=False
    )
    assert done.returncode == -9
    assert files(folder).keys() > before.keys()
    assert len(everything(IndexReader.open(folder))) == 20
    with IndexWriter(folder):
        pass  # the lock of a dead process is free, and its rests are swept away
    assert files(folder) == before


def test_one_writer_at_a_time(folder: Path) -> None:
    create(folder)
    with (
        IndexWriter(folder),
        pytest.raises(IndexLockedError, match="another process is writing"),
        IndexWriter(folder),
    ):
        pass


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (np.full((2, DIMENSION), np.nan), "vector 1 of 2 holds NaN or infinite"),
        (np.array([[0] * DIMENSION, [0] * (DIMENSION - 1) + [np.inf]]), "vector 2 of 2 holds"),
        (np.zeros((2, DIMENSION + 1)), "vectors have the shape"),
        (np.zeros((1, DIMENSION)), "vectors have the shape"),
    ],
)
def test_bad_vectors_are_refused(folder: Path, bad: Vectors, reason: str) -> None:
    create(folder)
    before = files(folder)
    ids, metadata = batch(100, 2)
    with pytest.raises(VectorIndexError, match=reason), IndexWriter(folder) as writer:
        writer.add(ids, bad.astype(np.float32), metadata)
    assert files(folder) == before


@pytest.mark.parametrize(
    ("ids", "reason"), [(["x", "x"], "same id"), (["x", "key-3"], "'key-3'; remove")]
)
def test_ids_that_are_there_are_refused(folder: Path, ids: list[str], reason: str) -> None:
    create(folder)
    before = files(folder)
    with IndexWriter(folder) as writer:
        writer.add(pa.array(ids), vectors(2), batch(0, 2)[1])
        with pytest.raises(VectorIndexError, match=reason):
            writer.publish()
    assert files(folder) == before


def test_columns_that_parquet_cannot_hold_are_refused(folder: Path) -> None:
    odd = pa.array([(1, 2, 3)], pa.month_day_nano_interval())
    with IndexWriter(folder) as writer:
        writer.start(settings())
        with pytest.raises(VectorIndexError, match="cannot be stored"):
            writer.add(pa.array(["a"]), vectors(1), pa.record_batch({"odd": odd}))
    assert not folder.exists()


def test_what_exists_is_not_replaced_unasked(folder: Path) -> None:
    create(folder)
    with pytest.raises(IndexExistsError), IndexWriter(folder) as writer:
        writer.start(settings())
    with pytest.raises(IndexNotFoundError), IndexWriter(folder / "new") as writer:
        writer.publish()


def test_other_folders_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with (
        pytest.raises(VectorIndexError, match="is no index; choose another name"),
        IndexWriter(tmp_path, overwrite=True),
    ):
        pass
    with (
        pytest.raises(VectorIndexError, match="Not a directory"),
        IndexWriter(tmp_path / "thesis.txt"),
    ):
        pass
    assert files(tmp_path) == {"thesis.txt": b"years of work"}


def test_queries_that_cannot_be_answered(folder: Path) -> None:
    create(folder)
    reader = IndexReader.open(folder)
    with pytest.raises(QueryError, match="vectors of 6 numbers"):
        reader.search(np.zeros((1, 5), np.float32), 1)
    with pytest.raises(QueryError, match="NaN"):
        reader.search(np.full((1, DIMENSION), np.nan, np.float32), 1)


def use(folder: Path) -> None:
    """Read every file of an index."""
    reader = IndexReader.open(folder)
    everything(reader)
    reader.vector(0)


def damaged(path: Path, how: str) -> None:
    content = path.read_bytes()
    if how == "missing":
        path.unlink()
    elif how == "shorter":
        path.write_bytes(content[:-1])
    elif how == "longer":
        path.write_bytes(content + b"\0")
    else:
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])


@pytest.mark.parametrize("how", ["missing", "shorter", "longer", "flipped"])
@pytest.mark.parametrize(
    "name",
    [
        "vectors.f32",
        "ids.arrow",
        "metadata.parquet",
        "index.faiss",
        "deletions/*",
        "manifests/*2.json",
    ],
)
def test_damage_is_named(folder: Path, name: str, how: str) -> None:
    create(folder, 100, "pq")
    with IndexWriter(folder) as writer:
        writer.remove(["key-5"])
        writer.publish()
    use(folder)
    (path,) = folder.rglob(name)
    damaged(path, how)
    if (path.parent.name, how) == (MANIFESTS, "missing"):
        assert len(IndexReader.open(folder)) == 100  # the generation before
        return
    if (path.parent.name, how) == (MANIFESTS, "longer"):
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(IndexCorruptError, match=path.name):
        use(folder)


def test_a_damaged_index_can_be_replaced(folder: Path) -> None:
    create(folder, 5)
    damaged(manifest_path(folder, 1), "flipped")
    with pytest.raises(IndexCorruptError), IndexWriter(folder):
        pass
    create(folder, 7)
    assert len(IndexReader.open(folder)) == 7
    assert len(list((folder / SEGMENTS).iterdir())) == 1


def rewritten(folder: Path, change: Callable[[Manifest], Manifest]) -> None:
    """Replace the manifest by another that is whole in itself."""
    manifest = latest(folder)
    assert manifest is not None
    manifest_path(folder, manifest.generation).write_bytes(change(manifest).to_json())


@pytest.mark.parametrize(
    "outside",
    [
        "../evil",
        "/etc/passwd",
        "a/../../evil",
        "",
        ".",
        "a//b",
        "a\\..\\b",
        "C:evil",
        "a\0b",
        "./a",
    ],
)
def test_paths_cannot_lead_outside(folder: Path, outside: str) -> None:
    create(folder)
    (folder.parent / "evil").write_bytes(b"")
    record = next(iter(latest(folder).files.values()))  # type: ignore[union-attr]  # it is there
    rewritten(folder, lambda manifest: replace(manifest, files={**manifest.files, outside: record}))
    with pytest.raises(IndexCorruptError, match="outside it"):
        IndexReader.open(folder)


def test_links_cannot_lead_outside(folder: Path, tmp_path: Path) -> None:
    create(folder)
    (vectors_file,) = folder.rglob("vectors.f32")
    vectors_file.rename(tmp_path / "elsewhere")
    vectors_file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(IndexCorruptError, match=r"outside|out of the index"):
        IndexReader.open(folder)


def test_manifests_that_contradict_themselves(folder: Path) -> None:
    create(folder)
    rewritten(folder, lambda manifest: replace(manifest, files={}))
    with pytest.raises(IndexCorruptError, match=r"no entry for segments/.*/vectors\.f32"):
        IndexReader.open(folder)
    create(folder)
    segment = latest(folder).segments[0]  # type: ignore[union-attr]  # it is there
    for wrong in (replace(segment, kind="nosuch"), replace(segment, rows=21)):
        rewritten(folder, lambda manifest, wrong=wrong: replace(manifest, segments=(wrong,)))  # type: ignore[misc]
        with pytest.raises(IndexCorruptError):
            use(folder)


def test_a_manifest_says_the_same_after_reading(folder: Path) -> None:
    create(folder, 40, "ivf")
    path = manifest_path(folder, 1)
    manifest = read_manifest(path)
    assert manifest.to_json() == path.read_bytes()
    assert manifest.files.keys() == files(folder).keys() - {f"{MANIFESTS}/{path.name}"}
    # Order and spacing do not matter.
    path.write_text(json.dumps(json.loads(path.read_bytes()), sort_keys=True))
    assert read_manifest(path) == manifest


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", IndexCorruptError),
        (b"[]", IndexCorruptError),
        (b"[" * 100_000, IndexCorruptError),
        (b"\xff\xfe", IndexCorruptError),
        (b'{"format": "other"}', IndexCorruptError),
        (b'{"format": "simsearch-index", "version": 1}', IndexCorruptError),
        (b'{"format": "simsearch-index", "version": 2}', VectorIndexError),
    ],
)
def test_other_manifests_are_refused(
    tmp_path: Path, content: bytes, error: type[Exception]
) -> None:
    path = tmp_path / "0000000001.json"
    path.write_bytes(content)
    with pytest.raises(error, match="update simsearch" if b"2}" in content else "is damaged"):
        read_manifest(path)


def test_filters_go_through_every_row_group(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment_module, "FILTERED_GROUPS", 2)
    create(folder, 10_001)
    reader = IndexReader.open(folder)
    for condition, numbers in [
        ("n % 2000 = 1", [1, 2001, 4001, 6001, 8001]),
        ("id IN ('key-2047', 'key-2048', 'key-10000')", [2047, 2048, 10000]),
        ("1 = 0", []),
    ]:
        assert reader.ids_of(reader.matching(condition)) == [f"key-{n}" for n in numbers]
    assert len(reader.ids_of(reader.matching("1 = 1"))) == 10_001
