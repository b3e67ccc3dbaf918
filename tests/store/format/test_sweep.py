"""What no version needs is removed, and nothing else."""

from pathlib import Path

import pytest

from simsearch.files import SYSTEM
from simsearch.store.format.layout import UNFINISHED, manifest_path
from simsearch.store.format.sweep import prune, sweep
from simsearch.store.vector_index import VectorIndex
from tests.store.made import DIMENSION, LARGE, files, vectors


@pytest.fixture
def index(tmp_path: Path) -> VectorIndex:
    """Versions 1 (empty), 2 and 4 (a segment more each), 3 and 5 (changes), 6 (deletions)."""
    index = VectorIndex.create(tmp_path / "made", DIMENSION)
    index.add(range(LARGE), vectors(LARGE))
    index.add([50_000], vectors(1))
    index.add(range(10_000, 10_000 + LARGE), vectors(LARGE))
    index.remove([1])
    index.remove([*range(100, LARGE), *range(10_000, 10_100)])
    assert [v.number for v in index.versions()] == [1, 2, 3, 4, 5, 6]
    return index


def rests(folder: Path) -> list[Path]:
    """What a killed writer may leave."""
    left = [
        folder / "segments" / "0123456789abcdef" / "vectors.f32",
        folder / "deletions" / "0123456789abcdef",
        folder / "encoders" / "0123456789abcdef" / "weights",
        folder / "manifests" / "0000000009.json.tmp",
        folder / "changes" / "0000000009.change.tmp",
    ]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"begun")
    return left


def test_rests_go_and_all_else_stays(index: VectorIndex) -> None:
    before = files(index.folder)
    for path in rests(index.folder):
        assert path.exists()
    sweep(SYSTEM, index.folder, [1, 2, 4, 6])
    assert files(index.folder) == before
    assert not list(index.folder.rglob("0123*"))


def test_rests_go_when_the_next_writer_comes(index: VectorIndex) -> None:
    before = files(index.folder)
    rests(index.folder)
    (index.folder / UNFINISHED).touch()
    index.add([], vectors(0))
    assert files(index.folder) == before


def test_nothing_goes_when_a_manifest_cannot_be_read(index: VectorIndex) -> None:
    """It may name anything."""
    left = rests(index.folder)
    content = manifest_path(index.folder, 2).read_bytes()
    for wrong in (b"{}", content[:-1], b'{"format": "simsearch-index", "version": 99}'):
        manifest_path(index.folder, 2).write_bytes(wrong)
        sweep(SYSTEM, index.folder, [1, 2, 4, 6])
        assert all(path.exists() for path in left)


def test_pruning_leaves_one_version(index: VectorIndex) -> None:
    index.compact(prune=True)
    assert [v.number for v in index.versions()] == [7]
    assert len(list((index.folder / "segments").iterdir())) == 1
    assert list((index.folder / "deletions").iterdir()) == []
    assert len(VectorIndex.open(index.folder)) == len(index)
    size = sum(map(len, files(index.folder).values()))
    index.compact(prune=True)
    assert sum(map(len, files(index.folder).values())) == size


@pytest.mark.parametrize(
    ("opened", "left"), [(1, [1]), (2, [2, 3]), (3, [2, 3]), (5, [4, 5]), (6, [6])]
)
def test_what_is_open_stays_with_its_changes(
    index: VectorIndex, opened: int, left: list[int]
) -> None:
    old = VectorIndex.open(index.folder, opened)
    length = len(old)
    answers = old.search(vectors(3, 1), 5)
    index.compact(prune=True)
    assert [v.number for v in index.versions()] == [*left, 7]
    assert len(old) == length
    assert (old.search(vectors(3, 1), 5).ids == answers.ids).all()
    assert len(VectorIndex.open(index.folder, opened)) == length
    # It finds its way to the newest, though the next one is gone.
    assert old.refresh().version == 7
    index.compact(prune=True)
    assert [v.number for v in index.versions()] == [7]


def test_changes_after_the_manifest_that_is_kept_stay(index: VectorIndex) -> None:
    index.compact()
    index.add([60_000], vectors(1))
    index.add([60_001], vectors(1))
    number = prune(SYSTEM, index.folder, 7)
    assert ([v.number for v in index.versions()], number) == ([7, 8, 9], 0)
    assert 60_001 in VectorIndex.open(index.folder)


def test_how_many_are_left_is_returned(index: VectorIndex) -> None:
    old = [VectorIndex.open(index.folder, version) for version in (2, 3, 4, 4)]
    index.compact()
    assert prune(SYSTEM, index.folder, 7) == 2
    del old
    assert prune(SYSTEM, index.folder, 7) == 0
