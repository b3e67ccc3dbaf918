"""Versions: which there are, which is whole, and what a damaged one leaves."""

from pathlib import Path

import numpy as np
import pytest

from simsearch.errors import IndexCorruptError, IndexDamagedWarning, IndexNotFoundError
from simsearch.store.format.history import History, has_newer
from simsearch.store.format.layout import change_path, manifest_path
from simsearch.store.vector_index import VectorIndex
from tests.store.made import DIMENSION, LARGE, vectors


@pytest.fixture
def index(tmp_path: Path) -> VectorIndex:
    """Versions 1 (empty), 2 (a segment), 3 to 5 (changes), 6 (a segment more), 7 (a change)."""
    index = VectorIndex.create(tmp_path / "made", DIMENSION, metric="euclidean")
    for number in range(4):
        index.add([number], vectors(1, number))
    index.add(range(10, 10 + LARGE), vectors(LARGE))
    index.remove([2])
    return index


LENGTHS = {1: 0, 2: 1, 3: 2, 4: 3, 5: 4, 6: 4 + LARGE, 7: 3 + LARGE}


def test_every_version_can_be_opened(index: VectorIndex) -> None:
    assert [v.number for v in index.versions()] == list(LENGTHS)
    for version, length in LENGTHS.items():
        old = VectorIndex.open(index.folder, version)
        assert (len(old), old.version) == (length, version)
        assert (2 in old) == (version in (4, 5, 6))
        assert (3 in old) == (version >= 5)


def test_what_was_published_when(index: VectorIndex) -> None:
    history = index.versions()
    assert [version.number for version in history] == list(LENGTHS)
    assert [version.whole for version in history] == [
        True,
        True,
        False,
        False,
        False,
        True,
        False,
    ]
    assert all(version.published >= index.settings.created for version in history)
    manifest_path(index.folder, 2).write_bytes(b"{}")
    assert [v.number for v in index.versions() if not v.published] == [2, 3, 4, 5]


@pytest.mark.parametrize("version", [0, -1, 8, 10**12])
def test_a_version_that_never_was(index: VectorIndex, version: int) -> None:
    with pytest.raises(IndexNotFoundError, match=rf"no version {version}; there are 1 to 7"):
        VectorIndex.open(index.folder, version)


def test_where_nothing_was_published(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFoundError, match="holds no index"):
        History(tmp_path).newest()
    with pytest.raises(IndexNotFoundError, match="there is none"):
        History(tmp_path).generation(1)
    assert History(tmp_path / "none").numbers == []


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(("damaged", "left"), [(7, 6), (6, 5), (5, 7), (2, 7), (1, 7)], ids=str)
def test_the_newest_that_is_whole_is_opened(index: VectorIndex, damaged: int, left: int) -> None:
    """Version 7 stands on 6, and 6 on nothing but its manifest."""
    path = manifest_path(index.folder, damaged)
    flip(path if path.exists() else change_path(index.folder, damaged))
    if left == 7:
        found = VectorIndex.open(index.folder)
        found.add([60_000], vectors(1))
        assert len(found) == LENGTHS[7] + 1
        return
    with pytest.warns(IndexDamagedWarning, match=f"is damaged.*; version {left} is read instead"):
        found = VectorIndex.open(index.folder)
    assert (found.version, len(found)) == (left, LENGTHS[left])
    answer = found.search(vectors(1), 1)
    assert np.isfinite(answer.scores).all()
    with pytest.raises(IndexCorruptError, match="takes no changes before it is mended: `check"):
        found.add([60_000], vectors(1))
    assert [v.number for v in found.versions()] == list(LENGTHS)


def test_a_change_that_is_missing_takes_those_after_it_along(index: VectorIndex) -> None:
    manifest_path(index.folder, 6).unlink()
    change_path(index.folder, 4).unlink()
    # 7 came after 6, and follows nothing now.
    with pytest.warns(IndexDamagedWarning, match="version 3 is read instead"):
        found = VectorIndex.open(index.folder)
    assert len(found) == LENGTHS[3]
    with pytest.raises(IndexCorruptError, match="takes no changes"):
        found.add([60_000], vectors(1))
    with pytest.raises(IndexCorruptError, match=r"4\.change is missing"):
        VectorIndex.open(index.folder, 5)
    with pytest.raises(IndexNotFoundError, match="no version 4"):
        VectorIndex.open(index.folder, 4)


def test_damage_is_reported_on_refreshing_too(index: VectorIndex) -> None:
    reader = VectorIndex.open(index.folder)
    index.add([50_000], vectors(1))
    flip(change_path(index.folder, 8))
    with pytest.warns(IndexDamagedWarning, match="version 7 is read instead"):
        reader.refresh()
    assert len(reader) == LENGTHS[7]


def test_where_none_is_whole(index: VectorIndex) -> None:
    for number in (1, 2, 6):
        manifest_path(index.folder, number).write_bytes(b"")
    with pytest.raises(IndexCorruptError, match=r"no earlier version is whole.*`salvage=True`"):
        VectorIndex.open(index.folder)


def test_a_change_belongs_to_one_history(index: VectorIndex, tmp_path: Path) -> None:
    other = VectorIndex.create(tmp_path / "other", DIMENSION, metric="euclidean")
    for number in range(4):
        other.add([number], vectors(1, 10 + number))
    change_path(index.folder, 5).write_bytes(change_path(other.folder, 5).read_bytes())
    with pytest.raises(IndexCorruptError, match="does not follow version 4"):
        VectorIndex.open(index.folder, 5)
    change_path(index.folder, 5).write_bytes(change_path(index.folder, 4).read_bytes())
    with pytest.raises(IndexCorruptError, match="does not follow version 4"):
        VectorIndex.open(index.folder, 5)


def test_a_manifest_under_another_number_is_done_without(index: VectorIndex) -> None:
    path = manifest_path(index.folder, 9)
    path.write_bytes(manifest_path(index.folder, 6).read_bytes())
    with pytest.warns(IndexDamagedWarning, match="it is the manifest of version 6"):
        assert VectorIndex.open(index.folder).version == 7


def test_what_came_after(index: VectorIndex) -> None:
    folder = index.folder
    assert [has_newer(folder, number) for number in range(1, 9)] == [True] * 6 + [False] * 2
    # The next one may have been given up since, and a later one be there.
    change_path(folder, 7).unlink()
    for number in (3, 4, 5):
        change_path(folder, number).unlink()
    assert has_newer(folder, 2)
    assert not has_newer(folder, 6)
