"""Bytes are flipped, dropped, zeroed and cut off in every file of an index: it is found."""

import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from simsearch.errors import IndexCorruptError, IndexDamagedWarning
from simsearch.store.format.checked import CHECKED_FILE
from simsearch.store.options import IndexOptions
from simsearch.store.upkeep.check import check
from simsearch.store.upkeep.salvage import repair
from simsearch.store.vector_index import VectorIndex
from simsearch.store.writing import writer as writing
from tests.store.made import everything

DIMENSION = 8
FIRST_FORMAT = Path(__file__).parent / "format1"
QUERIES = np.random.default_rng(1).normal(size=(5, DIMENSION)).astype(np.float32)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Segments with FAISS files, a list of deletions, changes on top, and older versions."""
    folder = tmp_path_factory.mktemp("whole") / "made"
    rng = np.random.default_rng(0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "SMALL_ROWS", 20)
        index = VectorIndex.create(folder, DIMENSION, metric="euclidean")
        for engine, first in (("flat", 0), ("ivfpq", 300)):
            index.compact(IndexOptions(engine=engine))
            vectors = rng.normal(size=(300, DIMENSION)).astype(np.float32)
            numbers = range(first, first + 300)
            index.add([f"k{n}" for n in numbers], vectors, {"n": list(numbers)})
        index.remove([f"k{n}" for n in range(0, 600, 15)])
        for n in (900, 901):
            new = np.full((2, DIMENSION), n / 1_000, np.float32)
            index.upsert([f"k{n}", "k1"], new, {"n": [n, n]})
        index.remove(["k2"])
    return folder


@pytest.fixture(scope="module")
def versions(whole: Path) -> dict[int, dict[str, Any]]:
    """What every version holds."""
    numbers = [v.number for v in VectorIndex.open(whole).versions()]
    return {n: everything(VectorIndex.open(whole, n).reader) for n in numbers}


def file_names(folder: Path) -> list[str]:
    paths = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    return [str(path) for path in paths if path.name not in {"LOCK", CHECKED_FILE}]


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 0x40]) + content[place + 1 :]


def dropped(content: bytes, place: int) -> bytes:
    return content[:place] + content[place + 1 :]


def zeroed(content: bytes, place: int) -> bytes:
    """Part of a page is gone."""
    damaged = content[:place] + bytes(len(content[place : place + 64])) + content[place + 64 :]
    return damaged if damaged != content else flipped(content, place)


def cut(content: bytes, place: int) -> bytes:
    return content[:place]


DAMAGES = [flipped, dropped, zeroed, cut]


def damaged(
    whole: Path, scratch: Path, damage: Callable[[bytes, int], bytes], places: int
) -> Iterator[tuple[Path, str]]:
    """Copies of an index with one file damaged, and the name of the file."""
    target = scratch / "made"
    for number, name in enumerate(file_names(whole)):
        content = (whole / name).read_bytes()
        random = Random(number)
        chosen = {len(content) - 1, *(random.randrange(len(content)) for _ in range(places))}
        for place in sorted(chosen):
            shutil.copytree(whole, target)
            (target / name).write_bytes(damage(content, place))
            yield target, name
            shutil.rmtree(target)


def answers_rightly_or_refuses(folder: Path, versions: dict[int, dict[str, Any]]) -> None:
    """Every answer is that of a version; or there is an error that names the index."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IndexDamagedWarning)
        try:
            index = VectorIndex.open(folder)
            held = everything(index.reader)
            found = index.search(QUERIES, 15)
        except IndexCorruptError as error:
            refusal = str(error)
        else:
            refusal = ""
    if refusal:
        assert str(folder) in refusal
        return
    assert held == versions[index.version]
    for query, ids, scores in zip(QUERIES, found.ids, found.scores, strict=True):
        own = [np.linalg.norm(query - np.array(held[each][0])) for each in ids]
        np.testing.assert_allclose(scores, own, rtol=1e-4, atol=1e-4)


def found_everywhere(
    whole: Path, scratch: Path, damage: Callable[[bytes, int], bytes], places: int, versions: Any
) -> None:
    for folder, name in damaged(whole, scratch, damage, places):
        problems = check(folder).problems
        assert any(Path(name).name in problem for problem in problems), (name, problems)
        answers_rightly_or_refuses(folder, versions)


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_and_never_answered_from(
    damage: Callable[[bytes, int], bytes], whole: Path, versions: Any, tmp_path: Path
) -> None:
    found_everywhere(whole, tmp_path, damage, 2, versions)


@pytest.mark.long
@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_anywhere_is_found(
    damage: Callable[[bytes, int], bytes], whole: Path, versions: Any, tmp_path: Path
) -> None:
    found_everywhere(whole, tmp_path, damage, 60, versions)


def test_a_missing_file_is_found(whole: Path, versions: Any, tmp_path: Path) -> None:
    for name in file_names(whole):
        target = tmp_path / "made"
        shutil.copytree(whole, target)
        (target / name).unlink()
        # A version that nothing follows, or an older one, may as well have been given up.
        needed = name.startswith(("segments", "deletions"))
        needed |= name.startswith("changes") and f"{max(versions):010d}" not in name
        problems = check(target).problems
        assert not needed or any(Path(name).name in problem for problem in problems), name
        answers_rightly_or_refuses(target, versions)
        shutil.rmtree(target)


def test_what_is_intact_is_salvaged_and_mended(whole: Path, versions: Any, tmp_path: Path) -> None:
    """The items that are left are as they were; those that are not are told."""
    truth = versions[max(versions)]
    for number, (folder, name) in enumerate(damaged(whole, tmp_path, flipped, 1)):
        with pytest.MonkeyPatch.context(), warnings.catch_warnings():
            warnings.simplefilter("ignore", IndexDamagedWarning)
            left = everything(VectorIndex.open(folder, salvage=True).reader)
        known = [versions[n] for n in versions]
        for identifier, (vector, columns) in left.items():
            was = [held[identifier] for held in known if identifier in held]
            assert vector in [each[0] for each in was]
            assert columns in [each[1] for each in was] or name.endswith("metadata.parquet")
        if number % 3:
            continue
        made = repair(folder)
        assert made.lost or left == truth
        assert without_nulls(everything(made.reader)) == left
        assert not check(folder).problems
        index = VectorIndex.open(folder)
        index.add(["new"], np.zeros((1, DIMENSION), np.float32), {"n": [1]})
        assert "new" in index


def without_nulls(held: dict[str, Any]) -> dict[str, Any]:
    """A column that an item lacks is null once it stands in one table with others."""
    return {
        key: (vector, {name: value for name, value in columns.items() if value is not None})
        for key, (vector, columns) in held.items()
    }


def test_a_segment_that_is_damaged_leaves_the_others(whole: Path, tmp_path: Path) -> None:
    target = tmp_path / "made"
    shutil.copytree(whole, target)
    folders = [segment.folder for segment in VectorIndex.open(whole).reader.manifest.segments]
    path = target / folders[0] / "vectors.f32"
    path.write_bytes(flipped(path.read_bytes(), 100))
    with pytest.raises(IndexCorruptError, match=r"vectors\.f32 is damaged"):
        VectorIndex.open(target).search(QUERIES, 3)
    with pytest.warns(IndexDamagedWarning, match=f"lost: .* items of {folders[0]}"):
        left = VectorIndex.open(target, salvage=True)
    assert "k310" in left
    assert "k10" not in left
    assert left.search(QUERIES, 3).ids.all()


def test_a_damaged_faiss_file_costs_speed_alone(whole: Path, versions: Any, tmp_path: Path) -> None:
    target = tmp_path / "made"
    shutil.copytree(whole, target)
    folder = VectorIndex.open(whole).reader.manifest.segments[0].folder
    path = target / folder / "index.faiss"
    path.write_bytes(flipped(path.read_bytes(), 500))
    index = VectorIndex.open(target)
    with pytest.warns(IndexDamagedWarning, match=r"index\.faiss is damaged.*repair=True"):
        found = index.search(QUERIES, 5)
    assert everything(index.reader) == versions[max(versions)]
    assert (np.diff(found.scores, axis=1) >= 0).all()
    repair(target)
    assert not check(target).problems


def test_an_index_of_the_first_format_is_read_changed_and_compacted(tmp_path: Path) -> None:
    folder = tmp_path / "people"
    shutil.copytree(FIRST_FORMAT / "people", folder)
    index = VectorIndex.open(folder)
    assert [s.engine for s in index.info().segments] == ["flat", "pq", "ivf"]
    assert (len(index), index.settings.id_type) == (101, "string")
    before = everything(index.reader)
    assert before["p5"][1] == {"key": "p5", "name": "Donald Knuth f", "age": 25}
    own = index.search(index.vectors(["p5", "p31", "p66"]), 1)
    np.testing.assert_allclose(own.scores, 1, atol=1e-5)
    index.upsert(["p5"], np.eye(8, dtype=np.float32)[:1], {"name": ["New"]})
    index.remove(["p66"])
    index.compact(prune=True)
    assert len(index) == 100
    assert index.metadata(["p5"])[0]["name"] == "New"
    after = everything(index.reader)
    assert {k: v for k, v in before.items() if k in after and k != "p5"}.keys() == (
        after.keys() - {"p5"}
    )
    assert not check(folder).problems
