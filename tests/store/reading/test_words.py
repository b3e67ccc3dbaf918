"""The words of a segment: kept in a file, and worked out anew where that is not what was kept."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from simsearch.distance import Metric
from simsearch.store.reading.items import MemoryItems
from simsearch.store.reading.words import kept_words, words_of


@pytest.fixture
def items() -> MemoryItems:
    table = pa.table({"text": ["a red house", None, "red sea"], "document": ["1", "2", "1"]})
    vectors = np.ones((3, 2), np.float32)
    return MemoryItems(pa.array(["1#1", "2", "1#2"]), vectors, table, Metric.COSINE)


def same(left: tuple[np.ndarray, ...], right: tuple[np.ndarray, ...]) -> bool:
    return all(np.array_equal(*each) for each in zip(left, right, strict=True))


def test_they_are_kept(items: MemoryItems, tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "words"
    first = kept_words(items, path)
    assert same(first, words_of(items))
    monkeypatch.setattr("simsearch.store.reading.words.words_of", None)  # not worked out again
    assert same(kept_words(items, path), first)


@pytest.mark.parametrize("damage", [lambda b: b[:-9], lambda b: b[:-1] + b"\x07", lambda _: b"x"])
def test_a_damaged_file_is_made_anew(items: MemoryItems, tmp_path: Path, damage) -> None:
    path = tmp_path / "words"
    expected = kept_words(items, path)
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert same(kept_words(items, path), expected)
    assert path.read_bytes() == whole


def test_a_folder_that_cannot_be_written_to_does(items: MemoryItems, tmp_path: Path) -> None:
    assert same(kept_words(items, tmp_path / "none" / "words"), words_of(items))


def test_items_without_texts_have_no_words() -> None:
    table = pa.table({"name": ["a"]})
    bare = MemoryItems(pa.array([1]), np.ones((1, 2), np.float32), table, Metric.COSINE)
    assert bare.words.lengths.tolist() == [0]
