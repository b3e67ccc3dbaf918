"""The writer: what is published is there, and nothing else is."""

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from simsearch.distance import Metric
from simsearch.errors import (
    IndexExistsError,
    IndexLockedError,
    IndexNotFoundError,
    OptionError,
    SimsearchWarning,
    VectorIndexError,
)
from simsearch.store.format.layout import changes, generations
from simsearch.store.reading.memory_segment import in_memory
from simsearch.store.reading.reader import IndexReader
from simsearch.store.writing import publication
from simsearch.store.writing import writer as writer_module
from simsearch.store.writing.writer import IndexWriter
from tests.store.made import (
    DIMENSION,
    LARGE,
    add,
    columns,
    create,
    everything,
    files,
    names,
    settings,
    vectors,
)
from tests.tiny_encoder import TinyEncoder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "made"


def change(folder: Path, make: Callable[[IndexWriter], object]) -> IndexReader:
    with IndexWriter(folder) as writer:
        make(writer)
        return writer.publish()


def parts(reader: IndexReader) -> list[int]:
    """Rows of each segment; negative for one in memory."""
    return [-part.rows if in_memory(part) else part.rows for part in reader.segments]


def test_everything_comes_back_after_reopening(folder: Path) -> None:
    made = create(folder, 150)
    for reader in (IndexReader.open(folder), IndexReader.open(folder, 1)):
        assert len(reader) == 150
        assert tuple(reader.types) == ("name", "n")
        told = columns(0, 150)
        expected = {
            f"key-{n}": (tuple(made[n].tolist()), {"name": told["name"][n], "n": n})
            for n in range(150)
        }
        assert everything(reader) == expected


def test_few_items_become_a_change_and_many_a_segment(folder: Path) -> None:
    create(folder)
    reader = change(folder, lambda w: add(w, 100, 10))
    assert (generations(folder), changes(folder), parts(reader)) == ([1], [2], [20, -10])
    reader = change(folder, lambda w: add(w, 1_000, writer_module.SMALL_ROWS + 1))
    assert (generations(folder), changes(folder)) == ([1, 3], [2])
    assert parts(reader) == [20, 10, writer_module.SMALL_ROWS + 1]
    assert len(everything(IndexReader.open(folder))) == len(reader) == 30 + 2_049


def test_removals_are_a_change_too_unless_they_are_many(folder: Path) -> None:
    create(folder, 3 * LARGE)
    assert parts(change(folder, lambda w: w.remove(names(0, 10)))) == [3 * LARGE]
    assert changes(folder) == [2]
    reader = change(folder, lambda w: w.remove(names(5, LARGE)))
    assert (changes(folder), generations(folder)) == ([2], [1, 3])
    assert len(reader) == 3 * LARGE - 10 - LARGE + 5
    assert everything(reader) == everything(IndexReader.open(folder))


def test_changes_are_folded_when_they_are_many(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "SMALL_CHANGES", 4)
    create(folder)
    for number in range(1, 10):
        reader = change(folder, lambda w, n=number: add(w, 100 * n, 1))
        assert everything(reader) == everything(IndexReader.open(folder))
        assert len(reader) == 20 + number
    # The fourth and the eighth change were folded; a fold is a generation as well.
    assert changes(folder) == [2, 3, 4, 5, 7, 8, 9, 10, 12]
    assert generations(folder) == [1, 6, 11]


def test_changes_are_folded_when_they_come_to_much(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "SMALL_ROWS", 30)
    create(folder)
    assert parts(change(folder, lambda w: add(w, 100, 30))) == [20, -30]
    assert parts(change(folder, lambda w: w.remove(["key-1"]))) == [20, 30]
    assert len(IndexReader.open(folder)) == 49


def test_segments_stay_few(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "SMALL_ROWS", 5)
    create(folder, 0)
    for number in range(40):
        reader = change(folder, lambda w, n=number: add(w, 100 * n, 6))
        assert len(reader.segments) <= 7
    assert len(reader) == len(everything(reader)) == 240


def test_a_segment_is_no_larger_than_memory_allows(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "SEGMENT_NUMBERS", 1_000 * DIMENSION)
    create(folder, 2_300)
    assert parts(IndexReader.open(folder)) == [1_000, 1_000, 300]
    with IndexWriter(folder) as writer:
        before = writer.opened
        assert writer.compact() is before  # they are as few as can be
        writer.remove(["key-5"])
        writer.publish()
        assert parts(writer.compact()) == [1_000, 1_000, 299]
    assert len(everything(IndexReader.open(folder))) == 2_299


def test_a_writer_may_publish_again(folder: Path) -> None:
    create(folder)
    with IndexWriter(folder) as writer:
        add(writer, 100, 1)
        writer.publish()
        add(writer, 1_000, LARGE)
        writer.publish()
        writer.remove(["key-100"])
        add(writer, 200, 2)
        reader = writer.publish()
        assert writer.publish() is reader
    assert len(reader) == 22 + LARGE
    assert everything(reader) == everything(IndexReader.open(folder))
    with IndexWriter(folder, overwrite=True) as writer:
        writer.start(settings())
        add(writer, 0, 1)
        writer.publish()
        add(writer, 1, 1)
        writer.publish()
    assert everything(IndexReader.open(folder)).keys() == {"key-0", "key-1"}


def test_nothing_to_do_publishes_nothing(folder: Path) -> None:
    create(folder)
    before = files(folder)

    def nothing(writer: IndexWriter) -> None:
        writer.add([], vectors(0))
        writer.add([], vectors(0), {"other": []})
        assert writer.remove(["no such key"]) == 0
        assert writer.remove([]) == 0

    assert len(change(folder, nothing)) == 20
    assert files(folder) == before


def test_no_items_do_not_say_of_what_type_ids_are(folder: Path) -> None:
    create(folder, 0)
    change(folder, lambda w: w.add([], vectors(0)))
    reader = change(folder, lambda w: (w.add([], vectors(0)), w.add([7], vectors(1))))
    assert reader.settings.id_type == "integer"
    assert everything(reader).keys() == {7}


def test_removing_comes_before_adding(folder: Path) -> None:
    create(folder)

    def swap(writer: IndexWriter) -> None:
        assert writer.remove(["key-1", "key-2", "key-2", "none"]) == 2
        add(writer, 1, 1, seed=5)
        add(writer, 50, 1)
        assert writer.remove(["key-50"]) == 0

    found = everything(change(folder, swap))
    assert found["key-1"][0] == tuple(vectors(1, 5)[0].tolist())
    assert "key-2" not in found
    assert "key-50" in found


def test_upsert_takes_the_place(folder: Path) -> None:
    made = create(folder)

    def over(writer: IndexWriter) -> None:
        writer.upsert(["key-3", "new"], vectors(2, 9), {"n": [33, 44]})

    for reader in (change(folder, over), IndexReader.open(folder)):
        found = everything(reader)
        assert len(found) == len(reader) == 21
        assert found["key-3"] == (tuple(vectors(2, 9)[0].tolist()), {"n": 33})
        assert found["key-4"][0] == tuple(made[4].tolist())
    assert len(change(folder, over)) == 21
    found = everything(change(folder, lambda w: w.upsert(names(0, LARGE), vectors(LARGE, 3))))
    assert found["key-3"] == (tuple(vectors(LARGE, 3)[3].tolist()), {})
    assert len(found) == LARGE + 1


def test_an_id_is_free_again_after_its_removal(folder: Path) -> None:
    create(folder)
    change(folder, lambda w: w.remove(["key-7", "key-8"]))
    reader = change(folder, lambda w: add(w, 7, 1, seed=4))
    assert everything(reader)["key-7"][0] == tuple(vectors(1, 4)[0].tolist())
    assert len(reader) == 19


@pytest.mark.parametrize("rows", [1, LARGE])
def test_ids_that_are_there_are_refused(folder: Path, rows: int) -> None:
    create(folder)
    before = files(folder)
    ids = [*names(100, rows), "key-3"]
    with pytest.raises(VectorIndexError, match=r"1 of the items .* such as 'key-3'; replace"):
        change(folder, lambda w: w.add(ids, vectors(rows + 1)))
    with pytest.raises(VectorIndexError, match="two of the items have the same id"):
        change(folder, lambda w: (add(w, 100, rows), add(w, 99 + rows, 1)))
    with pytest.raises(VectorIndexError, match="two of the items have the same id"):
        change(folder, lambda w: (w.upsert(["x"], vectors(1)), w.upsert(["x"], vectors(1))))
    with pytest.raises(VectorIndexError, match="1 of the items are in the index already"):
        change(folder, lambda w: w.check_new(pa.array(["a", "key-3"])))
    assert files(folder) == before


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((["x"], np.full((1, DIMENSION), np.nan, np.float32)), "holds NaN"),
        ((["x"], vectors(1)[:, 1:]), "have the shape"),
        ((["x", "y"], vectors(1)), "1 vectors for 2 ids"),
        ((["x", "x"], vectors(2)), "the same id"),
        (([1], vectors(1)), "ids of this index are texts"),
        (([None], vectors(1)), "an id is missing"),
        ((["x"], vectors(1), {"n": [1, 2]}), "2 rows of metadata for 1 items"),
        ((["x"], vectors(1), {"n": [{}]}), "cannot be stored"),
    ],
)
def test_what_is_refused_changes_nothing(
    folder: Path, arguments: tuple[Any, ...], reason: str
) -> None:
    create(folder)
    before = files(folder)
    for also in (0, 1, LARGE):  # what came before in the same change is dropped as well

        def make(writer: IndexWriter, also: int = also) -> None:
            if also:
                add(writer, 1_000, also)
            writer.upsert(*arguments)

        with pytest.raises(VectorIndexError, match=reason):
            change(folder, make)
        assert files(folder) == before


def test_an_array_may_be_used_again(folder: Path) -> None:
    create(folder, 0)
    made, numbers, ids = vectors(1), np.array([0]), np.array([0])

    def fill(writer: IndexWriter) -> None:
        for number in range(3):
            made[:], numbers[:], ids[:] = number, number, number
            writer.add(ids, made, {"n": numbers})

    reader = change(folder, fill)
    made[:], numbers[:], ids[:] = 9, 9, 9
    assert everything(reader) == {n: ((float(n),) * DIMENSION, {"n": n}) for n in range(3)}


def test_row_numbers_go_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "SMALL_CHANGES", 3)
    create(folder, 4)
    taken = [*range(4)]
    for rows in (1, 2, 1, 1, LARGE, 1, 1):
        with IndexWriter(folder) as writer:
            first = writer.next_row
            add(writer, first, rows)
            assert writer.next_row == first + rows
            writer.publish()
            assert writer.next_row == first + rows
        taken += range(first, first + rows)
    assert taken == [*range(4 + 7 + LARGE)]
    change(folder, lambda w: w.remove(names(9, 1)))
    change(folder, lambda w: w.upsert(names(0, 2), vectors(2)))
    with IndexWriter(folder) as writer:
        assert writer.next_row == len(taken)
    with IndexWriter(folder, overwrite=True) as writer:
        assert writer.next_row == 0


def test_other_columns_need_no_merging(folder: Path) -> None:
    create(folder, 3)
    change(folder, lambda w: w.add(["more"], vectors(1), {"name": ["x"], "town": ["Leeds"]}))
    change(folder, lambda w: w.add(["bare"], vectors(1)))

    def mixed(writer: IndexWriter) -> None:
        writer.add(["p"], vectors(1), {"n": ["a text"]})
        writer.add(["q"], vectors(1), {"n": [5]})

    reader = change(folder, mixed)
    assert tuple(reader.types) == ("name", "n", "town")
    found = everything(reader)
    assert found["more"][1].get("town") == "Leeds"
    assert (found["p"][1]["n"], found["q"][1]["n"]) == ("a text", 5)
    assert {name: value for name, value in found["bare"][1].items() if value is not None} == {}
    with IndexWriter(folder) as writer:
        compacted = writer.compact()
        assert writer.compact() is compacted
        again = everything(compacted)
    for identifier, (vector, told) in found.items():
        assert again[identifier][0] == vector
        known = {name: value for name, value in told.items() if value is not None}
        now = {name: value for name, value in again[identifier][1].items() if value is not None}
        assert now == known


@pytest.mark.parametrize("small", [0, 30])
def test_segments_stay_few_whatever_a_column_holds(
    folder: Path, small: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts, numbers and truths in turn: as many segments as sorts, and each value as it came."""
    monkeypatch.setattr(writer_module, "SMALL_ROWS", small)
    create(folder, 0)
    values: list[Any] = ["a text", 5, True, 2.5]
    for number in range(24):
        value = values[number % 3 if number % 7 else 3]
        reader = change(
            folder,
            lambda w, n=number, v=value: w.add(names(9 * n, 9), vectors(9, n), {"n": [v] * 9}),
        )
        assert len(reader.segments) <= 3 * 4
    found = everything(reader)
    for number in range(24):
        value = values[number % 3 if number % 7 else 3]
        told = found[f"key-{9 * number}"][1]["n"]
        assert told == value
        assert isinstance(told, bool) == isinstance(value, bool)
    with IndexWriter(folder) as writer:
        compacted = writer.compact()
        assert len(compacted.segments) <= 4
        assert writer.compact() is compacted
    assert everything(IndexReader.open(folder)) == found


def test_what_cannot_be_merged_is_not_written_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "SMALL_ROWS", 0)
    create(folder, 0)
    values: dict[str, Any] = {"a": "a text", "b": 5, "c": True, "d": 6, "e": 7}
    homes = []
    for name, value in values.items():
        told = {"n": [value]}
        reader = change(folder, lambda w, i=name, t=told: w.add([i], vectors(1), t))
        homes.append([segment.folder for segment in reader.manifest.segments])
    assert len(homes[3]) == len(homes[4]) == 4
    assert len(set(homes[3]) & set(homes[4])) == 2  # those of the text and of the truth


def test_compacting_drops_what_is_deleted_and_merges_the_rest(folder: Path) -> None:
    create(folder, LARGE)
    change(folder, lambda w: w.remove(names(0, 50)))
    change(folder, lambda w: add(w, 10_000, 7))
    before = everything(IndexReader.open(folder))
    with IndexWriter(folder) as writer:
        reader = writer.compact()
        assert parts(reader) == [LARGE - 43]
        assert writer.compact() is reader
    assert everything(reader) == everything(IndexReader.open(folder)) == before
    assert IndexReader.open(folder, 1).generation.number == 1


def test_compacting_an_empty_index(folder: Path) -> None:
    create(folder)
    change(folder, lambda w: w.remove(names(0, 20)))
    with IndexWriter(folder) as writer:
        assert (parts(writer.compact()), len(writer.opened)) == ([], 0)
    assert len(change(folder, lambda w: add(w, 0, 1))) == 1
    with IndexWriter(folder / "none") as writer, pytest.raises(IndexNotFoundError):
        writer.compact()


def test_overwriting_gives_up_what_was_there(folder: Path) -> None:
    for rows in (3, 4, 5):
        create(folder, rows)
    assert generations(folder) == [3]
    assert len(list((folder / "segments").iterdir())) == 1
    assert len(IndexReader.open(folder)) == 5


def test_readers_keep_what_is_overwritten(folder: Path) -> None:
    create(folder, 20)
    change(folder, lambda w: (add(w, 20, 5), w.remove(["key-3"])))
    reader = IndexReader.open(folder)
    before = everything(IndexReader.open(folder))
    create(folder, 2)
    assert everything(reader) == before
    assert len(IndexReader.open(folder)) == 2
    del reader
    create(folder, 2)
    assert generations(folder) == [4]
    assert changes(folder) == []


def test_a_writer_that_reads_an_old_version_goes_on_from_the_newest(folder: Path) -> None:
    create(folder)
    old = IndexReader.open(folder)
    change(folder, lambda w: add(w, 1_000, LARGE))
    change(folder, lambda w: add(w, 10_000, LARGE))
    with IndexWriter(folder) as writer:
        writer.compact()
        writer.prune()
    # The generation after that of the old reader is gone; a newer one is there.
    assert generations(folder) == [1, 4]
    with IndexWriter(folder, reader=old) as writer:
        add(writer, 50_000, 1)
        assert len(writer.publish()) == 21 + 2 * LARGE
    assert len(IndexReader.open(folder)) == 21 + 2 * LARGE


def test_leaving_without_publishing_leaves_no_index(folder: Path) -> None:
    with suppress(KeyboardInterrupt), IndexWriter(folder) as writer:
        writer.start(settings(encoder_folder=writer.keep_encoder(TinyEncoder(["name"]))))
        add(writer, 0, LARGE)
        assert folder.exists()
        raise KeyboardInterrupt
    assert not folder.exists()
    create(folder)
    before = files(folder)
    with suppress(KeyboardInterrupt), IndexWriter(folder) as writer:
        add(writer, 1_000, LARGE)
        assert files(folder) != before
        raise KeyboardInterrupt
    assert files(folder) == before


def test_an_encoder_goes_from_version_to_version(folder: Path) -> None:
    with IndexWriter(folder) as writer:
        writer.start(settings(encoder_folder=writer.keep_encoder(TinyEncoder(["name"]))))
        add(writer, 0, 5)
        writer.publish()
    change(folder, lambda w: add(w, 1_000, LARGE))
    with IndexWriter(folder) as writer:
        reader = writer.compact()
        writer.prune()
    home = reader.settings.encoder_folder
    assert f"{home}/encoder.json" in reader.manifest.files
    assert (folder / home / "encoder.json").exists()


def test_one_writer_at_a_time(folder: Path) -> None:
    create(folder)
    with (
        IndexWriter(folder),
        pytest.raises(IndexLockedError, match="another process is writing"),
        IndexWriter(folder),
    ):
        pass
    change(folder, lambda w: add(w, 100, 1))


def test_what_exists_is_not_replaced_unasked(folder: Path) -> None:
    create(folder)
    with pytest.raises(IndexExistsError, match="already; overwrite it"), IndexWriter(folder) as w:
        w.start(settings())


@pytest.mark.parametrize(
    "use",
    [
        lambda writer: writer.publish(),
        lambda writer: writer.add(["a"], vectors(1)),
        lambda writer: writer.remove(["a"]),
        lambda writer: writer.prune(),
        lambda writer: writer.settings,
        lambda writer: writer.opened,
    ],
)
def test_what_was_not_started_holds_no_index(
    folder: Path, use: Callable[[IndexWriter], object]
) -> None:
    with pytest.raises(IndexNotFoundError, match="holds no index"), IndexWriter(folder) as writer:
        use(writer)
    assert not folder.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"engine": "nosuch"},
        {"recall": 2.0},
        {"memory": 0},
        {"metric": Metric.MANHATTAN, "engine": "pq"},
    ],
)
def test_settings_that_do_not_go_together(folder: Path, fields: dict[str, Any]) -> None:
    with pytest.raises(OptionError), IndexWriter(folder) as writer:
        writer.start(settings(**fields))
    assert not folder.exists()


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


def test_a_change_stands_when_it_cannot_be_folded(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was published before; the next change tries again."""
    monkeypatch.setattr(writer_module, "SMALL_CHANGES", 2)
    create(folder)
    change(folder, lambda w: add(w, 100, 1))

    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "a file")

    with monkeypatch.context() as patch:
        patch.setattr(publication.SegmentWriter, "write", full)
        with pytest.warns(SimsearchWarning, match="No space left.*; the change was made"):
            reader = change(folder, lambda w: add(w, 200, 1))
        assert parts(reader) == parts(IndexReader.open(folder)) == [20, -2]
        assert generations(folder) == [1]
        assert len(list((folder / "segments").iterdir())) == 1
        with (
            pytest.raises(VectorIndexError, match="a file: No space left"),
            IndexWriter(folder) as writer,
        ):
            writer.compact()
    assert parts(change(folder, lambda w: add(w, 300, 1))) == [20, 3]
    assert len(everything(IndexReader.open(folder))) == 23
