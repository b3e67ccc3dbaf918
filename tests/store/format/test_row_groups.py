"""Rows of a Parquet file, against the table that was written."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from simsearch.store.format import row_groups
from simsearch.store.format.row_groups import RowGroups

ROWS, GROUP = 50, 8


@pytest.fixture
def table() -> pa.Table:
    numbers = list(range(ROWS))
    texts = [None if n % 5 == 0 else "é" * n for n in numbers]
    nested = [[{"of": n}] * (n % 3) for n in numbers]
    return pa.table({"number": numbers, "text": texts, "nested": nested})


@pytest.fixture
def file(table: pa.Table, tmp_path: Path) -> pq.ParquetFile:
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=GROUP)
    return pq.ParquetFile(tmp_path / "a.parquet")


@pytest.mark.parametrize("kept", [0, 700, 1 << 20])
def test_any_rows_in_any_order(kept: int, file: pq.ParquetFile, table: pa.Table) -> None:
    groups, rng = RowGroups(file, kept), np.random.default_rng(0)
    for count in (0, 1, 3, 90):
        rows = rng.integers(0, ROWS, count)
        assert groups.rows(rows) == table.take(rows).to_pylist()


def test_what_fits_is_read_once(file: pq.ParquetFile) -> None:
    rows = np.arange(ROWS)
    for kept, times in ((1 << 20, 1), (0, 2)):
        groups = RowGroups(file, kept)
        with patch.object(file, "read_row_group", wraps=file.read_row_group) as read:
            assert groups.rows(rows) == groups.rows(rows)
        assert read.call_count == times * file.num_row_groups


def test_the_same_values_are_no_shared_objects(file: pq.ParquetFile) -> None:
    groups = RowGroups(file)
    first, second = groups.rows(np.array([4, 4]))
    first["nested"].append("mine")
    assert second["nested"] == groups.rows(np.array([4]))[0]["nested"] == [{"of": 4}]


@pytest.mark.parametrize("together", [1, 3, 32])
def test_all_rows_of_some_columns(
    together: int, file: pq.ParquetFile, table: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_groups, "TOGETHER", together)
    groups = RowGroups(file)
    assert groups.schema == table.schema
    for names in (["text"], ["number", "nested"], []):
        parts = list(groups.tables(names))
        assert [rows for rows, _ in parts] == [part.num_rows for _, part in parts]
        assert sum(rows for rows, _ in parts) == ROWS
        if names:
            assert pa.concat_tables(part for _, part in parts) == table.select(names)


def test_few_bytes_are_read_together(
    file: pq.ParquetFile, table: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_groups, "TOGETHER_BYTES", 600)
    groups = RowGroups(file)
    assert len(list(groups.tables(["number"]))) < file.num_row_groups
    assert len(list(groups.tables(table.column_names))) == file.num_row_groups


def test_columns_that_fit_are_read_once(file: pq.ParquetFile) -> None:
    groups = RowGroups(file)
    with patch.object(file, "read_row_groups", wraps=file.read_row_groups) as read:
        for _ in range(3):
            for names in (["number"], ["text", "number"]):
                assert sum(len(part) for _, part in groups.tables(names)) == ROWS
    assert read.call_count == 2


def test_one_thread_reads_at_a_time(file: pq.ParquetFile, table: pa.Table) -> None:
    """Arrow's reader ends the process where two read at once."""
    groups, reading = RowGroups(file, 0), Lock()

    def alone(read: Callable[..., pa.Table]) -> Callable[..., pa.Table]:
        def wrapped(*arguments: Any, **named: Any) -> pa.Table:
            assert reading.acquire(blocking=False)
            try:
                time.sleep(0.001)
                return read(*arguments, **named)
            finally:
                reading.release()

        return wrapped

    def ask(number: int) -> int:
        if number % 2:
            return len(groups.rows(np.array([number % ROWS, 7])))
        name = table.column_names[number // 2 % 3]
        return sum(rows for rows, _ in groups.tables([name])) // (ROWS // 2)

    with (
        patch.object(file, "read_row_group", alone(file.read_row_group)),
        patch.object(file, "read_row_groups", alone(file.read_row_groups)),
        ThreadPoolExecutor(8) as threads,
    ):
        assert set(threads.map(ask, range(40))) == {2}
