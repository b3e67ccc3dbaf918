"""Deleted rows as a file: what is written is read, and nothing else is believed."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simsearch.errors import IndexCorruptError
from simsearch.store.format.deletions import deletions_bytes, read_deletions
from simsearch.store.format.durable import record_of
from simsearch.store.format.manifest import SegmentRecord


def read(folder: Path, content: bytes, rows: int) -> list[bool] | None:
    (folder / "d").write_bytes(content)
    record = SegmentRecord("segments/1", rows, "flat", deleted="d")
    mask = read_deletions(folder, record, {"d": record_of(folder / "d")})
    return None if mask is None else mask.tolist()


@given(alive=st.lists(st.booleans(), max_size=40))
def test_what_is_written_is_read(
    alive: list[bool], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("made")
    assert read(folder, deletions_bytes(np.array(alive, bool)), len(alive)) == alive


def test_without_a_file_nothing_is_deleted(tmp_path: Path) -> None:
    assert read_deletions(tmp_path, SegmentRecord("segments/1", 3, "flat"), {}) is None


@pytest.mark.parametrize("row", [-1, 3, 2**40])
def test_rows_that_are_not_there(row: int, tmp_path: Path) -> None:
    with pytest.raises(IndexCorruptError, match="names rows that are not there"):
        read(tmp_path, np.array([0, row], "<i8").tobytes(), 3)


def test_a_file_that_was_altered(tmp_path: Path) -> None:
    (tmp_path / "d").write_bytes(deletions_bytes(np.array([True, False])))
    files = {"d": record_of(tmp_path / "d")}
    (tmp_path / "d").write_bytes(deletions_bytes(np.array([False, True])))
    with pytest.raises(IndexCorruptError, match="its bytes are not those"):
        read_deletions(tmp_path, SegmentRecord("segments/1", 2, "flat", deleted="d"), files)
